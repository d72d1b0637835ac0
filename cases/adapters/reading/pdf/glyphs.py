"""The glyphs of a PDF's page: each drawn one once, with its place, its size and how it is painted."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading.layout import Turn

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

Box = tuple[float, float, float, float]
#: How far (in degrees) a baseline may be from a quarter turn and still be read as a line.
SKEW_DEGREES: Final = 4.0
BLANKS: Final = frozenset(" \t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000")
_UNSEEN_MODES: Final = frozenset({3, 7})
_TURNS: Final[tuple[Turn, ...]] = (0, 270, 180, 90)


#: What a glyph says, and its box in page space: left, bottom, right, top (advance wide, font high).
Glyph = tuple[str, Box]


@dataclass(slots=True)
class Span:
    """Glyphs painted by one operation; `em` is in page units, `base` the middle of the baseline's height.

    `turn` says how the text lies in page space, None where it lies askew. `colour` is None where none can be told.
    `clip` is the box within which it is painted, if one is set; `mapped` says that the meaning of each glyph is known,
    `told` that the file gives words in place of those that it draws.
    """

    handle: int
    font: str
    em: float
    base: float
    turn: Turn | None
    mode: int
    colour: tuple[int, int, int] | None
    alpha: int
    clip: Box | None
    mapped: bool = True
    told: bool = False
    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def painted(self) -> bool:
        """Whether its way of painting leaves any trace."""
        return self.mode not in _UNSEEN_MODES and self.alpha > 20

    def bounds(self) -> Box:
        """The box around all its glyphs."""
        lefts, bottoms, rights, tops = zip(*[box for _, box in self.glyphs], strict=True)
        return min(lefts), min(bottoms), max(rights), max(tops)


@cache
def _engine_calls() -> tuple[Callable[..., int], Callable[..., int | None], Callable[..., int], Callable[..., int]]:
    """The engine's functions that are called for every glyph, with plain numbers instead of typed pointers."""
    from pypdfium2 import raw

    def plain(function: Any, answer: Any, *more: Any) -> Any:
        address = ctypes.cast(function, ctypes.c_void_p).value or 0
        return ctypes.CFUNCTYPE(answer, ctypes.c_void_p, ctypes.c_int, *more)(address)

    return (
        plain(raw.FPDFText_GetUnicode, ctypes.c_uint),
        plain(raw.FPDFText_GetTextObject, ctypes.c_void_p),
        plain(raw.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p),
        plain(raw.FPDFText_HasUnicodeMapError, ctypes.c_int),
    )


def spans_of(textpage: PdfTextPage, most: int) -> Iterator[Span]:
    """The spans in the order of the page's content; at most so many glyphs.

    What the engine adds itself, blanks and ends of lines, has no object and is left out.
    """
    unicode_of, object_of, box_of, unmapped = _engine_calls()
    page = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    edges = (ctypes.c_float * 4)()
    place = ctypes.addressof(edges)
    span: Span | None = None
    glyphs: list[Glyph] = []
    before: int | None = None
    known: dict[str, set[int]] = {}
    sure: set[int] = set()
    for index in range(min(textpage.count_chars(), most)):
        handle = object_of(page, index)
        if not handle:
            continue
        if span is None or handle != before:
            if span is not None:
                yield _proven(span)
            span, before = _span(textpage, index, handle), handle
            glyphs, sure = span.glyphs, known.setdefault(span.font, set()) if span.font else set()
        box_of(page, index, place)
        left, top, right, bottom = edges
        code = unicode_of(page, index)
        glyphs.append((_CHARS[code], (left, bottom, right, top)))
        if code not in sure:
            if unmapped(page, index):
                span.mapped = False
            else:
                sure.add(code)
    if span is not None:
        yield _proven(span)


def _proven(span: Span) -> Span:
    """The file may tell other words than it draws, for ligatures and hyphens; digits are not taken from there."""
    if span.told and any(char.isdigit() for char, _ in span.glyphs):
        span.mapped = False
    return span


class _Chars(dict[int, str]):
    """The letter of each number, made when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _char(code)
        return self[code]


_CHARS: Final = _Chars()


def _char(code: int) -> str:
    if code in (0x02, 0xFFFE, 0xAD):
        return "-"  # the engine's sign for a hyphen at the end of a line
    return chr(code) if code and not 0xD800 <= code <= 0xDFFF and code < 0x110000 else "\ufffd"


def _span(textpage: PdfTextPage, index: int, handle: int) -> Span:
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage.raw, index, matrix)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage.raw, index, x, y)
    turn = _turn(matrix.a, matrix.b)
    em = abs(raw.FPDFText_GetFontSize(textpage.raw, index)) * math.hypot(matrix.c, matrix.d)
    painted = raw.FPDFText_GetTextObject(textpage.raw, index)
    mode = raw.FPDFTextObj_GetTextRenderMode(painted)
    red, green, blue, alpha = (ctypes.c_uint(255) for _ in range(4))
    told = raw.FPDFText_GetFillColor(textpage.raw, index, red, green, blue, alpha)
    filled = bool(told) and mode in (raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_CLIP)
    return Span(
        handle=handle,
        font=_font(painted),
        em=em,
        base=x.value if turn in (90, 270) else y.value,
        turn=turn,
        mode=mode,
        colour=(red.value, green.value, blue.value) if filled else None,
        alpha=alpha.value if filled else 255,
        clip=_clip(painted),
        told=_told(painted),
    )


def _font(painted: Any) -> str:
    """The font's name in the file; a name that several share stands for all of them."""
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(128)
    font = raw.FPDFTextObj_GetFont(painted)
    length = raw.FPDFFont_GetBaseFontName(font, name, ctypes.sizeof(name)) if font else 0
    return name.value.decode("utf-8", "replace") if 0 < length <= ctypes.sizeof(name) else ""


def _told(painted: Any) -> bool:
    """Whether the object is marked with words to be read in its place."""
    from pypdfium2 import raw

    length = ctypes.c_ulong()
    return any(
        raw.FPDFPageObjMark_GetParamStringValue(
            raw.FPDFPageObj_GetMark(painted, at), b"ActualText", None, 0, ctypes.byref(length)
        )
        for at in range(raw.FPDFPageObj_CountMarks(painted))
    )


def _clip(painted: Any) -> Box | None:
    """The box in which all clipping paths meet; an empty one if they are more than the engine tells."""
    from pypdfium2 import raw

    clip = raw.FPDFPageObj_GetClipPath(painted)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else 0
    if count <= 0:
        return None
    left, bottom, right, top = -math.inf, -math.inf, math.inf, math.inf
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(count):
        corners = raw.FPDFClipPath_CountPathSegments(clip, path)
        if not 4 <= corners <= 6:
            return 0.0, 0.0, 0.0, 0.0
        xs, ys = [], []
        for corner in range(corners):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, corner), x, y)
            xs.append(x.value)
            ys.append(y.value)
        left, right = max(left, min(xs)), min(right, max(xs))
        bottom, top = max(bottom, min(ys)), min(top, max(ys))
    return left, bottom, right, top


def _turn(across: float, up: float) -> Turn | None:
    """By how many degrees clockwise the text lies in page space; None between the quarters."""
    quarters = math.degrees(math.atan2(up, across)) / 90
    if abs(quarters - round(quarters)) * 90 > SKEW_DEGREES:
        return None
    return _TURNS[round(quarters) % 4]
