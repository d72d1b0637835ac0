"""The FHIR read API: valid R4 by an independent validator, and no more than the native reads serve."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEntry
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from tests.cases.report.validator import errors_of
from tests.cases.support import INTAKE, Story, make_specialist
from tests.client import ApiClient
from tests.factories import make_person
from tests.factories.cases import FirstReadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    made = Story()
    made.put_document()
    return made.delivered()


def asked(who: Principal, path: str) -> Any:
    return ApiClient(who).get(f"/fhir/{path}")


def resources(who: Principal, path: str) -> list[dict[str, Any]]:
    answer = asked(who, path)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/fhir+json"
    found = answer.json()
    return [one["resource"] for one in found.get("entry", [])] if found["resourceType"] == "Bundle" else [found]


def test_everything_of_a_patient_is_valid_r4_and_refers_to_what_is_there(story: Story) -> None:
    me = story.patient
    bundle = asked(me, f"Patient/{me.user_id}/$everything").json()
    found = [one["resource"] for one in bundle["entry"]]
    kinds = [one["resourceType"] for one in found]
    assert kinds[:3] == ["Patient", "ServiceRequest", "Task"]
    assert {"DocumentReference", "DiagnosticReport", "Consent"} <= set(kinds)
    single = [
        one
        for kind, of in (("ServiceRequest", story.id), ("Task", story.id), ("Patient", me.user_id))
        for one in resources(me, f"{kind}/{of}")
    ]
    report = next(one["id"] for one in found if one["resourceType"] == "DiagnosticReport")
    signed = [one for kind in ("Composition", "Provenance") for one in resources(me, f"{kind}/{report}")]
    document = asked(me, f"Composition/{report}/$document").json()
    capability = asked(me, "metadata").json()
    checked = [bundle, *single, *signed, document, capability]
    assert [errors for errors in errors_of(checked) if errors] == []
    ids = {f"{one['resourceType']}/{one['id']}" for one in found}
    for one in found:
        for name in ("subject", "focus", "for", "patient"):
            assert one.get(name, {}).get("reference", "Patient/") in ids | {"Patient/"}


def test_a_request_says_what_was_asked_and_a_line_of_a_search_that_it_is_a_part(story: Story) -> None:
    (whole,) = resources(story.patient, f"ServiceRequest/{story.id}")
    assert whole["reasonCode"][0]["coding"][0]["code"] == INTAKE["diagnosis"]["icd10"]
    assert [note["text"] for note in whole["note"]] == ["1. Do I need the operation?", "2. May I fly?"]
    (part,) = resources(story.patient, "ServiceRequest")
    assert part["id"] == whole["id"]
    assert "reasonCode" not in part
    assert part["meta"]["tag"][0]["code"] == "SUBSETTED"


def test_before_the_own_first_read_the_first_diagnosis_is_not_in_the_request() -> None:
    story = Story().in_review()
    (request,) = resources(story.author, f"ServiceRequest/{story.id}")
    assert "reasonCode" not in request
    FirstReadFactory(case_id=story.id, user_id=story.author.user_id)
    (request,) = resources(story.author, f"ServiceRequest/{story.id}")
    assert request["reasonCode"][0]["text"] == "Aortic stenosis"


def test_staff_and_reviewers_learn_neither_whose_case_it_is_nor_what_is_in_it(story: Story) -> None:
    (request,) = resources(make_person("coordinator"), f"ServiceRequest/{story.id}")
    assert request["subject"] == {"display": "withheld"}
    assert not {"reasonCode", "note"} & set(request)
    stranger = make_specialist()
    for path in (f"Patient/{story.patient.user_id}", f"ServiceRequest/{story.id}"):
        assert asked(stranger, path).status_code == 404


def test_every_reading_is_recorded_as_the_native_one(story: Story) -> None:
    mine = AuditEntry.objects.filter(actor_id=story.author.user_id, patient_id=story.patient.user_id)
    for path, action in (
        (f"Patient/{story.patient.user_id}", "patient.read"),
        (f"ServiceRequest/{story.id}", "case.read"),
        (f"DocumentReference?case={story.id}", "document.list"),
        (f"DiagnosticReport?case={story.id}", "report.list"),
        (f"Patient/{story.patient.user_id}/$everything", "patient.everything"),
    ):
        before = mine.filter(action=action).count()
        resources(story.author, path)
        assert mine.filter(action=action).count() == before + 1, path


def test_pages_follow_one_another_and_cost_the_same_however_much_there_is() -> None:
    first = Story()
    stories = [first, *(Story(first.patient) for _ in range(4))]
    for one in stories:
        one.put_document()
    drain("cases")
    seen, path = [], "ServiceRequest?_count=2"
    while path:
        answer = asked(first.patient, path).json()
        seen += [one["resource"]["id"] for one in answer["entry"]]
        more = [link["url"] for link in answer["link"] if link["relation"] == "next"]
        path = more[0].removeprefix("/api/v1/fhir/") if more else ""
    assert sorted(seen) == sorted(str(one.id) for one in stories)

    def statements(count: int) -> int:
        with CaptureQueriesContext(connections["cases"]) as held:
            resources(first.patient, f"Patient/{first.patient.user_id}/$everything?_count={count}")
        return len(held)

    statements(1)
    assert statements(1) == statements(5)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Observation", 404),
        ("Patient", 400),
        ("DocumentReference", 400),
        ("DocumentReference?case=none", 400),
        ("ServiceRequest?_count=0", 400),
        ("Composition/00000000-0000-0000-0000-000000000000", 404),
    ],
)
def test_a_refusal_is_a_problem_document_and_an_operation_outcome(path: str, status: int) -> None:
    answer = asked(Story().patient, path)
    told = answer.json()
    assert (answer.status_code, told["status"], told["resourceType"]) == (status, status, "OperationOutcome")
    assert told["issue"][0]["severity"] == "error"
    assert told["issue"][0]["diagnostics"]
