"""The patient sees who did what with their data, why, and under which consent."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cases.services import documents
from config.kernel.audit.audit_reads import newest_rows
from config.kernel.auth import SYSTEM, Principal, acting_as
from config.kernel.db import context_labels
from identity import services as identity
from professionals.models import Professional
from tests.authorization.world import ALIASES
from tests.cases.report.validator import errors_of
from tests.cases.support import Story, by, make_specialist
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story().in_review(make_specialist())


def _ledger(api: ApiClient, who: Principal, patient: Principal, **query: Any) -> list[dict[str, Any]]:
    response = api.as_(who).get("/audit", query={"patient": patient.user_id, "limit": 100, **query})
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def _first(entries: list[dict[str, Any]], action: str, kind: str) -> dict[str, Any]:
    return next(one for one in entries if (one["action"], one["kind"]) == (action, kind))


def test_a_specialists_read_is_told_by_name_with_the_consent_it_rested_on(api: ApiClient, story: Story) -> None:
    assert story.specialist
    assert api.as_(story.specialist).get(f"/cases/{story.id}").status_code == 200
    entry = _first(_ledger(api, story.patient, story.patient), "case.read", "professional")
    name = Professional.objects.get(user_id=story.specialist.user_id).display_name
    assert (entry["who"], entry["why"], entry["object_id"]) == (name, "treatment", str(story.id))
    assert entry["consent"]["purpose"] == "sharing"
    assert entry["consent"]["text_version"] == "1"


def test_staff_are_told_by_role_and_a_sign_that_is_no_name(api: ApiClient, story: Story) -> None:
    coordinator = make_person("coordinator", full_name="Cora Dinator")
    for _ in range(2):
        api.as_(coordinator).get(f"/cases/{story.id}")
    shown = _ledger(api, story.patient, story.patient)
    entries = [one for one in shown if one["kind"] == "staff" and one["action"] == "case.read"]
    assert len({one["who"] for one in entries}) == 1
    assert entries[0]["roles"] == ["coordinator"]
    assert str(coordinator.user_id) not in str(shown)
    assert "Cora" not in str(shown)


def test_machine_reading_is_told_with_the_consent_to_it(api: ApiClient, story: Story) -> None:
    document = story.put_document()
    with acting_as(SYSTEM):
        documents.document_text(document_id=document.id)
    entry = _first(_ledger(api, story.patient, story.patient), "document.analyse", "platform")
    assert (entry["who"], entry["why"]) == ("the platform", "ai_reading")
    assert entry["consent"]["purpose"] == "ai_processing"


def test_an_access_after_withdrawal_shows_no_consent(api: ApiClient, story: Story) -> None:
    document = story.put_document()
    with by(story.patient):
        identity.withdraw_consent(patient_id=story.patient.require_user_id(), purpose="ai_processing")
    with acting_as(SYSTEM):
        documents.document_text(document_id=document.id)
    assert _first(_ledger(api, story.patient, story.patient), "document.analyse", "platform")["consent"] is None


def test_rows_of_every_context_are_in_it_newest_first_and_pages_meet(api: ApiClient, story: Story) -> None:
    patient = story.patient
    from config.kernel.audit import record

    for context in context_labels():
        record(context=context, action=f"{context}.probe", patient_id=patient.user_id)
    every = _ledger(api, patient, patient)
    assert {f"{context}.probe" for context in context_labels()} <= {one["action"] for one in every}
    assert [one["at"] for one in every] == sorted((one["at"] for one in every), reverse=True)
    collected, cursor = [], f"/api/v1/audit?patient={patient.user_id}&limit=4"
    while cursor:
        page = api.as_(patient).get(cursor).json()
        collected += [one["id"] for one in page["results"] if one["action"] != "audit.read"]
        cursor = page["next"]
    assert collected == [one["id"] for one in every if one["action"] != "audit.read"]
    assert len(set(collected)) == len(collected)


def test_a_page_costs_the_same_statements_however_long_it_is(story: Story) -> None:
    counts = []
    for limit in (5, 100):
        with ExitStack() as stack:
            seen = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ALIASES]
            identity.access_ledger(principal=story.patient, patient_id=story.patient.user_id, limit=limit)
            counts.append(sum(map(len, seen)))
    assert counts[0] == counts[1] <= 10


def test_looking_at_the_ledger_is_in_the_ledger(api: ApiClient, story: Story) -> None:
    officer = make_person("privacy_officer")
    _ledger(api, officer, story.patient)
    entry = _first(_ledger(api, story.patient, story.patient), "audit.read", "staff")
    assert entry["roles"] == ["privacy_officer"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("patient", 404),
        ("professional", 404),
        ("coordinator", 403),
        ("nurse", 403),
        ("support", 403),
        ("administrator", 200),
        ("privacy_officer", 200),
    ],
)
def test_strangers_find_no_ledger_and_only_overseers_see_all(api: ApiClient, role: str, status: int) -> None:
    patient, caller = make_patient(), make_person(role)
    assert api.as_(caller).get("/audit", query={"patient": patient.user_id}).status_code == status
    assert api.as_(caller).get("/audit.fhir", query={"patient": patient.user_id}).status_code == status
    whole = api.as_(caller).get("/audit").status_code
    assert whole == (200 if status == 200 else 403)


def test_the_whole_log_is_for_overseers_and_says_who_looked(api: ApiClient, story: Story) -> None:
    administrator = make_person("administrator")
    assert api.as_(administrator).get("/audit").status_code == 200
    newest = newest_rows(limit=1)[0]
    assert (newest.action, newest.actor_id) == ("audit.read_all", administrator.user_id)


@pytest.mark.parametrize(
    "query", [{"cursor": "x"}, {"cursor": "Äß"}, {"limit": "0"}, {"limit": "x"}, {"patient": "nobody"}]
)
def test_a_wrong_question_is_answered_as_such(api: ApiClient, query: dict[str, str]) -> None:
    response = api.as_(make_person("administrator")).get("/audit", query=query)
    assert response.status_code == 400


def test_the_fhir_export_is_valid_and_says_the_same(api: ApiClient, story: Story) -> None:
    assert story.specialist
    document = story.put_document()
    api.as_(story.specialist).get(f"/documents/{document.id}", headers={"X-Request-ID": str(uuid4())})
    with acting_as(SYSTEM):
        documents.document_text(document_id=document.id)
    response = api.as_(story.patient).get("/audit.fhir", query={"patient": story.patient.user_id, "limit": 100})
    assert response["Content-Type"] == "application/fhir+json"
    bundle = response.json()
    events = [entry["resource"] for entry in bundle["entry"]]
    assert errors_of([bundle]) == [[]]
    assert len(events) > 10
    assert {event["action"] for event in events} >= {"C", "R", "E"}
    read = next(event for event in events if event["subtype"][1]["code"] == "document.read")
    assert read["meta"]["profile"][0].endswith("IHE.BasicAudit.PatientRead")
    assert sum(agent["requestor"] for agent in read["agent"]) == 1
    patients = [e for e in read["entity"] if e.get("role", {}).get("code") == "1"]
    assert [e["what"]["identifier"]["value"] for e in patients] == [f"urn:uuid:{story.patient.user_id}"]
    assert any(e["what"].get("display") == "document" for e in read["entity"])
    assert read["purposeOfEvent"][0]["coding"][0]["code"] == "TREAT"
