"""What lies over a PDF's page: filled form fields, comments and stamps become part of it, to be drawn and read.

The engine draws fields by their values, and notes by the appearance that they bring. Notes that bring none are written
in their place with a font of ours.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading.pdf.glyphs import Box

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

FONT: Final = Path(__file__).resolve().parents[2] / "report" / "fonts" / "DejaVuSansCondensed.ttf"
MAX_NOTES: Final = 2000
MAX_WORDS: Final = 4000
_SIZE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*(?:Tf|pt)")
_ADVANCE_EM, _LINE_EM = 0.52, 1.2
_SMALLEST, _USUAL, _LARGEST = 5.0, 10.0, 14.0
#: Hidden, or not to be viewed.
_UNSEEN_FLAGS: Final = 0x02 | 0x20


def page_with_overlays(document: PdfDocument, number: int) -> PdfPage:
    """The page with all that is shown over it drawn into it. Raises PdfiumError."""
    from pypdfium2 import raw

    page = document[number - 1]
    kinds = {kind for _, kind in _notes(page)}
    if kinds <= {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP}:
        return page
    if kinds & {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_WIDGET}:
        _write_bare(document, page)
    if raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_FAIL:
        return page
    page.close()
    return document[number - 1]


def comments_of(page: PdfPage) -> list[tuple[str, Box]]:
    """What is said in comments that open beside the page, with the place in page space that each belongs to."""
    from pypdfium2 import raw

    beside = {
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_STRIKEOUT,
        raw.FPDF_ANNOT_SQUIGGLY,
        raw.FPDF_ANNOT_SQUARE,
        raw.FPDF_ANNOT_CIRCLE,
        raw.FPDF_ANNOT_LINE,
        raw.FPDF_ANNOT_POLYGON,
        raw.FPDF_ANNOT_POLYLINE,
        raw.FPDF_ANNOT_INK,
        raw.FPDF_ANNOT_CARET,
    }
    comments = []
    for at in [at for at, kind in _notes(page) if kind in beside]:
        with _note(page, at) as note:
            words = _string(note, b"Contents").strip()[:MAX_WORDS]
            if words and not raw.FPDFAnnot_GetFlags(note) & _UNSEEN_FLAGS:
                rect = raw.FS_RECTF()
                raw.FPDFAnnot_GetRect(note, rect)
                comments.append((words, (rect.left, rect.bottom, rect.right, rect.top)))
    return comments


def is_form_elsewhere(document: PdfDocument) -> bool:
    """Whether the file is a stand-in for a form of another kind (XFA), which its pages do not show."""
    from pypdfium2 import raw

    kind = document.get_formtype()
    if kind == raw.FORMTYPE_XFA_FULL:
        return True
    if kind != raw.FORMTYPE_XFA_FOREGROUND:
        return False
    pages = (document[at] for at in range(min(len(document), 20)))
    return not any(kind == raw.FPDF_ANNOT_WIDGET for page in pages for _, kind in _notes(page))


def _notes(page: PdfPage) -> Iterator[tuple[int, int]]:
    """Place and kind of each annotation."""
    from pypdfium2 import raw

    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MAX_NOTES)):
        with _note(page, at) as note:
            if note:
                yield at, raw.FPDFAnnot_GetSubtype(note)


@contextmanager
def _note(page: PdfPage, at: int) -> Iterator[Any]:
    from pypdfium2 import raw

    note = raw.FPDFPage_GetAnnot(page.raw, at)
    try:
        yield note
    finally:
        if note:
            raw.FPDFPage_CloseAnnot(note)


def _write_bare(document: PdfDocument, page: PdfPage) -> None:
    """Write the words of notes and fields that bring no appearance."""
    from pypdfium2 import raw

    named = {raw.FPDF_ANNOT_FREETEXT: b"Contents", raw.FPDF_ANNOT_WIDGET: b"V"}
    written = False
    for at, kind in list(_notes(page)):
        with _note(page, at) as note:
            if kind not in named or raw.FPDFAnnot_HasKey(note, b"AP"):
                continue
            words = _string(note, named[kind]).strip()[:MAX_WORDS]
            if not words or raw.FPDFAnnot_GetFlags(note) & _UNSEEN_FLAGS:
                continue
            rect = raw.FS_RECTF()
            raw.FPDFAnnot_GetRect(note, rect)
            told = _SIZE.search(_string(note, b"DA")) or _SIZE.search(_string(note, b"DS"))
            size = float(told[1]) if told and float(told[1]) >= _SMALLEST else 0.0
            _write(document, page, words, (rect.left, rect.bottom, rect.right, rect.top), size)
            written = True
    if written:
        raw.FPDFPage_GenerateContent(page.raw)


def _string(note: Any, key: bytes) -> str:
    from pypdfium2 import raw

    length = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    raw.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")


def _write(document: PdfDocument, page: PdfPage, words: str, box: Box, size: float) -> None:
    from pypdfium2 import raw

    left, bottom, right, top = box
    size, lines = _fitted(words, right - left, top - bottom, size)
    content = FONT.read_bytes()
    data = (ctypes.c_uint8 * len(content)).from_buffer_copy(content)
    font = raw.FPDFText_LoadFont(document.raw, data, len(content), raw.FPDF_FONT_TRUETYPE, True)
    for at, line in enumerate(lines):
        written = raw.FPDFPageObj_CreateTextObj(document.raw, font, size)
        told = ctypes.create_string_buffer((line + "\0").encode("utf-16-le"))
        raw.FPDFText_SetText(written, ctypes.cast(told, ctypes.POINTER(raw.FPDF_WCHAR)))
        raw.FPDFPageObj_Transform(written, 1, 0, 0, 1, left + 1, top - size * (0.95 + _LINE_EM * at))
        raw.FPDFPage_InsertObject(page.raw, written)
    raw.FPDFFont_Close(font)


def _fitted(words: str, width: float, height: float, size: float) -> tuple[float, list[str]]:
    """The size at which the words fit into the box, and their lines; the smallest if they never do."""
    size = size or min(max(height * 0.7, _SMALLEST), _LARGEST, _USUAL if "\n" in words else _LARGEST)
    while True:
        lines = _broken(words, max(int(width / (size * _ADVANCE_EM)), 4))
        if len(lines) * size * _LINE_EM <= max(height, size * _LINE_EM) or size <= _SMALLEST:
            return size, lines
        size = max(size * 0.9, _SMALLEST)


def _broken(words: str, most: int) -> list[str]:
    import textwrap

    return [line for part in words.splitlines() for line in textwrap.wrap(part, most, break_long_words=False) or [""]]
