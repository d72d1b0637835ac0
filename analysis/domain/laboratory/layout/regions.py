"""Tables that stand beside one another, told apart by the white space between them and the names on both sides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from analysis.domain.laboratory.cells import Row, Run
from analysis.domain.laboratory.columns import label_at
from analysis.domain.laboratory.layout.lines import part_of
from analysis.domain.laboratory.result_words import side_of
from analysis.domain.laboratory.row_names import begins, name_end
from analysis.domain.laboratory.specimens import heading_specimen
from analysis.domain.laboratory.units import ucums_of

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
#: A cell without a word: no name.
_ONLY = re.compile(r"[\W\d_]*+(?:[^\W\d_]{1,3}(?![^\W\d_])[\W\d_]*+)?")
_VALUE = re.compile(r"[<>≤≥]?=?\s?[-−]?\d[\d.,'’]{0,14}")
#: So many names on each side, and so many of them with a number on their own side.
_NAMES, _SHARE = 2, 0.6
#: In widths of the page: how far names of one table begin from one another, and by how much a cell may touch the gap.
_NEAR, _TOUCH = 0.012, 0.006
_APART = 0.05
#: In lines: how far below its name a value of a card stands, and how far above the first name a heading stands.
_BELOW, _ABOVE = 2, 6
_MAX_DEPTH = 4
#: Rows of one region and of the next one never follow one another.
_JUMP = 100_000


def regions_of(parts: Sequence[Sequence[Row]]) -> list[list[Row]]:
    """The rows of each part of a page, region by region, as a person reads them."""
    found = [region for part in parts for region in _cut(list(part), 0) if region]
    return [[replace(row, order=row.order + n * _JUMP) for row in region] for n, region in enumerate(found)]


def named_cells(row: Row) -> tuple[int, ...]:
    """The cells of a row in which a known name stands alone, or begins with its number behind it."""
    return tuple(n for n, run in enumerate(row.runs) if begins(row, run.start, run.end))


def _cut(rows: list[Row], depth: int) -> Iterator[list[Row]]:
    names = [named_cells(row) for row in rows] if depth < _MAX_DEPTH and len(rows) > 1 else []
    cards = _cards(rows) if names else {}
    names = [cards.get(n) or own for n, own in enumerate(names)]
    edge = _edge(rows, names, cards) if names else None
    if edge is None:
        yield rows
        return
    inside = [n for n, row in enumerate(rows) if any(abs(row.runs[at].x0 - edge) < _NEAR for at in names[n])]
    whole = [_crosses(row, edge) or _torn(row, names[n], edge) for n, row in enumerate(rows)]
    first, last = inside[0], inside[-1]
    top = first
    while top > 0 and first - top < _ABOVE and not whole[top - 1]:
        top -= 1
    while last + 1 < len(rows) and not whole[last + 1]:
        last += 1
    yield from _cut(rows[:top], depth + 1)
    at = top
    while at <= last:
        stop = at
        while stop <= last and whole[stop] == whole[at]:
            stop += 1
        if whole[at]:
            yield rows[at:stop]
        else:
            yield from _beside(rows[at:stop], edge, depth)
        at = stop
    yield from _cut(rows[last + 1 :], depth + 1)


def _cards(rows: Sequence[Row]) -> dict[int, tuple[int, ...]]:
    """Lines of names by their shape: cells without a number, each with a measured value right below or above it."""
    shapes = [_measured(row) for row in rows]
    found: dict[int, tuple[int, ...]] = {}
    for n, row in enumerate(rows):
        if (
            len(row.runs) < _NAMES
            or shapes[n]
            or any(_ONLY.fullmatch(row.text, run.start, run.end) for run in row.runs)
        ):
            continue
        for other in (n + 1, n - 1):
            if not 0 <= other < len(rows) or not shapes[other]:
                continue
            places = [rows[other].runs[at].x0 for at in shapes[other]]
            under = tuple(at for at, run in enumerate(row.runs) if any(abs(run.x0 - x) < _NEAR for x in places))
            if len(under) == len(row.runs) >= _NAMES and len(places) == len(under) and _are_names(row):
                found[n] = under
                break
    return found


def _measured(row: Row) -> tuple[int, ...]:
    """The cells of a row that begin with a value and its unit, where all but flags are such and one has a unit."""
    if not _DIGIT.search(row.text) or len(row.runs) < _NAMES:
        return ()
    values = tuple(n for n, run in enumerate(row.runs) if _VALUE.match(row.text, run.start, run.end))
    others = [row.text[run.start : run.end] for n, run in enumerate(row.runs) if n not in values]
    units = [
        unit for n in values if (unit := _VALUE.sub("", row.text[row.runs[n].start : row.runs[n].end], count=1).strip())
    ]
    flags = all(side_of(other) for other in others)
    return values if flags and any(ucums_of(unit) for unit in units) and len(units) * 2 >= len(values) else ()


def _are_names(row: Row) -> bool:
    """Whether the cells of a row are words, and not headings."""
    texts = [row.text[run.start : run.end] for run in row.runs]
    return all(_LETTER.search(text) and label_at(f"{text}:", 0) is None for text in texts)


def _beside(rows: list[Row], edge: float, depth: int) -> Iterator[list[Row]]:
    """The regions left and right of a gap, between the headings that hold for both."""
    sides = [_parts(row, edge) for row in rows]
    both = sum(bool(left and right) for left, right in sides)
    only_right = any(
        right and not left and not _DIGIT.search(_words(row, right))
        for row, (left, right) in zip(rows, sides, strict=True)
    )
    common = both * 2 >= len(rows) and not only_right
    left_rows: list[Row] = []
    right_rows: list[Row] = []
    for row, (left, right) in zip(rows, sides, strict=True):
        if common and not right and len(left) == 1 and _heads(row) and right_rows:
            yield from _cut(left_rows, depth + 1)
            yield from _cut(right_rows, depth + 1)
            left_rows, right_rows = [], []
            yield [row]
            continue
        if left:
            left_rows.append(part_of(row, left))
        if right:
            right_rows.append(part_of(row, right))
    yield from _cut(left_rows, depth + 1)
    yield from _cut(right_rows, depth + 1)


def _heads(row: Row) -> bool:
    text = row.text.strip()
    return not _DIGIT.search(text) and (bool(heading_specimen(text)) or text.isupper())


def _parts(row: Row, edge: float) -> tuple[list[Run], list[Run]]:
    return [run for run in row.runs if run.x0 < edge - _TOUCH], [run for run in row.runs if run.x0 >= edge - _TOUCH]


def _words(row: Row, runs: Sequence[Run]) -> str:
    return row.text[runs[0].start : runs[-1].end]


def _crosses(row: Row, edge: float) -> bool:
    return any(run.x0 < edge - _TOUCH and run.x1 > edge + _TOUCH for run in row.runs)


def _torn(row: Row, names: Sequence[int], edge: float) -> bool:
    """Whether the value of a name on the left stands on the right: a row of a table as wide as both."""
    left, right = _parts(row, edge)
    if not left or not right or not names or names[0] >= len(left) or any(at >= len(left) for at in names):
        return False
    behind = row.text[row.runs[names[0]].start : left[-1].end]
    return not _DIGIT.search(behind) and bool(_DIGIT.search(_words(row, right)))


def _edge(rows: Sequence[Row], names: Sequence[tuple[int, ...]], cards: Mapping[int, tuple[int, ...]]) -> float | None:
    """Where further names begin across the page, each with a number on its own side of the gap; ``None`` if nowhere."""
    seen: defaultdict[float, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        for at in names[n]:
            seen[round(row.runs[at].x0, 2)].append(n)
    best: tuple[int, float] | None = None
    lefts = [min((row.runs[at].x0 for at in names[n]), default=2.0) for n, row in enumerate(rows)]
    for x in sorted(seen):
        near = sorted({n for other in (x, round(x + 0.01, 2)) for n in seen.get(other, ())})
        carded = any(n in cards for n in near)
        if (len(near) < _NAMES and not carded) or (best is not None and len(near) <= best[0]):
            continue
        if (
            not carded
            and len({_first_word(rows[n], run) for n in near for run in rows[n].runs if abs(run.x0 - x) < 2 * _NEAR})
            < _NAMES
        ):
            continue  # one word again and again is a label: "N : 135 - 145"
        edge = min(
            row.runs[at].x0
            for row, own in ((rows[n], names[n]) for n in near)
            for at in own
            if row.runs[at].x0 > x - _NEAR
        )
        if _divides(rows, names, lefts, near, edge, least=1 if carded else _NAMES):
            best = (len(near), edge)
    return best[1] if best else None


def _first_word(row: Row, run: Run) -> str:
    return row.text[run.start : run.end].split(maxsplit=1)[0]


def _divides(
    rows: Sequence[Row],
    names: Sequence[tuple[int, ...]],
    lefts: Sequence[float],
    near: Sequence[int],
    edge: float,
    *,
    least: int,
) -> bool:
    low, high = max(near[0] - _ABOVE, 0), min(near[-1] + _ABOVE, len(rows) - 1)
    left = [n for n in range(low, high + 1) if lefts[n] < edge - _APART]
    if len(left) < least:
        return False
    across = sum(_crosses(rows[n], edge) for n in near)
    if across * 4 > len(near):
        return False
    right_valued = sum(_valued(rows, n, edge, 2.0) for n in near)
    left_valued = sum(_valued(rows, n, lefts[n], edge) for n in left)
    return right_valued >= _SHARE * len(near) and left_valued >= _SHARE * len(left)


def _valued(rows: Sequence[Row], number: int, begin: float, end: float) -> bool:
    """Whether a number stands between two places of a line, behind its name, or a line or two below it."""
    for n in range(number, min(number + _BELOW + 1, len(rows))):
        row = rows[n]
        for run in row.runs:
            if not begin - _TOUCH <= run.x0 < end - _TOUCH:
                continue
            # Digits of the name itself are no value.
            start = name_end(row, run.start, run.end)[0] if n == number else run.start
            if _DIGIT.search(row.text, start, run.end):
                return True
    return False
