"""Two readings of one page put together: what the file says is drawn, and what was recognised in the page's picture.

Words that only the picture holds are added. Where both hold a number and differ, neither is chosen: it is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from statistics import fmean
from typing import Final

from cases.adapters.reading.layout import Piece, lay_out
from cases.domain.documents.document_text import Box, Cell, Doubt, Line, PageText, UnreadPlace, UnreadReason

#: Recognised words that are less sure than this are neither added nor held against the file.
SURE: Final = 0.7
#: From this part of its width on, a recognised cell is one that the file holds as well.
COVERED: Final = 0.3
#: From this part of the recognised letters on, unsure ones mean that the picture was not read.
UNSURE: Final = 0.3
MAX_TOKENS: Final = 4000
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SETTLED: Final = frozenset(
    {UnreadReason.PICTURE_NOT_RECOGNISED, UnreadReason.OVERLAPPING_GLYPHS, UnreadReason.INVISIBLE_TEXT}
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """Words and where they stand, in fractions of the page."""

    text: str
    start: int
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float | None

    def beside(self, other: _Placed) -> bool:
        """Whether both stand on one line."""
        shared = min(self.y1, other.y1) - max(self.y0, other.y0)
        return shared > 0.4 * min(self.y1 - self.y0, other.y1 - other.y0)

    def shared(self, other: _Placed) -> float:
        """How much of the width both have in common."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0))


def with_second_reading(page: PageText, seen: PageText) -> PageText:
    """The page with what its picture says besides, doubts where the two differ, and what neither says as unread."""
    known, recognised = _cells(page), _cells(seen)
    found = [cell for cell in recognised if (cell.confidence or 0.0) >= SURE and cell.x1 > cell.x0]
    upright = _lies_upright(page.lines) and _letters(found) >= (1 - UNSURE) * _letters(recognised)
    found = found if upright else []
    new = [cell for cell in found if not _is_covered(cell, known)]
    merged = _laid_out(page, new) if new else page
    return replace(
        merged,
        engine=seen.engine if _letters(new) > len(page.text) else page.engine,
        doubts=(*page.doubts, *_doubts(merged, found)),
        unread=tuple(place for place in page.unread if not _settled(place, upright, new)),
    )


def turned_page(page: PageText, turned: int) -> PageText:
    """The page as its picture was turned, by degrees clockwise: its lines keep their words and lie elsewhere."""
    if not turned:
        return page
    lines = []
    for line in page.lines:
        x0, y0, x1, y1 = _turned_box((line.x0, line.y0, line.x1, line.y1), turned)
        lines.append(replace(line, x0=x0, y0=y0, x1=x1, y1=y1, cells=()))
    across = turned != 180
    return replace(
        page,
        lines=tuple(lines),
        width_pt=page.height_pt if across else page.width_pt,
        height_pt=page.width_pt if across else page.height_pt,
        unread=tuple(replace(place, box=_turned_box(place.box, turned)) for place in page.unread),
    )


def _turned_box(box: Box, turned: int) -> Box:
    x0, y0, x1, y1 = box
    if turned == 180:
        box = 1 - x1, 1 - y1, 1 - x0, 1 - y0
    elif turned == 90:
        box = 1 - y1, x0, 1 - y0, x1
    else:
        box = y0, 1 - x1, y1, 1 - x0
    left, top, right, bottom = (round(edge, 5) for edge in box)
    return left, top, right, bottom


def doubted_by(page: PageText, hidden: str) -> tuple[Doubt, ...]:
    """Numbers of a recognised page that the invisible text of its file gives otherwise."""
    tokens = list(re.finditer(r"\S+", page.text))[:MAX_TOKENS]
    others = hidden.split()[:MAX_TOKENS]
    matcher = SequenceMatcher(None, [token[0] for token in tokens], others, autojunk=False)
    doubts = []
    for kind, from_ours, to_ours, from_theirs, to_theirs in matcher.get_opcodes():
        if kind != "replace" or to_ours - from_ours != to_theirs - from_theirs:
            continue
        for token, other in zip(tokens[from_ours:to_ours], others[from_theirs:to_theirs], strict=True):
            if (ours := _numbers(token[0])) and ours != _numbers(other):
                doubts.append(Doubt(token.start(), token.end(), other))
    return tuple(doubts)


def _cells(page: PageText) -> list[_Placed]:
    return [
        _Placed(page.text[cell.start : cell.end], cell.start, cell.x0, line.y0, cell.x1, line.y1, line.confidence)
        for line in page.lines
        if not _stands(line)
        for cell in line.cells or (Cell(line.start, line.end, line.x0, line.x1),)
    ]


def _letters(cells: Iterable[_Placed]) -> int:
    return sum(len(cell.text) for cell in cells)


def _stands(line: Line) -> bool:
    """Whether the line goes up or down the page, so that its cells are not parts of the page's width."""
    return len(line.text) > 3 and line.y1 - line.y0 > line.x1 - line.x0


def _lies_upright(lines: Sequence[Line]) -> bool:
    return 2 * sum(len(line.text) for line in lines if _stands(line)) <= sum(len(line.text) for line in lines)


def _is_covered(cell: _Placed, known: Iterable[_Placed]) -> bool:
    shared = sum(cell.shared(other) for other in known if cell.beside(other))
    return shared > COVERED * (cell.x1 - cell.x0)


def _laid_out(page: PageText, new: Sequence[_Placed]) -> PageText:
    width, height = page.width_pt or 1.0, page.height_pt or 1.0
    pieces = [
        Piece(cell.text, cell.x0 * width, cell.y0 * height, cell.x1 * width, cell.y1 * height, cell.confidence)
        for cell in (*_cells(page), *new)
    ]
    text, lines = lay_out(pieces, width=width, height=height)
    standing = []
    for line in page.lines:
        if _stands(line):
            by = len(text) + 1 - line.start
            standing.append(_moved(line, by))
            text += "\n" + line.text
    sure = [cell.confidence for cell in new if cell.confidence is not None]
    return replace(page, text=text, lines=(*lines, *standing), confidence=round(fmean(sure), 4))


def _moved(line: Line, by: int) -> Line:
    cells = tuple(replace(cell, start=cell.start + by, end=cell.end + by) for cell in line.cells)
    return replace(line, start=line.start + by, end=line.end + by, cells=cells)


def _doubts(page: PageText, found: Iterable[_Placed]) -> Iterator[Doubt]:
    """Where a number of the picture is another one in the page's text, or is none there."""
    written = [number for cell in _cells(page) for number in _placed_numbers(cell)]
    for cell in found:
        ours = [number for number in written if cell.beside(number) and _reaches(cell, number)]
        theirs = list(_placed_numbers(cell))
        matcher = SequenceMatcher(None, [_plain(one.text) for one in ours], [_plain(one.text) for one in theirs], False)
        for kind, from_ours, to_ours, from_theirs, to_theirs in matcher.get_opcodes():
            told = " ".join(one.text for one in theirs[from_theirs:to_theirs])
            if kind == "replace":
                yield Doubt(ours[from_ours].start, _end(ours[to_ours - 1]), told)
            elif kind == "insert" and (near := _nearest(page, theirs[from_theirs])) is not None:
                yield Doubt(near.start, _end(near), told)


def _reaches(cell: _Placed, number: _Placed) -> bool:
    return cell.shared(number) > 0.5 * (number.x1 - number.x0)


def _end(placed: _Placed) -> int:
    return placed.start + len(placed.text)


def _nearest(page: PageText, number: _Placed) -> _Placed | None:
    """The cell of the page in whose line the number would stand."""
    beside = [cell for cell in _cells(page) if cell.beside(number)]
    return min(beside, key=lambda cell: abs(cell.x0 + cell.x1 - number.x0 - number.x1), default=None)


def _placed_numbers(cell: _Placed) -> Iterator[_Placed]:
    """The numbers of a cell, placed as if all its letters were equally wide."""
    step = (cell.x1 - cell.x0) / max(len(cell.text), 1)
    for match in _NUMBER.finditer(cell.text):
        x0, x1 = cell.x0 + match.start() * step, cell.x0 + match.end() * step
        yield _Placed(match[0], cell.start + match.start(), x0, cell.y0, x1, cell.y1, cell.confidence)


def _numbers(text: str) -> list[str]:
    return [_plain(number) for number in _NUMBER.findall(text)]


def _plain(number: str) -> str:
    return number.replace(",", ".")


def _settled(place: UnreadPlace, upright: bool, new: Sequence[_Placed]) -> bool:
    """Whether the second reading has read the place; letters without a meaning only where it found words there."""
    if not upright:
        return False
    if place.reason == UnreadReason.NO_UNICODE:
        x0, y0, x1, y1 = place.box
        here = _Placed("", 0, x0, y0, x1, y1, None)
        return any(cell.beside(here) and cell.shared(here) > 0 for cell in new)
    return place.reason in _SETTLED
