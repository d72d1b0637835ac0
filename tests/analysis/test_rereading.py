"""What a newer reading says otherwise: what is the same keeps its decision, what is not is asked anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from analysis import services
from analysis.models import AnalysisRun, AuditEntry, Finding, FindingChange, Job, OutboxEntry
from cases.domain.documents.document_text import PageText, Reading, reading_to_json
from cases.models import Document
from cases.queries.sealed_contents import place
from config.kernel.crypto import seal_json
from identity import services as identity
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world

pytestmark = pytest.mark.django_db

BEFORE = "Laboratory\nPotassium 4.1 mmol/l (3.5 - 5.1)\nSodium 140 mmol/l (135 - 145)\nCreatinine 80 umol/l (45 - 84)\n"
# Potassium as before in another place, sodium otherwise, creatinine gone, calcium new.
AFTER = (
    "Laboratory report\n\nSodium 104 mmol/l (135 - 145)\nPotassium 4.1 mmol/l (3.5 - 5.1)\n"
    "Calcium 2.3 mmol/l (2.2 - 2.6)\n"
)


def analysed(text: str) -> World:
    world = make_world(text)
    services.request_analysis(principal=world.specialist, document_id=world.document_id)
    run_jobs()
    return world


def read_anew(world: World, text: str, version: int = 1) -> None:
    """A newer reader has read the document, as cases leaves it and tells."""
    document = Document.objects.get(id=world.document_id)
    key = identity.data_key(subject_id=document.patient_id)
    page = PageText(number=1, width_pt=595, height_pt=842, text=text)
    reading = Reading(media_type="application/pdf", verdict="complete", pages=(page,))
    document.reading_sealed = seal_json(key, place("document", "reading", document.id), reading_to_json(reading))
    document.deidentified_sealed, document.reader_version = None, version
    document.save()
    services.start_after_rereading(
        case_id=world.case_id, document_id=document.id, patient_id=world.patient.user_id or UUID(int=0)
    )
    run_jobs()


def standing(world: World) -> dict[str, Finding]:
    found = services.findings_for_case(principal=world.specialist, case_id=world.case_id)
    return {one.data["name"]: Finding.objects.get(id=one.id) for one in found if one.kind == "laboratory"}


def decide(world: World, decision: str, *names: str) -> None:
    for name in names:
        services.decide_finding(principal=world.specialist, finding_id=standing(world)[name].id, decision=decision)


def changes(what: str) -> list[FindingChange]:
    return list(FindingChange.objects.filter(what=what).order_by("id"))


class TestDecisions:
    def test_the_same_value_keeps_its_row_and_decision_and_has_its_new_place(self) -> None:
        world = analysed(BEFORE)
        decide(world, "accept", "Potassium")
        row = standing(world)["Potassium"]
        read_anew(world, AFTER)
        kept = standing(world)["Potassium"]
        assert (kept.id, kept.decision) == (row.id, "ACCEPTED")
        shown = services.findings_for_case(principal=world.specialist, case_id=world.case_id)
        (span,) = next(one.spans for one in shown if one.id == row.id)
        assert AFTER[span["start"] : span["end"]] == span["quote"]
        assert not FindingChange.objects.filter(former_id=row.id).exists()

    def test_a_changed_value_is_asked_anew_and_the_old_decision_stays_with_the_old_value(self) -> None:
        world = analysed(BEFORE)
        decide(world, "accept", "Sodium")
        old = standing(world)["Sodium"]
        read_anew(world, AFTER)
        now = standing(world)["Sodium"]
        assert (now.id == old.id, now.decision) == (False, "PROPOSED")
        old.refresh_from_db()
        assert (old.superseded, old.decision, old.decided_by) == (True, "ACCEPTED", world.specialist.user_id)
        (change,) = changes("changed")
        assert (change.state, change.finding_id, change.former_id) == ("ASKED", now.id, old.id)
        assert (change.former_decision, change.critical) == ("ACCEPTED", True)
        proposed = OutboxEntry.objects.filter(name="analysis.finding.proposed.v1", payload__finding_id=str(now.id))
        assert proposed.get().payload["again"] is True
        decide(world, "reject", "Sodium")
        change.refresh_from_db()
        assert change.state == "ANSWERED"

    def test_what_vanished_keeps_its_decision_and_is_shown_once(self) -> None:
        world = analysed(BEFORE)
        decide(world, "accept", "Creatinine")
        read_anew(world, AFTER)
        assert standing(world)["Creatinine"].decision == "ACCEPTED"
        assert [change.former_decision for change in changes("vanished")] == ["ACCEPTED"]
        read_anew(world, AFTER, version=2)
        assert len(changes("vanished")) == 1

    def test_nothing_undecided_of_before_stands_beside_what_took_its_place(self) -> None:
        world = analysed(BEFORE)
        read_anew(world, AFTER)
        assert sorted(standing(world)) == ["Calcium", "Potassium", "Sodium"]
        (change,) = changes("changed")
        assert (change.state, change.former_decision) == ("NOTED", "PROPOSED")

    def test_a_question_that_a_still_newer_reading_overtakes_lapses(self) -> None:
        world = analysed(BEFORE)
        decide(world, "accept", "Sodium")
        read_anew(world, AFTER)
        read_anew(world, AFTER.replace("104", "114"), version=2)
        states = [change.state for change in changes("changed")]
        assert states == ["LAPSED", "NOTED"]


class TestNews:
    def test_what_differs_is_counted_in_the_audit_and_told(self) -> None:
        world = analysed(BEFORE)
        decide(world, "accept", "Sodium")
        read_anew(world, AFTER)
        told = OutboxEntry.objects.get(name="analysis.findings.changed.v1").payload
        counts = {name: told[name] for name in ("changed", "vanished", "asked")}
        assert counts == {"changed": 1, "vanished": 1, "asked": 1}
        assert told["critical"] >= 1
        detail = AuditEntry.objects.get(action="analysis.compare").detail
        assert (detail["same"], detail["changed"], detail["asked"]) == (1, 1, 1)

    def test_where_nothing_differs_nothing_is_told(self) -> None:
        world = analysed(BEFORE)
        decide(world, "accept", "Sodium", "Potassium")
        read_anew(world, BEFORE)
        assert not FindingChange.objects.exists()
        assert not OutboxEntry.objects.filter(name="analysis.findings.changed.v1").exists()
        assert standing(world)["Sodium"].decision == "ACCEPTED"

    def test_a_run_that_somebody_asks_for_before_the_platform_does_shows_the_changes_too(self) -> None:
        world = analysed(BEFORE)
        AnalysisRun.objects.update(engine_version="1")
        services.request_analysis(principal=world.specialist, document_id=world.document_id)
        run_jobs()
        assert AuditEntry.objects.filter(action="analysis.compare").count() == 1

    def test_another_person_s_paper_leaves_nothing_standing(self) -> None:
        world = analysed(BEFORE)
        decide(world, "accept", "Sodium")
        services.request_analysis(principal=world.specialist, document_id=world.document_id)
        services.lay_document_aside(document_id=world.document_id)
        run_jobs()
        assert not Finding.objects.filter(superseded=False).exists()
        assert AnalysisRun.objects.order_by("-id")[0].state == "BLOCKED"


class TestQueue:
    def test_runs_of_an_older_engine_are_queued_in_one_line_behind_nobody_s_share(self) -> None:
        world = analysed(BEFORE)
        Document.objects.update(reader_version=1)
        assert services.rerun_plan().documents == 1, "its reading is newer than its run"
        AnalysisRun.objects.update(engine_version="1", reader_version=1)
        plan = services.rerun_plan()
        assert (plan.documents, plan.findings > 2, plan.decided) == (1, True, 0)
        assert services.queue_reruns(a_minute=30, minutes=1) == 1
        job = Job.objects.get(state="QUEUED")
        assert (job.concurrency_key, job.share_of) == ("rerun", None)
        assert services.queue_reruns(a_minute=30, minutes=1) == 0, "it is open"
        run_jobs()
        assert services.rerun_plan().documents == 0
        world.withdraw_ai_consent()

    def test_without_consent_nothing_is_analysed_again(self) -> None:
        world = analysed(BEFORE)
        Document.objects.update(reader_version=1)
        world.withdraw_ai_consent()
        assert services.queue_reruns(a_minute=30, minutes=1) == 0

    def test_what_waits_for_its_newer_reading_is_not_analysed_before(self) -> None:
        analysed(BEFORE)
        AnalysisRun.objects.update(engine_version="1")
        assert services.rerun_plan().documents == 0


def test_the_command_counts_and_says_that_it_queued_nothing(capsys: Any) -> None:
    from django.core.management import call_command

    analysed(BEFORE)
    call_command("reread", "--dry-run")
    said = capsys.readouterr().out
    assert "1 documents (1 pages) of 1 open cases and 1 patients" in said
    assert "Nothing was queued." in said
