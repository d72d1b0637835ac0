"""Records that come as data: FHIR bundles and C-CDA documents become documents, checked like any other.

What was read is packed as an archive: a page of text that says what the record says, and the files it carries. From
there on it goes the way of every archive, so that whose record it is, and whether its files are safe, is found out
where it always is.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

import structlog

from cases.adapters.reading import CCDA, FHIR, ReadingFailed, pack_record_in_child
from cases.domain.records.health_record import UnfitRecord
from cases.services.documents.uploads.archive_dto import ArchiveDTO
from cases.services.documents.uploads.archives import upload_archive
from cases.services.documents.uploads.uploads import may_add
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.errors import Invalid, TooMany

log = structlog.get_logger(__name__)

# Of one process: whoever waits for the child that reads a record holds a thread that others wait for.
MAX_AT_ONCE = 2
_turns = BoundedSemaphore(MAX_AT_ONCE)
_AGAIN_SECONDS = 5
_TOO_MUCH = "This record takes too long to be read. Send it in parts, attachments apart from statements."


@dataclass(frozen=True, kw_only=True)
class ImportDTO:
    """The archive that it became, which keeps the counts: how many of each kind were read, and what was left out.

    ``not_taken`` says of what was left out kind, reason, count and the first twenty places.
    """

    archive: ArchiveDTO
    read: dict[str, int]
    left_out: dict[str, int]
    not_taken: list[dict[str, Any]]


def import_fhir(*, principal: Principal, case_id: UUID, source: Path) -> ImportDTO:
    """Take over a FHIR R4 Bundle (JSON) about one patient.

    ``Invalid`` (``record_unfit``) says what to change, ``TooMany`` when others are read at the moment; ``NotFound``,
    ``Forbidden``, ``Conflict`` as for an upload.
    """
    return _imported(principal, case_id, source, FHIR)


def import_ccda(*, principal: Principal, case_id: UUID, source: Path) -> ImportDTO:
    """Take over a C-CDA document (XML) about one patient. Raises as ``import_fhir``."""
    return _imported(principal, case_id, source, CCDA)


def _imported(principal: Principal, case_id: UUID, source: Path, media_type: str) -> ImportDTO:
    may_add(principal, case_id)
    if not _turns.acquire(blocking=False):
        raise TooMany(
            f"Other records are being read at the moment; send it again in {_AGAIN_SECONDS} seconds.",
            retry_after=_AGAIN_SECONDS,
        )
    try:
        return _packed(principal, case_id, source, media_type)
    finally:
        _turns.release()


def _packed(principal: Principal, case_id: UUID, source: Path, media_type: str) -> ImportDTO:
    with tempfile.TemporaryDirectory(prefix="sop-import-", dir=setting("WORK_DIR") or None) as folder:
        try:
            archive, packed = pack_record_in_child(source=source, workdir=Path(folder), media_type=media_type)
        except UnfitRecord as refusal:
            raise Invalid(str(refusal), code="record_unfit") from refusal
        except ReadingFailed as failure:
            # The same record would take as much again.
            log.error("record_not_read", reason=failure.reason)
            raise Invalid(_TOO_MUCH, code="record_unfit") from failure
        counts = {"read": packed.read, "left_out": packed.left_out, "not_taken": packed.not_taken}
        kept = upload_archive(
            principal=principal,
            case_id=case_id,
            name="record.zip",
            declared_type="application/zip",
            source=archive,
            imported=counts,
        )
    return ImportDTO(archive=kept, read=packed.read, left_out=packed.left_out, not_taken=packed.not_taken)
