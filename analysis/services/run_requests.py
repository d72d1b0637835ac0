"""Asking for a run."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError

from analysis.db import atomic, now
from analysis.domain.state_machines import OPEN_RUNS
from analysis.models import AnalysisRun
from analysis.services import case_records
from analysis.services.dto import RunDTO
from analysis.services.presentation import run_dto
from cases.events import DocumentState
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Forbidden, NotFound
from config.kernel.jobs import enqueue

KIND, QUEUE, RERUNS = "analysis.run", "documents", "rerun"


def request_analysis(*, principal: Principal, document_id: UUID) -> RunDTO:
    """Queue a run of a document; the patient and the assigned specialist may. An open run is returned as it is.

    Raises ``NotFound``, ``Forbidden``, and ``Conflict`` without consent (``ai_consent_missing``) or before the
    document was accepted (``document_not_accepted``).
    """
    case_id = case_records.case_of_document(principal=principal, document_id=document_id)
    access = case_records.access(principal=principal, case_id=case_id, scope=case_records.MANAGE, what="document")
    if access.relation is case_records.Relation.OFFERED:
        raise NotFound("There is no such document for you.")
    if access.relation not in (case_records.Relation.OWNER, case_records.Relation.ASSIGNED):
        raise Forbidden("The patient or the assigned specialist starts an analysis.", code="role_forbidden")
    if not case_records.ai_allowed(patient_id=access.patient_id):
        raise Conflict(
            "The patient does not agree to computer programs reading the documents; ask for that consent first.",
            code="ai_consent_missing",
        )
    if case_records.document_state(principal=principal, document_id=document_id) != DocumentState.ACCEPTED:
        raise Conflict("The document was not accepted yet; try again once it was read.", code="document_not_accepted")
    run = queue_run(
        case_id=case_id, document_id=document_id, patient_id=access.patient_id, requested_by=principal.user_id
    )
    return run_dto(run)


def queue_run(
    *,
    case_id: UUID,
    document_id: UUID,
    patient_id: UUID,
    requested_by: UUID | None,
    again: bool = False,
    after_seconds: float = 0,
) -> AnalysisRun:
    """The open run of a document, made if there is none. The caller has checked consent.

    ``again``: nobody waits for it, so that all such runs stand in one line, and hold back nobody's share.
    """
    try:
        with atomic():
            run = AnalysisRun.objects.filter(document_id=document_id, state__in=OPEN_RUNS).first()
            if run is None:
                run = AnalysisRun.objects.create(
                    case_id=case_id,
                    document_id=document_id,
                    patient_id=patient_id,
                    requested_by=requested_by,
                    again=again,
                )
                # Beside the reading of documents, where nobody's clicks wait, and of each patient one at a time.
                enqueue(
                    context="analysis",
                    kind=KIND,
                    subject_id=run.id,
                    queue=QUEUE,
                    key=f"run:{run.id}",
                    concurrency_key=RERUNS if again else f"patient:{patient_id}",
                    share_of=None if again else patient_id,
                    run_after=now() + timedelta(seconds=after_seconds) if after_seconds else None,
                )
                record(
                    context="analysis",
                    action="analysis.request",
                    patient_id=patient_id,
                    object_type="run",
                    object_id=run.id,
                )
            elif run.requested_by is None and requested_by is not None:
                run.requested_by = requested_by
                run.save(update_fields=["requested_by", "updated_at"])
            return run
    except IntegrityError:
        # Somebody else queued a run of the document in the same moment: theirs stands.
        return AnalysisRun.objects.get(document_id=document_id, state__in=OPEN_RUNS)
