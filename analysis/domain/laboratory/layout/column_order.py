"""Tables whose names do not stand first: their rows with the name in front, each cell keeping its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from analysis.domain.laboratory.cells import Row, Sort, pieces_of
from analysis.domain.laboratory.columns import Piece, columns_of
from analysis.domain.laboratory.layout.lines import Cut, made_of
from analysis.domain.laboratory.layout.regions import named_cells
from analysis.domain.laboratory.tokens import tokens_of

_ROWS, _NEAR = 3, 0.012
_VALUES = frozenset({Sort.NUMBER, Sort.BOUND})


def names_first(rows: Sequence[Row]) -> list[Row]:
    """The rows of a region; where values, units or ranges stand before the names the names come first."""
    place = _place(rows)
    if place is None:
        return list(rows)
    headed = any(columns_of([Piece(*piece) for piece in pieces_of(row)]) for row in rows if len(row.runs) > 1)
    return [_turned(row, place, headed=headed) for row in rows]


def _place(rows: Sequence[Row]) -> float | None:
    """Where the names of a table begin, if not first: measures stand before most of them, and no index numbers."""
    seen: Counter[float] = Counter()
    left: Counter[float] = Counter()
    for row in rows:
        at = named_cells(row)[:1] if row.placed and len(row.runs) > 1 else ()
        if not at:
            continue
        x = round(row.runs[at[0]].x0, 2)
        seen[x] += 1
        if at[0] == 0:
            continue
        run = row.runs[at[0]]
        tokens = tokens_of(row)
        before = {token.sort for token in tokens if token.end <= run.start}
        behind = {token.sort for token in tokens if token.start >= run.end}
        left[x] += bool(before & {Sort.RANGE, Sort.UNIT} or (before & _VALUES and not behind & _VALUES))
    if not seen:
        return None
    x, count = max(seen.items(), key=lambda pair: pair[1])
    first = sum(number for other, number in seen.items() if other < x - _NEAR)
    return x if count >= _ROWS and left[x] * 2 > count and first * 4 < count else None


def _turned(row: Row, place: float, *, headed: bool) -> Row:
    if not row.placed or columns_of([Piece(*piece) for piece in pieces_of(row)]):
        return row
    at = next((n for n, run in enumerate(row.runs) if n and abs(run.x0 - place) < _NEAR), 0)
    if not at or not any(sign.isalpha() for sign in row.text[row.runs[at].start : row.runs[at].end]):
        return row
    order = [row.runs[at], *row.runs[:at], *row.runs[at + 1 :]]
    made = made_of([Cut(row, run) for run in order], row.memo)
    return replace(made, order=row.order, made=not headed)
