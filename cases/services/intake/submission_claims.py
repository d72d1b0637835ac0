"""A submission becomes a case, once; its files follow by a job; what nobody claims is erased."""

import tempfile
from pathlib import Path
from uuid import UUID

from cases.db import atomic, now
from cases.models import RetiredFile, Submission, SubmissionFile
from cases.services.documents.queues import DOCUMENTS, heavy_of
from cases.services.documents.uploads.uploads import upload_document
from cases.services.intake.answers import fitting_answers, save_intake
from cases.services.intake.drafts import open_case
from cases.services.intake.submissions import held, name_of, told_of
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import DataKey
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from config.kernel.jobs import JobRun, enqueue
from identity import services as identity


def claim_submission(*, principal: Principal, submission_id: UUID, secret: str) -> UUID:
    """Make it a draft case of the calling patient's; returns the case's id.

    Exactly one caller wins; the winner who asks again is given the same case, everybody else ``NotFound``. The files
    are sealed anew under the patient's key by a job, and then read like any document.
    """
    if principal.user_id is None or not principal.has("patient"):
        raise Forbidden("Only a patient claims a submission.", code="role_forbidden")
    with atomic():
        row = held(submission_id, secret, lock=True, claimed=True)
        if row.claimed_at is not None:
            if row.claimed_by != principal.user_id or row.case_id is None:
                raise NotFound("There is no such submission for you.")
            return row.case_id
        told = told_of(row, identity.data_key(subject_id=row.id))
        case_id = open_case(principal=principal, fields=told["fields"])
        condition = told["fields"].get("condition") or ""
        answers = fitting_answers(condition, told["answers"])
        if answers:
            save_intake(principal=principal, case_id=case_id, answers=answers)
        row.claimed_by, row.claimed_at, row.case_id, row.told_sealed = principal.user_id, now(), case_id, None
        row.save()
        record(
            context="cases", action="submission.claim", patient_id=principal.user_id, object_type="submission",
            object_id=row.id,
        )  # fmt: skip
        enqueue(
            context="cases",
            kind="cases.move_submission",
            subject_id=row.id,
            queue=DOCUMENTS,
            concurrency_key=heavy_of(principal.require_user_id()),
            share_of=principal.require_user_id(),
            key=f"claimed:{row.id}",
        )
    return case_id


def move_submission(run: JobRun) -> None:
    """The job: each file becomes a document of the case; then the submission's key is destroyed.

    Running it again goes on where it was cut short: a file that the case has already is only taken away.
    """
    row = Submission.objects.filter(id=run.subject_id, emptied=False).first()
    if row is None or row.claimed_by is None or row.case_id is None:
        return
    patient = Principal(user_id=row.claimed_by, roles=frozenset({"patient"}))
    key = identity.data_key(subject_id=row.id)
    for file in SubmissionFile.objects.filter(submission=row):
        _move(file, key, patient, row.case_id)
    identity.destroy_keys(subject_id=row.id)
    with atomic():
        Submission.objects.filter(id=row.id).update(emptied=True)
        run.complete()


def expire_submissions(run: JobRun) -> None:
    """The job: erase what has ended: key first, then rows and files, so that nothing readable outlives its time."""
    ended = Submission.objects.filter(expires_at__lte=now()).order_by("expires_at")
    for row in ended[:500]:
        # Claimed, and its files not moved yet: the job that moves them must come first.
        if row.claimed_at is not None and not row.emptied and row.files.exists():
            continue
        identity.destroy_keys(subject_id=row.id)
        with atomic():
            for file in SubmissionFile.objects.filter(submission=row):
                _retire(file)
            record(context="cases", action="submission.erase", object_type="submission", object_id=row.id)
            row.delete()


def _move(file: SubmissionFile, key: DataKey, patient: Principal, case_id: UUID) -> None:
    with tempfile.TemporaryDirectory(prefix="sop-claim-", dir=setting("WORK_DIR") or None) as folder:
        source = Path(folder) / "source"
        with source.open("wb") as target:
            for chunk in sealed_files.fetch(key, "original", file.id, file.storage_key):
                target.write(chunk)
        try:
            upload_document(
                principal=patient, case_id=case_id, name=name_of(file, key), declared_type=file.media_type,
                source=source,
            )  # fmt: skip
        except Conflict as refusal:
            # Moved before (the process died in between), or the patient has sent the same file meanwhile.
            if refusal.code != "document_duplicate":
                _tell_loss(file, patient, refusal.code)
        except (Invalid, NotFound) as refusal:
            _tell_loss(file, patient, refusal.code)
    with atomic():
        _retire(file)


def _tell_loss(file: SubmissionFile, patient: Principal, code: str) -> None:
    record(
        context="cases", action="submission.file_refused", patient_id=patient.user_id, object_type="submissionfile",
        object_id=file.id, outcome="denied", detail={"code": code},
    )  # fmt: skip


def _retire(file: SubmissionFile) -> None:
    RetiredFile.objects.get_or_create(storage_key=file.storage_key, defaults={"discard_after": now()})
    file.delete()
