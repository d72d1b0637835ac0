"""After a patient's keys were destroyed: every reader answers that it is gone, and lists go on."""

import pytest

from cases.services import casefile
from identity import services as identity
from tests.cases.support import Story, by

pytestmark = pytest.mark.django_db


def test_pages_of_an_erased_patient_answer_410_and_never_500(api, tmp_path) -> None:
    story = Story()
    document = story.add_document("Patient: Maria Keller\nborn 17.04.1961", tmp_path)
    story.in_review()
    identity.destroy_keys(subject_id=story.patient.user_id)
    identity.forget_keys()
    caller = api.as_(story.author)
    for path in (f"/cases/{story.id}", f"/cases/{story.id}/documents", f"/documents/{document.id}"):
        answer = caller.get(f"/api/v1{path}")
        assert answer.status_code == 410, path
        assert answer.json()["code"] == "erased"


def test_a_specialists_lists_go_on_without_the_title(api) -> None:
    gone, here = Story().in_review(), Story().in_review()
    identity.destroy_keys(subject_id=gone.patient.user_id)
    identity.forget_keys()
    for story, title in ((gone, ""), (here, "Second look at the valve")):
        page = api.as_(story.author).get("/api/v1/cases").json()
        assert [row["title"] for row in page["results"]] == [title]
        with by(story.author):
            items = casefile.worklist(principal=story.author)
        assert [item.title for item in items] == [title]
