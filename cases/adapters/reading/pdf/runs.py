"""Runs of text from glyphs: words that stand beside one another on a baseline, spaced by what is seen."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from cases.adapters.reading.layout import Turn
from cases.adapters.reading.pdf.glyphs import BLANKS, Box, Span

#: Parts of the font's size: up to the first gap letters belong together, up to the second words do.
GLUE_EM: Final = 0.15
CELL_EM: Final = 1.0
#: Words stand further apart than letters do by this, in spaced type too; at least and at most so far.
MORE_EM, MIN_EM, MAX_EM = 0.12, 0.1, 0.3
#: How far a letter may lie over the one before it and still be its neighbour.
KERN_EM: Final = 0.3
#: How far a word may begin over a number, or a number over a word; and if each letter is drawn by itself.
OVER_EM, KERNED_EM = 0.03, 0.15
#: How far two words may lie over one another before that is called an overlap.
OVERLAP_EM: Final = 0.25
#: So many runs further on the same height is looked for overlaps.
MAX_NEIGHBOURS: Final = 64
_ASCENT_EM, _DESCENT_EM = 0.76, 0.22
_LATIN, _PLAIN = "\u058f", "\u02ff"
_SAME_EM: Final = 0.15
_NEAR_EM: Final = 0.7


@dataclass(slots=True)
class Run:
    """A piece of a line: along its baseline from `start` to `end`, the box in page space; blanks drawn around it."""

    em: float
    base: float
    turn: Turn | None
    start: float = math.inf
    end: float = -math.inf
    chars: list[str] = field(default_factory=list)
    places: list[float] = field(default_factory=list)
    box: Box = (0.0, 0.0, 0.0, 0.0)
    mapped: bool = True
    blank_before: bool = False
    blank_after: bool = False

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(self.chars)

    def takes(self, char: str, start: float, end: float) -> None:
        """Add a letter behind the last."""
        self.chars.append(char)
        self.places.append(start)
        if end > self.end:
            self.end = end
        if start < self.start:
            self.start = start

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
    for span in _forward(spans):
        builder.add(span)
    builder.close()
    return [run.framed() if run.turn is not None else run for run in builder.done]


def _forward(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, with letters that the engine gives backwards one by one put the right way round."""
    letters: list[Span] = []
    for span in spans:
        if letters and not _follows_backwards(letters[-1], span):
            yield from reversed(letters)
            letters = []
        letters.append(span)
    yield from reversed(letters)


def _follows_backwards(before: Span, span: Span) -> bool:
    if len(before.glyphs) != 1 or len(span.glyphs) != 1 or span.turn is None or before.turn != span.turn:
        return False
    (char, box), (_, there) = span.glyphs[0], before.glyphs[0]
    on_line = abs(before.base - span.base) <= 0.1 * span.em
    return on_line and not _right_to_left(char) and _ALONG[span.turn](box)[0] < _ALONG[span.turn](there)[0]


class _Builder:
    """Joins glyphs to runs: a new one begins where the line, the direction or the distance changes."""

    def __init__(self) -> None:
        self.done: list[Run] = []
        self._run: Run | None = None
        self._blank = False
        #: Whether the last operation drew a single letter: then each may be kerned by itself.
        self._lone = False
        #: How far letters of this size usually stand apart, and how far words.
        self._size, self._gaps = 0.0, (0.0, GLUE_EM)

    def close(self) -> None:
        if self._run is not None:
            self._run.blank_after = self._blank
            self.done.append(self._run)
        self._run, self._blank = None, False

    def add(self, span: Span) -> None:
        highest = max(char for char, _ in span.glyphs)
        if span.turn is None or (highest > _LATIN and any(_right_to_left(char) for char, _ in span.glyphs)):
            self.close()
            self._add_whole(span)
            return
        run = self._run
        if run is not None and (run.turn != span.turn or _differs(run, span)):
            self.close()
        before: Box | None = None
        em, along = span.em, _ALONG[span.turn]
        usual, glue = self._gaps if self._size == em else (0.0, GLUE_EM)
        for char, box in span.glyphs:
            run = self._run
            if char in BLANKS:
                self._blank = True
            elif run is not None and before is not None and (box == before or (char > _PLAIN and _is_mark(char))):
                run.takes(char, run.end, run.end)
            else:
                start, end = along(box)
                if run is not None:
                    gap = (start - run.end) / em
                    if not -KERN_EM <= gap <= CELL_EM or (
                        before is None and not self._blank and self._over(span, char, gap)
                    ):
                        self.close()
                        run = None
                    elif self._blank or gap > glue:
                        run.takes(" ", run.end, run.end)
                    else:
                        usual += 0.25 * (gap - usual)
                        glue = min(max(MIN_EM, usual + MORE_EM), MAX_EM)
                if run is None:
                    run = self._run = Run(em, span.base, span.turn, start, blank_before=self._blank)
                run.takes(char, start, end)
                self._blank = False
            before = box
        if run is not None and not span.mapped:
            run.mapped = False
        self._lone, self._size, self._gaps = len(span.glyphs) == 1, em, (usual, glue)

    def _over(self, span: Span, char: str, gap: float) -> bool:
        """Whether another operation begins over the end of a word, and not as its next letter or digit."""
        limit = -KERNED_EM if self._lone and len(span.glyphs) == 1 else -OVER_EM
        return gap < limit and self._run is not None and self._run.chars[-1].isdigit() != char.isdigit()

    def _add_whole(self, span: Span) -> None:
        """Askew, or from right to left: in the order in which the engine gives the letters."""
        run = Run(span.em, span.base, span.turn, mapped=span.mapped)
        for char, box in span.glyphs:
            start, end = _ALONG[span.turn or 0](box)
            run.takes(" " if char in BLANKS else char, start, end)
        if run.text.strip():
            run.box = span.bounds()
            self.done.append(run)


def _differs(run: Run, span: Span) -> bool:
    """Whether it stands on another height, or is of another size."""
    return abs(run.base - span.base) > 0.1 * span.em or not 0.6 < span.em / run.em < 1.6


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _right_to_left(char: str) -> bool:
    return char > _LATIN and unicodedata.bidirectional(char) in {"R", "AL"}


#: From where to where a box reaches along the line, by how its text lies.
_ALONG: Final[dict[Turn, Callable[[Box], tuple[float, float]]]] = {
    0: lambda box: (box[0], box[2]),
    90: lambda box: (-box[3], -box[1]),
    180: lambda box: (-box[2], -box[0]),
    270: lambda box: (box[1], box[3]),
}


def set_apart(runs: Sequence[Run]) -> tuple[list[Run], list[Box]]:
    """The runs without those that are printed twice for boldness or shadow, and where different words overlap."""
    dropped: set[int] = set()
    places: list[Box] = []
    lying = sorted((at for at, run in enumerate(runs) if run.turn is not None), key=lambda at: _order(runs[at]))
    for place, at in enumerate(lying):
        for other in lying[place + 1 : place + 1 + MAX_NEIGHBOURS]:
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
