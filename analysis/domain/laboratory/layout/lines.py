"""Parts of lines, and lines put together from cells that stand elsewhere on the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.domain.laboratory.cells import Memo, Row, Run
from analysis.domain.spans import Span, TextLine, span_of

#: As far apart as two cells of the same reading stand in the text at most.
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a part of a made line begins, and where it stands in the page's text."""

    at: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class MadeLine(TextLine):
    """A line of cells that stand in several places of the page."""

    stretches: tuple[Stretch, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The first of the places."""
        return self.places(start, end)[0]

    def places(self, start: int, end: int) -> tuple[Span, ...]:
        """Every place of the page from which signs ``start`` to ``end`` come, in the order of the made line."""
        first = max(bisect_right([one.at for one in self.stretches], start) - 1, 0)
        found = []
        for one in self.stretches[first:]:
            left, right = max(start - one.at, 0), min(end - one.at, one.length)
            if one.at >= end:
                break
            if left < right:
                found.append(span_of(self.page, one.start + left, one.start + right))
        return tuple(found) or (self.whole(),)

    def whole(self) -> Span:
        """From the first cell to the last one in the page's text."""
        start = min(one.start for one in self.stretches)
        end = max(one.start + one.length for one in self.stretches)
        return span_of(self.page, start, end)


@dataclass(frozen=True, slots=True)
class Cut:
    """A cell of a row to be put into another one; at another place across the page where ``x`` is given."""

    row: Row
    run: Run
    x: tuple[float, float] | None = None


def part_of(row: Row, runs: Sequence[Run]) -> Row:
    """A row of neighbouring cells of a row."""
    if len(runs) == len(row.runs):
        return row
    start, end = runs[0].start, runs[-1].end
    line = row.line
    own = tuple(Run(run.start - start, run.end - start, run.x0, run.x1) for run in runs)
    return replace(row, line=TextLine(line.page, line.start + start, line.text[start:end]), runs=own)


def made_of(cuts: Sequence[Cut], memo: Memo) -> Row:
    """A row of cells in a new order, each with the place across the page that it has or is given."""
    text, stretches, runs = "", [], []
    for cut in cuts:
        text += _GAP if text else ""
        words = cut.row.text[cut.run.start : cut.run.end]
        x0, x1 = cut.x or (cut.run.x0, cut.run.x1)
        runs.append(Run(len(text), len(text) + len(words), x0, x1))
        stretches.append(Stretch(len(text), cut.row.line.start + cut.run.start, len(words)))
        text += words
    line = MadeLine(cuts[0].row.line.page, stretches[0].start, text, tuple(stretches))
    return Row(line, tuple(runs), placed=True, memo=memo, made=True)
