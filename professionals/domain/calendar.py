"""When a specialist is free, and the calendar file. Weekly hours are local times of the specialist's time zone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Window:
    """A time from ``start`` until before ``end``, both with their zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Entry:
    """A time that is taken, as the calendar file shows it."""

    id: str
    kind: str
    window: Window


def free_windows(
    weekly: Iterable[Mapping[str, object]], zone: str, taken: Iterable[Window], asked: Window
) -> tuple[Window, ...]:
    """The weekly hours within ``asked`` without what is taken, in order.

    ``weekly``: weekday (0 is Monday), start and end as HH:MM. An hour that a change of the clocks skips is not there.
    """
    local = ZoneInfo(zone)
    rules = list(weekly)
    found: list[Window] = []
    day = asked.start.astimezone(local).date()
    while day <= asked.end.astimezone(local).date():
        for rule in rules:
            if rule["weekday"] == day.weekday():
                start = _instant(day, str(rule["start"]), local)
                end = _instant(day, str(rule["end"]), local)
                found.append(Window(max(start, asked.start), min(end, asked.end)))
        day += timedelta(days=1)
    for busy in taken:
        found = [rest for window in found for rest in _without(window, busy)]
    return tuple(sorted((w for w in found if w.start < w.end), key=lambda w: w.start))


def ics(entries: Iterable[Entry], made_at: datetime) -> str:
    """An iCalendar file (RFC 5545) of what is taken; it names neither cases nor patients."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Second Opinion Platform//Availability//EN"]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.id}@second-opinion",
            f"DTSTAMP:{_stamp(made_at)}",
            f"DTSTART:{_stamp(entry.window.start)}",
            f"DTEND:{_stamp(entry.window.end)}",
            f"SUMMARY:{entry.kind.capitalize()}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _instant(day: date, wall: str, zone: ZoneInfo) -> datetime:
    """When clocks show the time; for one that a change of the clocks skips, when they change."""
    shown = datetime.combine(day, time.fromisoformat(wall), zone)
    at = shown.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return at
    # By the offset of before it is later than the change, by the offset of after it is earlier (PEP 495).
    early, late = shown.replace(fold=1).astimezone(UTC), at
    offset = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        early, late = (early, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, late)
    return late.replace(microsecond=0)


def _without(window: Window, busy: Window) -> tuple[Window, ...]:
    if busy.end <= window.start or busy.start >= window.end:
        return (window,)
    return (Window(window.start, busy.start), Window(busy.end, window.end))


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
