"""PDF by pdfium: the text layer with boxes, and every page drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cases.adapters.reading import media_types
from cases.adapters.reading.layout import clean
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused
from cases.adapters.reading.pdf import active_content
from cases.adapters.reading.pdf.nesting import too_deep
from cases.adapters.reading.pdf.overlays import comments_of, is_form_elsewhere, page_with_overlays
from cases.adapters.reading.pdf.page_images import draw
from cases.adapters.reading.pdf.page_text import text_of
from cases.adapters.reading.pdf.structure import NOT_CHECKED, Page, structure_faults
from cases.adapters.reading.results import Draft, save_draft
from cases.adapters.reading.sandbox import SCRATCH
from cases.domain.documents.document_text import (
    UNREAD_WORDS,
    MetadataValue,
    PageText,
    Reading,
    UnreadPlace,
    UnreadReason,
)

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument


@dataclass(frozen=True, kw_only=True, slots=True)
class _PageRead:
    """What was read of a page; `scanned` if its picture is to be read as well."""

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
    document.init_forms()
    if len(document) == 0:
        raise Refused("damaged")
    return document


def read_pdf(source: Path, out: Path, limits: Limits, network: str) -> Draft:
    """Text of all pages first, saved as a draft, then proof and pictures: what is read is kept when these end badly."""
    document = open_pdf(source)
    outline = active_content.outline(source.read_bytes())
    found, numbers = outline.active, range(1, min(len(document), limits.max_pages) + 1)
    read = [_read_page(document, number, limits, layered=outline.layered) for number in numbers]
    if all(each.damaged for each in read):
        raise Refused("damaged")
    if is_form_elsewhere(document):
        elsewhere = UnreadPlace(UnreadReason.FORM_NOT_READABLE)
        first = replace(read[0].page, unread=(*read[0].page.unread, elsewhere))
        read[0] = replace(read[0], page=first, fault=f"page 1: {UNREAD_WORDS[elsewhere.reason]}")
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
    engine = [Page(objects=each.objects, text=each.page.text) for each in read]
    reading = _because(reading, structure_faults(source, engine, len(document), limits))
    save_draft(out / SCRATCH, Draft(reading=reading, missed=missed, network=network))
    whole = [each.page.number for each in read if not each.damaged]
    drawn = draw(document, numbers=whole, scanned=scanned, out=out, limits=limits)
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


def _read_page(document: PdfDocument, number: int, limits: Limits, *, layered: bool) -> _PageRead:
    import pypdfium2
    from pypdfium2 import raw

    try:
        page = document[number - 1]
        # Counted before what lies over the page is drawn into it: a page that only shows that has lost its own content.
        objects, comments = raw.FPDFPage_CountObjects(page.raw), comments_of(page)
        page.close()
        page = page_with_overlays(document, number)
        seen = text_of(page, number, most=limits.max_page_chars, layered=layered, comments=comments)
    except pypdfium2.PdfiumError:
        blank = PageText(number=number, width_pt=0.0, height_pt=0.0, text="")
        return _PageRead(page=blank, scanned=False, damaged=True, fault=f"page {number}: is damaged")
    fault = ""
    if seen.full:
        fault = f"page {number}: has too much text to read"
    elif too_deep(page):
        fault = f"page {number}: its drawings lie within one another too deep to be read to the end"
    looked_at = not seen.page.text or bool(seen.page.unread)
    return _PageRead(page=seen.page, scanned=looked_at, objects=objects, fault=fault)


def _metadata(document: PdfDocument) -> dict[str, MetadataValue]:
    told = document.get_metadata_dict(skip_empty=True)
    kept = {"Title": "title", "CreationDate": "created", "Producer": "producer"}
    found: dict[str, MetadataValue] = {ours: clean(told[name])[:200] for name, ours in kept.items() if told.get(name)}
    return found | {"page_count": len(document)}
