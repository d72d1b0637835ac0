"""Pages of a PDF as pictures: what a person looks at, and what the recogniser reads."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cases.adapters.reading.limits import Limits
from cases.adapters.reading.pdf.overlays import page_with_overlays
from cases.adapters.reading.pictures import RECOGNITION_SIDE, Printer, is_blank, save_waiting
from cases.adapters.reading.sandbox import SCRATCH

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """Page numbers: pictures that wait for recognition, and scanned pages that nobody got to."""

    pending: tuple[int, ...]
    missed: tuple[int, ...]


def draw(document: PdfDocument, *, numbers: Iterable[int], scanned: set[int], out: Path, limits: Limits) -> Drawn:
    """Draw the scanned pages first, then the others, while `limits.drawing_seconds` last. Damaged ones are left out.

    The seconds are the process's own processor time from here on, so that what else the machine does costs no page.
    """
    import pypdfium2

    started = time.process_time()
    pending: list[int] = []
    missed: list[int] = []
    with Printer(out, limits) as printer:
        for turn, number in enumerate(sorted(numbers, key=lambda number: (number not in scanned, number))):
            # Nothing is spent before the first page, or a reading that starts slowly would never get further.
            spent = time.process_time() - started if turn else 0.0
            if spent > limits.drawing_seconds:
                missed += [number] if number in scanned else []
                continue
            try:
                page = page_with_overlays(document, number)
                if number not in scanned:
                    printer.print(_rendered(page, limits.long_side_px), number)
                elif _print_scanned(page, number, out, limits, printer):
                    pending.append(number)
            except pypdfium2.PdfiumError:
                missed += [number] if number in scanned else []
    return Drawn(pending=tuple(pending), missed=tuple(missed))


def _print_scanned(page: PdfPage, number: int, out: Path, limits: Limits, printer: Printer) -> bool:
    """Print a page without text; True if its picture now waits for recognition, which a blank one does not."""
    small = _rendered(page, limits.thumb_side_px)
    if is_blank(small):
        printer.print(small, number)
        return False
    image = _rendered(page, RECOGNITION_SIDE)
    printer.print(image, number)
    save_waiting(image, out / SCRATCH, number)
    return True


def _rendered(page: PdfPage, side: int) -> Image:
    width, height = page.get_size()
    scale = side / max(width, height, 1.0)
    bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
    # A copy: the bitmap's memory goes when pdfium closes the page, the picture may still be in the printer's queue.
    return bitmap.to_pil().convert("RGB").copy()
