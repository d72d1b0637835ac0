"""What providers report on messages, taken once it is proved that it was they. No address is kept of it."""

from collections.abc import Iterable

from django.http import HttpRequest

from config.kernel.conf import setting
from config.kernel.errors import Forbidden
from notifications.adapters.azure_callbacks import azure_events
from notifications.adapters.callback_events import Forged, ProviderEvent
from notifications.adapters.email.channel import AZURE
from notifications.services.delivery_events import provider_said


def take_twilio_report(*, query: str, body: bytes, signature: str) -> None:
    """A report on one text message. ``Forbidden`` unless Twilio signed it."""
    from notifications.adapters.sms.twilio_callbacks import twilio_event

    try:
        event = twilio_event(query=query, body=body, signature=signature)
    except Forged:
        raise _forbidden() from None
    _take([event] if event else [])


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
