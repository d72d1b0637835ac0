"""Documents inside DICOM: an encapsulated PDF is read as every PDF, a structured report as text; others are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cases.adapters.reading import media_types
from cases.adapters.reading.dicom.structured_report import is_report, report_text
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused
from cases.adapters.reading.pdf import active_content
from cases.adapters.reading.pdf.pages import read_pdf
from cases.adapters.reading.plain_text import drawn_text
from cases.adapters.reading.results import Draft
from cases.adapters.reading.sandbox import SCRATCH

if TYPE_CHECKING:
    from pydicom import Dataset

_DIRECTORY: Final = (
    "This is the table of contents of a CD (DICOMDIR) and holds no picture. Send the whole CD as a ZIP to "
    "/api/v1/archives, or upload the image files that lie in its folders."
)
_NO_PICTURE: Final = (
    "This DICOM file ({kind}) holds no picture and no report. Upload the images that it belongs to, or "
    "the report as PDF."
)
_INNER: Final = "The document inside this DICOM file is of another kind ({kind}). Export it as PDF, and upload that."


def read_inner(data: Dataset, out: Path, limits: Limits, network: str) -> Draft | None:
    """What a file without pixels says; ``None`` when it has pixels. Raises Refused."""
    if "EncapsulatedDocument" in data:
        return _encapsulated(data, out, limits, network)
    if is_report(data):
        text, reasons = report_text(data)
        return drawn_text(text, out, limits, network, media_type=media_types.DICOM, reasons=reasons)
    if data.get("PixelData"):
        return None
    if "DirectoryRecordSequence" in data:
        raise Refused("wrong_type", _DIRECTORY)
    raise Refused("wrong_type", _NO_PICTURE.format(kind=_kind(data)))


def _encapsulated(data: Dataset, out: Path, limits: Limits, network: str) -> Draft:
    content = bytes(data.EncapsulatedDocument)
    declared = str(data.get("MIMETypeOfEncapsulatedDocument") or "of no declared type").strip()
    if not content.startswith(b"%PDF-"):
        raise Refused("wrong_type", _INNER.format(kind=declared[:60]))
    if len(content) > limits.max_bytes:
        raise Refused("too_large")
    if active_content.REFUSED_KINDS.intersection(active_content.outline(content).active):
        raise Refused("active_content")
    inner = out / SCRATCH / "inner.pdf"
    inner.write_bytes(content)
    draft = read_pdf(inner, out, limits, network)
    reasons = draft.reading.reasons
    if draft.missed:
        # Later rounds read the upload itself, of which only this child knows where its PDF is.
        reasons += (f"time ran out before {len(draft.missed)} scanned pages of the PDF were read; upload it as a PDF",)
    reading = replace(
        draft.reading, media_type=media_types.DICOM, reasons=reasons, verdict="partial" if reasons else "complete"
    )
    return replace(draft, reading=reading, missed=())


def _kind(data: Dataset) -> str:
    uid = data.get("SOPClassUID")
    name = str(getattr(uid, "name", "") or "")
    return name[:80] if name and name != str(uid) else "of an unknown kind"
