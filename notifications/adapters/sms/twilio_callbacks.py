"""What Twilio reports on text messages, and what people answer, proved by its signature over address and fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.http import QueryDict
from twilio.request_validator import RequestValidator

from config.kernel.conf import setting
from notifications.adapters.callback_events import Forged, ProviderEvent, delivery_of
from notifications.adapters.sms.twilio_messages import CALLBACK, TWILIO, meaning_of, report_key

INBOUND = f"{CALLBACK}/inbound"
# As carriers and Twilio read them, of a message that says nothing else.
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "STOPP"})
_START = frozenset({"START", "YES", "UNSTOP"})


class Wish(StrEnum):
    """What somebody answers to a text message."""

    STOP = "stop"
    START = "start"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer that means something to us; what else people write is read by nobody and kept nowhere."""

    message_id: str
    number: str = field(repr=False)
    wish: Wish


def twilio_event(*, query: str, body: bytes, signature: str) -> ProviderEvent | None:
    """The report; ``None`` for a step that changes nothing. ``Forged`` unless Twilio signed it."""
    fields = _proved(CALLBACK, query, body, signature)
    status, sid, code = (fields.get(name, "") for name in ("MessageStatus", "MessageSid", "ErrorCode"))
    what = meaning_of(status, code)
    if what is None or not sid:
        return None
    return ProviderEvent(
        provider=TWILIO,
        provider_id=sid[:200],
        what=what,
        source_key=report_key(sid, status),
        reason=f"twilio_{code}"[:40] if code.isdecimal() else "",
        delivery_id=delivery_of(QueryDict(query).get("delivery", "")),
    )


def twilio_reply(*, query: str, body: bytes, signature: str) -> Reply | None:
    """STOP or START; ``None`` for anything else. ``Forged`` unless Twilio signed it."""
    fields = _proved(INBOUND, query, body, signature)
    number, sid = fields.get("From", ""), fields.get("MessageSid", "")
    # Where the messaging service knows the words of the country, it says which it heard.
    said = (fields.get("OptOutType", "") or fields.get("Body", "")).strip().strip(".!").upper()
    wish = Wish.STOP if said in _STOP else Wish.START if said in _START else None
    return Reply(message_id=sid, number=number, wish=wish) if wish and number and sid else None


def _proved(path: str, query: str, body: bytes, signature: str) -> QueryDict:
    token = setting("TWILIO_AUTH_TOKEN")
    try:
        fields = QueryDict(body.decode())
        # By the address that we gave, whatever host and scheme the request came to behind the front.
        url = f"{setting('PUBLIC_URL').rstrip('/')}{path}" + (f"?{query}" if query else "")
        proved = bool(token) and RequestValidator(token).validate(url, fields, signature)
    except ValueError:
        proved = False
    if not proved:
        raise Forged
    return fields
