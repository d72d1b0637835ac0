"""A row of a table, or an item of a list, as it is being read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.domain.laboratory.cells import Row, Sort, Token
from analysis.domain.laboratory.days import Day
from analysis.domain.laboratory.names import Name


@dataclass(slots=True)
class Draft:
    """A row as it is being read."""

    row: Row
    name: Name
    start: int
    end: int
    value: Token | None = None
    flags: list[str] = field(default_factory=list)
    units: list[Token] = field(default_factory=list)
    unit_words: str = ""
    ranges: list[Token] = field(default_factory=list)
    only_high: bool = False
    range_start: int = 0
    range_end: int = 0
    reference_words: str = ""
    day: Day | None = None
    history: list[tuple[Token, Day | None]] = field(default_factory=list)
    specimen_words: str = ""
    doubt: str = ""
    unproven: str = ""
    note: str = ""
    known: bool = True
    in_table: bool = False
    column_unit: str = ""
    away: float = 0.0
    more: list[tuple[Row, int, int]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """How a page is laid out: where further tables begin, whether ranges stand before values, the order of days, and
    whether a day proves that order, and where the two bounds of ranges end that stand in columns of their own."""

    edges: tuple[float, ...] = ()
    range_first: bool = False
    months: bool | None = None
    days_sure: bool = True
    limits: tuple[float, float] | None = None


def titre(draft: Draft) -> bool:
    """Whether the value is a titre: ``1:80``."""
    return draft.value is not None and draft.value.sort is Sort.TEXT and ":" in draft.value.text


def listed(draft: Draft, before: Sequence[tuple[Draft, str]]) -> bool:
    """Whether a line goes on a list of results: ``Name: value unit [range]``, right below another such line."""
    above = before[-1][0] if before else None
    if above is None or draft.row.order != above.row.order + 1 or not (draft.units and draft.ranges):
        return False
    values = [(one, one.value) for one in (above, draft) if one.value is not None]
    return len(values) == 2 and all(":" in one.row.text[one.start : value.start] for one, value in values)
