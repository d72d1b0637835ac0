"""Starting a run because a document was read."""

from __future__ import annotations

from uuid import UUID

from analysis.services import case_records
from analysis.services.requesting import queue_run


def start_after_reading(*, case_id: UUID, document_id: UUID, patient_id: UUID) -> UUID | None:
    """Queue a run of an accepted document if the patient agrees; returns the run's id."""
    if not case_records.ai_allowed(patient_id=patient_id):
        return None
    return queue_run(case_id=case_id, document_id=document_id, patient_id=patient_id, requested_by=None).id
