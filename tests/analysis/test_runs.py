"""A run: asked for, carried out once, closed with an outcome."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from analysis import handlers, services
from analysis.models import AnalysisRun, AuditEntry, Finding, Job, OutboxEntry
from config.kernel.errors import Conflict, Forbidden, NotFound
from identity import services as identity
from identity.events import ConsentWithdrawn
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db


def events(name: str) -> list[dict[str, Any]]:
    return [row.payload for row in OutboxEntry.objects.filter(name=name).order_by("position")]


def test_a_run_stores_sealed_findings_and_tells_of_each(analysed: tuple[World, AnalysisRun]) -> None:
    world, run = analysed
    assert run.state == "COMPLETED"
    assert run.knowledge_release
    rows = list(Finding.objects.filter(run=run))
    assert {row.kind for row in rows} == {"laboratory", "medicine", "interaction", "red_flag"}
    assert all(b"arfarin" not in bytes(row.content_sealed) for row in rows)
    proposed = events("analysis.finding.proposed.v1")
    assert {event["finding_id"] for event in proposed} == {str(row.id) for row in rows}
    assert {event["aggregate_id"] for event in proposed} == {str(world.case_id)}
    started, completed = events("analysis.run.started.v1"), events("analysis.run.completed.v1")
    assert len(started) == 1
    assert completed == [
        {
            "aggregate_id": str(world.case_id),
            "run_id": str(run.id),
            "document_id": str(world.document_id),
            "patient_id": str(world.patient.user_id),
            "outcome": "COMPLETED",
            "findings": len(rows),
            "again": False,
        }
    ]


def test_a_second_request_while_one_is_open_returns_the_open_run(world: World) -> None:
    first = services.request_analysis(principal=world.patient, document_id=world.document_id)
    second = services.request_analysis(principal=world.specialist, document_id=world.document_id)
    assert first.id == second.id
    assert Job.objects.filter(kind="analysis.run").count() == 1


def test_a_repeated_run_doubles_nothing_and_keeps_the_decisions(analysed: tuple[World, AnalysisRun]) -> None:
    world, run = analysed
    before = set(Finding.objects.values_list("id", flat=True))
    chosen = Finding.objects.filter(run=run).first()
    services.decide_finding(principal=world.specialist, finding_id=chosen.id, decision="accept")
    again = services.request_analysis(principal=world.specialist, document_id=world.document_id)
    run_jobs()
    assert set(Finding.objects.values_list("id", flat=True)) == before
    assert Finding.objects.get(id=chosen.id).decision == "ACCEPTED"
    assert set(Finding.objects.values_list("run_id", flat=True)) == {again.id}


def test_what_no_longer_holds_is_laid_aside_and_no_longer_waits(analysed: tuple[World, AnalysisRun]) -> None:
    world, _ = analysed
    gone = Finding.objects.filter(kind="medicine").count()
    kept = Finding.objects.filter(kind="laboratory").count()
    with mock.patch("analysis.domain.engine.mentions", return_value=([], [])):
        services.request_analysis(principal=world.patient, document_id=world.document_id)
        run_jobs()
    assert Finding.objects.filter(superseded=True, kind="medicine").count() == gone
    assert Finding.objects.filter(superseded=False, kind="laboratory").count() == kept
    decided = events("analysis.finding.decided.v1")
    assert {event["decision"] for event in decided} == {"SUPERSEDED"}
    shown = services.findings_for_case(principal=world.specialist, case_id=world.case_id)
    assert not [finding for finding in shown if finding.kind == "medicine"]


def test_without_consent_nothing_is_queued(world: World) -> None:
    world.withdraw_ai_consent()
    with pytest.raises(Conflict) as refused:
        services.request_analysis(principal=world.patient, document_id=world.document_id)
    assert refused.value.code == "ai_consent_missing"
    assert not AnalysisRun.objects.exists()


def test_a_document_that_was_not_accepted_is_not_analysed(world: World) -> None:
    waiting = world.add_document("Hemoglobin 9 g/dL", state="QUARANTINED")
    with pytest.raises(Conflict) as refused:
        services.request_analysis(principal=world.patient, document_id=waiting)
    assert refused.value.code == "document_not_accepted"


def test_strangers_do_not_find_the_document_and_staff_may_not(world: World) -> None:
    for stranger in (make_patient(), make_person("professional")):
        with pytest.raises(NotFound):
            services.request_analysis(principal=stranger, document_id=world.document_id)
    with pytest.raises(Forbidden):
        services.request_analysis(principal=make_person("coordinator"), document_id=world.document_id)


def test_withdrawing_consent_blocks_the_run_that_waits(world: World) -> None:
    run = services.request_analysis(principal=world.patient, document_id=world.document_id)
    world.withdraw_ai_consent()
    handlers.consent_withdrawn.effect(ConsentWithdrawn(aggregate_id=world.patient.user_id, purpose="ai_processing"))
    stored = AnalysisRun.objects.get(id=run.id)
    assert (stored.state, stored.reason) == ("BLOCKED", "consent_withdrawn")
    run_jobs()
    assert not Finding.objects.exists()
    assert events("analysis.run.completed.v1")[0]["outcome"] == "BLOCKED"


def test_consent_is_asked_for_again_when_the_job_begins(world: World) -> None:
    run = services.request_analysis(principal=world.patient, document_id=world.document_id)
    identity.withdraw_consent(patient_id=world.patient.user_id, purpose="ai_processing")
    run_jobs()
    assert AnalysisRun.objects.get(id=run.id).state == "BLOCKED"
    assert not Finding.objects.exists()


def test_consent_taken_back_while_the_engine_works_stores_nothing(world: World) -> None:
    run = services.request_analysis(principal=world.patient, document_id=world.document_id)
    with mock.patch("analysis.services.case_records.ai_allowed", side_effect=[True, False]):
        run_jobs()
    assert AnalysisRun.objects.get(id=run.id).state == "BLOCKED"
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("", "failed", "low_quality_input"),
        ("x", "complete", "insufficient_data"),
        ("The garden was watered in the morning.", "complete", "out_of_scope"),
    ],
)
def test_a_document_that_says_nothing_ends_in_abstention_with_a_reason(
    db: Any, text: str, verdict: str, reason: str
) -> None:
    world = make_world()
    document = world.add_document(text, verdict=verdict)
    run = services.request_analysis(principal=world.patient, document_id=document)
    run_jobs()
    stored = AnalysisRun.objects.get(id=run.id)
    assert (stored.state, stored.reason) == ("ABSTAINED", reason)


def test_an_engine_that_fails_three_times_leaves_a_failed_run(world: World) -> None:
    run = services.request_analysis(principal=world.patient, document_id=world.document_id)
    with mock.patch("analysis.services.runs.analyse", side_effect=RuntimeError("broken")):
        for _ in range(3):
            Job.objects.update(run_after="2020-01-01T00:00:00Z")
            run_jobs()
    assert AnalysisRun.objects.get(id=run.id).state == "FAILED"
    assert Job.objects.get(subject_id=run.id).state == "DEAD"
    assert not Finding.objects.exists()


def test_a_job_that_runs_again_after_its_end_changes_nothing(analysed: tuple[World, AnalysisRun]) -> None:
    _, run = analysed
    count, told = Finding.objects.count(), OutboxEntry.objects.count()
    services.execute(run_id=run.id, complete=lambda: None)
    assert (Finding.objects.count(), OutboxEntry.objects.count()) == (count, told)


def test_a_request_is_audited_with_the_person_who_asked(world: World) -> None:
    from config.kernel.auth import acting_as

    with acting_as(world.patient):
        services.request_analysis(principal=world.patient, document_id=world.document_id)
    entry = AuditEntry.objects.get(action="analysis.request")
    assert (entry.actor_id, entry.patient_id) == (world.patient.user_id, world.patient.user_id)
