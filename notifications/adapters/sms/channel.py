"""Text messages by the provider that ``SMS_PROVIDER`` names, within what a number and a country get."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from config.kernel.conf import setting
from config.kernel.limits import give_back
from notifications.adapters.message_sink import FILE, SinkSession
from notifications.adapters.protocol import SMS, Accepted, Delayed, Outward, Refused, Session
from notifications.adapters.sms.limits import count_text
from notifications.domain.text_segments import MAX_SEGMENTS, segments


def _twilio() -> Session:
    from notifications.adapters.sms.twilio_messages import TwilioSession

    return TwilioSession()


def _sns() -> Session:
    from notifications.adapters.sms.sns_messages import SnsSession

    return SnsSession()


def _azure() -> Session:
    from notifications.adapters.sms.azure_messages import AzureSmsSession

    return AzureSmsSession()


# A provider's library is loaded by the first message that goes there.
PROVIDERS: Mapping[str, Callable[[], Session]] = {
    "twilio": _twilio,
    "sns": _sns,
    "azure": _azure,
    FILE: lambda: SinkSession(SMS),
}


class SmsChannel:
    """Text messages to telephones."""

    name = SMS

    def provider(self) -> str:
        """Empty while nothing, or not all that it needs, is set."""
        named: str = setting("SMS_PROVIDER")
        if not named:
            return FILE if setting("MESSAGE_SINK_DIR") else ""
        return named if named in PROVIDERS and not missing_for(named) else ""

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that counts before it asks the provider."""
        named = self.provider()
        if not named:
            raise Delayed("channel_off")
        yield CountedSession(PROVIDERS[named])


def missing_for(provider: str) -> list[str]:
    """Which settings a provider of text messages lacks."""
    needed = {
        "twilio": {
            "TWILIO_ACCOUNT_SID": setting("TWILIO_ACCOUNT_SID"),
            "TWILIO_AUTH_TOKEN": setting("TWILIO_AUTH_TOKEN"),
            "TWILIO_MESSAGING_SERVICE": setting("TWILIO_MESSAGING_SERVICE"),
        },
        "sns": {"SNS_REGION": setting("SNS_REGION")},
        "azure": {"AZURE_COMMUNICATION": setting("AZURE_COMMUNICATION"), "AZURE_SMS_FROM": setting("AZURE_SMS_FROM")},
        FILE: {"MESSAGE_SINK_DIR": setting("MESSAGE_SINK_DIR")},
    }
    return [name for name, value in needed.get(provider, {}).items() if not value]


class CountedSession:
    """Messages that are short enough, to numbers and countries that have not had theirs."""

    def __init__(self, connect: Callable[[], Session]) -> None:
        self._connect = connect
        self._session: Session | None = None

    def send(self, outward: Outward) -> Accepted:
        """What did not leave is not counted; what may have left is."""
        if segments(outward.text) > MAX_SEGMENTS:
            raise Refused("too_long")
        spent = count_text(outward.address)
        if self._session is None:
            self._session = self._connect()
        try:
            return self._session.send(outward)
        except Delayed:
            give_back(*spent)
            raise
