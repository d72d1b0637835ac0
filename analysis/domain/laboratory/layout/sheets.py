"""How a page is laid out, seen in all its rows before any of them is read."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.domain.laboratory.cells import Row, Sort
from analysis.domain.laboratory.drafts import Sheet
from analysis.domain.laboratory.row_names import panel_edges
from analysis.domain.laboratory.tokens import tokens_of

#: So many rows show how a page is laid out; a range in two columns has so many bounds.
_ROWS, _BOUNDS = 3, 2


def sheet_of(rows: Sequence[Row], months: bool | None) -> Sheet:
    """How a page is laid out; ``months`` tells whether its days begin with the month, if that is known."""
    return Sheet(
        edges=panel_edges(rows),
        range_first=_range_first(rows),
        months=months,
        days_sure=months is not None,
        limits=_limits(rows),
    )


def _range_first(rows: Sequence[Row]) -> bool:
    """Whether the rows of a page print the reference before the value."""
    found = [[token.sort for token in tokens_of(row) if token.sort in (Sort.RANGE, Sort.NUMBER)] for row in rows]
    pairs = [sorts for sorts in found if len(sorts) == 2 and len(set(sorts)) == 2]
    first = sum(sorts[0] is Sort.RANGE for sorts in pairs)
    return first >= 3 and first > len(pairs) / 2


def _limits(rows: Sequence[Row]) -> tuple[float, float] | None:
    """Where the low and the high bounds of a page end, by the rows whose last two numbers have no unit behind them."""
    pairs = []
    for row in rows:
        tokens = tokens_of(row) if row.placed and len(row.runs) > _ROWS else []
        units = [n for n, token in enumerate(tokens) if token.sort is Sort.UNIT]
        behind = [token for token in tokens[units[-1] + 1 :] if token.sort is Sort.NUMBER] if units else []
        if len(behind) == _BOUNDS and behind[0].run != behind[1].run:
            pairs.append((behind[0].x1, behind[1].x1))
    if len(pairs) < _ROWS:
        return None
    lows, highs = sorted(low for low, _ in pairs), sorted(high for _, high in pairs)
    return (lows[len(lows) // 2], highs[len(highs) // 2]) if lows[-1] < highs[0] else None
