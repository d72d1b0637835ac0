"""Plain text: decoded, cut into pages, and drawn so that it is shown like every other document."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Final

from cases.adapters.reading import media_types
from cases.adapters.reading.layout import clean
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused
from cases.adapters.reading.pictures import save_page
from cases.adapters.reading.results import Draft
from cases.domain.documents.document_text import Line, PageText, Reading
from cases.domain.records.result_lines import coded_results

COLUMNS: Final = 92
ROWS: Final = 62
WIDTH_PT, HEIGHT_PT = 595.28, 841.89
_LEFT, _TOP, _STEP = 0.07, 0.06, 0.0142


def read_text(source: Path, out: Path, limits: Limits, network: str) -> Draft:
    """Pages of 62 rows of at most 92 characters; a form feed starts a new page."""
    pages: list[PageText] = []
    rows = _pages(decode(source.read_bytes()))
    for number, page_rows in enumerate(rows[: limits.max_pages], start=1):
        page = _page(number, page_rows)
        _draw(page, out, limits)
        pages.append(page)
    reasons: tuple[str, ...] = ()
    if len(rows) > limits.max_pages:
        reasons = (f"only the first {limits.max_pages} of {len(rows)} pages were read",)
    reading = Reading(
        media_type=media_types.TEXT,
        verdict="partial" if reasons else "complete",
        reasons=reasons,
        pages=tuple(pages),
        metadata={"page_count": len(rows)},
    )
    return Draft(reading=reading, network=network)


def text_pages(text: str) -> list[PageText]:
    """The pages of a text, without their pictures."""
    return [_page(number, rows) for number, rows in enumerate(_pages(text), start=1)]


def decode(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else Windows-1252. Raises Refused `wrong_type` if controls remain."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
            return text
    raise Refused("wrong_type")


def _pages(text: str) -> list[list[str]]:
    pages: list[list[str]] = []
    for sheet in text.split("\f"):
        rows = [row for line in sheet.splitlines() for row in _wrapped(line)]
        pages += [rows[at : at + ROWS] for at in range(0, max(len(rows), 1), ROWS)]
    return pages


def _wrapped(line: str) -> list[str]:
    line = line.expandtabs(4).rstrip()
    return textwrap.wrap(line, COLUMNS, break_long_words=True, drop_whitespace=False) or [""]


def _page(number: int, rows: list[str]) -> PageText:
    lines: list[Line] = []
    at = 0
    for index, row in enumerate(rows):
        text = clean(row)
        if not text:
            continue
        indent = len(row) - len(row.lstrip())
        x0 = _LEFT + indent * _STEP * 0.62
        top = _TOP + index * _STEP
        right = min(x0 + len(text) * _STEP * 0.62, 1.0)
        lines.append(
            Line(
                text=text,
                start=at,
                end=at + len(text),
                x0=round(x0, 5),
                y0=round(top, 5),
                x1=round(right, 5),
                y1=round(min(top + _STEP, 1.0), 5),
            )
        )
        at += len(text) + 1
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


def _draw(page: PageText, out: Path, limits: Limits) -> None:
    from PIL import Image as images
    from PIL import ImageDraw, ImageFont

    height = limits.long_side_px
    width = round(height * WIDTH_PT / HEIGHT_PT)
    image = images.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=_STEP * height * 0.78)
    for line in page.lines:
        pen.text((line.x0 * width, line.y0 * height), line.text, fill=(20, 20, 20), font=font)
    save_page(image, out, page.number, limits)
