"""The lines of a page with their cells, and the sorts of what stands in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from analysis.domain.laboratory.columns import Column
from analysis.domain.laboratory.days import Day
from analysis.domain.laboratory.numbers import Printed
from analysis.domain.laboratory.ranges import PrintedRange
from analysis.domain.spans import SourcePage, TextLine, lines_of

MAX_CELLS = 60
#: More numbers than these, and fewer letters, are no results.
MAX_NUMBERS = 100


class Sort(StrEnum):
    """What a token is."""

    NUMBER = "number"
    BOUND = "bound"
    RANGE = "range"
    UNIT = "unit"
    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    AGE = "age"
    TEXT = "text"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Run:
    """A cell of a line: its place in the line, and its extent across the page."""

    start: int
    end: int
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Memo:
    """What was read on a page already: parts of lines, where the last unit of a line stands, and units of words."""

    found: dict[tuple[str, int, int], tuple[Found, ...]]
    last_units: dict[str, int]
    units: dict[str, tuple[int, int, tuple[str, ...]] | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its cells. ``placed`` tells whether their extents are those on the page, or counted in signs.

    ``order`` is its turn as a person reads: rows that follow one another count on. ``made``: its cells were put
    together from several lines, so that no heading governs it but its own ``columns``. ``unclear``: it may belong to
    the name above or below, so nothing is read of it.
    """

    line: TextLine
    runs: tuple[Run, ...]
    placed: bool
    memo: Memo = field(default_factory=lambda: Memo({}, {}, {}), compare=False, repr=False)
    order: int = 0
    made: bool = False
    unclear: bool = False
    columns: tuple[Column, ...] = ()

    @property
    def text(self) -> str:
        """What the line says."""
        return self.line.text

    def x(self, at: int) -> float:
        """Where a sign of the line stands across the page."""
        index = max(bisect_right(self.runs, at, key=lambda run: run.start) - 1, 0)
        run = self.runs[index]
        share = (at - run.start) / max(run.end - run.start, 1)
        return run.x0 + min(max(share, 0.0), 1.0) * (run.x1 - run.x0)

    def run_at(self, at: int) -> int:
        """The index of the cell in which a sign stands."""
        return max(bisect_right(self.runs, at, key=lambda run: run.start) - 1, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a text with its meaning, without its place on the page."""

    sort: Sort
    start: int
    end: int
    printed: Printed | None = None
    reference: PrintedRange | None = None
    day: Day | None = None
    side: str = ""
    ucums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a line with its meaning."""

    sort: Sort
    start: int
    end: int
    text: str
    run: int
    x0: float
    x1: float
    printed: Printed | None = None
    reference: PrintedRange | None = None
    day: Day | None = None
    side: str = ""
    ucums: tuple[str, ...] = ()


_RULED = 6
_BLANKED = str.maketrans(dict.fromkeys("|¦│┃║┆┊", " "))
_GAP = re.compile(r"\s{2,}|\s*[\t|¦│]\s*")
#: Rules between columns, drawn as signs; a line of nothing but such signs says nothing.
_RULE = re.compile(r"[|¦│┃║┆┊]")
_DRAWN = re.compile(r"[\s|¦+=_\-─━│┃═║┆┊┄┈╌╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡╤╧╪╓╖╙╜╟╢╥╨╫┌┐└┘├┤┬┴┼]{3,}+")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]")
#: A bar between two halves of a page, drawn as this sign.
_BAR = re.compile(r"! {0,40}+(?=[^\W\d_(]|$)")
_BARRED = 3
_QUOTED = re.compile(r"(?:> ?){1,9}+\s*+")
_WIDE = re.compile(r"\S {3,}\S")


def rows_of(page: SourcePage) -> list[Row]:
    """The lines of a page with their cells: as the reader placed them, or by the gaps between words."""
    starts = [cell.start for cell in page.cells]
    memo = Memo({}, {}, {})
    wide = not page.cells and sum(1 for _ in _WIDE.finditer(page.text)) >= 3
    found: list[Row] = []
    order, end = 0, -1
    ruled = sum(1 for _ in _RULE.finditer(page.text)) >= _RULED
    for line in lines_of(page):
        if _DRAWN.fullmatch(line.text):
            end = line.start + len(line.text)
            continue
        # A blank line is a step of its own.
        order += 1 if line.start == end + 1 else 2
        end = line.start + len(line.text)
        runs = tuple(_runs(page, starts, line))[:MAX_CELLS]
        if ruled and _RULE.search(line.text) is not None:
            runs = tuple(_between_rules(line.text, runs))[:MAX_CELLS]
            line = TextLine(line.page, line.start, line.text.translate(_BLANKED))
        if runs:
            found.append(Row(line, runs, bool(page.cells) or wide, memo, order))
    return _unbarred(_unquoted(found))


def _unquoted(rows: list[Row]) -> list[Row]:
    """The rows without the ``>`` in front of each line of a forwarded mail."""
    quoted = [_QUOTED.match(row.text, row.runs[0].start) for row in rows]
    if sum(one is not None for one in quoted) * 2 < len(rows) or len(rows) < _RULED:
        return rows
    found = []
    for row, one in zip(rows, quoted, strict=True):
        first = row.runs[0]
        start = min(one.end(), first.end) if one is not None else first.start
        runs = (replace(first, start=start), *row.runs[1:]) if start < first.end else row.runs[1:]
        bare = TextLine(row.line.page, row.line.start, " " * start + row.text[start:])
        found += [replace(row, line=bare, runs=runs)] if runs else []
    return found


def _unbarred(rows: list[Row]) -> list[Row]:
    """The rows without a bar of ``!`` between two halves of a page: again and again at one place, before words too."""
    barred = [
        (round(run.x0, 2), run.end - run.start) for row in rows for run in row.runs if _BAR.match(row.text, run.start)
    ]
    places = Counter(x for x, _ in barred)
    bars = {
        x for x, count in places.items() if count >= _RULED and sum(n > 1 for at, n in barred if at == x) >= _BARRED
    }
    if not bars:
        return rows
    return [bare for row in rows if (bare := _unbar(row, bars)).runs]


def _unbar(row: Row, bars: set[float]) -> Row:
    runs = []
    for run in row.runs:
        bar = _BAR.match(row.text, run.start) if round(run.x0, 2) in bars else None
        start = bar.end() if bar is not None else run.start
        if start < run.end:
            runs.append(replace(run, start=start))
    return replace(row, runs=tuple(runs))


def crowded(row: Row) -> bool:
    """Whether a line is made of numbers, more than any row of results holds: the reader says so, and leaves it."""
    if len(row.text) < 2 * MAX_NUMBERS:
        return False
    return len(_DIGITS.findall(row.text)) > MAX_NUMBERS and len(_LETTERS.findall(row.text)) < MAX_NUMBERS


def pieces_of(row: Row) -> list[tuple[str, float, float]]:
    """The cells of a line with their extents; the end of a unit after raised digits belongs to its beginning."""
    found: list[tuple[str, float, float]] = []
    for run in row.runs:
        text = row.text[run.start : run.end]
        if found and text[:1] == "/" and found[-1][0][-1:] in "0123456789⁰¹²³⁴⁵⁶⁷⁸⁹":
            found[-1] = (found[-1][0] + text, found[-1][1], run.x1)
        else:
            found.append((text, run.x0, run.x1))
    return found


def _between_rules(text: str, runs: Sequence[Run]) -> Iterator[Run]:
    """The cells without the rules that are drawn between them as signs."""
    for run in runs:
        step = (run.x1 - run.x0) / max(run.end - run.start, 1)
        at = run.start
        for rule in (*_RULE.finditer(text, run.start, run.end), None):
            stop = rule.start() if rule is not None else run.end
            words = text[at:stop]
            left, right = at + len(words) - len(words.lstrip()), at + len(words.rstrip())
            if right > left:
                yield Run(left, right, run.x0 + (left - run.start) * step, run.x0 + (right - run.start) * step)
            at = rule.end() if rule is not None else stop


def _runs(page: SourcePage, starts: list[int], line: TextLine) -> Iterator[Run]:
    end = line.start + len(line.text)
    own = page.cells[bisect_left(starts, line.start) : bisect_left(starts, end)]
    if own:
        for cell in own:
            yield Run(cell.start - line.start, min(cell.end - line.start, len(line.text)), cell.x0, cell.x1)
        return
    at = len(line.text) - len(line.text.lstrip())
    for gap in _GAP.finditer(line.text.rstrip(), at):
        if gap.start() > at:
            yield Run(at, gap.start(), at / 100, gap.start() / 100)
        at = gap.end()
    yield Run(at, len(line.text.rstrip()), at / 100, len(line.text.rstrip()) / 100)
