"""When somebody is reminded of records they were asked for, and when nobody waits any longer."""

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
