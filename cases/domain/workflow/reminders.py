"""When somebody is reminded of records they were asked for or of a case that lies still, and when nobody waits on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

LINK_LIVES = timedelta(days=14)
LAPSES = timedelta(days=14)
_BEFORE_AND_AFTER_DUE = (timedelta(days=-3), timedelta(0), timedelta(days=7))


def next_reminder(due_at: datetime, after: datetime) -> datetime | None:
    """The first reminder later than ``after``; ``None`` when there is none left.

    Those that were missed (nobody ran for a week) are not made up for: one mail says as much as three.
    """
    return next((due_at + gap for gap in _BEFORE_AND_AFTER_DUE if due_at + gap > after), None)


def lapsed(due_at: datetime, at: datetime) -> bool:
    """Whether the records are not waited for any longer."""
    return at >= due_at + LAPSES


# A case that lies still is spoken of twice before it ends, with time to answer after each.
IDLE_AFTER = (timedelta(days=14), timedelta(days=25))
ENDS_AFTER = timedelta(days=30)
_BETWEEN = timedelta(days=7)
_LAST_GRACE = timedelta(days=3)


def idle_reminder_due(still_since: datetime, sent: Sequence[datetime], at: datetime) -> int | None:
    """The number (1 or 2) of the reminder to send now; ``sent`` are those of this rest, oldest first."""
    if len(sent) >= len(IDLE_AFTER) or (sent and at < sent[-1] + _BETWEEN):
        return None
    return len(sent) + 1 if at >= still_since + IDLE_AFTER[len(sent)] else None


def earliest_end(still_since: datetime, number: int, at: datetime) -> datetime:
    """Before when a case does not end whose reminder ``number`` goes out at ``at``."""
    last = at if number >= len(IDLE_AFTER) else max(at + _BETWEEN, still_since + IDLE_AFTER[-1])
    return max(still_since + ENDS_AFTER, last + _LAST_GRACE)


def reminded_enough(sent: Sequence[datetime], at: datetime) -> bool:
    """Whether both reminders went out, and the last one long enough ago to be answered."""
    return len(sent) >= len(IDLE_AFTER) and at >= sent[-1] + _LAST_GRACE
