"""What a provider told of a message, once it is proved that it was the provider: names and codes, no address."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from config.kernel.conf import setting
from notifications.domain.delivery_reports import Happening


class Forged(Exception):
    """Nothing proves that this comes from the provider."""


@dataclass(frozen=True, kw_only=True)
class ProviderEvent:
    """One report. ``source_key`` is the same however often it comes; ``delivery_id``: where the provider kept ours."""

    provider: str
    provider_id: str
    what: Happening
    source_key: str
    reason: str = ""
    delivery_id: UUID | None = None


def delivery_of(text: Any) -> UUID | None:
    """Our own name of a message, as a provider gives it back; ``None`` for anything else."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def key_of(*parts: object) -> str:
    """A key of a report for which its provider has none: of all that tells it from others."""
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def shared_secret() -> str:
    """``user:password`` of Basic authentication, which providers without signatures prove themselves by."""
    return str(setting("ANYMAIL").get("WEBHOOK_SECRET", ""))


def require_shared_secret(headers: Mapping[str, str]) -> None:
    """``Forged`` without the secret, and while none is set."""
    secret = shared_secret()
    wanted = f"Basic {base64.b64encode(secret.encode()).decode()}"
    if not secret or not hmac.compare_digest(headers.get("Authorization", "").encode(), wanted.encode()):
        raise Forged
