"""Starting a run because a document was read."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from analysis.domain.state_machines import RunState
from analysis.models import AnalysisRun
from analysis.services import case_records
from analysis.services.run_requests import queue_run


def start_after_reading(*, case_id: UUID, document_id: UUID, patient_id: UUID) -> UUID | None:
    """Queue a run of an accepted document if the patient agrees; returns the run's id."""
    if not case_records.ai_allowed(patient_id=patient_id):
        return None
    return queue_run(case_id=case_id, document_id=document_id, patient_id=patient_id, requested_by=None).id


def start_again(*, run_ids: Iterable[UUID]) -> int:
    """Queue new runs of the documents of failed ones, where the patient still agrees; returns how many."""
    started = 0
    for run in AnalysisRun.objects.filter(id__in=list(run_ids), state=RunState.FAILED):
        began = start_after_reading(case_id=run.case_id, document_id=run.document_id, patient_id=run.patient_id)
        started += began is not None
    return started
