"""Records that come as data: FHIR bundles and C-CDA documents become documents, checked like any other.

What was read is packed as an archive: a page of text that says what the record says, and the files it carries. From
there on it goes the way of every archive, so that whose record it is, and whether its files are safe, is found out
where it always is.
"""

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cases.adapters.json_trees import UnfitJson, json_tree
from cases.adapters.xml_trees import UnfitXml, xml_tree
from cases.domain.records.ccda_document import read_ccda
from cases.domain.records.fhir_bundle import UnfitRecord, read_bundle
from cases.domain.records.health_record import HealthRecord, page_of
from cases.services.documents.uploads.archive_dto import ArchiveDTO
from cases.services.documents.uploads.archives import upload_archive
from cases.services.documents.uploads.uploads import may_add
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.errors import Invalid, TooLarge

MAX_ATTACHMENTS = 50
# The same content gives the same bytes, so that a record sent twice is known again.
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class ImportDTO:
    """The archive that it became, which keeps the counts: how many of each kind were read, and what was left out."""

    archive: ArchiveDTO
    read: dict[str, int]
    left_out: dict[str, int]


def import_fhir(*, principal: Principal, case_id: UUID, content: bytes) -> ImportDTO:
    """Take over a FHIR R4 Bundle (JSON) about one patient.

    ``Invalid`` (``record_unfit``) says what to change, ``TooLarge``; ``NotFound``, ``Forbidden``, ``Conflict`` as for
    an upload.
    """
    may_add(principal, case_id)
    try:
        record = read_bundle(json_tree(_fitting(content)))
    except (UnfitRecord, UnfitJson) as refusal:
        raise Invalid(str(refusal), code="record_unfit") from refusal
    except (ValueError, ArithmeticError, RecursionError) as fault:
        raise Invalid("A number or a sign in this record is none.", code="record_unfit") from fault
    return _packed(principal, case_id, record, "fhir-record.txt")


def import_ccda(*, principal: Principal, case_id: UUID, content: bytes) -> ImportDTO:
    """Take over a C-CDA document (XML) about one patient. Raises as ``import_fhir``."""
    may_add(principal, case_id)
    try:
        record = read_ccda(xml_tree(_fitting(content)))
    except (UnfitRecord, UnfitXml) as refusal:
        raise Invalid(str(refusal), code="record_unfit") from refusal
    return _packed(principal, case_id, record, "ccda-record.txt")


def _fitting(content: bytes) -> bytes:
    most = setting("DOCUMENT_MAX_BYTES")
    if len(content) > most:
        raise TooLarge(f"A record may have at most {most // 1024**2} MB.", code="document_too_large")
    return content


def _packed(principal: Principal, case_id: UUID, record: HealthRecord, name: str) -> ImportDTO:
    if len(record.attachments) > MAX_ATTACHMENTS:
        raise Invalid(f"At most {MAX_ATTACHMENTS} attachments are taken; send it in parts.", code="record_unfit")
    with tempfile.TemporaryDirectory(prefix="sop-import-", dir=setting("WORK_DIR") or None) as folder:
        source = Path(folder) / "record.zip"
        with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(name, _DATE), page_of(record).encode(errors="replace"))
            for number, one in enumerate(record.attachments, start=1):
                path = f"attachments/{number:02d}/{one.name.replace('/', ' ')}"
                archive.writestr(zipfile.ZipInfo(path, _DATE), one.content)
        counts = {"read": dict(record.read), "left_out": dict(record.left_out)}
        kept = upload_archive(
            principal=principal,
            case_id=case_id,
            name="record.zip",
            declared_type="application/zip",
            source=source,
            imported=counts,
        )
    return ImportDTO(archive=kept, **counts)
