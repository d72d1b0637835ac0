"""Addresses that nothing is sent to, kept as keyed hashes: after a bounce, a complaint, a STOP, or by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from config.kernel.crypto import blind_index
from config.kernel.db.identifiers import uuid7
from identity import services as identity
from notifications.db import atomic, database, now
from notifications.domain.categories import ChannelName
from notifications.domain.deciding import SuppressionReason
from notifications.models import Suppression

#: What the owner of an address takes back by proving anew that it is theirs, and reached.
PROVEN_AWAY: Final = (SuppressionReason.HARD, SuppressionReason.COMPLAINT, SuppressionReason.STOP)
_STRENGTH: Final = [str(reason) for reason in SuppressionReason]
# Written by the former release, a row has its strongest reason alone.
_HELD = "jsonb_build_object(s.reason, s.until) || s.reasons"
# Whatever comes first, the strongest reason and the longest time hold; each reason keeps its own time beside.
_ADD = f"""
INSERT INTO notifications_suppression AS s
       (id, created_at, updated_at, user_id, channel, address_hash, reason, until, delivery_id, reasons)
VALUES (%(id)s, %(at)s, %(at)s, %(user)s, %(channel)s, %(hash)s, %(reason)s::text, %(until)s::timestamptz, %(delivery)s,
        jsonb_build_object(%(reason)s::text, %(until)s::timestamptz))
ON CONFLICT (channel, address_hash) DO UPDATE SET
       updated_at = excluded.updated_at,
       user_id = coalesce(s.user_id, excluded.user_id),
       delivery_id = coalesce(s.delivery_id, excluded.delivery_id),
       reason = CASE WHEN array_position(%(ranks)s::text[], excluded.reason::text)
                        > array_position(%(ranks)s::text[], s.reason::text) THEN excluded.reason ELSE s.reason END,
       until = CASE WHEN s.until IS NULL OR excluded.until IS NULL THEN NULL ELSE greatest(s.until, excluded.until) END,
       reasons = ({_HELD}) || jsonb_build_object(excluded.reason, CASE
           WHEN excluded.until IS NULL OR (({_HELD}) ? excluded.reason AND ({_HELD}) ->> excluded.reason IS NULL)
           THEN NULL ELSE greatest(excluded.until, (({_HELD}) ->> excluded.reason)::timestamptz) END)
"""


def address_hash(channel: str, address: str) -> bytes:
    """What is kept of an address: keyed, so that nobody without our key can try addresses against it."""
    return blind_index("notifications.address", f"{channel}\x1f{address.strip()}")


def suppress(
    *,
    channel: str,
    reason: SuppressionReason,
    address: str = "",
    hashed: bytes | None = None,
    until: datetime | None = None,
    user_id: UUID | None = None,
    delivery_id: UUID | None = None,
) -> None:
    """Send nothing more to an address (or to that of a hash), for ever or until an instant. Inside ``atomic()``."""
    with database.prepared() as cursor:
        cursor.execute(
            _ADD,
            {
                "id": uuid7(),
                "at": now(),
                "user": user_id,
                "channel": channel,
                "hash": address_hash(channel, address) if hashed is None else bytes(hashed),
                "reason": str(reason),
                "until": until,
                "delivery": delivery_id,
                "ranks": _STRENGTH,
            },
        )


def lift(*, channel: str, address: str, reasons: Iterable[SuppressionReason] = PROVEN_AWAY) -> int:
    """Take ``reasons`` back; what else speaks against the address holds on. Returns how many addresses had one."""
    taken_back = {str(reason) for reason in reasons}
    with atomic():
        rows = Suppression.objects.filter(channel=channel, address_hash=address_hash(channel, address))
        lifted = [row for row in rows.select_for_update() if not taken_back.isdisjoint(_held(row))]
        for row in lifted:
            _take_back(row, taken_back)
    return len(lifted)


def _held(row: Suppression) -> dict[str, datetime | None]:
    """Everything that speaks against an address, and until when."""
    ends = {reason: datetime.fromisoformat(end) if end else None for reason, end in row.reasons.items()}
    return {row.reason: row.until} | ends


def _take_back(row: Suppression, taken_back: set[str]) -> None:
    instant = now()
    left = {
        reason: until
        for reason, until in _held(row).items()
        if reason not in taken_back and (until is None or until > instant)
    }
    if not left:
        row.delete()
        return
    ends = [until for until in left.values() if until is not None]
    row.reason = max(left, key=_STRENGTH.index)
    row.until = max(ends) if len(ends) == len(left) else None
    row.reasons = {reason: until.isoformat() if until else None for reason, until in left.items()}
    row.save(update_fields=["reason", "until", "reasons", "updated_at"])


def lift_proven(*, user_id: UUID) -> int:
    """Somebody has shown that they read what is sent to their mailbox: write to it again. Inside ``atomic()``."""
    contact = identity.contacts(user_ids=[user_id]).get(user_id)
    return lift(channel=ChannelName.EMAIL, address=contact.address) if contact and contact.verified else 0


def suppressed(
    *, channel: ChannelName, hashes: Iterable[bytes]
) -> dict[bytes, tuple[SuppressionReason, datetime | None]]:
    """Which of the hashed addresses get nothing now, why, and until when; one statement."""
    rows = Suppression.objects.filter(channel=channel, address_hash__in=list(hashes))
    return {
        bytes(hashed): (SuppressionReason(reason), until)
        for hashed, reason, until in rows.values_list("address_hash", "reason", "until")
        if until is None or until > now()
    }
