"""Links to originals: a minute, one person, one document, once, and only while signed in; ranges of a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.api.documents.documents import _at_most, _range
from cases.models import AuditEntry
from config.kernel import clock
from identity import services as identity
from tests.cases.support import Story
from tests.client import ApiClient
from tests.factories import make_person
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db


def content_of(response: Any) -> bytes:
    return b"".join(response)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    story = Story()
    document = story.add_document(
        "Patient: Maria Keller\nborn 17.04.1961\nAll is well, and the file is long enough.\n", tmp_path
    )
    story.row.documents.filter(id=document.id).update(state="ACCEPTED")
    return story


class Asker(ApiClient):
    """The browser that asked: it has the link's cookie, and follows the link without a token."""

    def __init__(self, story: Story) -> None:
        super().__init__(story.patient)
        told = self.post(f"/documents/{story.row.documents.get().id}/link")
        assert told.status_code == 201, told.content
        self.path, self.principal = str(told.json()["path"]).removeprefix("/api/v1"), None

    def follow(self, **options: Any) -> Any:
        return self.get(self.path, **options)


def test_a_link_opens_its_document_without_a_token_and_is_recorded(api: Any, story: Story) -> None:
    response = Asker(story).follow()
    assert response.status_code == 200
    original = api.as_(story.patient).get(f"/documents/{story.row.documents.get().id}/original")
    assert content_of(response) == content_of(original)
    rows = AuditEntry.objects.filter(action="document.download", actor_id=story.patient.user_id)
    assert rows.count() == 2
    assert AuditEntry.objects.filter(action="document.link").count() == 1


def test_whoever_only_looks_spends_nothing(story: Story) -> None:
    asker = Asker(story)
    looked = asker.send("HEAD", asker.path)
    assert (looked.status_code, looked["Allow"]) == (405, "GET, OPTIONS")
    assert asker.follow().status_code == 200


def test_the_link_is_for_its_client_or_account_alone_and_others_who_try_are_recorded(api: Any, story: Story) -> None:
    asker = Asker(story)
    assert "/document-links/" in str(asker.client.cookies["sop_link"]["path"])
    for stranger in (api, api.as_(make_person("patient")), api.as_(make_person("administrator"))):
        assert stranger.get(asker.path).status_code == 404
    assert AuditEntry.objects.filter(action="document.link", outcome="denied").count() == 3
    # Whoever is signed in as somebody else is somebody else, whatever cookie lies in the browser.
    asker.principal = make_person("patient")
    assert asker.follow().status_code == 404
    assert not AuditEntry.objects.filter(action="document.download").exists()
    assert api.as_(story.patient).get(asker.path).status_code == 200


def test_it_opens_once_and_after_that_in_parts_for_the_same_client(api: Any, story: Story) -> None:
    asker = Asker(story)
    whole = content_of(asker.follow())
    assert asker.follow().status_code == 404
    assert asker.follow(headers={"Range": "bytes=0-"}).status_code == 404
    part = asker.follow(headers={"Range": "bytes=5-"})
    assert (part.status_code, content_of(part)) == (206, whole[5:])
    assert ApiClient().get(asker.path, headers={"Range": "bytes=5-"}).status_code == 404
    with clock.frozen(clock.now() + timedelta(seconds=62)):
        assert asker.follow(headers={"Range": "bytes=5-"}).status_code == 404
    assert AuditEntry.objects.filter(action="document.download").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_open_it_at_once_one_gets_it(story: Story) -> None:
    asker = Asker(story)
    secret = asker.client.cookies["sop_link"].value
    told, errors = at_once(
        lambda _: ApiClient().get(asker.path, headers={"Cookie": f"sop_link={secret}"}).status_code, 8
    )
    assert errors == []
    assert sorted(told) == [200] + [404] * 7


def test_it_ends_after_a_minute_and_a_changed_sign_opens_nothing(api: Any, story: Story) -> None:
    asker, late = Asker(story), Asker(story)
    path, mine = asker.path, api.as_(story.patient)
    for at in range(len("/document-links/") + 2, len(path), 7):
        other = "A" if path[at] != "A" else "B"
        assert mine.get(path[:at] + other + path[at + 1 :]).status_code == 404
    with clock.frozen(clock.now() + timedelta(seconds=59)):
        assert asker.follow().status_code == 200
    with clock.frozen(clock.now() + timedelta(seconds=62)):
        assert late.follow().status_code == 404


def test_it_ends_with_the_session_it_was_made_in(api: Any, story: Story) -> None:
    user_id = story.patient.require_user_id()
    opened = identity.open_session(user_id=user_id, device="phone")
    mine = ApiClient(replace(story.patient, session_id=opened.session_id))
    paths = [
        str(mine.post(f"/documents/{story.row.documents.get().id}/link").json()["path"]).removeprefix("/api/v1")
        for _ in range(2)
    ]
    other_device = api.as_(story.patient)
    assert other_device.get(paths[0]).status_code == 200
    identity.end_session(user_id=user_id, session_id=opened.session_id)
    assert other_device.get(paths[1]).status_code == 404


def test_nobody_makes_a_link_for_another(api: Any, story: Story) -> None:
    document = story.row.documents.get()
    assert api.as_(make_person("patient")).post(f"/documents/{document.id}/link").status_code == 404


def test_a_range_is_a_part_of_the_file(api: Any, story: Story) -> None:
    document = story.row.documents.get()
    path = f"/documents/{document.id}/original"
    whole = content_of(api.as_(story.patient).get(path))
    part = api.as_(story.patient).get(path, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 5-9/{len(whole)}")
    assert content_of(part) == whole[5:10]
    assert content_of(api.as_(story.patient).get(path, headers={"Range": "bytes=-4"})) == whole[-4:]
    assert api.as_(story.patient).get(path, headers={"Range": "bytes=9-5"}).status_code == 200


@given(st.binary(max_size=60), st.lists(st.integers(1, 9), max_size=8), st.integers(0, 70), st.integers(0, 70))
def test_any_range_is_what_a_slice_would_be(whole: bytes, cuts: list[int], first: int, last: int) -> None:
    chunks, rest = [], whole
    for size in cuts:
        chunks.append(rest[:size])
        rest = rest[size:]
    start, stop = _range(f"bytes={first}-{last}", len(whole))
    told = b"".join(_at_most(iter([*chunks, rest]), stop - start))
    assert told == whole[: stop - start]
    assert (start, stop) in ((0, len(whole)), (first, min(last + 1, len(whole))))
