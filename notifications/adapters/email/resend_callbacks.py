"""Callbacks of Resend, which Svix signs: Standard Webhooks under other names of headers.

Anymail would ask for Svix's own library for it; the one that signs our webhooks knows the same signature.
"""

from __future__ import annotations

from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from django.http import HttpRequest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from config.kernel.conf import setting


class ResendCallbackView(ResendTrackingWebhookView):
    """Anymail's, proved by the signature where a signing secret is set."""

    # Whoever has neither secret was refused before.
    warn_if_no_basic_auth = False
    _svix_webhook = None

    def __init__(self, **kwargs: Any) -> None:
        AnymailBaseWebhookView.__init__(self, **kwargs)

    def validate_request(self, request: HttpRequest) -> None:
        """Signed, and within the last five minutes."""
        if not (secret := setting("ANYMAIL").get("RESEND_SIGNING_SECRET")):
            return
        parts = ("id", "timestamp", "signature")
        named = {f"webhook-{part}": request.headers.get(f"svix-{part}", "") for part in parts}
        try:
            Webhook(secret).verify(request.body, named, json_parse=False)
        except WebhookVerificationError as error:
            raise AnymailWebhookValidationFailure(str(error)) from None
