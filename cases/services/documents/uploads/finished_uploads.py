"""A resumable upload that has come whole becomes a document; one that does not go on is forgotten."""

import tempfile
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from cases.adapters.reading import is_archive
from cases.db import atomic, now
from cases.models import Archive, Document, ResumableUpload
from cases.queries.sealed_contents import place
from cases.services.documents.uploads.archives import begin_archive
from cases.services.documents.uploads.resumable_uploads import UploadStanding, own_upload, standing_of
from cases.services.documents.uploads.upload_parts import assembled, kept_parts
from cases.services.documents.uploads.uploads import upload_document
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
    standing = standing_of(row)
    if row.finished and Archive.objects.filter(id=row.document_id).exists():
        return replace(standing, document_id=None, archive_id=row.document_id)
    return standing


def expire_uploads(run: JobRun) -> None:
    """The job: forget uploads that ended a while ago, and their parts."""
    for row in ResumableUpload.objects.filter(expires_at__lte=now()).order_by("expires_at")[:500]:
        with atomic():
            kept_parts(row, discard=True)
            row.delete()


def _complete(principal: Principal, row: ResumableUpload) -> None:
    # Its id was given when the upload began: whoever died after the document was written finds it here.
    if Archive.objects.filter(id=row.document_id).exists():
        begin_archive(row)
        row.finished = True
        return
    if not Document.objects.filter(id=row.document_id).exists():
        try:
            if _take_in(principal, row):
                row.finished = True
                return
        except (Invalid, TooLarge, Conflict):
            with atomic():
                kept_parts(row, discard=True)
                row.delete()
            raise
    with atomic():
        kept_parts(row, discard=True)
        ResumableUpload.objects.filter(id=row.id).update(finished=True)
    row.finished = True


def _take_in(principal: Principal, row: ResumableUpload) -> bool:
    """Make a document of it; an archive waits, in its parts, for its unpacking. Returns whether it is one."""
    key = identity.data_key(subject_id=row.patient_id)
    name = open_text(key, place("resumableupload", "name", row.id), row.name_sealed)
    with tempfile.TemporaryDirectory(prefix="sop-parts-", dir=setting("WORK_DIR") or None) as folder:
        source = assembled(row, key, Path(folder) / "source")
        if is_archive(source):
            begin_archive(row)
            return True
        upload_document(
            principal=principal,
            case_id=row.case_id,
            name=name,
            declared_type=row.media_type,
            source=source,
            row_id=row.document_id,
        )
    return False
