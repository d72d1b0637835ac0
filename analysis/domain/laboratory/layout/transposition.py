"""Tables with a column for each test and a line for each day, turned to a line for each test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.domain.laboratory.cells import Row, Run, Sort
from analysis.domain.laboratory.columns import Column, Role, label_at
from analysis.domain.laboratory.days import Day, days_in
from analysis.domain.laboratory.layout.lines import Cut, made_of
from analysis.domain.laboratory.layout.regions import named_cells
from analysis.domain.laboratory.row_names import name_end
from analysis.domain.laboratory.tokens import tokens_of

_TESTS, _LINES, _HALF = 2, 2, 0.5
_VALUES = (Sort.NUMBER, Sort.BOUND, Sort.TEXT)
#: Where the columns of a turned table are put across the page.
_NAME, _UNIT, _RANGE, _FIRST, _STEP, _WIDE = (0.0, 0.2), (0.22, 0.28), (0.3, 0.38), 0.4, 0.05, 0.04


@dataclass(frozen=True, slots=True)
class _Head:
    """The line of the names: each one's cell and where its column ends."""

    row: Row
    names: tuple[Run, ...]
    label: float


@dataclass(frozen=True, slots=True)
class _Below:
    """A line below the names: what it is of, and the cells by the index of their test."""

    row: Row
    role: Role
    cells: dict[int, Run]
    day: Day | None = None
    time: str = ""


def uncrossed(rows: Sequence[Row]) -> list[Row]:
    """The rows, with tables whose tests stand across turned round."""
    found: list[Row] = []
    at = 0
    while at < len(rows):
        head = _head(rows[at])
        wraps = _wraps(rows, at + 1, head) if head is not None else []
        below = _below(rows, at + 1 + len(wraps), head) if head is not None else []
        if head is not None and any(one.role is Role.DATED for one in below):
            found += _turned(head, wraps, below)
            at += 1 + len(wraps) + len(below)
            continue
        found.append(rows[at])
        at += 1
    return found


def _head(row: Row) -> _Head | None:
    if not row.placed or len(row.runs) < _TESTS:
        return None
    names = [
        row.runs[n] for n in named_cells(row) if name_end(row, row.runs[n].start, row.runs[n].end)[0] == row.runs[n].end
    ]
    first = names[0] if names else None
    if first is None or len(names) < _TESTS:
        return None
    others = [run for run in row.runs if run not in names]
    if len(others) > len(names) or any(
        token.sort in _VALUES for run in others for token in tokens_of(row, run.start, run.end) if token.end <= run.end
    ):
        return None
    label = [run for run in others if run.x0 < first.x0]
    every = tuple(run for run in row.runs if run not in label)
    return _Head(row, every, label[-1].x1 if label else first.x0)


def _wraps(rows: Sequence[Row], at: int, head: _Head) -> list[dict[int, Cut]]:
    """The second and third lines of names: words alone, each under a name; by the index of their name."""
    found: list[dict[int, Cut]] = []
    for row in rows[at : at + _LINES]:
        own: dict[int, Cut] = {}
        for run in row.runs:
            under = [n for n, name in enumerate(head.names) if _under(run, name)]
            sorts = {token.sort for token in tokens_of(row, run.start, run.end) if token.end <= run.end}
            words = any(sign.isalpha() for sign in row.text[run.start : run.end])
            if len(under) != 1 or under[0] in own or not words or sorts & {Sort.RANGE, Sort.DAY, Sort.BOUND, Sort.UNIT}:
                return found
            own[under[0]] = Cut(row, run, _NAME)
        if not own or not row.placed:
            return found
        found.append(own)
    return found


def _below(rows: Sequence[Row], at: int, head: _Head) -> list[_Below]:
    """The lines of days, units and ranges right below the names."""
    found: list[_Below] = []
    for row in rows[at:]:
        one = _line(row, head)
        if one is None:
            break
        found.append(one)
    while found and found[-1].role is not Role.DATED and not any(one.role is Role.DATED for one in found[:-1]):
        found.pop()
    return found


def _line(row: Row, head: _Head) -> _Below | None:
    own = [run for run in row.runs if run.x0 >= head.names[0].x0 - _STEP or _under(run, head.names[0])]
    lead = [run for run in row.runs if run not in own]
    words = row.text[lead[0].start : lead[-1].end] if lead else ""
    cells: dict[int, Run] = {}
    for run in own:
        index = min(range(len(head.names)), key=lambda n: abs(_middle(head.names[n]) - _middle(run)))
        if index in cells:
            return None
        cells[index] = run
    tokens = [token for token in tokens_of(row, own[0].start) if token.start >= own[0].start] if own else []
    sorts = {token.sort for token in tokens}
    label = label_at(f"{words}:", 0) if words else None
    days = days_in(words, short=True)
    if days:
        times = [token.text for token in tokens_of(row, lead[0].start, lead[-1].end) if token.sort is Sort.TIME]
        return _Below(row, Role.DATED, cells, days[0], times[0] if times else "")
    if not cells or len(cells) < _HALF * len(head.names) - 1:
        return None
    if Sort.UNIT in sorts and not sorts & {*_VALUES, Sort.RANGE}:
        return _Below(row, Role.UNIT, cells)
    if (label is not None and label[0] is Role.RANGE) or (sorts and sorts <= {Sort.RANGE, Sort.BOUND}):
        return _Below(row, Role.RANGE, cells)
    return None


def _under(run: Run, name: Run) -> bool:
    return run.x0 < name.x1 and name.x0 < run.x1


def _middle(run: Run) -> float:
    return (run.x0 + run.x1) / 2


def _turned(head: _Head, wraps: Sequence[dict[int, Cut]], below: Sequence[_Below]) -> list[Row]:
    dated = [one for one in below if one.role is Role.DATED]
    columns = [
        Column(Role.NAME, *_NAME, ""),
        Column(Role.UNIT, *_UNIT, ""),
        Column(Role.RANGE, *_RANGE, ""),
    ]
    places = {id(one): (_FIRST + n * _STEP, _FIRST + n * _STEP + _WIDE) for n, one in enumerate(dated)}
    columns += [Column(Role.DATED, *places[id(one)], "", one.day, one.time) for one in dated]
    found = []
    for index, name in enumerate(head.names):
        names = [Cut(head.row, name, _NAME), *(wrap[index] for wrap in wraps if index in wrap)]
        cuts = list(names)
        for role, place in ((Role.UNIT, _UNIT), (Role.RANGE, _RANGE)):
            cuts += [Cut(one.row, one.cells[index], place) for one in below if one.role is role and index in one.cells]
        cuts += [Cut(one.row, one.cells[index], places[id(one)]) for one in dated if index in one.cells]
        if len(cuts) > len(names):
            row = made_of(cuts, head.row.memo)
            whole = replace(row.runs[0], end=row.runs[len(names) - 1].end)
            row = replace(row, runs=(whole, *row.runs[len(names) :]))
            found.append(replace(row, order=head.row.order, columns=tuple(columns)))
    return found
