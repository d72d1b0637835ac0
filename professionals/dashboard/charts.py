"""A specialist's figures as plots: points and bars in pixels; the pages' tables say the same in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from professionals.dashboard.words import LABELS

WIDTH, HEIGHT, MARGIN = 480, 120, 10
SIDE = 220
BAR = 160


@dataclass(frozen=True)
class Month:
    """One month of the line: the median days, and where its dot is; ``x`` without ``y`` where no day is known."""

    month: str
    signed: int
    days: float | None
    x: float
    y: float | None


@dataclass(frozen=True)
class Line:
    """Days over months. ``slowest`` is the value at the upper edge."""

    months: tuple[Month, ...]
    slowest: float

    @property
    def points(self) -> str:
        """The points of an SVG polyline."""
        return " ".join(f"{one.x},{one.y}" for one in self.months if one.y is not None)


@dataclass(frozen=True)
class Bar:
    """How often something was chosen: its words, number, and the bar's pixels."""

    label: str
    count: int
    width: float


@dataclass(frozen=True)
class Dot:
    """Opinions with about the same confidence: stated and held (0 to 1), how many, and the dot in pixels."""

    stated: float
    held: float
    count: int
    x: float
    y: float
    radius: float


def turnaround(months: Sequence[Mapping[str, Any]]) -> Line:
    """The median days of each month on a scale from 0 to the slowest."""
    slowest = max((one["turnaround_days"] or 0 for one in months), default=0) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(1, len(months) - 1)
    shown = []
    for number, one in enumerate(months):
        days = one["turnaround_days"]
        y = None if days is None else round(HEIGHT - MARGIN - days / slowest * (HEIGHT - 2 * MARGIN), 1)
        shown.append(Month(one["month"], one["signed"], days, round(MARGIN + number * step, 1), y))
    return Line(tuple(shown), slowest)


def bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """One bar for each code, the longest over the whole width."""
    most = max(counts.values(), default=1)
    return tuple(
        Bar(str(LABELS.get(code, code)), count, round(count / most * BAR, 1)) for code, count in counts.items()
    )


def calibration(groups: Sequence[Mapping[str, Any]]) -> tuple[Dot, ...]:
    """Stated confidence to the right, what held upwards: on the diagonal one is as sure as one may be."""
    most = max((one["count"] for one in groups), default=1)
    return tuple(
        Dot(
            one["stated"],
            one["held"],
            one["count"],
            round(one["stated"] * SIDE, 1),
            round((1 - one["held"]) * SIDE, 1),
            round(3 + 6 * one["count"] / most, 1),
        )
        for one in groups
    )
