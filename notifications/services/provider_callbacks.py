"""What providers report on messages, taken once it is proved that it was they. No address is kept of it."""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest

from config.kernel.audit import record
from config.kernel.conf import setting
from config.kernel.errors import Forbidden
from notifications.adapters.azure_callbacks import azure_events
from notifications.adapters.callback_events import Forged, ProviderEvent
from notifications.adapters.email.channel import AZURE
from notifications.db import atomic
from notifications.domain.categories import ChannelName
from notifications.domain.deciding import SuppressionReason
from notifications.models import InboxEntry
from notifications.services.addresses.suppressions import lift, suppress
from notifications.services.delivery_events import provider_said

_REPLIES = "notifications.services.provider_callbacks.replies"


def take_twilio_report(*, query: str, body: bytes, signature: str) -> None:
    """A report on one text message. ``Forbidden`` unless Twilio signed it."""
    from notifications.adapters.sms.twilio_callbacks import twilio_event

    try:
        event = twilio_event(query=query, body=body, signature=signature)
    except Forged:
        raise _forbidden() from None
    _take([event] if event else [])


def take_twilio_reply(*, query: str, body: bytes, signature: str) -> None:
    """STOP ends text messages to a number, START lifts what STOP made. ``Forbidden`` unless Twilio signed it."""
    from notifications.adapters.sms.twilio_callbacks import Wish, twilio_reply

    try:
        reply = twilio_reply(query=query, body=body, signature=signature)
    except Forged:
        raise _forbidden() from None
    if reply is None:
        return
    with atomic():
        # Twilio says it again where our answer was lost; an old START must not undo a STOP after it.
        _, first = InboxEntry.objects.get_or_create(
            consumer=_REPLIES, event_id=uuid5(NAMESPACE_URL, f"twilio:{reply.message_id}")
        )
        if not first:
            return
        if reply.wish is Wish.STOP:
            suppress(channel=ChannelName.SMS, reason=SuppressionReason.STOP, address=reply.number)
        else:
            lift(channel=ChannelName.SMS, address=reply.number, reasons=(SuppressionReason.STOP,))
        record(
            context="notifications",
            action=f"text_messages.{reply.wish}",
            object_type="suppression",
            object_id=None,
            detail={"provider": "twilio"},
        )


def take_mail_report(*, provider: str, request: HttpRequest) -> str:
    """Reports on mails; returns what a new subscription wants to hear back (else nothing). ``Forbidden`` if forged."""
    events: list[ProviderEvent] = []
    code = ""
    try:
        if provider == AZURE:
            events, code = azure_events(headers=request.headers, body=request.body)
        else:
            from notifications.adapters.email.anymail_callbacks import mail_events

            url = f"{setting('PUBLIC_URL').rstrip('/')}{request.path}"
            events = mail_events(provider=provider, request=request, url=url)
    except Forged:
        raise _forbidden() from None
    _take(events)
    return code


def _take(events: Iterable[ProviderEvent]) -> None:
    for event in events:
        provider_said(
            provider=event.provider,
            provider_id=event.provider_id,
            what=event.what,
            source_key=event.source_key,
            reason=event.reason,
            delivery_id=event.delivery_id,
        )


def _forbidden() -> Forbidden:
    return Forbidden("Nothing proves that this comes from the provider.", code="signature_invalid")
