"""Asking a provider how far a text message is, where it lets itself be asked.

Twilio does. Amazon SNS writes what became of a message to CloudWatch's logs and has no call for it; Azure Communication
Services reports by Event Grid alone, and its library has no call either: their messages stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from notifications.adapters.callback_events import ProviderEvent


class Absent(Exception):
    """The provider has no message that it could be: it never got there."""


class Ambiguous(Exception):
    """The provider has several that it could be."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One message: by the provider's name for it, or by number and time. ``known``: names that are other messages'."""

    delivery_id: UUID
    provider_id: str
    address: str = field(repr=False)
    asked_at: datetime
    known: frozenset[str] = frozenset()


class Asked(Protocol):
    """A provider that answers."""

    def state_of(self, question: Question) -> ProviderEvent | None:
        """How far it is; ``None``: nothing new. ``Absent``, ``Ambiguous``, or what ``Session.send`` raises."""


def _twilio() -> Asked:
    from notifications.adapters.sms.twilio_messages import TwilioSession

    return TwilioSession()


ASKED: dict[str, Callable[[], Asked]] = {"twilio": _twilio}
