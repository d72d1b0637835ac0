"""Push to browsers (RFC 8030, 8291, 8292): sealed for the browser, and taken to the address that it named."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from webpush import WebPush, WebPushSubscription

from config.kernel.conf import setting
from notifications.adapters.answers import by_error, by_status
from notifications.adapters.guarded_connection import GuardedClient
from notifications.adapters.network_guard import AddressRefused
from notifications.adapters.protocol import Accepted, Delayed, Outward, Refused
from notifications.adapters.push.vapid_keys import private_key
from notifications.domain.push_addresses import Subscription, parts_of, subscription_of

TTL_SECONDS = 24 * 3600
# What is left of a push service's 4,096 bytes beside header, padding and tag.
MAX_PAYLOAD_BYTES = 3993
_GONE = (404, 410)


class WebPushSession:
    """Messages to browsers, each by the push service of its maker."""

    def __init__(self, client: GuardedClient | None = None) -> None:
        self._client = client or GuardedClient()
        try:
            self._sealer = _sealer(setting("VAPID_PRIVATE_KEY"), setting("VAPID_SUBJECT"))
        except ValueError:
            raise Delayed("settings") from None

    def send(self, outward: Outward) -> Accepted:
        """One message to one browser."""
        subscription = subscription_of(parts_of(outward.address)[1])
        sealed = self._sealed(outward, subscription)
        headers = {
            **sealed.headers,
            "content-type": "application/octet-stream",
            "urgency": "high" if outward.category in ("security", "case") else "normal",
        }
        try:
            answer = self._client.request("POST", subscription.endpoint, headers=headers, body=sealed.encrypted)
        # "from None", because the errors quote the address, and errors end in logs.
        except AddressRefused:
            raise Refused("address_refused") from None
        except OSError as error:
            raise by_error(error) from None
        if answer.status in _GONE:
            raise Refused(f"push_{answer.status}", "gone")
        if not 200 <= answer.status < 300:
            raise by_status(answer.status, answer.headers.get("retry-after"), code=f"push_{answer.status}")
        return Accepted(provider_id=outward.message_id)

    def _sealed(self, outward: Outward, subscription: Subscription) -> Any:
        payload = orjson.dumps(
            {"title": outward.subject, "body": outward.text, "url": outward.link, "category": outward.category}
        )
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise Refused("too_long")
        keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
        try:
            return self._sealer.get(payload, WebPushSubscription(endpoint=subscription.endpoint, keys=keys))
        except ValueError:
            raise Refused("bad_subscription", "gone") from None


@cache
def _sealer(key: str, subject: str) -> WebPush:
    pair = private_key(key)
    return WebPush(
        private_key=pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        public_key=pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        subscriber=subject.removeprefix("mailto:"),
        ttl=TTL_SECONDS,
    )
