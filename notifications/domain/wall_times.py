"""What a clock on the wall says where somebody lives, as instants: across gaps and folds of daylight saving.

A wall time that a fold shows twice means the first of the two. One that a gap leaves out means the first instant after
the gap: whoever wanted to be told at half past two is told at three.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# A clock is put forward by a day at most (where the date line was moved).
_MAX_GAP = timedelta(hours=26)
_SECOND = timedelta(seconds=1)


def first_instant(*, day: date, at: time, zone: tzinfo) -> datetime:
    """The first instant of a local date at which the wall clock shows ``at``, or has gone past it."""
    wanted = datetime.combine(day, at).replace(tzinfo=None, fold=0)
    there = wanted.replace(tzinfo=zone).astimezone(UTC)
    if wall_time(there, zone) == wanted:
        return there
    # In a gap the offset that held before it is taken, so that ``there`` lies after the gap.
    before, after = there - _MAX_GAP, there
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if wall_time(middle, zone) < wanted:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def is_skipped(*, day: date, at: time, zone: tzinfo) -> bool:
    """Whether no clock on a wall there shows ``at`` on that day, because it is put forward over it."""
    wanted = datetime.combine(day, at).replace(tzinfo=None, fold=0)
    return wall_time(wanted.replace(tzinfo=zone).astimezone(UTC), zone) != wanted


def next_at(*, after: datetime, at: time, zone: tzinfo) -> tuple[date, datetime]:
    """The next instant after ``after`` at which the wall clock comes to ``at``, with its local date."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    while (instant := first_instant(day=day, at=at, zone=zone)) <= after:
        day += timedelta(days=1)
    return day, instant


def quiet_until(*, now: datetime, begins: time | None, ends: time | None, zone: tzinfo) -> datetime | None:
    """When the quiet hours that hold at ``now`` end; ``None`` outside of them.

    Hours that begin later than they end go over midnight; those that end when they begin are none.
    """
    if begins is None or ends is None or begins == ends:
        return None
    here = wall_time(now, zone).time()
    inside = begins <= here < ends if begins < ends else here >= begins or here < ends
    return next_at(after=now, at=ends, zone=zone)[1] if inside else None


def wall_time(instant: datetime, zone: tzinfo) -> datetime:
    """What the wall clock shows at ``instant``: date and time, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def zone_of(name: str | None) -> ZoneInfo | None:
    """The zone that somebody named; ``None`` when nobody did (``UTC`` is what an account begins with).

    A name that the zones of this machine have no more is nobody's either: one row must not stop everybody's digests.
    """
    if not name or name == "UTC":
        return None
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return None
