"""Laboratory values as small plots: each test's values in the order of the documents, over the reference band."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

WIDTH, HEIGHT, MARGIN = 132, 32, 6


@dataclass(frozen=True)
class Point:
    """One value in the plot's pixels."""

    x: float
    y: float


@dataclass(frozen=True)
class Trend:
    """One test: ``findings`` oldest first; ``points`` is empty where a value is no number (``<5``, ``positive``).

    ``band`` is the reference range as top and height in pixels, ``None`` where no side is known.
    """

    name: str
    findings: tuple[Any, ...]
    points: tuple[Point, ...] = ()
    band: tuple[float, float] | None = None

    @property
    def latest(self) -> Any:
        """The newest value."""
        return self.findings[-1]

    @property
    def line(self) -> str:
        """The points of an SVG polyline."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def trends(findings: Iterable[Any], documents: Sequence[UUID]) -> tuple[Trend, ...]:
    """One trend for each test and unit, in the order in which the tests first appear.

    ``documents`` are ids, oldest first. Values in different units are different trends: nothing is converted here.
    """
    order = {document: number for number, document in enumerate(documents)}
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for finding in findings:
        grouped[str(finding.data.get("loinc")), str(finding.data.get("unit_ucum"))].append(finding)
    return tuple(
        _trend(sorted(rows, key=lambda f: (order.get(f.document_id, -1), f.page))) for rows in grouped.values()
    )


def _trend(rows: list[Any]) -> Trend:
    name = str(rows[-1].data.get("name") or rows[-1].title)
    values = [None if row.data.get("comparator") else _number(row.data.get("number")) for row in rows]
    numbers = [value for value in values if value is not None]
    if len(numbers) != len(values):
        return Trend(name, tuple(rows))
    low, high = (_number(rows[-1].data.get(side)) for side in ("low", "high"))
    top, bottom = _scale(numbers, low, high)
    step = (WIDTH - 2 * MARGIN) / max(1, len(numbers) - 1)
    first = MARGIN if len(numbers) > 1 else WIDTH / 2
    points = tuple(Point(round(first + n * step, 1), _y(value, top, bottom)) for n, value in enumerate(numbers))
    return Trend(name, tuple(rows), points, _band(low, high, top, bottom))


def _scale(values: list[float], low: float | None, high: float | None) -> tuple[float, float]:
    """The values at the plot's upper and lower edge: everything fits, with a tenth of room."""
    shown = [*values, *(side for side in (low, high) if side is not None)]
    room = (max(shown) - min(shown)) * 0.1 or abs(max(shown)) * 0.1 or 1.0
    return max(shown) + room, min(shown) - room


def _band(low: float | None, high: float | None, top: float, bottom: float) -> tuple[float, float] | None:
    """A side that is not known is open: the band goes to the plot's edge."""
    if low is None and high is None:
        return None
    upper = 0.0 if high is None else _y(high, top, bottom)
    lower = float(HEIGHT) if low is None else _y(low, top, bottom)
    return upper, round(lower - upper, 1)


def _y(value: float, top: float, bottom: float) -> float:
    return round(HEIGHT * (top - value) / (top - bottom), 1)


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
