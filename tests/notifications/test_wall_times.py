"""Wall times across gaps and folds: the rules by hand, and every zone of the machine held against PostgreSQL.

``SOP_ZONES=1`` takes all zones; without it a fixed sample of the odd ones is taken.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import connections

from notifications.domain.wall_times import first_instant, next_at, quiet_until, wall_time, zone_of

BERLIN = ZoneInfo("Europe/Berlin")
# Half an hour of summer time, two hours, gaps at midnight, winter time that is the exception, quarters of an hour.
SAMPLE = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Chatham",
    "UTC",
)
FIRST, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 760
HOURS = (time(0, 0), time(2, 30), time(8, 0), time(23, 45))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "wall", "day", "instant"),
    [
        ("2026-01-10T06:59", time(8), "2026-01-10", "2026-01-10T07:00"),
        ("2026-01-10T07:00", time(8), "2026-01-11", "2026-01-11T07:00"),
        ("2026-07-10T06:30", time(8), "2026-07-11", "2026-07-11T06:00"),
        # The gap of 29 March leaves out 02:00 to 03:00.
        ("2026-03-28T23:00", time(2, 30), "2026-03-29", "2026-03-29T01:00"),
        ("2026-03-29T01:00", time(2, 30), "2026-03-30", "2026-03-30T00:30"),
        # The fold of 25 October shows 02:30 twice: the first counts, and only once.
        ("2026-10-24T23:00", time(2, 30), "2026-10-25", "2026-10-25T00:30"),
        ("2026-10-25T00:30", time(2, 30), "2026-10-26", "2026-10-26T01:30"),
    ],
)
def test_the_next_instant_of_a_wall_time(after: str, wall: time, day: str, instant: str) -> None:
    assert next_at(after=at(after), at=wall, zone=BERLIN) == (date.fromisoformat(day), at(instant))


def test_a_day_that_the_date_line_took_has_the_first_instant_of_the_next() -> None:
    # Samoa went from the 29th straight to the 31st.
    found = first_instant(day=date(2011, 12, 30), at=time(8), zone=ZoneInfo("Pacific/Apia"))
    assert wall_time(found, ZoneInfo("Pacific/Apia")) == datetime.fromisoformat("2011-12-31")


@pytest.mark.parametrize(
    ("now", "begins", "ends", "until"),
    [
        ("2026-01-10T20:59", time(22), time(7), None),
        ("2026-01-10T21:00", time(22), time(7), "2026-01-11T06:00"),
        ("2026-01-11T05:59", time(22), time(7), "2026-01-11T06:00"),
        ("2026-01-11T06:00", time(22), time(7), None),
        ("2026-01-11T12:00", time(13), time(15), "2026-01-11T14:00"),
        ("2026-01-11T14:00", time(13), time(15), None),
        ("2026-01-11T12:00", time(13), time(13), None),
        ("2026-01-11T12:00", None, time(15), None),
        # Through the night of the gap, and of the fold.
        ("2026-03-28T22:00", time(21), time(8), "2026-03-29T06:00"),
        ("2026-10-24T22:00", time(21), time(8), "2026-10-25T07:00"),
        # They end in the gap: at its end. They end in the fold: at the first of the two.
        ("2026-03-29T00:30", time(22), time(2, 30), "2026-03-29T01:00"),
        ("2026-10-25T00:10", time(22), time(2, 30), "2026-10-25T00:30"),
    ],
)
def test_quiet_hours_end_when_the_wall_says_so(now: str, begins: time, ends: time, until: str | None) -> None:
    found = quiet_until(now=at(now), begins=begins, ends=ends, zone=BERLIN)
    assert found == (at(until) if until else None)


def test_an_account_that_never_named_its_zone_has_none() -> None:
    assert zone_of("UTC") is zone_of("") is zone_of(None) is zone_of("Atlantis/Capital") is None
    assert zone_of("Europe/Berlin") == BERLIN


# Is the instant's wall time the wanted one; or else, does a gap end exactly there? And is there none before it that the
# clock shows the same at, going back by as much as the offset changed since the day before?
_WRONG = """
WITH asked AS (
    SELECT *, day + at AS wanted FROM unnest(%s::timestamptz[], %s::date[], %s::time[]) AS asked (instant, day, at)
), seen AS (
    SELECT *, instant AT TIME ZONE %s AS here, (instant - interval '1 second') AT TIME ZONE %s AS before,
        ((instant - interval '26 hours') AT TIME ZONE %s) - (instant AT TIME ZONE %s) + interval '26 hours' AS lost
    FROM asked
)
SELECT instant, day, at, here FROM seen
WHERE NOT (here = wanted OR (here > wanted AND before < wanted))
   OR (lost > interval '0' AND (instant - lost) AT TIME ZONE %s = wanted)
"""


def days(zone: ZoneInfo, hour: time) -> Iterator[tuple[datetime, date, time]]:
    after = FIRST
    for _ in range(DAYS):
        day, after = next_at(after=after, at=hour, zone=zone)
        yield after, day, hour


def known_to_postgresql() -> set[str]:
    """CET, EET, MET and WET are left out: PostgreSQL takes them for abbreviations, of winter time all the year."""
    with connections["notifications"].cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_timezone_names"
            " WHERE upper(name) NOT IN (SELECT upper(abbrev) FROM pg_timezone_abbrevs)"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_day_of_every_zone_is_the_one_of_postgresql() -> None:
    zones = sorted(available_timezones() & known_to_postgresql()) if "SOP_ZONES" in os.environ else SAMPLE
    wrong, checked = [], 0
    for name in zones:
        found = [one for hour in HOURS for one in days(ZoneInfo(name), hour)]
        for start in range(0, len(found), DAYS):
            dates = [day for _, day, _ in found[start : start + DAYS]]
            assert all(later - day == timedelta(days=1) for day, later in pairwise(dates)), name
        with connections["notifications"].cursor() as cursor:
            cursor.execute(_WRONG, [*(list(column) for column in zip(*found, strict=True)), *[name] * 5])
            wrong += [(name, *row) for row in cursor.fetchall()]
        checked += len(found)
    print(f"{len(zones)} zones, {checked:,} instants, {len(wrong)} wrong")
    assert not wrong, wrong[:10]
