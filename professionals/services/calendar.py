"""A specialist's calendar: times taken, times free, and the feed that a calendar program reads by a secret."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import token_hash
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from professionals.db import atomic, now
from professionals.domain.calendar import Entry, Window, free_windows, ics
from professionals.models import CalendarEntry, Professional

KINDS = ("away", "booked")
MAX_PERIOD = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class EntryDTO:
    """A time that is taken."""

    id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime


def take_time(*, principal: Principal, kind: str, starts_at: datetime, ends_at: datetime) -> EntryDTO:
    """Be away (no offers come) or booked; ``Conflict`` when something of one's own is at that time already."""
    if kind not in KINDS or not starts_at < ends_at <= starts_at + MAX_PERIOD:
        advice = f"kind is one of {', '.join(KINDS)}; the end comes after the start, within {MAX_PERIOD.days} days."
        raise Invalid(advice, errors=[FieldError("#/ends_at", "invalid", advice)])
    try:
        with atomic():
            row = _own(principal)
            entry = CalendarEntry.objects.create(professional=row, kind=kind, starts_at=starts_at, ends_at=ends_at)
            _note("calendar.take", row)
    except IntegrityError as error:
        raise Conflict("You are away or booked at that time already.", code="time_taken") from error
    return EntryDTO(id=entry.id, kind=kind, starts_at=starts_at, ends_at=ends_at)


def free_time(*, principal: Principal, entry_id: UUID) -> None:
    """Take an entry out of one's calendar."""
    with atomic():
        row = _own(principal)
        if not row.calendar.filter(id=entry_id).delete()[0]:
            raise NotFound("There is no such entry of yours.")
        _note("calendar.free", row)


def calendar(*, principal: Principal, days: int = 28) -> tuple[tuple[EntryDTO, ...], tuple[Window, ...]]:
    """What is taken in the next ``days`` days, and when one is free."""
    row = _own(principal)
    asked = Window(now(), now() + timedelta(days=days))
    rows = row.calendar.filter(ends_at__gt=asked.start, starts_at__lt=asked.end).order_by("starts_at")
    entries = tuple(EntryDTO(id=one.id, kind=one.kind, starts_at=one.starts_at, ends_at=one.ends_at) for one in rows)
    taken = [Window(one.starts_at, one.ends_at) for one in entries]
    return entries, free_windows(row.weekly_hours, row.time_zone, taken, asked)


def new_feed(*, principal: Principal) -> str:
    """A fresh secret for the calendar feed, shown once; the one before stops working."""
    with atomic():
        row = _own(principal)
        secret = secrets.token_urlsafe(32)
        Professional.objects.filter(id=row.id).update(feed_index=token_hash(secret))
        _note("calendar.feed", row)
    return secret


def feed(*, secret: str) -> str:
    """The calendar file of whoever holds the secret: ``away`` and ``booked``, the last month and what comes."""
    row = Professional.objects.filter(feed_index=token_hash(secret)).first()
    if row is None:
        raise NotFound("There is no such calendar.")
    since = now() - timedelta(days=31)
    entries = row.calendar.filter(ends_at__gt=since).order_by("starts_at")[:2000]
    return ics((Entry(str(e.id), e.kind, Window(e.starts_at, e.ends_at)) for e in entries), now())


def _own(principal: Principal) -> Professional:
    row = Professional.objects.filter(user_id=principal.require_user_id()).first()
    if row is None:
        raise Forbidden("Only a specialist has a calendar.", code="role_forbidden")
    return row


def _note(action: str, row: Professional) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=row.id)
