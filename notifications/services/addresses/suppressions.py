"""Addresses that nothing is sent to, kept as keyed hashes: after a bounce, a complaint, a STOP, or by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from config.kernel.crypto import blind_index
from config.kernel.db.identifiers import uuid7
from identity import services as identity
from notifications.db import database, now
from notifications.domain.categories import ChannelName
from notifications.domain.deciding import SuppressionReason
from notifications.models import Suppression

#: What the owner of an address takes back by proving anew that it is theirs, and reached.
PROVEN_AWAY: Final = (SuppressionReason.HARD, SuppressionReason.COMPLAINT, SuppressionReason.STOP)
_STRENGTH: Final = [str(reason) for reason in SuppressionReason]
# Whatever comes first, the strongest reason and the longest time hold.
_ADD = """
INSERT INTO notifications_suppression AS s
       (id, created_at, updated_at, user_id, channel, address_hash, reason, until, delivery_id)
VALUES (%(id)s, %(at)s, %(at)s, %(user)s, %(channel)s, %(hash)s, %(reason)s, %(until)s, %(delivery)s)
ON CONFLICT (channel, address_hash) DO UPDATE SET
       updated_at = excluded.updated_at,
       user_id = coalesce(s.user_id, excluded.user_id),
       delivery_id = coalesce(s.delivery_id, excluded.delivery_id),
       reason = CASE WHEN array_position(%(ranks)s::text[], excluded.reason::text)
                        > array_position(%(ranks)s::text[], s.reason::text) THEN excluded.reason ELSE s.reason END,
       until = CASE WHEN s.until IS NULL OR excluded.until IS NULL THEN NULL ELSE greatest(s.until, excluded.until) END
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
    """Write to an address again, where one of ``reasons`` spoke against it; returns how many were lifted."""
    rows = Suppression.objects.filter(channel=channel, address_hash=address_hash(channel, address))
    return rows.filter(reason__in=list(reasons)).delete()[0]


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
