"""What Twilio reports on text messages, proved by its signature over address and fields."""

from __future__ import annotations

from django.http import QueryDict
from twilio.request_validator import RequestValidator

from config.kernel.conf import setting
from notifications.adapters.callback_events import Forged, ProviderEvent, delivery_of
from notifications.adapters.sms.twilio_messages import CALLBACK, STOPPED
from notifications.domain.delivery_reports import Happening

TWILIO = "twilio"
_MEANS = {
    "sent": Happening.SENT,
    "delivered": Happening.DELIVERED,
    "read": Happening.DELIVERED,
    "undelivered": Happening.UNDELIVERED,
    "failed": Happening.UNDELIVERED,
}
# Of the number, and for ever: no such telephone, a land line.
_BOUNCED = ("30005", "30006", "21211", "21614")


def twilio_event(*, query: str, body: bytes, signature: str) -> ProviderEvent | None:
    """The report; ``None`` for a step that changes nothing. ``Forged`` unless Twilio signed it."""
    token = setting("TWILIO_AUTH_TOKEN")
    try:
        fields = QueryDict(body.decode())
        # By the address that we gave, whatever host and scheme the request came to behind the front.
        url = f"{setting('PUBLIC_URL').rstrip('/')}{CALLBACK}" + (f"?{query}" if query else "")
        proved = bool(token) and RequestValidator(token).validate(url, fields, signature)
    except ValueError:
        proved = False
    if not proved:
        raise Forged
    status, sid, code = (fields.get(name, "") for name in ("MessageStatus", "MessageSid", "ErrorCode"))
    what = _MEANS.get(status)
    if what is None or not sid:
        return None
    if what is Happening.UNDELIVERED:
        what = Happening.STOPPED if code == str(STOPPED) else Happening.BOUNCED if code in _BOUNCED else what
    return ProviderEvent(
        provider=TWILIO,
        provider_id=sid[:200],
        what=what,
        source_key=f"{sid}:{status}"[:200],
        reason=f"twilio_{code}"[:40] if code.isdecimal() else "",
        delivery_id=delivery_of(QueryDict(query).get("delivery", "")),
    )
