"""One reader per media type."""

from __future__ import annotations

from pathlib import Path

from cases.adapters.reading import media_types
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.results import Draft, save_draft
from cases.adapters.reading.sandbox import SCRATCH


def read_source(source: Path, out: Path, media_type: str, limits: Limits, network: str) -> None:
    """Read `source` and leave the draft and the pictures under `out`. Raises Refused."""
    save_draft(out / SCRATCH, _read(source, out, media_type, limits, network))


def _read(source: Path, out: Path, media_type: str, limits: Limits, network: str) -> Draft:
    if media_type == media_types.PDF:
        from cases.adapters.reading.pdf.pages import read_pdf

        return read_pdf(source, out, limits, network)
    if media_type == media_types.DICOM:
        from cases.adapters.reading.dicom.instance import read_dicom

        return read_dicom(source, out, limits, network)
    if media_type == media_types.TEXT:
        from cases.adapters.reading.plain_text import read_text

        return read_text(source, out, limits, network)
    from cases.adapters.reading.images import read_image

    return read_image(source, out, media_type, limits, network)
