"""The API of analysis, over HTTP with real tokens."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from analysis.models import AnalysisRun, Finding, Job
from tests.analysis.stub import configure
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
# Nobody has decided since a reading made it.
AS_SHOWN = {"If-Match": '"1"'}
Analysed = tuple[World, AnalysisRun]


def test_a_request_is_taken_and_its_location_leads_to_the_findings(api: Any, world: World) -> None:
    specialist = api.as_(world.specialist)
    taken = specialist.post("/analysis/document", {"document_id": world.document_id})
    assert taken.status_code == 202
    location = taken["Location"]
    assert location == f"/api/v1/analysis/{taken.json()['id']}"
    waiting = specialist.get(location)
    assert (waiting.json()["state"], waiting.json()["findings"], waiting["Retry-After"]) == ("QUEUED", [], "1")
    run_jobs()
    done = specialist.get(location).json()
    assert done["state"] == "COMPLETED"
    potassium = next(f for f in done["findings"] if f["title"] == "Potassium 6.4 mmol/L")
    assert potassium["data"]["flag"] == "H"
    assert potassium["codes"] == [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]
    assert potassium["spans"][0]["quote"].startswith("Potassium")
    assert potassium["decision"] == "proposed"


def test_the_same_key_queues_one_run(api: Any, world: World) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"document_id": world.document_id}
    first = api.as_(world.patient).post("/analysis/document", body, headers=headers)
    second = api.as_(world.patient).post("/analysis/document", body, headers=headers)
    assert first.json()["id"] == second.json()["id"]
    assert second["Idempotent-Replayed"] == "true"
    # Of this case: processes of other tests leave jobs of their own.
    assert AnalysisRun.objects.filter(case_id=world.case_id).count() == 1
    assert Job.objects.filter(subject_id=first.json()["id"]).count() == 1


def test_without_consent_a_request_conflicts(api: Any, db: Any) -> None:
    world = make_world(consents=("service",))
    for who in (world.patient, world.specialist):
        answer = api.as_(who).post("/analysis/document", {"document_id": world.document_id})
        assert (answer.status_code, answer.json()["code"]) == (409, "ai_consent_missing")


def test_before_the_first_read_findings_are_locked(api: Any, db: Any) -> None:
    world = make_world(first_read=False)
    specialist = api.as_(world.specialist)
    location = specialist.post("/analysis/document", {"document_id": world.document_id})["Location"]
    run_jobs()
    row = Finding.objects.first()
    assert specialist.get(location).status_code == 423
    assert specialist.get(f"/insights/{world.case_id}").status_code == 423
    assert (
        specialist.post(f"/analysis/findings/{row.id}/decision", {"decision": "accept"}, headers=AS_SHOWN).status_code
        == 423
    )


def test_the_patient_gets_404_until_something_was_released(api: Any, analysed: Analysed) -> None:
    world, run = analysed
    patient, specialist = api.as_(world.patient), api.as_(world.specialist)
    assert patient.get(f"/analysis/{run.id}").status_code == 404
    assert patient.get(f"/insights/{world.case_id}").json()["findings"] == []
    row = Finding.objects.filter(kind="interaction").first()
    decided = specialist.post(f"/analysis/findings/{row.id}/decision", {"decision": "accept"}, headers=AS_SHOWN)
    assert decided.status_code == 200
    assert decided["ETag"] == '"2"'
    shown = patient.get(f"/analysis/{run.id}").json()
    assert [finding["id"] for finding in shown["findings"]] == [str(row.id)]
    assert "computer program" in shown["findings"][0]["ai_label"]


@pytest.mark.parametrize(
    ("role", "request_status", "run_status", "insights_status", "decision_status"),
    [
        ("other patient", 404, 404, 404, 404),
        ("other professional", 404, 404, 404, 404),
        ("peer", 403, 404, 200, 403),
        ("coordinator", 403, 403, 403, 403),
        ("administrator", 403, 404, 404, 403),
        ("anonymous", 401, 401, 401, 401),
    ],
)
def test_who_is_not_treating_gets_no_further(
    api: Any,
    analysed: Analysed,
    role: str,
    request_status: int,
    run_status: int,
    insights_status: int,
    decision_status: int,
) -> None:
    world, run = analysed
    caller = api if role == "anonymous" else api.as_(_person(world, role))
    row = Finding.objects.first()
    answers = (
        caller.post("/analysis/document", {"document_id": world.document_id}),
        caller.get(f"/analysis/{run.id}"),
        caller.get(f"/insights/{world.case_id}"),
        caller.post(f"/analysis/findings/{row.id}/decision", {"decision": "accept"}, headers=AS_SHOWN),
    )
    assert tuple(answer.status_code for answer in answers) == (
        request_status,
        run_status,
        insights_status,
        decision_status,
    )


def _person(world: World, role: str) -> Any:
    if role == "other patient":
        return make_patient()
    if role in ("other professional", "peer"):
        person = make_person("professional")
        if role == "peer":
            world.move_to("IN_REVIEW", peer_user_id=person.user_id)
        return person
    return make_person(role)


@pytest.mark.parametrize("path", ["/analysis/{}", "/insights/{}"])
def test_what_does_not_exist_is_404(api: Any, world: World, path: str) -> None:
    assert api.as_(world.specialist).get(path.format(uuid4())).status_code == 404


@pytest.mark.parametrize("body", [{}, {"document_id": "x"}])
def test_a_wrong_body_names_the_field(api: Any, world: World, body: dict[str, str]) -> None:
    answer = api.as_(world.patient).post("/analysis/document", body)
    assert answer.status_code == 400
    assert "document_id" in answer.content.decode()


def test_an_edit_without_wording_is_refused(api: Any, analysed: Analysed) -> None:
    world, _ = analysed
    row = Finding.objects.first()
    path = f"/analysis/findings/{row.id}/decision"
    answer = api.as_(world.specialist).post(path, {"decision": "edit"}, headers=AS_SHOWN)
    assert answer.status_code == 400
    assert Finding.objects.get(id=row.id).decision == "PROPOSED"


def test_a_window_that_was_overtaken_changes_no_decision(api: Any, analysed: Analysed) -> None:
    world, _ = analysed
    specialist, row = api.as_(world.specialist), Finding.objects.filter(kind="red_flag").first()
    path = f"/analysis/findings/{row.id}/decision"
    shown = {one["id"]: one["version"] for one in specialist.get(f"/insights/{world.case_id}").json()["findings"]}
    window = {"If-Match": f'"{shown[str(row.id)]}"'}
    first = specialist.post(path, {"decision": "accept"}, headers=window)
    late = specialist.post(path, {"decision": "reject"}, headers=window)
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")
    assert "accepted now" in late.json()["detail"]
    assert specialist.post(path, {"decision": "reject"}).status_code == 428
    assert Finding.objects.get(id=row.id).decision == "ACCEPTED"
    assert specialist.post(path, {"decision": "reject"}, headers={"If-Match": first["ETag"]}).status_code == 200


def test_a_decision_that_is_sent_again_answers_as_it_did(api: Any, analysed: Analysed) -> None:
    world, _ = analysed
    specialist, row = api.as_(world.specialist), Finding.objects.first()
    sent = AS_SHOWN | {"Idempotency-Key": "k1"}
    answers = [
        specialist.post(f"/analysis/findings/{row.id}/decision", {"decision": "accept"}, headers=sent) for _ in range(2)
    ]
    assert [(one.status_code, one["ETag"]) for one in answers] == [(200, '"2"')] * 2


def test_models_are_listed_with_the_retired_and_what_replaces_them(api: Any, world: World) -> None:
    models = api.as_(world.patient).get("/models").json()["models"]
    local = next(model for model in models if model["provider"] == "local")
    assert (local["state"], local["configured"]) == ("active", True)
    retired = {model["name"]: model["replaced_by"] for model in models if model["state"] == "retired"}
    assert retired["med-palm-2"] == "medgemma"
    assert retired["medlm-large"] == "medgemma"
    assert {model["provider"] for model in models if not model["configured"]} >= {"openai", "anthropic", "google"}


def test_a_configured_provider_is_shown_as_active(api: Any, world: World, settings: Any) -> None:
    settings.ANALYSIS_PROVIDERS = ["local", "openai"]
    configure(settings, "openai", model="gpt-test")
    models = api.as_(world.patient).get("/models").json()["models"]
    openai = next(model for model in models if model["provider"] == "openai")
    assert (openai["name"], openai["state"], openai["configured"]) == ("gpt-test", "active", True)


def test_a_cases_insights_take_four_statements_however_many_findings(api: Any, analysed: Analysed) -> None:
    world, _ = analysed
    specialist = api.as_(world.specialist)
    counted = []
    with ExitStack() as stack:
        for alias in ("analysis", "cases"):
            counted.append(stack.enter_context(CaptureQueriesContext(connections[alias])))
        assert specialist.get(f"/insights/{world.case_id}").json()["findings"]
    statements = [query["sql"].split(" ", 1)[0] for queries in counted for query in queries]
    assert statements == ["SELECT", "INSERT", "SELECT", "SELECT"]
