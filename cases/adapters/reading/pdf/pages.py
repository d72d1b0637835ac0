"""PDF by pdfium: the text layer with boxes, and every page drawn."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cases.adapters.reading import media_types
from cases.adapters.reading.layout import Piece, Turn, clean, lay_out
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused
from cases.adapters.reading.pdf import active_content
from cases.adapters.reading.pdf.nesting import too_deep
from cases.adapters.reading.pdf.page_images import draw
from cases.adapters.reading.pdf.structure import NOT_CHECKED, structure_faults
from cases.adapters.reading.results import Draft, save_draft
from cases.adapters.reading.sandbox import SCRATCH
from cases.domain.documents.document_text import MetadataValue, PageText, Reading

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

#: Below this many characters beside a large picture, the text layer is a stamp on a scan and not the page's text.
STAMP_CHARS: Final = 60
PICTURE_SHARE: Final = 0.35
_UNITS: Final = 1_000_000
_SAMPLE: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class _PageRead:
    page: PageText
    scanned: bool
    objects: int = 0
    damaged: bool = False
    fault: str = ""


def open_pdf(source: Path) -> PdfDocument:
    """An open document. Raises Refused `encrypted_pdf` or `damaged`."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as fault:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(fault).lower():
            raise Refused("encrypted_pdf") from fault
        raise Refused("damaged") from fault
    if len(document) == 0:
        raise Refused("damaged")
    return document


def read_pdf(source: Path, out: Path, limits: Limits, network: str) -> Draft:
    """Text of all pages first, saved as a draft, then proof and pictures: what is read is kept when these end badly."""
    document = open_pdf(source)
    found = active_content.outline(source.read_bytes()).active
    read = [_read_page(document, number, limits) for number in range(1, min(len(document), limits.max_pages) + 1)]
    if all(each.damaged for each in read):
        raise Refused("damaged")
    reading = Reading(
        media_type=media_types.PDF,
        verdict="complete",
        reasons=_reasons(document, read, found, limits),
        pages=tuple(each.page for each in read),
        metadata=_metadata(document),
        active_content=found,
    )
    scanned = {each.page.number for each in read if each.scanned}
    # Not complete before it is proven: the proof may be what the time does not suffice for.
    missed = tuple(sorted(scanned))
    save_draft(out / SCRATCH, Draft(reading=_because(reading, (NOT_CHECKED,)), missed=missed, network=network))
    seen = [each.objects for each in read]
    reading = _because(reading, structure_faults(source, seen, len(document), limits))
    save_draft(out / SCRATCH, Draft(reading=reading, missed=missed, network=network))
    numbers = [each.page.number for each in read if not each.damaged]
    drawn = draw(document, numbers=numbers, scanned=scanned, out=out, limits=limits)
    return Draft(reading=reading, pending=drawn.pending, missed=drawn.missed, network=network)


def _reasons(
    document: PdfDocument, read: Sequence[_PageRead], found: tuple[str, ...], limits: Limits
) -> tuple[str, ...]:
    reasons = [each.fault for each in read if each.fault]
    if len(document) > limits.max_pages:
        reasons.append(f"only the first {limits.max_pages} of {len(document)} pages were read")
    if "EmbeddedFile" in found:
        reasons.append("files attached inside the PDF were not read")
    return tuple(reasons)


def _because(reading: Reading, more: tuple[str, ...]) -> Reading:
    reasons = (*reading.reasons, *more)
    return replace(reading, reasons=reasons, verdict="partial" if reasons else "complete")


def draw_pages(source: Path, out: Path, limits: Limits, numbers: tuple[int, ...], *, scanned: bool) -> None:
    """Draw the given pages only, for pages that the first reading had no time to draw; ``scanned`` to be recognised."""
    document = open_pdf(source)
    known = {number for number in numbers if 1 <= number <= len(document)}
    draw(document, numbers=known, scanned=known if scanned else set(), out=out, limits=limits)


def _read_page(document: PdfDocument, number: int, limits: Limits) -> _PageRead:
    import pypdfium2
    from pypdfium2 import raw

    try:
        page = document[number - 1]
        width, height = page.get_size()
        textpage = page.get_textpage()
        pieces = _pieces(page, textpage, limits, width, height)
        text, lines = lay_out(pieces, width=width, height=height, turn=_turn(page, textpage))
    except pypdfium2.PdfiumError:
        blank = PageText(number=number, width_pt=0.0, height_pt=0.0, text="")
        return _PageRead(page=blank, scanned=False, damaged=True, fault=f"page {number}: is damaged")
    scanned = not text or (len(text) < STAMP_CHARS and _picture_share(page) > PICTURE_SHARE)
    read = PageText(
        number=number,
        width_pt=round(width, 2),
        height_pt=round(height, 2),
        text=text,
        lines=lines,
        engine="text-layer" if text else "none",
    )
    fault = ""
    if sum(len(line.text) for line in lines) >= limits.max_page_chars:
        fault = f"page {number}: has too much text to read"
    elif too_deep(page):
        fault = f"page {number}: its drawings lie within one another too deep to be read to the end"
    return _PageRead(page=read, scanned=scanned, objects=raw.FPDFPage_CountObjects(page.raw), fault=fault)


def _pieces(page: PdfPage, textpage: PdfTextPage, limits: Limits, width: float, height: float) -> Iterator[Piece]:
    """Runs of text as pdfium groups them, in points on the page as it is shown (rotation and crop applied)."""
    left = limits.max_page_chars
    for index in range(textpage.count_rects()):
        edges = textpage.get_rect(index)
        text = clean(textpage.get_text_bounded(*edges))[:left]
        left -= len(text)
        if text:
            (x0, x1), (y0, y1) = _shown(page, edges)
            yield Piece(text, x0 * width, y0 * height, x1 * width, y1 * height)
        if left <= 0:
            return


def _shown(page: PdfPage, edges: Sequence[float]) -> tuple[list[float], list[float]]:
    """The box (left, bottom, right, top in page space) as shown: sorted x and sorted y, fractions from top-left."""
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    xs, ys = [], []
    for x, y in ((edges[0], edges[3]), (edges[2], edges[1])):
        raw.FPDF_PageToDevice(page.raw, 0, 0, _UNITS, _UNITS, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        xs.append(across.value / _UNITS)
        ys.append(down.value / _UNITS)
    return sorted(xs), sorted(ys)


def _turn(page: PdfPage, textpage: PdfTextPage) -> Turn:
    """How most of the text lies on the page as shown: the page's own rotation plus that of a sample of characters."""
    from pypdfium2 import raw

    count = textpage.count_chars()
    step = max(1, count // _SAMPLE)
    angles = (raw.FPDFText_GetCharAngle(textpage.raw, index) for index in range(0, count, step))
    quarters = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    commonest = quarters.most_common(1)[0][0] if quarters else 0
    turns: tuple[Turn, ...] = (0, 90, 180, 270)
    return turns[(commonest + page.get_rotation() // 90) % 4]


def _picture_share(page: PdfPage) -> float:
    from pypdfium2 import raw

    width, height = page.get_size()
    covered = 0.0
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
        x0, y0, x1, y1 = picture.get_bounds()
        covered += max(0.0, x1 - x0) * max(0.0, y1 - y0)
    return covered / max(width * height, 1.0)


def _metadata(document: PdfDocument) -> dict[str, MetadataValue]:
    told = document.get_metadata_dict(skip_empty=True)
    kept = {"Title": "title", "CreationDate": "created", "Producer": "producer"}
    found: dict[str, MetadataValue] = {ours: clean(told[name])[:200] for name, ours in kept.items() if told.get(name)}
    return found | {"page_count": len(document)}
