"""A record that came as data (FHIR, C-CDA), in the child: a page of text that says it, packed with its files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from cases.adapters.json_trees import UnfitJson, json_tree
from cases.adapters.reading import results
from cases.adapters.xml_trees import UnfitXml, xml_tree
from cases.domain.records.ccda_document import read_ccda
from cases.domain.records.fhir_bundle import read_bundle
from cases.domain.records.health_record import HealthRecord, UnfitRecord
from cases.domain.records.record_pages import page_of
from config.kernel import clock

FHIR: Final = "application/fhir+json"
CCDA: Final = "application/hl7-cda+xml"
ARCHIVE_FILE: Final = "record.zip"
MAX_ATTACHMENTS: Final = 50
# The same content gives the same bytes, so that a record sent twice is known again.
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def pack_record(source: Path, out: Path, scratch: Path, media_type: str) -> None:
    """Leave the archive in ``out`` with its counts beside it, or the words that say why there is none."""
    page_name, read = _READERS[media_type]
    try:
        record = read(source.read_bytes())
        _require_few(record)
    except (UnfitRecord, UnfitJson, UnfitXml) as refusal:
        results.save_record(scratch, results.PackedRecord(unfit=str(refusal)))
        return
    with zipfile.ZipFile(out / ARCHIVE_FILE, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(page_name, _DATE), page_of(record).encode(errors="replace"))
        for number, one in enumerate(record.attachments, start=1):
            path = f"attachments/{number:02d}/{one.name.replace('/', ' ')}"
            archive.writestr(zipfile.ZipInfo(path, _DATE), one.content)
    counted = results.PackedRecord(read=dict(record.read), left_out=dict(record.left_out), not_taken=record.not_taken())
    results.save_record(scratch, counted)


def _fhir(content: bytes) -> HealthRecord:
    try:
        return read_bundle(json_tree(content), today=clock.now().date())
    except (ValueError, ArithmeticError, RecursionError) as fault:
        raise UnfitRecord("This record holds an invalid number or character.") from fault


def _ccda(content: bytes) -> HealthRecord:
    return read_ccda(xml_tree(content), today=clock.now().date())


def _require_few(record: HealthRecord) -> None:
    if len(record.attachments) > MAX_ATTACHMENTS:
        raise UnfitRecord(f"At most {MAX_ATTACHMENTS} attachments are accepted; send it in parts.")


_READERS: Final[Mapping[str, tuple[str, Callable[[bytes], HealthRecord]]]] = {
    FHIR: ("fhir-record.txt", _fhir),
    CCDA: ("ccda-record.txt", _ccda),
}
