"""A case from draft to closed, step by step, and what each step leaves behind."""

import json

import pytest

from cases.models import AuditEntry, ClockInterval, OutboxEntry, Report, StatusHistory
from config.kernel.due_work import drain
from tests.cases.support import Story, by
from tests.factories import make_person
from tests.observations import report_fhir, report_pdf

pytestmark = pytest.mark.django_db


def test_a_case_goes_from_draft_to_closed() -> None:
    story = Story().delivered()
    with by(story.patient):
        pdf = report_pdf(principal=story.patient, case_id=story.id)
        bundle = json.loads(report_fhir(principal=story.patient, case_id=story.id))
    drain("cases")
    assert story.state == "FOLLOW_UP"
    story.move(story.patient, "CLOSED")
    steps = list(StatusHistory.objects.filter(case=story.id).order_by("id").values_list("transition", flat=True))
    assert steps == ["T01", "T03", "T06", "T08", "T15", "T21", "T23", "T24", "T25"]
    assert pdf.startswith(b"%PDF")
    assert bundle["resourceType"] == "Bundle"


def test_every_step_leaves_one_history_row_one_event_and_one_audit_row() -> None:
    story = Story().delivered()
    steps = StatusHistory.objects.filter(case=story.id).count()
    events = OutboxEntry.objects.filter(aggregate_id=story.id, name="cases.case.status_changed.v1")
    moves = AuditEntry.objects.filter(object_id=story.id, action="case.move")
    assert steps == events.count() == moves.count() == 7
    assert [e.payload["transition"] for e in events.order_by("position")] == [
        m.detail["transition"] for m in moves.order_by("at", "id")
    ]


def test_the_clock_runs_from_triage_to_delivery_and_is_closed_then() -> None:
    story = Story().delivered()
    intervals = ClockInterval.objects.filter(case=story.id)
    assert intervals.count() == 1
    assert intervals.get().ended_at is not None


def test_the_report_is_stored_once_and_sealed(settings) -> None:
    story = Story().delivered()
    report = Report.objects.get(case=story.id)
    from pathlib import Path

    stored = Path(settings.DOCUMENT_STORAGE_DIR) / report.pdf_key
    assert not stored.read_bytes().startswith(b"%PDF")
    assert b"stenosis" not in stored.read_bytes()


def test_staff_do_not_read_the_report() -> None:
    from config.kernel.errors import Forbidden

    story = Story().delivered()
    coordinator = make_person("coordinator")
    with by(coordinator), pytest.raises(Forbidden):
        report_pdf(principal=coordinator, case_id=story.id)
