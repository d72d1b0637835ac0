"""When somebody's turn in a campaign may come, by the clock on the wall where they are or where the campaign is."""

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from notifications.domain.wall_times import first_instant, quiet_until

# Of a campaign: each of its people goes by their own clock.
RECIPIENT = "recipient"
# Whoever has not said where they live goes by this one.
UNKNOWN = "UTC"
# A date begins here before it begins anywhere else.
_EASTERNMOST = timezone(timedelta(hours=14))


def zone_for(campaign_zone: str, person_zone: str | None) -> str:
    """The name of the zone whose clock counts for one person."""
    return campaign_zone if campaign_zone != RECIPIENT else person_zone or UNKNOWN


def start_in(zone: str, *, day: date, at: time) -> datetime:
    """The instant at which a clock in ``zone`` comes to a time of a date."""
    return first_instant(day=day, at=at, zone=ZoneInfo(zone))


def first_start(campaign_zone: str, *, day: date, at: time) -> datetime:
    """The instant before which nobody's turn comes."""
    zone: tzinfo = _EASTERNMOST if campaign_zone == RECIPIENT else ZoneInfo(campaign_zone)
    return first_instant(day=day, at=at, zone=zone)


def opens_at(now: datetime, *, window_from: time | None, window_to: time | None, zone: str) -> datetime | None:
    """When the hours in which it may be sent begin again; ``None`` while they last, and where there are none."""
    return quiet_until(now=now, begins=window_to, ends=window_from, zone=ZoneInfo(zone))
