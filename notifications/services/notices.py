"""Writing and reading notices. The row comes first; mails and sockets are told of it."""

from typing import Any
from uuid import UUID

from django.db import connections

from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from config.kernel.jobs import enqueue
from notifications.db import atomic, database, on_commit
from notifications.domain.kinds import KINDS
from notifications.models import Delivery, Notice, Preference
from notifications.services.doorbell import ring
from notifications.services.dto import NoticeDTO

_NEXT = (
    "INSERT INTO notifications_counter (user_id, last) VALUES (%s, 1)"
    " ON CONFLICT (user_id) DO UPDATE SET last = notifications_counter.last + 1 RETURNING last"
)


def notify(*, user_id: UUID, kind: str, event_key: str, subject_id: UUID | None = None) -> NoticeDTO | None:
    """Add a notice (once for each ``event_key`` and user), queue its mail, and wake the user's sockets.

    Returns ``None`` when the user was told of this event already.
    """
    with atomic():
        # The counter's row lock orders writers of one user: the second of two twins sees the first's notice.
        with connections[database.alias].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [str(user_id)])
            if Notice.objects.filter(user_id=user_id, event_key=event_key).exists():
                return None
            cursor.execute(_NEXT, [user_id])
            sequence = cursor.fetchone()[0]
        notice = Notice.objects.create(
            user_id=user_id, sequence=sequence, kind=kind, event_key=event_key, subject_id=subject_id
        )
        if KINDS[kind].email and _wants_mail(user_id, kind):
            delivery = Delivery.objects.create(notice=notice, channel="email")
            enqueue(
                context="notifications",
                kind="notifications.send_email",
                subject_id=delivery.id,
                queue="interactive" if KINDS[kind].security else "bulk",
                key=f"email:{delivery.id}",
            )
        on_commit(lambda: ring(user_id))
    return notice_dto(notice)


def list_notices(
    *, user_id: UUID, limit: int, after: UUID | None = None, unread_only: bool = False
) -> tuple[tuple[dict[str, Any], ...], UUID | None]:
    """One page of a user's notices as JSON-ready rows, newest first, in one query."""
    query = "SELECT id, sequence, kind, subject_id, created_at, read_at FROM notifications_notice WHERE user_id = %s"
    values: list[Any] = [user_id]
    if after:
        query, values = f"{query} AND id < %s", [*values, after]
    if unread_only:
        query += " AND read_at IS NULL"
    with database.connection.cursor() as cursor:
        cursor.execute(f"{query} ORDER BY id DESC LIMIT %s", [*values, limit + 1])
        rows = cursor.fetchall()
    page = tuple(
        {
            "id": r[0],
            "sequence": r[1],
            "kind": r[2],
            "text": KINDS[r[2]].text,
            "subject_id": r[3],
            "created_at": r[4],
            "read_at": r[5],
        }
        for r in rows[:limit]
    )
    return page, rows[limit - 1][0] if len(rows) > limit else None


def notices_since(*, user_id: UUID, sequence: int, limit: int = 200) -> tuple[NoticeDTO, ...]:
    """A user's notices after ``sequence``, oldest first: what a socket replays."""
    rows = Notice.objects.filter(user_id=user_id, sequence__gt=sequence).order_by("sequence")[:limit]
    return tuple(notice_dto(row) for row in rows)


def unread_count(*, user_id: UUID) -> int:
    """How many notices the user has not read."""
    return Notice.objects.filter(user_id=user_id, read_at=None).count()


def get_notice(*, principal: Principal, notice_id: UUID) -> NoticeDTO:
    """One of the caller's notices."""
    row = Notice.objects.filter(id=notice_id, user_id=principal.require_user_id()).first()
    if row is None:
        raise NotFound("There is no such notice for you.")
    return notice_dto(row)


def mark_read(*, principal: Principal, notice_id: UUID | None = None) -> int:
    """Mark one of the caller's notices read, or all of them; returns how many were unread."""
    rows = Notice.objects.filter(user_id=principal.require_user_id(), read_at=None)
    with atomic():
        if notice_id is None:
            return int(rows.update(read_at=clock.now()))
        get_notice(principal=principal, notice_id=notice_id)
        return int(rows.filter(id=notice_id).update(read_at=clock.now()))


def set_email_preference(*, user_id: UUID, email: bool) -> None:
    """Whether the user wants mails; security mails are always sent."""
    Preference.objects.update_or_create(user_id=user_id, defaults={"email": email})


def email_preference(*, user_id: UUID) -> bool:
    """Whether the user wants mails."""
    row = Preference.objects.filter(user_id=user_id).first()
    return row is None or row.email


def notice_dto(row: Notice) -> NoticeDTO:
    """A notice as plain data."""
    return NoticeDTO(row.id, row.sequence, row.kind, KINDS[row.kind].text, row.subject_id, row.created_at, row.read_at)


def _wants_mail(user_id: UUID, kind: str) -> bool:
    return KINDS[kind].security or email_preference(user_id=user_id)
