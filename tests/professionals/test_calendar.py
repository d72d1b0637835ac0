"""The calendar: nothing overlaps, absence stops offers, free time in the specialist's zone, the feed by its secret."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from config.kernel import clock
from config.kernel.errors import Conflict, Invalid, NotFound
from professionals import services
from professionals.domain.calendar import Window, free_windows
from professionals.models import CalendarEntry
from tests.professionals.conftest import register

Make = Callable[..., Any]
HOUR = timedelta(hours=1)
MORNINGS = [{"weekday": day, "start": "09:00", "end": "12:00"} for day in range(7)]


def at(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


def test_local_hours_follow_the_change_of_the_clocks() -> None:
    # Berlin goes from UTC+1 to UTC+2 on 28 March 2027.
    found = free_windows(MORNINGS, "Europe/Berlin", (), Window(at(27, 0), at(29, 0)))
    assert found == (Window(at(27, 8), at(27, 11)), Window(at(28, 7), at(28, 10)))


def test_what_is_taken_is_cut_out() -> None:
    taken = [Window(at(1, 9, 6), at(1, 10, 6))]
    found = free_windows(MORNINGS, "UTC", taken, Window(at(1, 0, 6), at(1, 23, 6)))
    assert found == (Window(at(1, 10, 6), at(1, 12, 6)),)


@pytest.mark.django_db
def test_two_entries_never_overlap_and_may_touch() -> None:
    _, principal = register()
    start = clock.now() + HOUR
    services.take_time(principal=principal, kind="booked", starts_at=start, ends_at=start + HOUR)
    with pytest.raises(Conflict, match="already"):
        services.take_time(principal=principal, kind="away", starts_at=start + HOUR / 2, ends_at=start + 3 * HOUR)
    services.take_time(principal=principal, kind="away", starts_at=start + HOUR, ends_at=start + 2 * HOUR)
    _, other = register()
    services.take_time(principal=other, kind="booked", starts_at=start, ends_at=start + HOUR)
    with pytest.raises(Invalid):
        services.take_time(principal=other, kind="booked", starts_at=start, ends_at=start)


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_of_eight_bookings_of_one_hour_at_once_one_stands() -> None:
    _, principal = register()
    start, gate, won = clock.now() + HOUR, threading.Barrier(8), []

    def book() -> None:
        gate.wait()
        try:
            services.take_time(principal=principal, kind="booked", starts_at=start, ends_at=start + HOUR)
            won.append(1)
        except Conflict:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=book) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), CalendarEntry.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_while_one_is_away_no_case_is_offered(verified: Make) -> None:
    profile, principal = verified()
    asked = {
        "specialty": "cardiology", "place": "DE", "language": "de", "excluded_user_ids": frozenset(), "open_cases": {},
    }  # fmt: skip
    entry = services.take_time(
        principal=principal, kind="away", starts_at=clock.now() - HOUR, ends_at=clock.now() + HOUR
    )
    assert services.find_candidates(**asked).excluded[0].reason == "takes no cases now"
    assert not services.get_professional(professional_id=profile.id).accepting
    services.free_time(principal=principal, entry_id=entry.id)
    assert services.find_candidates(**asked).candidates


@pytest.mark.django_db
def test_the_feed_opens_by_the_newest_secret_only_and_tells_no_more_than_times() -> None:
    _, principal = register()
    start = clock.now() + HOUR
    services.take_time(principal=principal, kind="booked", starts_at=start, ends_at=start + HOUR)
    old, new = services.new_feed(principal=principal), services.new_feed(principal=principal)
    with pytest.raises(NotFound):
        services.feed(secret=old)
    answer = Client().get(f"/api/v1/calendars/{new}.ics")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}" in text
    assert "SUMMARY:Booked" in text
    assert Client().get("/api/v1/calendars/nobody.ics").status_code == 404
