"""Laboratory values as small plots: each test's values by the day of their sheet, over the reference band."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH, HEIGHT, MARGIN = 132, 32, 6


@dataclass(frozen=True)
class Point:
    """One value in the plot's pixels."""

    x: float
    y: float


@dataclass(frozen=True)
class EarlierValue:
    """A value that a sheet prints beside a newer one, with its day; it is no finding of its own."""

    data: dict[str, str]
    earlier: bool = True


@dataclass(frozen=True)
class Trend:
    """One test: ``dated`` values oldest first, and those of ``undated`` sheets, which have no place in time.

    What a sheet prints as an earlier value stands among the dated ones at its day, unless it was read from its own
    sheet too.

    ``points`` are the dated ones, to the scale of time; empty where a value is no number (``<5``, ``positive``). A
    value in doubt has none: which of its readings would be drawn?
    ``band`` is the reference range as top and height in pixels, ``None`` where no side is known.
    """

    name: str
    dated: tuple[Any, ...]
    undated: tuple[Any, ...] = ()
    points: tuple[Point, ...] = ()
    band: tuple[float, float] | None = None

    @property
    def latest(self) -> Any:
        """The newest value, or the only one; ``None`` where it cannot be told which is the newest."""
        if found := [row for row in self.dated if not isinstance(row, EarlierValue)]:
            return found[-1]
        return self.undated[0] if len(self.undated) == 1 else None

    @property
    def unit(self) -> str:
        """The unit of every value, as the first sheet prints it."""
        found = next(row for row in (*self.dated, *self.undated) if not isinstance(row, EarlierValue))
        return str(found.data.get("unit") or "")

    @property
    def line(self) -> str:
        """The points of an SVG polyline."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def trends(findings: Iterable[Any]) -> tuple[Trend, ...]:
    """One trend for each test and unit, in the order in which the tests first appear.

    Values in different units are different trends: nothing is converted here. A test that has no code is known by the
    name and specimen that are printed.
    """
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for finding in findings:
        data = finding.data
        named = f"{data.get('name') or finding.title} {data.get('specimen')}".casefold()
        grouped[str(data.get("loinc") or named), str(data.get("unit_ucum") or data.get("unit"))].append(finding)
    return tuple(_trend(rows) for rows in grouped.values())


def day_of(finding: Any) -> date | None:
    """The day that the result's sheet names; ``None`` where it names none, or may mean several."""
    try:
        return date.fromisoformat(str(finding.data.get("observed_on") or ""))
    except ValueError:
        return None


def _with_earlier(rows: Sequence[Any]) -> Iterable[Any]:
    """The rows, and what they print as earlier values of a certain day, each once."""
    told = {(row.data.get("observed_on"), row.data.get("number") or row.data.get("value")) for row in rows}
    for row in rows:
        yield row
        for one in row.data.get("history") or ():
            key = (one["date"], one.get("number") or one["value"])
            told_of = {"observed_on": one["date"], "value": one["value"], "number": one.get("number", "")}
            # Two readings of a row may be of any of its values.
            earlier = EarlierValue(told_of | {"doubt": str(row.data.get("doubt") or "")})
            if key not in told and day_of(earlier) is not None:
                told.add(key)
                yield earlier


def _trend(rows: Sequence[Any]) -> Trend:
    days = [(day, number, row) for number, row in enumerate(_with_earlier(rows)) if (day := day_of(row))]
    dated = tuple(row for _, _, row in sorted(days, key=lambda one: one[:2]))
    undated = tuple(row for row in rows if day_of(row) is None)
    name = str(rows[-1].data.get("name") or rows[-1].title)
    sure = [(day, row) for day, _, row in sorted(days, key=lambda one: one[:2]) if not row.data.get("doubt")]
    values = [None if row.data.get("comparator") else _number(row.data.get("number")) for _, row in sure]
    numbers = [value for value in values if value is not None]
    if not numbers or len(numbers) != len(values):
        return Trend(name, dated, undated)
    low, high = (_number(dated[-1].data.get(side)) for side in ("low", "high"))
    top, bottom = _scale(numbers, low, high)
    places = _in_time([day for day, _ in sure])
    points = tuple(Point(x, _y(value, top, bottom)) for x, value in zip(places, numbers, strict=True))
    return Trend(name, dated, undated, points, _band(low, high, top, bottom))


def _in_time(days: Sequence[date]) -> list[float]:
    """Where each day stands from left to right: distances are those in time; values of one day stand together."""
    whole = (days[-1] - days[0]).days
    if not whole:
        return [WIDTH / 2 for _ in days]
    return [round(MARGIN + (day - days[0]).days / whole * (WIDTH - 2 * MARGIN), 1) for day in days]


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
