"""Plain text: decoded, cut into pages, and drawn so that it is shown like every other document."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cases.adapters.reading import media_types
from cases.adapters.reading.character_sets import decoded
from cases.adapters.reading.layout import CELL_SEPARATOR, clean
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.pictures import save_page
from cases.adapters.reading.results import Draft
from cases.domain.documents.document_text import Cell, Line, PageText, Reading
from cases.domain.records.result_lines import coded_results

COLUMNS: Final = 92
ROWS: Final = 62
WIDTH_PT, HEIGHT_PT = 595.28, 841.89
_LEFT, _TOP, _STEP = 0.07, 0.06, 0.0142
#: The widest row of a printed table; what is longer is prose, and wrapped.
WIDEST: Final = 220
#: Blanks of any width stand inside numbers (247 000) and keep words together.
_CELL: Final = re.compile(r"\S+(?:[ \u00a0\u2007\u2009\u202f]\S+)*")
_GAP: Final = re.compile(r"\S {3,}\S")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Rows of a page, and how many columns it is wide."""

    rows: list[str]
    columns: int

    @property
    def advance(self) -> float:
        """The width of a column, in fractions of the page."""
        return _STEP * 0.62 * COLUMNS / self.columns


def read_text(source: Path, out: Path, limits: Limits, network: str) -> Draft:
    """Pages of 62 rows of 92 characters, or as wide as the tables on them; a form feed starts a new page."""
    text, reasons = decoded(source.read_bytes())
    return drawn_text(text, out, limits, network, media_type=media_types.TEXT, reasons=reasons)


def drawn_text(
    text: str, out: Path, limits: Limits, network: str, *, media_type: str, reasons: tuple[str, ...] = ()
) -> Draft:
    """Text as pages with pictures; ``reasons`` say what of its source is not in it."""
    pages: list[PageText] = []
    rows = _pages(text)
    for number, sheet in enumerate(rows[: limits.max_pages], start=1):
        page = _page(number, sheet)
        _draw(page, sheet, out, limits)
        pages.append(page)
    if len(rows) > limits.max_pages:
        reasons += (f"only the first {limits.max_pages} of {len(rows)} pages were read",)
    reading = Reading(
        media_type=media_type,
        verdict="partial" if reasons else "complete",
        reasons=reasons,
        pages=tuple(pages),
        metadata={"page_count": len(rows)},
    )
    return Draft(reading=reading, network=network)


def _pages(text: str) -> list[_Sheet]:
    pages: list[_Sheet] = []
    for part in text.split("\f"):
        lines = [line.expandtabs(4).rstrip() for line in part.replace("\t", "  \t").splitlines()]
        # A printed table keeps its rows; prose, however long its lines are, is wrapped.
        wide = (len(line) for line in lines if len(line) <= WIDEST and _GAP.search(line))
        columns = max(COLUMNS, *wide, 0)
        rows = [row for line in lines for row in _wrapped(line, columns)]
        pages += [_Sheet(rows[at : at + ROWS], columns) for at in range(0, max(len(rows), 1), ROWS)]
    return pages


def _wrapped(line: str, columns: int) -> list[str]:
    return textwrap.wrap(line, columns, break_long_words=True, drop_whitespace=False) or [""]


def _page(number: int, sheet: _Sheet) -> PageText:
    lines: list[Line] = []
    at = 0
    for index, row in enumerate(sheet.rows):
        found = [(match.start(), match.end(), clean(match[0])) for match in _CELL.finditer(row)]
        line = _line([cell for cell in found if cell[2]], at, _TOP + index * _STEP, sheet.advance)
        if line is not None:
            lines.append(line)
            at = line.end + 1
    text = "\n".join(line.text for line in lines)
    return PageText(
        number=number,
        width_pt=WIDTH_PT,
        height_pt=HEIGHT_PT,
        text=text,
        lines=tuple(lines),
        engine="text-layer",
        coded=coded_results(text),
    )


def _line(found: list[tuple[int, int, str]], at: int, top: float, advance: float) -> Line | None:
    """A row whose cells (first and last column, words) keep their places."""
    if not found:
        return None
    cells: list[Cell] = []
    start = at
    for first, last, words in found:
        cells.append(Cell(start, start + len(words), _across(first, advance), _across(last, advance)))
        start += len(words) + len(CELL_SEPARATOR)
    return Line(
        text=CELL_SEPARATOR.join(words for _, _, words in found),
        start=at,
        end=cells[-1].end,
        x0=cells[0].x0,
        y0=round(top, 5),
        x1=cells[-1].x1,
        y1=round(min(top + _STEP, 1.0), 5),
        cells=tuple(cells),
    )


def _across(column: int, advance: float) -> float:
    return round(min(_LEFT + column * advance, 1.0), 5)


def _draw(page: PageText, sheet: _Sheet, out: Path, limits: Limits) -> None:
    from PIL import Image as images
    from PIL import ImageDraw, ImageFont

    height = limits.long_side_px
    width = round(height * WIDTH_PT / HEIGHT_PT)
    image = images.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=_STEP * height * 0.78 * COLUMNS / sheet.columns)
    for line in page.lines:
        for cell in line.cells:
            place = cell.x0 * width, line.y0 * height
            pen.text(place, page.text[cell.start : cell.end], fill=(20, 20, 20), font=font)
    save_page(image, out, page.number, limits)
