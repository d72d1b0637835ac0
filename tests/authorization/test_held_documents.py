"""What a document is called, and what its reading found, is told to the specialist with its content and not before."""

from __future__ import annotations

import html

import pytest

from cases.models import Document
from cases.queries.sealed_contents import place
from config.kernel.crypto import seal_json, seal_text
from identity import services as identity
from tests.cases.support import Story
from tests.client import ApiClient
from tests.dashboard.test_pages import as_specialist

pytestmark = pytest.mark.django_db
HELD = ("QUARANTINED", "PROCESSED", "MISMATCHED", "REJECTED")
NAME, READ = "Brain MRI of Henrietta Quistgaard.pdf", "Quistgaard, born 3 March"
READING = {"media_type": "application/pdf", "verdict": "partial", "pages": [], "reasons": [READ], "metadata": {}}


def _held(story: Story, state: str) -> Document:
    row = story.put_document(state)
    key = identity.data_key(subject_id=story.patient.require_user_id())
    row.name_sealed = seal_text(key, place("document", "name", row.id), NAME)
    row.reading_sealed = seal_json(key, place("document", "reading", row.id), READING)
    row.page_count = 2
    row.save()
    return row


def _paths(story: Story, row: Document) -> list[str]:
    return [
        f"/cases/{story.id}/documents",
        f"/documents/{row.id}",
        f"/cases/{story.id}/coverage",
        f"/documents/{row.id}/coverage",
        f"/fhir/DocumentReference/{row.id}",
        f"/fhir/DocumentReference?case={story.id}",
        f"/fhir/Patient/{story.patient.user_id}/$everything",
    ]


@pytest.mark.parametrize("state", HELD)
def test_the_specialist_is_not_told_the_name_of_what_is_held_back(state: str) -> None:
    story = Story().in_review()
    row = _held(story, state)
    for path in _paths(story, row):
        told = ApiClient(story.author).get(path)
        assert told.status_code == 200, path
        assert "Quistgaard" not in told.content.decode(), path
    listed = ApiClient(story.author).get(f"/cases/{story.id}/documents").json()
    assert [one["name"] for one in listed if one["id"] == str(row.id)] == [""]
    assert any(
        "Quistgaard" in one["name"] for one in ApiClient(story.patient).get(f"/cases/{story.id}/documents").json()
    )


def test_the_workspace_says_the_state_of_what_is_held_back_and_draws_no_page_of_it() -> None:
    story = Story().in_review()
    rows = [_held(story, state) for state in HELD]
    client = as_specialist(story.author)
    for page in ("", "/messages", "/timeline"):
        shown = html.unescape(client.get(f"/dashboard/cases/{story.id}{page}").content.decode())
        assert "Quistgaard" not in shown
        assert not any(f"/dashboard/documents/{row.id}" in shown for row in rows)
        # Nor is it offered as an attachment without a name.
        assert not any(f'value="{row.id}"' in shown for row in rows)
    shown = html.unescape(client.get(f"/dashboard/cases/{story.id}").content.decode())
    for words in ("still being checked", "confirm whose it is", "may be somebody else's", "that was refused"):
        assert words in shown


def test_a_document_that_is_given_has_its_name() -> None:
    story = Story().in_review()
    row = _held(story, "ACCEPTED")
    told = {path: ApiClient(story.author).get(path).content.decode() for path in _paths(story, row)}
    assert [path for path, content in told.items() if "Quistgaard" not in content] == []
