"""Decisions on findings, and who sees what before and after them."""

from __future__ import annotations

from typing import Any

import pytest

from analysis import services
from analysis.models import AnalysisRun, AuditEntry, Finding, OutboxEntry
from config.kernel.errors import Conflict, Forbidden, Invalid, Locked, NotFound
from config.kernel.ports import CASE_FINDINGS
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
Analysed = tuple[World, AnalysisRun]


def one(kind: str) -> Finding:
    found = Finding.objects.filter(kind=kind).order_by("position").first()
    assert found is not None
    return found


def test_accepting_keeps_the_proposed_wording_and_tells_cases(analysed: Analysed) -> None:
    world, _ = analysed
    row = one("interaction")
    done = services.decide_finding(principal=world.specialist, finding_id=row.id, decision="accept")
    assert done.decision == "accepted"
    assert done.final_text == f"{done.title}: {done.detail}"
    assert done.decided_by == world.specialist.user_id
    told = OutboxEntry.objects.get(name="analysis.finding.decided.v1").payload
    assert told == {
        "aggregate_id": str(world.case_id),
        "finding_id": str(row.id),
        "patient_id": str(world.patient.user_id),
        "decision": "ACCEPTED",
    }
    assert AuditEntry.objects.get(action="finding.decide").detail == {"decision": "ACCEPTED"}


def test_editing_replaces_the_wording_and_keeps_the_proposal_beside_it(analysed: Analysed) -> None:
    world, _ = analysed
    row = one("red_flag")
    done = services.decide_finding(
        principal=world.specialist, finding_id=row.id, decision="edit", text=" Treated in hospital. ", reason="known"
    )
    assert (done.decision, done.final_text, done.reason) == ("edited", "Treated in hospital.", "known")
    assert done.title
    stored = Finding.objects.get(id=row.id)
    assert b"Treated" not in bytes(stored.decision_sealed)
    assert stored.version == 2


def test_a_rejected_finding_keeps_no_final_text(analysed: Analysed) -> None:
    world, _ = analysed
    done = services.decide_finding(
        principal=world.specialist, finding_id=one("laboratory").id, decision="reject", reason="misread"
    )
    assert (done.decision, done.final_text, done.reason) == ("rejected", "", "misread")


def test_a_decision_may_be_changed_while_the_case_is_in_review(analysed: Analysed) -> None:
    world, _ = analysed
    row = one("medicine")
    services.decide_finding(principal=world.specialist, finding_id=row.id, decision="reject")
    again = services.decide_finding(principal=world.specialist, finding_id=row.id, decision="accept")
    assert again.decision == "accepted"
    assert again.version == 3


def test_after_submission_decisions_stand_still(analysed: Analysed) -> None:
    world, _ = analysed
    world.move_to("SIGNED")
    with pytest.raises(Conflict) as refused:
        services.decide_finding(principal=world.specialist, finding_id=one("medicine").id, decision="accept")
    assert refused.value.code == "case_not_in_review"


@pytest.mark.parametrize(("decision", "text", "pointer"), [("maybe", "", "#/decision"), ("edit", "  ", "#/text")])
def test_a_wrong_decision_names_the_field(analysed: Analysed, decision: str, text: str, pointer: str) -> None:
    world, _ = analysed
    with pytest.raises(Invalid) as refused:
        services.decide_finding(principal=world.specialist, finding_id=one("medicine").id, decision=decision, text=text)
    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_only_the_assigned_specialist_decides(analysed: Analysed) -> None:
    world, _ = analysed
    peer = make_person("professional")
    world.move_to("IN_REVIEW", peer_user_id=peer.user_id)
    row = one("medicine")
    for who, error in (
        (world.patient, Forbidden),
        (peer, Forbidden),
        (make_person("coordinator"), Forbidden),
        (make_patient(), NotFound),
        (make_person("professional"), NotFound),
    ):
        with pytest.raises(error):
            services.decide_finding(principal=who, finding_id=row.id, decision="accept")
    assert Finding.objects.get(id=row.id).decision == "PROPOSED"


def test_before_the_own_first_read_the_specialist_sees_and_decides_nothing(db: Any) -> None:
    world = make_world(first_read=False)
    run = services.request_analysis(principal=world.specialist, document_id=world.document_id)
    run_jobs()
    row = one("medicine")
    for attempt in (
        lambda: services.get_run(principal=world.specialist, run_id=run.id),
        lambda: services.findings_for_case(principal=world.specialist, case_id=world.case_id),
        lambda: services.insights_for_case(principal=world.specialist, case_id=world.case_id),
        lambda: services.decide_finding(principal=world.specialist, finding_id=row.id, decision="accept"),
    ):
        with pytest.raises(Locked):
            attempt()
    world.seal_first_read()
    assert services.get_run(principal=world.specialist, run_id=run.id).findings


def test_the_patient_sees_what_was_released_and_nothing_before(analysed: Analysed) -> None:
    world, run = analysed
    with pytest.raises(NotFound):
        services.get_run(principal=world.patient, run_id=run.id)
    assert services.findings_for_case(principal=world.patient, case_id=world.case_id) == ()
    assert services.insights_for_case(principal=world.patient, case_id=world.case_id).counts == {}
    accepted, rejected = one("interaction"), one("laboratory")
    services.decide_finding(principal=world.specialist, finding_id=accepted.id, decision="accept")
    services.decide_finding(principal=world.specialist, finding_id=rejected.id, decision="reject")
    shown = services.get_run(principal=world.patient, run_id=run.id)
    assert [finding.id for finding in shown.findings] == [accepted.id]
    assert shown.findings[0].ai_label
    assert [f.id for f in services.findings_for_case(principal=world.patient, case_id=world.case_id)] == [accepted.id]


def test_the_specialist_sees_all_and_a_peer_what_was_decided(analysed: Analysed) -> None:
    world, _run = analysed
    peer = make_person("professional")
    world.move_to("IN_REVIEW", peer_user_id=peer.user_id)
    everything = services.findings_for_case(principal=world.specialist, case_id=world.case_id)
    assert len(everything) == Finding.objects.count()
    assert services.findings_for_case(principal=peer, case_id=world.case_id) == ()
    services.decide_finding(principal=world.specialist, finding_id=everything[0].id, decision="reject")
    assert [f.id for f in services.findings_for_case(principal=peer, case_id=world.case_id)] == [everything[0].id]


def test_staff_and_strangers_read_nothing(analysed: Analysed) -> None:
    world, run = analysed
    for who, error in (
        (make_person("coordinator"), Forbidden),
        (make_person("administrator"), NotFound),
        (make_patient(), NotFound),
        (make_person("professional"), NotFound),
    ):
        for read in (
            lambda who=who: services.get_run(principal=who, run_id=run.id),
            lambda who=who: services.findings_for_case(principal=who, case_id=world.case_id),
            lambda who=who: services.insights_for_case(principal=who, case_id=world.case_id),
        ):
            with pytest.raises(error):
                read()


def test_every_read_is_audited(analysed: Analysed) -> None:
    world, run = analysed
    services.get_run(principal=world.specialist, run_id=run.id)
    services.findings_for_case(principal=world.specialist, case_id=world.case_id)
    services.insights_for_case(principal=world.specialist, case_id=world.case_id)
    actions = list(AuditEntry.objects.filter(patient_id=world.patient.user_id).values_list("action", flat=True))
    assert {"analysis.read", "analysis.findings", "analysis.insights"} <= set(actions)


def test_insights_count_by_kind_and_say_how_many_wait(analysed: Analysed) -> None:
    world, run = analysed
    services.decide_finding(principal=world.specialist, finding_id=one("medicine").id, decision="accept")
    insights = services.insights_for_case(principal=world.specialist, case_id=world.case_id)
    assert sum(insights.counts.values()) == Finding.objects.count()
    assert insights.undecided == Finding.objects.count() - 1
    assert [shown.id for shown in insights.runs] == [run.id]


def test_cases_gets_every_finding_with_its_decision_in_a_reports_words(analysed: Analysed) -> None:
    world, _ = analysed
    potassium = next(
        f
        for f in services.findings_for_case(principal=world.specialist, case_id=world.case_id)
        if f.title.startswith("Potassium") and f.kind == "laboratory"
    )
    services.decide_finding(principal=world.specialist, finding_id=potassium.id, decision="accept")
    items = {item["id"]: item for item in CASE_FINDINGS.ask(world.case_id)}
    assert len(items) == Finding.objects.count()
    item = items[str(potassium.id)]
    assert item["decision"] == "accepted"
    assert item["final_text"] == f"{potassium.title}: {potassium.detail}"
    assert item["page"] == 1
    data = item["data"]
    assert (data["value_text"], data["unit"], data["value"], data["flag"]) == ("6.4", "mmol/L", "6.4", "critical_high")
    assert (data["reference_low"], data["reference_high"], data["ucum"], data["loinc"]) == (
        "3.5",
        "5.1",
        "mmol/L",
        "2823-3",
    )
    assert {item["decision"] for key, item in items.items() if key != str(potassium.id)} == {"proposed"}


def test_a_run_that_the_patient_asked_for_shows_its_state_and_no_finding(world: World) -> None:
    run = services.request_analysis(principal=world.patient, document_id=world.document_id)
    assert services.get_run(principal=world.patient, run_id=run.id).state == "QUEUED"
    run_jobs()
    shown = services.get_run(principal=world.patient, run_id=run.id)
    assert (shown.state, shown.findings) == ("COMPLETED", ())


def test_asking_for_a_run_that_began_by_itself_makes_it_ones_own(world: World) -> None:
    services.start_after_reading(case_id=world.case_id, document_id=world.document_id, patient_id=world.patient.user_id)
    run = AnalysisRun.objects.get()
    with pytest.raises(NotFound):
        services.get_run(principal=world.patient, run_id=run.id)
    services.request_analysis(principal=world.patient, document_id=world.document_id)
    assert services.get_run(principal=world.patient, run_id=run.id).state == "QUEUED"
