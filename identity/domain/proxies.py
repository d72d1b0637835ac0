"""What a patient may let somebody else do, and for how long."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

READ, UPLOAD, MESSAGE, MANAGE = "read", "upload", "message", "manage"
# manage: write and submit a case, as a guardian must; nobody writes what they may not read.
SCOPES = (READ, UPLOAD, MESSAGE, MANAGE)
TREATING = "treating_clinician"
# Not a relationship that anybody names: two accounts of one person.
MERGED = "merged"
RELATIONSHIPS = ("spouse", "parent", "child", "sibling", "friend", "legal_guardian", TREATING, "other")
MAX_DURATION = timedelta(days=366)
ADULT_YEARS = 18


def ordered(scopes: Iterable[str]) -> str:
    """Scopes as they are stored: each once, in the order of ``SCOPES``, with commas; manage brings read."""
    wanted = set(scopes)
    if MANAGE in wanted:
        wanted.add(READ)
    return ",".join(scope for scope in SCOPES if scope in wanted)


def eighteenth_birthday(born: date) -> datetime:
    """The instant (UTC) at which somebody is of age; for those born on 29 February, 1 March."""
    year = born.year + ADULT_YEARS
    try:
        day = born.replace(year=year)
    except ValueError:
        day = date(year, 3, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def is_minor(born: date | None, now: datetime) -> bool:
    """Whether somebody is known to be under eighteen."""
    return born is not None and now < eighteenth_birthday(born)
