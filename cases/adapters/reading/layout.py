"""From pieces of text with boxes to lines in reading order, and the page's text with every line's place in it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median
from typing import Final, Literal

from cases.domain.documents.document_text import Cell, Line

#: Gaps in heights of the line: up to the first no space, up to the second one space, beyond it a new cell.
GLUE_GAP: Final = 0.12
CELL_GAP: Final = 1.3
CELL_SEPARATOR: Final = "  "
#: What counts as the height of a line where the size of its font is known.
EM_HEIGHT: Final = 0.77
#: Pieces that lie over one another by more than this (in heights) are two, whatever stands between them.
OVERLAP_GAP: Final = -0.3

_LIGATURES: Final = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_REPLACED: Final = str.maketrans({**_LIGATURES, "\x02": "-", "\ufffe": "-", "\u00ad": "-", "\u00a0": " "})


Turn = Literal[0, 90, 180, 270]
_BACK: Final[dict[Turn, Turn]] = {0: 0, 90: 270, 180: 180, 270: 90}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. The box is in page units, origin top-left; `slope` is rise over run of its baseline.

    `em` is the size of its font, where it is known; `turn` how it lies on the page if not as the page's text does;
    `askew` text stands alone; blanks before and after it may be drawn.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float | None = None
    slope: float | None = None
    em: float | None = None
    turn: Turn | None = None
    askew: bool = False
    blank_before: bool = False
    blank_after: bool = False

    @property
    def unit(self) -> float:
        """What gaps are measured by."""
        return self.height if self.em is None else EM_HEIGHT * self.em

    @property
    def height(self) -> float:
        """In page units."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """The y half way down."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class _Row:
    pieces: list[Piece] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0

    def takes(self, top: float, bottom: float) -> bool:
        shared = min(self.bottom, bottom) - max(self.top, top)
        smaller = min(self.bottom - self.top, bottom - top)
        return shared > 0.5 * smaller

    def add(self, piece: Piece, top: float, bottom: float) -> None:
        count = len(self.pieces)
        self.top = (self.top * count + top) / (count + 1)
        self.bottom = (self.bottom * count + bottom) / (count + 1)
        self.pieces.append(piece)


def clean(text: str) -> str:
    """Text fit for storage and search: no controls, no lone surrogates, no ligatures, single spaces."""
    text = text.translate(_REPLACED)
    kept = "".join(c if c.isprintable() or c == " " else " " for c in text if not "\ud800" <= c <= "\udfff")
    return " ".join(kept.split())


def lay_out(pieces: Iterable[Piece], *, width: float, height: float, turn: Turn = 0) -> tuple[str, tuple[Line, ...]]:
    """The page's text, one row of the page per line, and the lines with offsets and boxes as page fractions.

    `turn` says by how many degrees clockwise the text lies on the page; rows are found as its reader would hold it.
    What lies otherwise follows behind, in lines of its own.
    """
    groups: dict[Turn, list[Piece]] = {turn: []}
    askew: list[Piece] = []
    for piece in pieces:
        if piece.text and piece.x1 > piece.x0 and piece.y1 > piece.y0:
            lies = turn if piece.turn is None else piece.turn
            if piece.askew:
                askew.append(piece)
            else:
                groups.setdefault(lies, []).append(_upright(piece, width, height, lies))
    lines: list[Line] = []
    at = 0
    for lies, group in groups.items():
        for row in _reading_order(group, width if lies in {0, 180} else height):
            lines.append(_line(row, at, width, height, lies))
            at = lines[-1].end + 1
    for piece in askew:
        lines.append(_line([piece], at, width, height, 0))
        at = lines[-1].end + 1
    return "\n".join(line.text for line in lines), tuple(lines)


def _reading_order(pieces: Sequence[Piece], width: float) -> Iterable[Sequence[Piece]]:
    gutter = _gutter(pieces, width)
    columns = [pieces] if gutter is None else _split(pieces, gutter)
    return itertools.chain.from_iterable(_rows(column) for column in columns)


def _upright(piece: Piece, width: float, height: float, turn: Turn) -> Piece:
    if turn == 0:
        return piece
    x0, y0, x1, y1 = piece.x0, piece.y0, piece.x1, piece.y1
    if turn == 90:
        box = (y0, width - x1, y1, width - x0)
    elif turn == 180:
        box = (width - x1, height - y1, width - x0, height - y0)
    else:
        box = (height - y1, x0, height - y0, x1)
    return replace(piece, x0=box[0], y0=box[1], x1=box[2], y1=box[3])


def _split(pieces: Sequence[Piece], gutter: float) -> list[list[Piece]]:
    left = [piece for piece in pieces if piece.x0 + piece.x1 < 2 * gutter]
    return [left, [piece for piece in pieces if piece.x0 + piece.x1 >= 2 * gutter]]


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    slope = _slope(pieces)
    rows: list[_Row] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle - slope * piece.x0):
        drop = slope * (piece.x0 + piece.x1) / 2
        top, bottom = piece.y0 - drop, piece.y1 - drop
        row = next((row for row in reversed(rows[-4:]) if row.takes(top, bottom)), None)
        if row is None:
            row = _Row()
            rows.append(row)
        row.add(piece, top, bottom)
    rows.sort(key=lambda row: row.top + row.bottom)
    return [sorted(row.pieces, key=lambda piece: piece.x0) for row in rows]


def _slope(pieces: Sequence[Piece]) -> float:
    """The tilt of the page: the middle slope of the long pieces, 0 when there are none."""
    slopes = [piece.slope for piece in pieces if piece.slope is not None and piece.x1 - piece.x0 > 4 * piece.height]
    return median(slopes) if slopes else 0.0


def _joined(row: Sequence[Piece], at: int, width: float) -> tuple[str, tuple[Cell, ...]]:
    """The row's text, and its cells: what stands between two wide gaps, `at` being the offset of the row's text."""
    unit = max(median(piece.unit for piece in row), 1e-6)
    text, starts, reach = row[0].text, [0], row[0].x1
    edges = [(row[0].x0, row[0].x1)]
    for before, piece in itertools.pairwise(row):
        gap = (piece.x0 - reach) / unit
        if gap > CELL_GAP or gap < OVERLAP_GAP or _runs_over(before, piece, gap):
            text += CELL_SEPARATOR
            starts.append(len(text))
            edges.append((piece.x0, piece.x1))
        else:
            text += "" if gap <= GLUE_GAP and not (before.blank_after or piece.blank_before) else " "
            edges[-1] = (edges[-1][0], max(edges[-1][1], piece.x1))
        text += piece.text
        reach = max(reach, piece.x1) if gap >= OVERLAP_GAP else piece.x1
    ends = [*(start - len(CELL_SEPARATOR) for start in starts[1:]), len(text)]
    cells = (
        Cell(at + start, at + end, _part(x0, width), _part(x1, width))
        for start, end, (x0, x1) in zip(starts, ends, edges, strict=True)
    )
    return text, tuple(cells)


def _runs_over(before: Piece, piece: Piece, gap: float) -> bool:
    """Whether a word runs into a number, or a number into a word, that begins before it ends."""
    printed = before.em is not None and piece.em is not None
    return printed and gap < -0.04 and before.text[-1].isdigit() != piece.text[0].isdigit()


def _line(row: Sequence[Piece], at: int, width: float, height: float, turn: Turn) -> Line:
    sure = [piece.confidence for piece in row if piece.confidence is not None]
    across, down = (width, height) if turn in {0, 180} else (height, width)
    text, cells = _joined(row, at, across)
    around = Piece(
        text,
        min(piece.x0 for piece in row),
        min(piece.y0 for piece in row),
        max(piece.x1 for piece in row),
        max(piece.y1 for piece in row),
    )
    shown = _upright(around, across, down, _BACK[turn])
    return Line(
        text=text,
        start=at,
        end=at + len(text),
        x0=_part(shown.x0, width),
        y0=_part(shown.y0, height),
        x1=_part(shown.x1, width),
        y1=_part(shown.y1, height),
        confidence=round(fmean(sure), 4) if sure else None,
        cells=cells,
    )


def _part(value: float, whole: float) -> float:
    share = value / whole if whole > 0 else 0.0
    return round(min(max(share, 0.0), 1.0), 5) if math.isfinite(share) else 0.0


def _gutter(pieces: Sequence[Piece], width: float) -> float | None:
    """The x of an empty band between two columns of running text, or None. Tables have short cells and keep rows."""
    wide = [piece for piece in pieces if piece.x1 - piece.x0 > 0.22 * width]
    if len(wide) < 16:
        return None
    for share in (0.5, 0.48, 0.52, 0.45, 0.55):
        x = share * width
        left = sum(piece.x1 <= x for piece in wide)
        right = sum(piece.x0 >= x for piece in wide)
        crossing = sum(piece.x0 < x < piece.x1 for piece in pieces)
        if min(left, right) >= 6 and crossing <= 0.05 * len(pieces):
            return x
    return None
