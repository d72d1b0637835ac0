"""Ending a patient's cases, and taking the patient out of them."""

from uuid import UUID

from django.db.models import QuerySet

from cases.db import now
from cases.domain.workflow.states import BEFORE_SIGNED, State
from cases.models import Case, Document, Report, ResumableUpload, RetiredFile, Submission
from cases.services.documents.uploads.upload_parts import kept_parts
from cases.services.storage.file_resealing import files_of_document, files_of_report
from cases.services.workflow.moves import move_case
from config.kernel.auth import Principal
from config.kernel.privacy.erasure import erase_rows
from identity import services as identity


def end_unsigned(*, patient_id: UUID, reason: str) -> None:
    """Cancel every case that is not signed yet; nobody reads on in any of them. Inside ``atomic()``."""
    patient = Principal(user_id=patient_id, roles=frozenset({"patient"}))
    mine = Case.objects.filter(patient_id=patient_id)
    begun = [state for state in BEFORE_SIGNED if state is not State.DRAFT]
    for case_id in mine.filter(state__in=begun).values_list("id", flat=True):
        move_case(principal=patient, case_id=case_id, to=State.CANCELLED, reason=reason)
    mine.update(assigned_user_id=None, peer_user_id=None)


def erase_person(*, patient_id: UUID) -> None:
    """Cases end, files are named for deletion, rows are emptied or deleted. Inside ``atomic()``."""
    end_unsigned(patient_id=patient_id, reason="Erased.")
    _forget_submissions(patient_id)
    retire_files(Document.objects.filter(patient_id=patient_id), Report.objects.filter(case__patient_id=patient_id))
    for upload in ResumableUpload.objects.filter(patient_id=patient_id):
        kept_parts(upload, discard=True)
    erase_rows("cases", patient_id)


def _forget_submissions(patient_id: UUID) -> None:
    """What they claimed and a job has not moved yet."""
    for row in Submission.objects.filter(claimed_by=patient_id, emptied=False):
        keys = row.files.values_list("storage_key", flat=True)
        RetiredFile.objects.bulk_create(
            [RetiredFile(storage_key=key, discard_after=now()) for key in keys], ignore_conflicts=True
        )
        identity.destroy_keys(subject_id=row.id)


def retire_files(documents: QuerySet[Document], reports: QuerySet[Report]) -> None:
    """Name their files for deletion, which a job does after the commit: rolled back, rows would be without files."""
    keys = [one.storage_key for row in documents for one in files_of_document(row)]
    keys += [one.storage_key for row in reports for one in files_of_report(row)]
    RetiredFile.objects.bulk_create(
        [RetiredFile(storage_key=key, discard_after=now()) for key in keys if key],
        update_conflicts=True,
        unique_fields=["storage_key"],
        update_fields=["discard_after", "awaited"],
    )
