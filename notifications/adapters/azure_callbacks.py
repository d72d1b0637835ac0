"""What Azure's Event Grid reports on mails and text messages, proved by the secret that its subscription sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from notifications.adapters.callback_events import Forged, ProviderEvent, delivery_of, key_of, require_shared_secret
from notifications.adapters.email.channel import AZURE
from notifications.domain.delivery_reports import Happening

_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
_MAIL = "Microsoft.Communication.EmailDeliveryReportReceived"
_TEXT = "Microsoft.Communication.SMSDeliveryReportReceived"
_MEANS = {
    "delivered": Happening.DELIVERED,
    "expanded": Happening.DELIVERED,
    "bounced": Happening.BOUNCED,
    "suppressed": Happening.BOUNCED,
    "filteredspam": Happening.UNDELIVERED,
    "quarantined": Happening.UNDELIVERED,
    "failed": Happening.UNDELIVERED,
}


def azure_events(*, headers: Mapping[str, str], body: bytes) -> tuple[list[ProviderEvent], str]:
    """The reports, and the code that a new subscription wants back (else empty). ``Forged`` without the secret."""
    require_shared_secret(headers)
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Forged from None
    rows = [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []
    code = next((str(_data(row).get("validationCode", "")) for row in rows if row.get("eventType") == _VALIDATION), "")
    return [event for event in map(_event, rows) if event is not None], code


def _event(row: dict[str, Any]) -> ProviderEvent | None:
    data = _data(row)
    status = str(data.get("status") if row.get("eventType") == _MAIL else data.get("deliveryStatus")).lower()
    what = _MEANS.get(status)
    message_id = str(data.get("messageId", ""))[:200]
    if row.get("eventType") not in (_MAIL, _TEXT) or what is None or not message_id:
        return None
    # A mail goes by our own name; a text message carries it as its tag.
    ours = message_id if row["eventType"] == _MAIL else data.get("tag")
    return ProviderEvent(
        provider=AZURE,
        provider_id=message_id,
        what=what,
        source_key=str(row.get("id") or key_of(message_id, status))[:200],
        reason=f"azure_{status}"[:40],
        delivery_id=delivery_of(ours),
    )


def _data(row: dict[str, Any]) -> dict[str, Any]:
    data = row.get("data")
    return data if isinstance(data, dict) else {}
