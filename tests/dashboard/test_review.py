"""A reviewer finds the opinion on the worklist, reads it without the person, and gives a verdict on the page."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import PeerReview
from cases.services import opinion
from config.kernel.auth import Principal
from tests.cases.support import CLEAR, OPINION, Story, by, make_specialist, profile_id
from tests.dashboard.test_pages import as_specialist
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
NO_CONFLICT = dict.fromkeys(CLEAR, "no")


@pytest.fixture
def reviewed(settings: Any) -> tuple[Story, Principal]:
    settings.PEER_REVIEWED_SERVICES = ("records",)
    story, peer = Story(make_patient(full_name="Zelda Quint"), title="Zelda Quint and her valve"), make_specialist()
    story.finished()
    coordinator = make_person("coordinator")
    with by(coordinator):
        opinion.assign_peer(principal=coordinator, case_id=story.id, professional_id=profile_id(peer))
    return story, peer


def test_the_reviewer_finds_reads_and_agrees(reviewed: tuple[Story, Principal]) -> None:
    story, peer = reviewed
    client = as_specialist(peer)
    assert f"/dashboard/reviews/{story.id}".encode() in client.get("/dashboard/").content
    page = client.get(f"/dashboard/reviews/{story.id}").content.decode()
    assert OPINION["summary"] in page
    assert "Aortic stenosis" in page
    assert "Zelda" not in page
    assert "Quint" not in page
    assert b"Zelda" not in client.get("/dashboard/").content
    answer = client.post(f"/dashboard/reviews/{story.id}", NO_CONFLICT | {"verdict": "agree"})
    assert answer.status_code == 302
    assert (story.state, PeerReview.objects.get().verdict) == ("READY_TO_SIGN", "agree")
    assert f"/dashboard/reviews/{story.id}".encode() not in client.get("/dashboard/").content


@pytest.mark.parametrize(
    "form",
    [{"verdict": "changes"}, {"verdict": "agree", next(iter(CLEAR)): "yes"}, {"verdict": "better"}, {}],
    ids=["without reasons", "with a conflict", "unknown verdict", "empty"],
)
def test_what_cannot_be_is_said_and_what_was_written_is_kept(
    reviewed: tuple[Story, Principal], form: dict[str, str]
) -> None:
    story, peer = reviewed
    client = as_specialist(peer)
    answer = client.post(f"/dashboard/reviews/{story.id}", NO_CONFLICT | {"remarks": ""} | form)
    assert answer.status_code in (400, 409)
    assert b'role="alert"' in answer.content
    assert story.state == "PEER_REVIEW"
    assert not PeerReview.objects.exists()


def test_nobody_else_reviews(reviewed: tuple[Story, Principal]) -> None:
    story, _ = reviewed
    for who, status in ((make_specialist(), 404), (story.author, 403)):
        client = as_specialist(who)
        assert client.get(f"/dashboard/reviews/{story.id}").status_code == status
        assert f"/dashboard/reviews/{story.id}".encode() not in client.get("/dashboard/").content
