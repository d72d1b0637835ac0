"""A campaign begins when the clock on the wall says so, where its people are, and keeps its hours there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest

from notifications.domain.schedule import RECIPIENT, first_start, opens_at, start_in, zone_for

DAY, NINE = date(2026, 12, 1), time(9)


def test_each_goes_by_their_own_clock_or_all_by_one() -> None:
    assert zone_for(RECIPIENT, "Asia/Tokyo") == "Asia/Tokyo"
    assert zone_for(RECIPIENT, None) == "UTC"
    assert zone_for("Europe/Berlin", "Asia/Tokyo") == "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Tokyo", 0), ("Europe/Berlin", 8), ("UTC", 9), ("America/New_York", 14)]
)
def test_nine_in_the_morning_is_another_instant_in_each_zone(zone: str, hour: int) -> None:
    assert start_in(zone, day=DAY, at=NINE) == datetime(2026, 12, 1, hour, tzinfo=UTC)


def test_a_campaign_in_every_zone_begins_no_later_than_in_any_of_them() -> None:
    first = first_start(RECIPIENT, day=DAY, at=NINE)
    starts = {zone: start_in(zone, day=DAY, at=NINE) for zone in available_timezones()}
    assert min(starts.values()) == first
    assert all(start.astimezone(ZoneInfo(zone)).hour == 9 for zone, start in starts.items())


def test_a_time_that_summer_time_leaves_out_is_the_instant_after_the_gap() -> None:
    start = start_in("Europe/Berlin", day=date(2027, 3, 28), at=time(2, 30))
    assert start.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3)


@pytest.mark.parametrize(
    ("hour", "opens"),
    [(8, None), (16, None), (17, datetime(2026, 12, 2, 8, tzinfo=UTC)), (7, datetime(2026, 12, 1, 8, tzinfo=UTC))],
)
def test_outside_of_its_hours_it_waits_for_the_next_morning_there(hour: int, opens: datetime | None) -> None:
    now = datetime(2026, 12, 1, hour, tzinfo=UTC)
    assert opens_at(now, window_from=time(9), window_to=time(18), zone="Europe/Berlin") == opens


def test_without_hours_it_never_waits() -> None:
    assert opens_at(datetime(2026, 12, 1, 3, tzinfo=UTC), window_from=None, window_to=None, zone="UTC") is None
