"""The clinician who treats the patient acts in the one case that they are named in, under their own capacity."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import StatusHistory
from cases.services import opinion
from config.kernel import clock
from config.kernel.auth import Principal
from tests.cases.support import Story, by
from tests.client import ApiClient
from tests.factories import make_account, make_patient, make_person
from tests.trust.test_proxies import name

pytestmark = pytest.mark.django_db


def treated_by(story: Story, clinician: Principal) -> None:
    name(story.patient, clinician, case_id=story.id, relationship="treating_clinician")


@pytest.mark.parametrize("role", ["patient", "treating_clinician"])
def test_the_treating_clinician_submits_the_draft_and_the_history_says_so(role: str) -> None:
    story, clinician = Story(), make_person(role)
    treated_by(story, clinician)
    assert story.move(clinician, "SUBMITTED") == "SUBMITTED"
    assert StatusHistory.objects.get(case=story.id).actor_role == "treating_clinician"


def test_the_treating_clinician_answers_a_question_and_the_review_goes_on() -> None:
    story, clinician = Story().in_review(), make_patient()
    treated_by(story, clinician)
    with by(story.author):
        asked = opinion.ask(principal=story.author, case_id=story.id, question="Which valve?")
    with by(clinician):
        opinion.answer(principal=clinician, case_id=story.id, clarification_id=asked.id, text="The aortic one.")
    assert story.state == "IN_REVIEW"
    assert StatusHistory.objects.filter(case=story.id).latest("id").actor_role == "treating_clinician"


def test_the_treating_clinician_takes_none_of_the_patients_other_steps(api: ApiClient) -> None:
    story, clinician = Story(), make_patient()
    treated_by(story, clinician)
    caller = api.as_(clinician)
    assert [one["id"] for one in caller.get(f"/cases/{story.id}/transitions").json()] == ["T01"]
    refused = caller.patch(f"/cases/{story.id}/status", {"to": "CANCELLED", "reason": "no"})
    assert (refused.status_code, refused.json()["code"]) == (403, "transition_forbidden")
    assert story.state == "DRAFT"


def test_a_treating_clinician_is_named_in_a_case_and_not_for_everything(api: ApiClient) -> None:
    patient, clinician = make_patient(), make_account()
    body = {
        "email": clinician.email,
        "scopes": ["read"],
        "ends_at": clock.now() + timedelta(days=9),
        "relationship": "treating_clinician",
    }
    refused = api.as_(patient).post("/proxies", body)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "#/relationship"
