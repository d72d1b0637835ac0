"""The text of a page of a PDF as a person sees it: glyphs, what hides some of them, runs, lines."""

from __future__ import annotations

import ctypes
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading.layout import Piece, Turn, clean, lay_out
from cases.adapters.reading.pdf.glyphs import Box, spans_of
from cases.adapters.reading.pdf.runs import Run, runs_of, set_apart
from cases.adapters.reading.pdf.visibility import bounds_of, part_hidden
from cases.domain.documents.document_text import PageText, UnreadPlace, UnreadReason

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

#: From this part of the page on, a picture may show what the text does not say.
PICTURE_SHARE: Final = 0.05
#: So many letters of private meaning in a run are words that cannot be read.
SIGNS: Final = 3
MAX_HIDDEN: Final = 20_000
MAX_PLACES: Final = 40
MAX_DEPTH: Final = 8
MAX_OBJECTS: Final = 20_000
_UNITS: Final = 1_000_000
_TURNS: Final[tuple[Turn, ...]] = (0, 90, 180, 270)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A page's text; `full` if there was more than may be read of one page."""

    page: PageText
    full: bool


def text_of(page: PdfPage, number: int, *, most: int, layered: bool, comments: Sequence[tuple[str, Box]] = ()) -> Seen:
    """Read a page and the comments that belong to it. Raises PdfiumError."""
    textpage = page.get_textpage()
    width, height = page.get_size()
    spans, hidden, invisible = part_hidden(page, list(spans_of(textpage, most)), layered=layered)
    runs, overlaps = set_apart(runs_of(spans))
    known = [run for run in runs if _is_known(run)]
    unread = [
        *_places(page, UnreadReason.OVERLAPPING_GLYPHS, overlaps),
        *_places(page, UnreadReason.NO_UNICODE, [run.box for run in runs if not _is_known(run)]),
        *_places(page, UnreadReason.PICTURE_NOT_RECOGNISED, _pictures(page)),
    ]
    if invisible:
        unread.append(UnreadPlace(UnreadReason.INVISIBLE_TEXT))
    turned = page.get_rotation() // 90
    pieces = [*_pieces(page, known, turned), *_said(page, comments, known)]
    text, lines = lay_out(pieces, width=width, height=height, turn=_commonest(known, turned))
    read = PageText(
        number=number,
        width_pt=round(width, 2),
        height_pt=round(height, 2),
        text=text,
        lines=lines,
        engine="text-layer" if text else "none",
        unread=tuple(unread),
        hidden=clean(hidden)[:MAX_HIDDEN],
    )
    return Seen(page=read, full=textpage.count_chars() >= most)


def _is_known(run: Run) -> bool:
    """Whether its letters are known; a lone sign that means nothing elsewhere is a bullet."""
    return run.mapped and sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in run.chars) < SIGNS


def _said(page: PdfPage, comments: Sequence[tuple[str, Box]], runs: Iterable[Run]) -> Iterator[Piece]:
    """Comments in lines of their own, unless they only repeat what the page says."""
    known = "".join("".join(run.text.split()) for run in runs) if comments else ""
    for words, box in comments:
        if "".join(words.split()) not in known:
            place = _box(page, box)
            for line in words.splitlines():
                yield Piece(clean(line), *place, askew=True)


def _box(page: PdfPage, edges: Box) -> Box:
    """In points on the page as it is shown."""
    width, height = page.get_size()
    x0, y0, x1, y1 = _shown(page, edges)
    return x0 * width, y0 * height, x1 * width, y1 * height


def _pieces(page: PdfPage, runs: Iterable[Run], turned: int) -> Iterator[Piece]:
    for run in runs:
        text = clean(run.text)
        if text:
            yield Piece(
                text,
                *_box(page, run.box),
                em=run.em,
                turn=None if run.turn is None else _as_shown(run.turn, turned),
                askew=run.turn is None,
                blank_before=run.blank_before,
                blank_after=run.blank_after,
            )


def _as_shown(turn: Turn, turned: int) -> Turn:
    return _TURNS[(turn // 90 + turned) % 4]


def _commonest(runs: Sequence[Run], turned: int) -> Turn:
    """How most of the text lies on the page as it is shown."""
    quarters: Counter[Turn] = Counter()
    for run in runs:
        if run.turn is not None:
            quarters[run.turn] += len(run.chars)
    return _as_shown(quarters.most_common(1)[0][0], turned) if quarters else _TURNS[turned % 4]


def _shown(page: PdfPage, edges: Box) -> Box:
    """The box (left, bottom, right, top in page space) as it is shown, in fractions from top-left."""
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    xs, ys = [], []
    for x, y in ((edges[0], edges[3]), (edges[2], edges[1])):
        raw.FPDF_PageToDevice(page.raw, 0, 0, _UNITS, _UNITS, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        xs.append(across.value / _UNITS)
        ys.append(down.value / _UNITS)
    return min(xs), min(ys), max(xs), max(ys)


def _places(page: PdfPage, reason: UnreadReason, boxes: Sequence[Box]) -> Iterator[UnreadPlace]:
    """The places as they are shown; too many of them are one, around all."""
    if len(boxes) > MAX_PLACES:
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        boxes = [(min(lefts), min(bottoms), max(rights), max(tops))]
    for box in boxes:
        x0, y0, x1, y1 = (round(min(max(edge, 0.0), 1.0), 5) for edge in _shown(page, box))
        yield UnreadPlace(reason, (x0, y0, x1, y1))


def _pictures(page: PdfPage) -> list[Box]:
    """The boxes of the pictures on the page, if together they cover more of it than decoration does."""
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    boxes = []
    covered = 0.0
    found = itertools.chain.from_iterable(
        _pictures_of(raw.FPDFPage_GetObject(page.raw, at), 0) for at in range(raw.FPDFPage_CountObjects(page.raw))
    )
    for place in itertools.islice(found, MAX_OBJECTS):
        if place is not None:
            x0, y0, x1, y1 = place
            box = max(x0, left), max(y0, bottom), min(x1, right), min(y1, top)
            if box[0] < box[2] and box[1] < box[3]:
                boxes.append(box)
                covered += (box[2] - box[0]) * (box[3] - box[1])
    whole = max((right - left) * (top - bottom), 1.0)
    return boxes if covered / whole > PICTURE_SHARE else []


def _pictures_of(part: Any, depth: int) -> Iterator[Box | None]:
    """Of each object that an object is or holds: its box in the space of what holds it, if it is a picture."""
    from pypdfium2 import PdfMatrix, raw

    kind = raw.FPDFPageObj_GetType(part)
    yield bounds_of(part) if kind == raw.FPDF_PAGEOBJ_IMAGE else None
    if kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
        told = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(part, told)
        matrix = PdfMatrix.from_raw(told)
        for at in range(raw.FPDFFormObj_CountObjects(part)):
            for box in _pictures_of(raw.FPDFFormObj_GetObject(part, at), depth + 1):
                yield None if box is None else matrix.on_rect(*box)
