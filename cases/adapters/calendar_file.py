"""iCalendar files (RFC 5545) of days that matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID


def calendar_file(*, name: str, events: Iterable[tuple[UUID, str, datetime]], made_at: datetime) -> bytes:
    """Events of no length: (id, words, when). The words and the name go to whoever hosts the person's calendar."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Second Opinion Platform//Case//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for event_id, words, at in events:
        event = Event()
        event.add("uid", f"{event_id}@second-opinion")
        event.add("summary", words)
        event.add("dtstamp", made_at)
        event.add("dtstart", at)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
