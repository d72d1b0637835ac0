"""When somebody is reminded, and when nobody waits any longer."""

from datetime import UTC, datetime, timedelta

from cases.domain.workflow.reminders import lapsed, next_reminder

DUE = datetime(2026, 5, 20, 9, tzinfo=UTC)


def test_reminders_come_three_days_before_on_and_a_week_after_the_date() -> None:
    at, found = DUE - timedelta(days=7), []
    while (after := next_reminder(DUE, at)) is not None:
        found.append((after - DUE).days)
        at = after
    assert found == [-3, 0, 7]


def test_a_date_that_is_near_has_no_reminder_before_it() -> None:
    assert next_reminder(DUE, DUE - timedelta(days=2)) == DUE


def test_what_was_missed_is_not_made_up_for() -> None:
    assert next_reminder(DUE, DUE + timedelta(days=6)) == DUE + timedelta(days=7)
    assert next_reminder(DUE, DUE + timedelta(days=7)) is None


def test_after_two_weeks_nobody_waits() -> None:
    assert not lapsed(DUE, DUE + timedelta(days=13))
    assert lapsed(DUE, DUE + timedelta(days=14))
