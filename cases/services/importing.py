"""Records that come as data: FHIR bundles and C-CDA documents become documents, checked like any other.

What was read is packed as an archive: a page of text that says what the record says, and the files it carries. From
there on it goes the way of every archive, so that whose record it is, and whether its files are safe, is found out
where it always is.
"""

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from cases.adapters.xml_trees import UnfitXml, xml_tree
from cases.domain.ccda_reading import read_ccda
from cases.domain.fhir_reading import UnfitRecord, read_bundle
from cases.domain.health_record import HealthRecord, page_of
from cases.services.archive_dto import ArchiveDTO
from cases.services.archives import upload_archive
from cases.services.uploading import may_add
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.errors import Invalid, TooLarge

# As every other input in JSON that machines write: deeper is no record.
MOST_DEPTH = 60
MOST_ATTACHMENTS = 50
# The same content gives the same bytes, so that a record sent twice is known again.
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
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
        record = read_bundle(_tree(_fitting(content)))
    except UnfitRecord as refusal:
        raise Invalid(str(refusal), code="record_unfit") from refusal
    except (ValueError, ArithmeticError, RecursionError) as fault:
        advice = "This is no JSON in UTF-8, it is nested too deeply, or a number or a sign in it is none."
        raise Invalid(advice, code="record_unfit") from fault
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


def _tree(content: bytes) -> Any:
    # Numbers keep the digits they were written with; NaN and Infinity are none.
    value = json.loads(content, parse_float=Decimal, parse_constant=_no_number)
    _bounded(value)
    return value


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is no number")


def _bounded(value: Any, depth: int = 0) -> None:
    if depth > MOST_DEPTH:
        raise ValueError("too deep")
    if isinstance(value, str):
        # Half a surrogate pair has no bytes; a NUL would cut an attachment's name short and lose the file.
        if b"\0" in value.encode():
            raise ValueError("a NUL")
    elif isinstance(value, dict):
        for key, one in value.items():
            _bounded(key, depth + 1)
            _bounded(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _bounded(one, depth + 1)


def _packed(principal: Principal, case_id: UUID, record: HealthRecord, name: str) -> ImportDTO:
    if len(record.attachments) > MOST_ATTACHMENTS:
        raise Invalid(f"At most {MOST_ATTACHMENTS} attachments are taken; send it in parts.", code="record_unfit")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, _DATE), page_of(record).encode(errors="replace"))
        for number, one in enumerate(record.attachments, start=1):
            path = f"attachments/{number:02d}/{one.name.replace('/', ' ')}"
            archive.writestr(zipfile.ZipInfo(path, _DATE), one.content)
    with tempfile.TemporaryDirectory(prefix="sop-import-", dir=setting("WORK_DIR") or None) as folder:
        source = Path(folder) / "record.zip"
        source.write_bytes(held.getvalue())
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
