"""How a device is addressed: by the token of its app, or by what its browser subscribed to."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

FCM: Final = "fcm"
WEB_PUSH: Final = "webpush"
KINDS: Final = (FCM, WEB_PUSH)
MAX_TOKEN_LENGTH, MAX_ENDPOINT_LENGTH = 1000, 1000
# An uncompressed point of P-256, and the secret that RFC 8291 has beside it.
_POINT_BYTES, _SECRET_BYTES = 65, 16
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}\Z")
# What Firebase gives out is one word of printable characters.
_TOKEN = re.compile(r"[!-~]+\Z")


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A browser's: where its push service takes messages, and the keys that they are sealed with for it."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)

    def faults(self) -> list[tuple[str, str]]:
        """(field, what is wrong with it)."""
        found = []
        parts = _split(self.endpoint)
        if parts is None or parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or ":" in parts.netloc:
            found.append(("endpoint", "Give the subscription's https address as the browser has it."))
        point = _decoded(self.p256dh)
        if len(point) != _POINT_BYTES or point[:1] != b"\x04":
            found.append(("p256dh", "Give the subscription's p256dh key in base64url."))
        if len(_decoded(self.auth)) != _SECRET_BYTES:
            found.append(("auth", "Give the subscription's auth secret in base64url."))
        return found

    def text(self) -> str:
        """As it is kept; ``subscription_of`` reads it."""
        return json.dumps({"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": self.auth})


def is_token(text: str) -> bool:
    """Whether it can be the registration token of an app."""
    return len(text) <= MAX_TOKEN_LENGTH and _TOKEN.match(text) is not None


def subscription_of(text: str) -> Subscription:
    """What ``Subscription.text`` wrote."""
    return Subscription(**json.loads(text))


def address_of(kind: str, token: str) -> str:
    """The address by which the channel of push reaches a device."""
    return f"{kind}:{token}"


def parts_of(address: str) -> tuple[str, str]:
    """(kind, token) of an address that ``address_of`` made."""
    kind, _, token = address.partition(":")
    return kind, token


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _decoded(text: str) -> bytes:
    if not _BASE64URL.match(text):
        return b""  # the library drops what is none of the alphabet's
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""
