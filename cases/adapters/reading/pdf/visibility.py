"""Which glyphs a person sees: not those off the page, unpainted, coloured as the paper, covered or on a hidden layer.

What can be told from how a glyph is painted is told from that. Where something may lie over or under it, the page is
drawn and looked at in the glyph's place.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading.layout import Turn
from cases.adapters.reading.pdf.glyphs import BLANKS, Box, Span

if TYPE_CHECKING:
    import numpy as np
    from pypdfium2 import PdfPage

#: Of 255: text lighter than this may be white on white; colours nearer than this look alike.
LIGHT: Final = 200
ALIKE: Final = 30
#: Text smaller than this part of the page's longer side, and than so many points, is a mark that nobody reads.
SMALLEST: Final = 0.0016
SMALLEST_PT: Final = 1.4
#: A page with more objects than this is looked at whole instead of one object after the other.
MAX_OBJECTS: Final = 3000
MAX_PAIRS: Final = 40_000
#: A path of so few segments is a box.
_BOX_SEGMENTS: Final = 6
_WITH_ALPHA: Final = 4
_MARGIN: Final = 0.18
_LOOK_DPI: Final = 110
_LOOK_SIDE: Final = 2200
_SELF: Final = frozenset("<>=≥≤±+")


@dataclass(slots=True)
class _Painted:
    """What else is painted on the page: `covers` in the order of painting, with colours where they are plain.

    What is painted before one of the `solid` boxes is not seen within it; of `pictures` that is looked up when needed.
    """

    order: dict[int, int] = field(default_factory=dict)
    covers: list[tuple[int, Box, tuple[int, int, int] | None]] = field(default_factory=list)
    solid: list[tuple[int, Box]] = field(default_factory=list)
    pictures: dict[int, bool] = field(default_factory=dict)
    everywhere: bool = False


def part_hidden(page: PdfPage, spans: Sequence[Span], *, layered: bool) -> tuple[list[Span], str, bool]:
    """The spans with what is seen of them, the hidden text, and whether any of it lies on the page itself.

    `layered` says that the document has layers, which may be switched off.
    """
    crop = page.get_bbox()
    smallest = min(SMALLEST * max(crop[2] - crop[0], crop[3] - crop[1]), SMALLEST_PT)
    painted = _painted(page, spans)
    judged: dict[int, list[bool]] = {}
    asked: list[int] = []
    for at, span in enumerate(spans):
        bounds = span.bounds()
        shown, over = span.painted and span.em >= smallest, _over(page, span, bounds, painted)
        if not shown or over or not _holds(crop, bounds, 0.0):
            judged[at] = [shown and _in_any(box, (crop,)) and not _in_any(box, over) for _, box in span.glyphs]
        if shown and (layered or painted.everywhere or _may_be_unseen(span, bounds, painted)):
            asked.append(at)
    if asked:
        picture = _Picture(page)
        for at in asked:
            seen = picture.seen(spans[at])
            judged[at] = [one and other for one, other in zip(seen, judged.get(at, seen), strict=True)]
    return _parted(spans, judged, crop)


def _parted(spans: Sequence[Span], judged: dict[int, list[bool]], crop: Box) -> tuple[list[Span], str, bool]:
    seen: list[Span] = []
    hidden: list[str] = []
    on_page = False
    for at, span in enumerate(spans):
        shown = judged.get(at)
        if shown is not None and not all(shown):
            lost = [glyph for glyph, kept in zip(span.glyphs, shown, strict=True) if not kept]
            hidden.append(" ".join("".join(char for char, _ in lost).split()))
            on_page = on_page or any(char.isalnum() and _in_any(box, (crop,)) for char, box in lost)
            span.glyphs = [glyph for glyph, kept in zip(span.glyphs, shown, strict=True) if kept]
        if span.glyphs:
            seen.append(span)
    return seen, " ".join(part for part in hidden if part), on_page


def _painted(page: PdfPage, spans: Sequence[Span]) -> _Painted:
    from pypdfium2 import raw

    found = _Painted()
    count = raw.FPDFPage_CountObjects(page.raw)
    if count > MAX_OBJECTS:
        found.everywhere = True
        return found
    for at in range(count):
        part = raw.FPDFPage_GetObject(page.raw, at)
        kind = raw.FPDFPageObj_GetType(part)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            found.order[ctypes.cast(part, ctypes.c_void_p).value or 0] = at
        elif kind != raw.FPDF_PAGEOBJ_PATH:
            found.covers.append((at, bounds_of(part), None))
            if kind == raw.FPDF_PAGEOBJ_IMAGE and not raw.FPDFPageObj_HasTransparency(part):
                found.solid.append((at, bounds_of(part)))
        elif (filled := _fill_of(part)) is not None:
            box = bounds_of(part)
            if min(box[2] - box[0], box[3] - box[1]) > 2:
                found.covers.append((at, box, filled))
                if raw.FPDFPath_CountSegments(part) <= _BOX_SEGMENTS and not raw.FPDFPageObj_HasTransparency(part):
                    found.solid.append((at, box))
    found.everywhere = len(found.covers) * len(spans) > MAX_PAIRS
    return found


def bounds_of(part: Any) -> Box:
    """The box of an object in the space of what holds it."""
    from pypdfium2 import raw

    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(part, *edges)
    return edges[0].value, edges[1].value, edges[2].value, edges[3].value


def _fill_of(part: Any) -> tuple[int, int, int] | None:
    """The colour with which a path is filled; None if it is not filled or lets everything through."""
    from pypdfium2 import raw

    mode, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(part, mode, stroked)
    if not mode.value:
        return None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(part, red, green, blue, alpha)
    return (red.value, green.value, blue.value) if alpha.value > 20 else None


def _over(page: PdfPage, span: Span, box: Box, painted: _Painted) -> list[Box]:
    """What is laid over the span after it was painted."""
    at = painted.order.get(span.handle)
    if at is None or not painted.solid or painted.solid[-1][0] < at:
        return []
    later = ((place, cover) for place, cover in painted.solid if place > at and _meet(cover, box))
    return [cover for place, cover in later if _is_solid(page, place, painted)]


def _is_solid(page: PdfPage, place: int, painted: _Painted) -> bool:
    """Whether nothing shines through: a picture may bring a mask of its own."""
    from pypdfium2 import PdfBitmap, raw

    part = raw.FPDFPage_GetObject(page.raw, place)
    if raw.FPDFPageObj_GetType(part) != raw.FPDF_PAGEOBJ_IMAGE:
        return True
    if place not in painted.pictures:
        drawn = raw.FPDFImageObj_GetRenderedBitmap(page.pdf.raw, page.raw, part)
        pixels = PdfBitmap.from_raw(drawn).to_numpy() if drawn else None
        masked = pixels is not None and pixels.ndim == 3 and pixels.shape[2] == _WITH_ALPHA
        painted.pictures[place] = pixels is not None and (not masked or float((pixels[:, :, 3] > 250).mean()) > 0.97)
    return painted.pictures[place]


def _in_any(box: Box, covers: Sequence[Box]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in covers)


def _may_be_unseen(span: Span, box: Box, painted: _Painted) -> bool:
    if span.colour is None or min(span.colour) > LIGHT or span.alpha < 128:
        return True
    at = painted.order.get(span.handle)
    if span.clip is not None and not _holds(span.clip, box, 1.0):
        return True
    for place, cover, colour in painted.covers:
        if not _meet(cover, box):
            continue
        if at is None or place > at or colour is None:
            return True
        if max(abs(ours - theirs) for ours, theirs in zip(span.colour, colour, strict=True)) < 3 * ALIKE:
            return True
    return False


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(outer: Box, inner: Box, slack: float) -> bool:
    return (
        outer[0] <= inner[0] + slack
        and outer[1] <= inner[1] + slack
        and outer[2] >= inner[2] - slack
        and outer[3] >= inner[3] - slack
    )


def _middle(box: Box, turn: Turn | None) -> Box:
    """The part of a letter's box where most of its ink is, without what stands above and below its line."""
    left, bottom, right, top = box
    if turn in (90, 270):
        margin = _MARGIN * (right - left)
        return left + margin, bottom, right - margin, top
    margin = _MARGIN * (top - bottom)
    return left, bottom + margin, right, top - margin


class _Picture:
    """The page as it is drawn, looked at in the place of one glyph after the other."""

    def __init__(self, page: PdfPage) -> None:
        width, height = page.get_size()
        scale = min(_LOOK_DPI / 72, _LOOK_SIDE / max(width, height, 1.0))
        bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
        self._pixels: np.ndarray[Any, Any] = bitmap.to_numpy()[:, :, :3].copy()
        self._page = page
        self._size = (self._pixels.shape[1], self._pixels.shape[0])

    def seen(self, span: Span) -> list[bool]:
        """Of each glyph whether it shows; signs that are small follow the letter before them."""
        places = [(char, _middle(box, span.turn)) for char, box in span.glyphs]
        own = [self._shows(box, span.colour) if char.isalnum() or char in _SELF else None for char, box in places]
        if all(shown is None for shown in own):
            own = [None if char in BLANKS else self._shows(box, span.colour) for char, box in span.glyphs]
        first = next((shown for shown in own if shown is not None), True)
        told: list[bool] = []
        for shown in own:
            told.append(shown if shown is not None else told[-1] if told else first)
        return told

    def _shows(self, box: Box, colour: tuple[int, int, int] | None) -> bool:
        import numpy as np

        patch = self._patch(box)
        if patch.size < 3 * 16:
            return True  # too small to be judged
        if int((patch.max(axis=(0, 1)) - patch.min(axis=(0, 1))).max()) < ALIKE // 2:
            return False
        if colour is None:
            return True
        away = np.abs(patch.astype(np.int16) - np.asarray(colour, dtype=np.int16)).max(axis=2)
        if float((away < ALIKE).mean()) > 0.85:
            return False
        return int(away.min()) < 0.85 * int(away.max())

    def _patch(self, box: Box) -> np.ndarray[Any, Any]:
        from pypdfium2 import raw

        across, down = self._size
        x, y = ctypes.c_int(), ctypes.c_int()
        xs, ys = [], []
        for left, top in ((box[0], box[3]), (box[2], box[1])):
            raw.FPDF_PageToDevice(self._page.raw, 0, 0, across, down, 0, left, top, ctypes.byref(x), ctypes.byref(y))
            xs.append(x.value)
            ys.append(y.value)
        x0, x1, y0, y1 = max(min(xs), 0), max(xs) + 1, max(min(ys), 0), max(ys) + 1
        return self._pixels[y0:y1, x0:x1]
