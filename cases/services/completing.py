"""A resumable upload that has come whole becomes a document; one that does not go on is forgotten."""

import tempfile
from pathlib import Path
from uuid import UUID

from cases.db import atomic, now
from cases.models import Document, ResumableUpload
from cases.queries.contents import place
from cases.services import files
from cases.services.resuming import UploadStanding, own_upload, standing_of
from cases.services.upload_parts import kept_parts
from cases.services.uploading import upload_document
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import open_text
from config.kernel.errors import Conflict, Invalid, TooLarge
from config.kernel.jobs import JobRun
from identity import services as identity


def upload_standing(*, principal: Principal, upload_id: UUID) -> UploadStanding:
    """How far it is. One that came whole is completed now, should the platform have died before.

    ``Invalid``, ``TooLarge`` or ``Conflict`` for a file that is not taken in; the upload is gone then.
    """
    row = own_upload(principal, upload_id)
    if row.received == row.length and not row.finished:
        _complete(principal, row)
    return standing_of(row)


def expire_uploads(run: JobRun) -> None:
    """The job: forget uploads that ended a while ago, and their parts."""
    for row in ResumableUpload.objects.filter(expires_at__lte=now()).order_by("expires_at")[:500]:
        with atomic():
            kept_parts(row, discard=True)
            row.delete()


def _complete(principal: Principal, row: ResumableUpload) -> None:
    # Its id was given when the upload began: whoever died after the document was written finds it here.
    if not Document.objects.filter(id=row.document_id).exists():
        try:
            _take_in(principal, row)
        except (Invalid, TooLarge, Conflict):
            with atomic():
                kept_parts(row, discard=True)
                row.delete()
            raise
    with atomic():
        kept_parts(row, discard=True)
        ResumableUpload.objects.filter(id=row.id).update(finished=True)
    row.finished = True


def _take_in(principal: Principal, row: ResumableUpload) -> None:
    key = identity.data_key(subject_id=row.patient_id)
    name = open_text(key, place("resumableupload", "name", row.id), row.name_sealed)
    with tempfile.TemporaryDirectory(prefix="sop-parts-", dir=setting("WORK_DIR") or None) as folder:
        source = Path(folder) / "source"
        with source.open("wb") as target:
            for part in kept_parts(row):
                for chunk in files.fetch(key, "part", part.id, part.storage_key):
                    target.write(chunk)
        upload_document(
            principal=principal,
            case_id=row.case_id,
            name=name,
            declared_type=row.media_type,
            source=source,
            row_id=row.document_id,
        )
