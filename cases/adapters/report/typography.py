"""Fonts, colours and paragraph styles of the PDF. Imported only while a PDF is built: it pulls in reportlab.

DejaVu Sans Condensed (Latin, Greek, Cyrillic) is embedded in each file, so it looks the same everywhere.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC = "ReportSans", "ReportSans-Bold", "ReportSans-Italic"
_FILES = {
    REGULAR: "DejaVuSansCondensed.ttf",
    BOLD: "DejaVuSansCondensed-Bold.ttf",
    ITALIC: "DejaVuSansCondensed-Oblique.ttf",
}

INK = HexColor("#1d2731")
QUIET = HexColor("#55626f")
ACCENT = HexColor("#0b5a6b")
RULE = HexColor("#c9d3da")
# Pale enough that the text above it stays easy to read.
WATERMARK = HexColor("#ecdcdc")
TINT = HexColor("#eef4f6")
WARNING = HexColor("#9a3412")
WARNING_TINT = HexColor("#fdf1e7")

MARGIN = 20 * mm


@cache
def register_fonts() -> Container[int]:
    """Make the faces known to reportlab once per process; returns the code points every face can print."""
    folder = Path(__file__).parent / "fonts"
    faces = [TTFont(name, folder / file) for name, file in _FILES.items()]
    for face in faces:
        pdfmetrics.registerFont(face)
    # One face for bold italic: the report never combines them, and <b> inside italics must still find a font.
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)
    return frozenset.intersection(*(frozenset(face.face.charToGlyph) for face in faces))


def _style(name: str, *, font: str = REGULAR, size: float = 9.5, colour: Color = INK, **more: float) -> ParagraphStyle:
    leading = more.pop("leading", round(size * 1.45, 1))
    return ParagraphStyle(
        name,
        fontName=font,
        bulletFontName=font,
        bulletFontSize=size,
        fontSize=size,
        leading=leading,
        textColor=colour,
        **more,
    )


BODY = _style("body", spaceAfter=5)
ANSWER = _style("answer", spaceAfter=5, leftIndent=7 * mm)
SMALL = _style("small", size=8, colour=QUIET, spaceAfter=3)
CELL = _style("cell", size=8.5)
CELL_LABEL = _style("cell-label", size=8.5, colour=QUIET)
CELL_HEAD = _style("cell-head", font=BOLD, size=8, colour=ACCENT)
CELL_NUMBER = _style("cell-number", size=8.5, alignment=TA_RIGHT)
CELL_STRONG = _style("cell-strong", font=BOLD, size=8.5)
CELL_HASH = _style("cell-hash", size=6.8, colour=QUIET)
TITLE = _style("title", font=BOLD, size=21, colour=ACCENT, spaceAfter=2)
SUBTITLE = _style("subtitle", size=10.5, colour=QUIET, spaceAfter=10)
HEADING = _style("heading", font=BOLD, size=13, colour=ACCENT, spaceBefore=14, spaceAfter=5)
SUBHEADING = _style("subheading", font=BOLD, size=10, spaceBefore=6, spaceAfter=3)
QUESTION = _style("question", font=BOLD, size=10, spaceBefore=8, spaceAfter=3, leftIndent=7 * mm)
NOTE = _style("note", font=ITALIC, size=8.5, colour=QUIET, spaceAfter=4)
PLAIN = _style("plain", size=11.5, leading=18, spaceAfter=8)
WARNING_TEXT = _style("warning", colour=WARNING, font=BOLD, size=9.5, spaceAfter=2)
