"""Runs of documents that were analysed before: by a newer engine, or in the reading of a newer reader."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from analysis.db import atomic
from analysis.domain.engine import VERSION
from analysis.domain.state_machines import OPEN_RUNS, RunState
from analysis.models import AnalysisRun, Finding
from analysis.queries.findings import DECIDED, newest_run_of_each, standing_of_document
from analysis.services import case_records
from analysis.services.finding_rows import lay_aside
from analysis.services.run_requests import queue_run
from analysis.services.runs import finish

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class RerunPlan:
    """What is left to be analysed again: documents that are read by now, their findings, and decisions on these."""

    engine_version: str
    documents: int
    findings: int
    decided: int


def start_after_rereading(*, case_id: UUID, document_id: UUID, patient_id: UUID) -> UUID | None:
    """Queue a run of a document that was read again, if the patient agrees; returns the run's id."""
    if not case_records.ai_allowed(patient_id=patient_id):
        return None
    run = queue_run(case_id=case_id, document_id=document_id, patient_id=patient_id, requested_by=None, again=True)
    return run.id


def lay_document_aside(*, document_id: UUID) -> None:
    """The document is another person's: its open run is blocked, and none of its findings stands."""
    with atomic():
        for run_id in AnalysisRun.objects.filter(document_id=document_id, state__in=OPEN_RUNS).values_list("id"):
            finish(run_id=run_id[0], state=RunState.BLOCKED, reason="document_refused")
        lay_aside(standing_of_document(document_id))


def queue_reruns(*, a_minute: int, minutes: int) -> int:
    """Queue runs of outdated documents, so many a minute for so many minutes; returns how many."""
    queued = 0
    for document in _outdated():
        if queued >= a_minute * minutes:
            break
        if case_records.ai_allowed(patient_id=document.patient_id):
            queue_run(
                case_id=document.case_id,
                document_id=document.id,
                patient_id=document.patient_id,
                requested_by=None,
                again=True,
                after_seconds=queued * 60 / a_minute,
            )
            queued += 1
    return queued


def rerun_plan() -> RerunPlan:
    """Counts only; nothing is queued."""
    ids = [document.id for document in _outdated()]
    standing = Finding.objects.filter(document_id__in=ids, superseded=False)
    return RerunPlan(
        engine_version=VERSION,
        documents=len(ids),
        findings=standing.count(),
        decided=standing.filter(decision__in=DECIDED).count(),
    )


def _outdated() -> list[case_records.ReadDocument]:
    """Documents of open cases whose newest run has ended, and is older than engine or reading."""
    found: list[case_records.ReadDocument] = []
    after: UUID | None = None
    while batch := case_records.documents_read(after=after, limit=_BATCH):
        runs = newest_run_of_each([document.id for document in batch])
        found += [document for document in batch if _is_outdated(document, runs.get(document.id))]
        after = batch[-1].id
    return found


def _is_outdated(document: case_records.ReadDocument, run: AnalysisRun | None) -> bool:
    if run is None or run.state in OPEN_RUNS or run.state == RunState.BLOCKED:
        return False
    older = int(run.engine_version or 0) < int(VERSION)
    return older or (run.state == RunState.COMPLETED and run.reader_version < document.reader_version)
