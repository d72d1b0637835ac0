"""Resumable uploads: begun, continued part by part, ended. Who began one, and nobody else, goes on with it."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cases.adapters.reading import HEAD_BYTES
from cases.db import atomic, now
from cases.models import ResumableUpload, RetiredFile, UploadPart
from cases.queries.access import case_for, person_id
from cases.queries.proxies import UPLOAD
from cases.queries.sealed_contents import place
from cases.services.documents.uploads.upload_parts import discard_parts, keep_part, kept_parts
from cases.services.documents.uploads.uploads import inspected_head, inspected_name, may_add, safe_name
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import DataKey, open_text, seal_text
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, DomainError, Invalid, NotFound, TooLarge
from identity import services as identity

LIVES = timedelta(hours=24)
MAX_OPEN = 50
PART_BYTES = 1024 * 1024
DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


class ChecksumMismatch(DomainError):
    """The bytes of a request are not those the sender summed; none of them was kept."""


@dataclass(frozen=True, kw_only=True)
class UploadStanding:
    """How far an upload is, in bytes; ``document_id`` or ``archive_id`` once it has become one."""

    id: UUID
    received: int
    length: int
    expires_at: datetime
    document_id: UUID | None
    archive_id: UUID | None = None


def begin_upload(*, principal: Principal, case_id: UUID, name: str, declared_type: str, length: int) -> UploadStanding:
    """Make room for ``length`` bytes. ``NotFound``, ``Forbidden``, ``Conflict`` and ``TooLarge`` as for an upload."""
    if length < 1:
        raise Invalid("An empty file cannot be read.", code="document_empty")
    if length > setting("RESUMABLE_MAX_BYTES"):
        most = setting("RESUMABLE_MAX_BYTES") // 1024**2
        raise TooLarge(f"A file may have at most {most} MB. Split it.", code="document_too_large")
    case = may_add(principal, case_id)
    inspected_name(name, declared_type)
    with atomic():
        mine = ResumableUpload.objects.filter(uploaded_by=person_id(principal), finished=False)
        if mine.filter(expires_at__gt=now()).count() >= MAX_OPEN:
            raise Conflict("Finish or end your other uploads first.", code="too_many_uploads")
        row = ResumableUpload(case=case, patient_id=case.patient_id, uploaded_by=person_id(principal), length=length)
        row.document_id, row.media_type, row.expires_at = (
            uuid7(),
            "".join(filter(str.isprintable, declared_type))[:100],
            now() + LIVES,
        )
        key = identity.data_key(subject_id=case.patient_id)
        row.name_sealed = seal_text(key, place("resumableupload", "name", row.id), safe_name(name))
        row.save(force_insert=True)
        _note("upload.begin", row)
    return standing_of(row)


def receive(
    *, principal: Principal, upload_id: UUID, offset: int, source: Iterator[bytes], checksum: tuple[str, bytes] | None
) -> UploadStanding:
    """Keep the bytes of ``source`` from ``offset`` on; every part that came whole stays, whatever follows.

    A file that cannot be taken is refused, and its upload forgotten, with its first bytes: ``Invalid``, ``TooLarge``.
    With a ``checksum`` (name, digest) they are kept all or not at all. ``Conflict`` for another offset than the
    upload's, ``Invalid`` for more than was announced, ``ChecksumMismatch``.
    """
    row = _reached(principal, upload_id, offset)
    key, digest = identity.data_key(subject_id=row.patient_id), DIGESTS[checksum[0] if checksum else "sha256"]()
    waiting: list[UploadPart] = []
    at = offset
    for piece in source:
        if at + len(piece) > row.length:
            discard_parts(waiting)
            raise Invalid(f"The upload was announced with {row.length} bytes.", code="upload_too_long")
        if at == 0 and len(piece) >= min(HEAD_BYTES, row.length):
            _inspect(row, key, piece[:HEAD_BYTES])
        digest.update(piece)
        waiting.append(keep_part(row, key, at, piece))
        at += len(piece)
        if checksum is None:
            _count(row, waiting)
            waiting = []
    if checksum is not None and not hmac.compare_digest(digest.digest(), checksum[1]):
        discard_parts(waiting)
        raise ChecksumMismatch("The bytes changed on their way; send them again.", code="checksum_mismatch")
    _count(row, waiting)
    return standing_of(own_upload(principal, upload_id))


def _inspect(row: ResumableUpload, key: DataKey, head: bytes) -> None:
    name = open_text(key, place("resumableupload", "name", row.id), row.name_sealed)
    try:
        inspected_head(head, row.length, name, row.media_type)
    except (Invalid, TooLarge):
        with atomic():
            kept_parts(row, discard=True)
            row.delete()
        raise


def may_receive(*, principal: Principal, upload_id: UUID, offset: int) -> None:
    """Asked before the bytes from ``offset`` on are read. ``NotFound``, ``Conflict`` as for them."""
    _reached(principal, upload_id, offset)


def end_upload(*, principal: Principal, upload_id: UUID) -> None:
    """Forget an upload and its parts; a document that it became stays."""
    row = own_upload(principal, upload_id)
    with atomic():
        kept_parts(row, discard=True)
        _note("upload.end", row)
        row.delete()


def own_upload(principal: Principal, upload_id: UUID) -> ResumableUpload:
    """The caller's upload to a case that they may still add to; ``NotFound`` for any other, and for one that ended."""
    row = ResumableUpload.objects.filter(id=upload_id, uploaded_by=person_id(principal)).first()
    if row is None or row.expires_at <= now():
        raise NotFound("There is no such upload for you.")
    case_for(principal, row.case_id, scope=UPLOAD)
    return row


def _reached(principal: Principal, upload_id: UUID, offset: int) -> ResumableUpload:
    row = own_upload(principal, upload_id)
    if row.finished or offset != row.received:
        raise _elsewhere(row)
    return row


def standing_of(row: ResumableUpload) -> UploadStanding:
    """As data."""
    return UploadStanding(
        id=row.id,
        received=row.received,
        length=row.length,
        expires_at=row.expires_at,
        document_id=row.document_id if row.finished else None,
    )


def _count(row: ResumableUpload, parts: list[UploadPart]) -> None:
    """Write the parts down, if nobody else has gone on with the upload meanwhile."""
    if not parts:
        return
    start, end = parts[0].start, parts[-1].start + parts[-1].size
    with atomic():
        mine = ResumableUpload.objects.filter(id=row.id, received=start, finished=False)
        if not mine.update(received=end, expires_at=now() + LIVES):
            raise _elsewhere(row)
        UploadPart.objects.bulk_create(parts)
        RetiredFile.objects.filter(storage_key__in=[part.storage_key for part in parts]).delete()


def _elsewhere(row: ResumableUpload) -> Conflict:
    return Conflict("The upload is at another offset; ask for it by HEAD.", code="upload_offset")


def _note(action: str, row: ResumableUpload) -> None:
    record(context="cases", action=action, patient_id=row.patient_id, object_type="resumableupload", object_id=row.id)
