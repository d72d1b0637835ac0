"""What a channel is to those who send by it: one call for one message, and four ways in which it ends."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

EMAIL: Final = "email"
SMS: Final = "sms"
PUSH: Final = "push"
# The channels that lead out of the platform, in the order in which somebody is tried.
OUTWARD: Final = (EMAIL, PUSH, SMS)


@dataclass(frozen=True, kw_only=True)
class Outward:
    """One message as it leaves the platform, with nothing in it that says what somebody has. Rendering alone makes it.

    ``message_id`` is the same at every try. ``address``: of the mailbox, the number (E.164), or the device as
    ``notifications.services.addresses.devices`` gives it. ``unsubscribe_url`` is empty where nobody can unsubscribe.
    """

    delivery_id: UUID
    message_id: str
    address: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    link: str = field(repr=False)
    category: str
    unsubscribe_url: str = field(default="", repr=False)
    language: str = "en"
    sender_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The provider has taken it; its own name for it, by which it reports on it later (empty: it has none)."""

    provider_id: str


class Refused(Exception):
    """The address or the message will never be taken. The text is a code, without the address.

    ``suppress`` says that nothing more goes to this address, and why: ``hard``, ``complaint``, ``stop`` or ``gone``.
    """

    def __init__(self, code: str, suppress: str = "") -> None:
        super().__init__(code)
        self.code, self.suppress = code, suppress


class Delayed(Exception):
    """It has not left, and may be tried again, not before ``retry_after``. The text is a code, without the address."""

    def __init__(self, code: str, retry_after: timedelta | None = None) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class Unanswered(Exception):
    """The bytes are gone, and nobody said whether they were taken. The text is a code, without the address."""

    def __init__(self, code: str = "no_answer") -> None:
        super().__init__(code)
        self.code = code


class Session(Protocol):
    """A connection for several messages, opened by the first."""

    def send(self, outward: Outward) -> Accepted:
        """One message. Raises ``Refused``, ``Delayed`` or ``Unanswered``, and nothing else."""


@runtime_checkable
class FollowedSession(Session, Protocol):
    """A session that is quicker when it knows what comes next."""

    def follow(self, outwards: Sequence[Outward]) -> None:
        """What is sent next, in this order, unless something goes wrong. Nothing of it leaves before its ``send``."""


class Channel(Protocol):
    """A way out of the platform, by the provider that the settings name."""

    @property
    def name(self) -> str:
        """The channel's name."""

    def provider(self) -> str:
        """Who carries it, as its callbacks and circuits are named; empty while the channel is off."""

    def session(self) -> AbstractContextManager[Session]:
        """A session; ``Delayed`` (``channel_off``) while the channel is off."""


def channel(name: str) -> Channel:
    """The channel of a name; ``KeyError`` where there is none."""
    return _channels()[name]


def channels_on() -> tuple[str, ...]:
    """The channels that the settings give a provider, in the order in which somebody is tried."""
    return tuple(name for name, one in _channels().items() if one.provider())


def _channels() -> dict[str, Channel]:
    # They raise what stands above, so they come after it.
    from notifications.adapters.email.channel import EmailChannel
    from notifications.adapters.push.channel import PushChannel
    from notifications.adapters.sms.channel import SmsChannel

    return {EMAIL: EmailChannel(), PUSH: PushChannel(), SMS: SmsChannel()}
