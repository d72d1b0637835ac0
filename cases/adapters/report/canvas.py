"""Flowables that say what they are while they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from reportlab.lib.colors import black
from reportlab.platypus import Flowable, Paragraph

from cases.adapters.report.tags import tags_of

_KINDS = {"title": "H1", "heading": "H2", "subheading": "H3", "question": "H3"}


class Tagged(Paragraph):
    """A paragraph that says what it is; its style's name tells."""

    def draw(self) -> None:
        """Draw it as content of its kind."""
        with tags_of(self.canv).content(self.canv, _KINDS.get(self.style.name, "P")):
            super().draw()


class Squares(Flowable):
    """A grid of dark squares, ``side`` points wide, with words for those who do not see it."""

    def __init__(self, rows: Sequence[Sequence[bool]], side: float, alt: str) -> None:
        super().__init__()
        self.width = self.height = side
        self._rows, self._alt = rows, alt

    def wrap(self, *_room: float) -> tuple[float, float]:
        """Always its own size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it as a figure: one path, of the runs of dark squares in each row."""
        step, path = self.width / len(self._rows), self.canv.beginPath()
        for number, row in enumerate(self._rows, start=1):
            at = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    path.rect(at * step, self.height - number * step, length * step, step)
                at += length
        with tags_of(self.canv).content(self.canv, "Figure", self._alt):
            self.canv.setFillColor(black)
            self.canv.drawPath(path, stroke=0, fill=1)
