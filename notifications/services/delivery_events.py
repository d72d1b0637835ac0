"""The timeline of deliveries: each decision, try and answer is one row that is added and never changed.

What providers report comes in any order, late, early and again. Each report counts once, by the provider's own key,
and the delivery stands in the end where the highest of them leads.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from config.kernel.db.rows import insert_alike
from config.kernel.db.states import advance_all
from config.kernel.outbox import publish
from notifications.db import atomic, database, now
from notifications.domain.delivery_reports import REPORTS, STATE_OF, SUPPRESSION_OF, Happening
from notifications.domain.state_machines import DeliveryState
from notifications.events import DeliveryFailed
from notifications.models import Delivery, DeliveryEvent
from notifications.services.addresses.suppressions import suppress

_ONCE = """
INSERT INTO notifications_deliveryevent (delivery_id, at, what, reason, provider, source_key)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (provider, source_key) WHERE NOT (source_key = '') DO NOTHING
"""


def record(delivery: Delivery, what: Happening, reason: str = "", provider: str = "", source_key: str = "") -> bool:
    """Add one line to a delivery's timeline, inside ``atomic()``; ``False`` for what the provider told us before."""
    with database.prepared() as cursor:
        cursor.execute(_ONCE, [delivery.id, now(), str(what), reason, provider, source_key])
        return cursor.rowcount == 1


def record_all(lines: Iterable[tuple[Delivery, Happening, str]]) -> None:
    """Many lines of our own in one statement, inside ``atomic()``."""
    told = list(lines)
    insert_alike(
        DeliveryEvent(at=now()),
        {
            "delivery_id": [delivery.id for delivery, _, _ in told],
            "what": [str(what) for _, what, _ in told],
            "reason": [reason for _, _, reason in told],
            "provider": [delivery.provider for delivery, _, _ in told],
        },
    )


def provider_said(
    *,
    provider: str,
    provider_id: str,
    what: Happening,
    source_key: str,
    reason: str = "",
    delivery_id: UUID | None = None,
) -> bool:
    """Take a provider's report of one message, by its name for it or by ours (``delivery_id``).

    ``source_key`` names this report among all of the provider's (Twilio's: id and status). Returns ``False`` when we
    know no such message (yet: a report may overtake our own record of the provider's answer).
    """
    if what not in REPORTS:
        raise ValueError(f"{what} is nothing that a provider tells")
    with atomic():
        delivery = _found(provider, provider_id, delivery_id)
        if delivery is None:
            return False
        if record(delivery, what, reason, provider, source_key):
            _take(delivery, what, reason)
    return True


def _found(provider: str, provider_id: str, delivery_id: UUID | None) -> Delivery | None:
    """Held for us, so that two reports of one message follow each other."""
    rows = Delivery.objects.select_for_update()
    if delivery_id is not None:
        return rows.filter(id=delivery_id).first()
    return rows.filter(provider=provider, provider_id=provider_id).first() if provider_id else None


def _take(delivery: Delivery, what: Happening, reason: str) -> None:
    to, kind = STATE_OF.get(what), SUPPRESSION_OF.get(what)
    rows = Delivery.objects.filter(id=delivery.id)
    taken = to is not None and advance_all(rows, to, **_written(to, reason)) == 1
    if taken and to == DeliveryState.BOUNCED and delivery.user_id is not None:
        publish(DeliveryFailed(aggregate_id=delivery.user_id, delivery_id=delivery.id))
    if kind is not None and delivery.address_hash is not None:
        suppress(
            channel=delivery.channel,
            reason=kind,
            hashed=bytes(delivery.address_hash),
            user_id=delivery.user_id,
            delivery_id=delivery.id,
        )


def _written(to: DeliveryState, reason: str) -> dict[str, Any]:
    at: datetime = now()
    if to == DeliveryState.DELIVERED:
        return {"delivered_at": at, "reason": ""}
    return {"reason": reason} if to == DeliveryState.BOUNCED else {"reason": "", "sent_at": at}
