"""Tables beside one another whose values stand before the names: each cut off in front of its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from analysis.domain.laboratory.cells import Row, Run, Sort
from analysis.domain.laboratory.layout.lines import part_of
from analysis.domain.laboratory.layout.regions import named_cells
from analysis.domain.laboratory.tokens import tokens_of

_VALUES = frozenset({Sort.NUMBER, Sort.BOUND})
_ROWS, _TABLES = 3, 2
_NEAR, _TOUCH = 0.012, 0.004


def banded(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows, or those of each table where several stand side by side with their values first.

    Where it cannot be seen to which of two names a value belongs, nothing is read of these rows.
    """
    named = [named_cells(row) if row.placed and len(row.runs) > _TABLES else () for row in rows]
    places = _places(rows, named)
    # Whether values lead is only told by rows of several names, and by nearly all of them.
    several = [n for n, own in enumerate(named) if len(own) >= _TABLES]
    if len(places) < _TABLES or len(several) < _ROWS:
        return [list(rows)]
    leading = sum(_leads(rows[n], named[n], places) for n in several)
    if leading * 4 < len(several) * 3:
        return [list(rows)]
    edges = [_edge(rows, left, right) for left, right in pairwise(places)]
    if any(edge is None for edge in edges):
        return [[replace(row, unclear=True) if len(named[n]) >= _TABLES else row for n, row in enumerate(rows)]]
    return _cut(rows, [edge for edge in edges if edge is not None], several[0], several[-1])


def _leads(row: Row, own: Sequence[int], places: Sequence[float]) -> bool:
    """Whether a number stands before the first name of a row, and none but a range behind the last one.

    What stands where the names of the page stand is a name, known or not.
    """
    first = row.runs[own[0]]
    last = [run for n, run in enumerate(row.runs) if n in own or any(abs(run.x0 - x) < _NEAR for x in places)][-1]
    tokens = tokens_of(row)
    before = any(token.sort in _VALUES for token in tokens if token.end <= first.start)
    behind = [token.sort for token in tokens if token.start >= last.end]
    return before and Sort.NUMBER not in behind and Sort.UNIT not in behind


def _places(rows: Sequence[Row], named: Sequence[Sequence[int]]) -> list[float]:
    """Where the names of the tables begin across the page, from left to right."""
    seen = Counter(round(rows[n].runs[at].x0, 2) for n, own in enumerate(named) for at in own)
    found: list[float] = []
    for x in sorted(seen):
        if sum(count for other, count in seen.items() if abs(other - x) < _NEAR) >= _ROWS and (
            not found or x - found[-1] > 2 * _NEAR
        ):
            found.append(x)
    return found


def _edge(rows: Sequence[Row], left: float, right: float) -> float | None:
    """Where the second table begins: behind the ranges of the first, before its own values; ``None`` if they mix."""
    between = [
        (row, run)
        for row in rows
        if row.placed
        for run in row.runs
        if left + _NEAR < run.x0 < right - _NEAR and run.x1 < right + _NEAR
    ]
    sorts = [
        {token.sort for token in tokens_of(row, run.start, run.end) if token.end <= run.end} for row, run in between
    ]
    ranges = [run.x1 for (_, run), own in zip(between, sorts, strict=True) if own == {Sort.RANGE}]
    values = [run.x0 for (_, run), own in zip(between, sorts, strict=True) if own & _VALUES and Sort.UNIT in own]
    if len(values) < _ROWS or not ranges or max(ranges) > min(values) + _TOUCH:
        return None
    return min(run.x0 for _, run in between if run.x0 >= max(ranges) - _TOUCH)


def _cut(rows: Sequence[Row], edges: Sequence[float], first: int, last: int) -> list[list[Row]]:
    """The rows before, those of each table from left to right, and what goes across them."""
    while first > 0 and _goes_on(rows[first - 1], rows[first], edges):
        first -= 1
    while last + 1 < len(rows) and _goes_on(rows[last + 1], rows[last], edges):
        last += 1
    found: list[list[Row]] = [list(rows[:first])]
    bands: list[list[Row]] = [[] for _ in range(len(edges) + 1)]
    for row in rows[first : last + 1]:
        if not row.placed or _across(row, edges):
            found += [*bands, [row]]
            bands = [[] for _ in bands]
            continue
        for band, own in zip(bands, _shares(row, edges), strict=True):
            if own:
                band.append(part_of(row, own))
    return [group for group in [*found, *bands, list(rows[last + 1 :])] if group]


def _goes_on(row: Row, inside: Row, edges: Sequence[float]) -> bool:
    """Whether the line next to those of the tables is one too: of several cells, none of which goes across."""
    near = abs(row.order - inside.order) <= 1
    return near and row.placed and len(row.runs) > _TABLES and not _across(row, edges)


def _across(row: Row, edges: Sequence[float]) -> bool:
    return any(run.x0 < edge - _TOUCH and run.x1 > edge + _TOUCH for run in row.runs for edge in edges)


def _shares(row: Row, edges: Sequence[float]) -> list[list[Run]]:
    bounds = [-1.0, *(edge - _TOUCH for edge in edges), 9.0]
    return [[run for run in row.runs if low <= run.x0 < high] for low, high in pairwise(bounds)]
