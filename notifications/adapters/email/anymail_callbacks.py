"""What mail providers tell of mails, proved by their signatures and read by Anymail. No address is taken from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

from config.kernel.conf import setting
from notifications.adapters.callback_events import Forged, ProviderEvent, delivery_of, key_of, shared_secret
from notifications.adapters.email.anymail_mail import AMAZON_SES
from notifications.adapters.email.channel import AZURE
from notifications.adapters.sns_signature import signed_by_sns
from notifications.domain.delivery_reports import Happening

# By which setting a provider's own signature is proved; all others have the shared secret alone.
_SIGNING = {
    "mailersend": ("MAILERSEND_SIGNING_SECRET",),
    "mailgun": ("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILGUN_API_KEY"),
    "mailtrap": ("MAILTRAP_TRACKING_SECRET",),
    "mandrill": ("MANDRILL_WEBHOOK_KEY",),
    "postal": ("POSTAL_WEBHOOK_KEY",),
    "resend": ("RESEND_SIGNING_SECRET",),
    "sendgrid": ("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",),
    "unisender_go": ("UNISENDER_GO_API_KEY",),
}
_VIEWS = {
    AMAZON_SES: "amazon_ses.AmazonSESTrackingWebhookView",
    "brevo": "brevo.BrevoTrackingWebhookView",
    "mailersend": "mailersend.MailerSendTrackingWebhookView",
    "mailgun": "mailgun.MailgunTrackingWebhookView",
    "mailjet": "mailjet.MailjetTrackingWebhookView",
    "mailtrap": "mailtrap.MailtrapTrackingWebhookView",
    "mandrill": "mandrill.MandrillCombinedWebhookView",
    "postal": "postal.PostalTrackingWebhookView",
    "postmark": "postmark.PostmarkTrackingWebhookView",
    "resend": "notifications.adapters.email.resend_callbacks.ResendCallbackView",
    "sendgrid": "sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
    "unisender_go": "unisender_go.UnisenderGoTrackingWebhookView",
}
_MEANS = {
    EventType.DELIVERED: Happening.DELIVERED,
    EventType.DEFERRED: Happening.DEFERRED,
    EventType.FAILED: Happening.UNDELIVERED,
    EventType.COMPLAINED: Happening.COMPLAINED,
    EventType.UNSUBSCRIBED: Happening.STOPPED,
}
# Of what was rejected or bounced, by the reason; anything else says nothing about the address.
_BECAUSE = {
    RejectReason.INVALID: Happening.BOUNCED,
    RejectReason.BOUNCED: Happening.BOUNCED,
    RejectReason.SPAM: Happening.COMPLAINED,
    RejectReason.UNSUBSCRIBED: Happening.STOPPED,
}


def are_signed(provider: str) -> bool:
    """Whether anything proves a callback of this provider; without, all of them are refused."""
    if shared_secret():
        return True
    given = setting("ANYMAIL")
    return any(given.get(name) for name in _SIGNING.get(provider, ()))


def mail_events(*, provider: str, request: HttpRequest, url: str) -> list[ProviderEvent]:
    """The reports of one callback. ``Forged`` unless the provider sent it; ``url`` is the address that it was given."""
    if provider not in _VIEWS or provider == AZURE or not are_signed(provider):
        raise Forged
    more = {"webhook_url": url} if provider == "mandrill" else {}
    try:
        view = import_string(_path(_VIEWS[provider]))(**more)
        view.run_validators(request)
        if provider == AMAZON_SES and not (shared_secret() and signed_by_sns(orjson.loads(request.body))):
            raise Forged
    except (AnymailWebhookValidationFailure, AnymailError, ImproperlyConfigured, ValueError, LookupError, TypeError):
        raise Forged from None
    try:
        found = view.parse_events(request)
    except (AnymailError, ValueError, LookupError, TypeError, AttributeError):
        # Proved, and of a kind that Anymail cannot read: nothing of ours is in it.
        return []
    return list(_events(provider, found))


def _path(view: str) -> str:
    return view if view.startswith("notifications.") else f"anymail.webhooks.{view}"


def _events(provider: str, found: Any) -> Iterator[ProviderEvent]:
    for event in found:
        what = _meaning(event)
        message_id = str(event.message_id or "")[:200]
        delivery_id = delivery_of((event.metadata or {}).get("delivery", ""))
        if what is None or not (message_id or delivery_id):
            continue
        yield ProviderEvent(
            provider=provider,
            provider_id=message_id,
            what=what,
            source_key=f"{event.event_id or key_of(message_id, event.event_type, event.timestamp)}:{what}"[:200],
            # A code; what the other mail server said may quote the address.
            reason=f"{provider}_{event.reject_reason or event.event_type}"[:60],
            delivery_id=delivery_id,
        )


def _meaning(event: Any) -> Happening | None:
    if event.event_type not in (EventType.BOUNCED, EventType.REJECTED):
        return _MEANS.get(event.event_type)
    because = _BECAUSE.get(event.reject_reason, Happening.UNDELIVERED)
    return Happening.UNDELIVERED if because is Happening.BOUNCED and _is_soft(event.esp_event) else because


def _is_soft(raw: Any) -> bool:
    """A full mailbox, a server that was away: Anymail has one word for it and for an address that is no more."""
    if not isinstance(raw, Mapping):
        return False
    bounce = raw.get("bounce")
    inner: Mapping[str, Any] = bounce if isinstance(bounce, Mapping) else {}
    words = [raw.get(name) for name in ("event", "type", "Type", "bounce_type", "bounce_classification")]
    text = " ".join(str(word).lower() for word in [*words, inner.get("bounceType", "")])
    return raw.get("hard_bounce") is False or any(sign in text for sign in ("soft", "transient", "undetermined"))
