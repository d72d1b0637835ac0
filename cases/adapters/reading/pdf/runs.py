"""Runs of text from glyphs: words that stand beside one another on a baseline, spaced by what is seen."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cases.adapters.reading.layout import Turn
from cases.adapters.reading.pdf.glyphs import Box, Glyph, Span

#: Parts of the font's size: up to the first gap letters belong together, up to the second words do.
GLUE_EM: Final = 0.15
CELL_EM: Final = 1.0
#: How far a letter may lie over the one before it and still be its neighbour.
KERN_EM: Final = 0.3
#: How far two words may lie over one another before that is called an overlap.
OVERLAP_EM: Final = 0.25
#: So many runs further on the same height is looked for overlaps.
MOST_NEIGHBOURS: Final = 64
_ASCENT_EM, _DESCENT_EM = 0.76, 0.22
_SAME_EM: Final = 0.15
_NEAR_EM: Final = 0.7


@dataclass(slots=True)
class Run:
    """A piece of a line: along its baseline from `start` to `end`, the box in page space."""

    em: float
    base: float
    turn: Turn | None
    start: float = 0.0
    end: float = 0.0
    chars: list[str] = field(default_factory=list)
    places: list[float] = field(default_factory=list)
    box: Box = (0.0, 0.0, 0.0, 0.0)
    mapped: bool = True

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(self.chars)

    def takes(self, char: str, start: float, end: float) -> None:
        """Add a letter behind the last."""
        if not self.chars:
            self.start, self.end = start, end
        self.chars.append(char)
        self.places.append(start)
        self.end = max(self.end, end)
        self.start = min(self.start, start)

    def framed(self) -> Run:
        """With its box, from the baseline and the size of the font."""
        up, down = _ASCENT_EM * self.em, _DESCENT_EM * self.em
        low, high = (self.base - down, self.base + up) if self.turn in (0, 90) else (self.base - up, self.base + down)
        if self.turn == 0:
            self.box = (self.start, low, self.end, high)
        elif self.turn == 180:
            self.box = (-self.end, low, -self.start, high)
        elif self.turn == 270:
            self.box = (low, self.start, high, self.end)
        elif self.turn == 90:
            self.box = (low, -self.end, high, -self.start)
        return self


def runs_of(spans: Iterable[Span]) -> list[Run]:
    """The runs in the order of the page's content."""
    builder = _Builder()
    for span in spans:
        builder.add(span)
    builder.close()
    return [run.framed() if run.turn is not None else run for run in builder.done]


class _Builder:
    """Joins glyphs to runs: a new one begins where the line, the direction or the distance changes."""

    def __init__(self) -> None:
        self.done: list[Run] = []
        self._run: Run | None = None
        self._blank = False

    def close(self) -> None:
        if self._run is not None and self._run.chars:
            self.done.append(self._run)
        self._run, self._blank = None, False

    def add(self, span: Span) -> None:
        if span.turn is None or any(_right_to_left(glyph.char) for glyph in span.glyphs):
            self.close()
            self._add_whole(span)
            return
        run = self._run
        if (
            run is None
            or run.turn != span.turn
            or abs(run.base - span.base) > 0.1 * span.em
            or _sizes_differ(run, span)
        ):
            self.close()
        before: Glyph | None = None
        for glyph in span.glyphs:
            if glyph.blank:
                self._blank = True
            elif before is not None and (glyph.box == before.box or _is_mark(glyph.char)) and self._run is not None:
                self._run.chars.append(glyph.char)
                self._run.places.append(self._run.places[-1])
                self._run.mapped = self._run.mapped and glyph.mapped
            else:
                self._add_letter(span, glyph, first=before is None)
            before = glyph

    def _add_letter(self, span: Span, glyph: Glyph, *, first: bool) -> None:
        start, end = _along(glyph.box, span.turn)
        run = self._run
        if run is not None:
            gap = (start - run.end) / span.em
            if not -KERN_EM <= gap <= CELL_EM or (first and _runs_over(run, glyph, gap) and not self._blank):
                self.close()
            elif self._blank or gap > GLUE_EM:
                run.takes(" ", min(run.end, start), min(run.end, start))
        if self._run is None:
            self._run = Run(span.em, span.base, span.turn)
        self._run.takes(glyph.char, start, end)
        self._run.mapped = self._run.mapped and glyph.mapped
        self._blank = False

    def _add_whole(self, span: Span) -> None:
        """Askew, or from right to left: in the order in which the engine gives the letters."""
        run = Run(span.em, span.base, span.turn)
        for glyph in span.glyphs:
            start, end = _along(glyph.box, span.turn or 0)
            run.takes(" " if glyph.blank else glyph.char, start, end)
            run.mapped = run.mapped and glyph.mapped
        if run.text.strip():
            run.box = span.bounds()
            self.done.append(run)


def _sizes_differ(run: Run, span: Span) -> bool:
    return not 0.6 < span.em / max(run.em, 1e-6) < 1.6


def _runs_over(run: Run, glyph: Glyph, gap: float) -> bool:
    """Whether another operation begins over the end of a word, and not as its next letter or digit."""
    last = run.chars[-1]
    return gap < -0.03 and (last.isdigit() != glyph.char.isdigit())


def _is_mark(char: str) -> bool:
    return ord(char) > 0x2FF and unicodedata.category(char).startswith("M")


def _right_to_left(char: str) -> bool:
    return ord(char) > 0x58F and unicodedata.bidirectional(char) in {"R", "AL"}


def _along(box: Box, turn: Turn | None) -> tuple[float, float]:
    if turn == 180:
        return -box[2], -box[0]
    if turn == 270:
        return box[1], box[3]
    if turn == 90:
        return -box[3], -box[1]
    return box[0], box[2]


def set_apart(runs: Sequence[Run]) -> tuple[list[Run], list[Box]]:
    """The runs without those that are printed twice for boldness or shadow, and where different words overlap."""
    dropped: set[int] = set()
    places: list[Box] = []
    lying = sorted((at for at, run in enumerate(runs) if run.turn is not None), key=lambda at: _order(runs[at]))
    for place, at in enumerate(lying):
        for other in lying[place + 1 : place + 1 + MOST_NEIGHBOURS]:
            if runs[other].turn != runs[at].turn or runs[other].base - runs[at].base > _NEAR_EM * _larger(
                runs, at, other
            ):
                break
            if at in dropped or other in dropped or not _overlap(runs[at], runs[other]):
                continue
            short, long = sorted((at, other), key=lambda one: (len(runs[one].chars), -one))
            if _repeats(runs[short], runs[long]):
                dropped.add(short)
            elif _says(runs[short]) and _says(runs[long]):
                places.append(_union(runs[short].box, runs[long].box))
    return [run for at, run in enumerate(runs) if at not in dropped], places


def _order(run: Run) -> tuple[int, float]:
    return run.turn or 0, run.base


def _larger(runs: Sequence[Run], at: int, other: int) -> float:
    return max(runs[at].em, runs[other].em)


def _overlap(one: Run, other: Run) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > OVERLAP_EM * min(one.em, other.em)


def _says(run: Run) -> bool:
    return any(char.isalnum() for char in run.chars)


def _repeats(short: Run, long: Run) -> bool:
    """Whether each letter of one stands, within a hair, in the other as well."""
    if abs(short.base - long.base) > _SAME_EM * long.em:
        return False
    known: dict[str, list[float]] = {}
    for place, char in sorted(zip(long.places, long.chars, strict=True)):
        known.setdefault(char, []).append(place)
    hair = _SAME_EM * long.em
    for char, place in zip(short.chars, short.places, strict=True):
        there = known.get(char, [])
        at = bisect_left(there, place - hair)
        if char != " " and (at == len(there) or there[at] > place + hair):
            return False
    return True


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
