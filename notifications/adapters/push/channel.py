"""Push to the devices on which somebody is signed in: apps by Firebase, browsers by their own push services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from config.kernel.conf import setting
from notifications.adapters.message_sink import FILE, SinkSession
from notifications.adapters.protocol import PUSH, Accepted, Delayed, Outward, Session
from notifications.domain.push_addresses import FCM, WEB_PUSH, parts_of


def _fcm() -> Session:
    from notifications.adapters.push.firebase_messages import FirebaseSession

    return FirebaseSession()


def _web_push() -> Session:
    from notifications.adapters.push.browser_messages import WebPushSession

    return WebPushSession()


# A provider's library is loaded by the first message that goes there.
_CONNECT: Mapping[str, Callable[[], Session]] = {FCM: _fcm, WEB_PUSH: _web_push}


def push_providers() -> tuple[str, ...]:
    """Which kinds of device are reached: those whose provider has all that it needs."""
    on = {
        FCM: bool(setting("FCM_CREDENTIALS")),
        WEB_PUSH: bool(setting("VAPID_PRIVATE_KEY") and setting("VAPID_SUBJECT")),
    }
    return tuple(kind for kind, here in on.items() if here)


class PushChannel:
    """Messages to devices."""

    name = PUSH

    def provider(self) -> str:
        """``fcm``, ``webpush`` or both; empty while neither is set up."""
        found = "+".join(push_providers())
        return found or (FILE if setting("MESSAGE_SINK_DIR") else "")

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that asks whoever carries messages to the device's kind."""
        if not self.provider():
            raise Delayed("channel_off")
        yield PushSession()


class PushSession:
    """Connections by kind of device, each opened by its first message."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def send(self, outward: Outward) -> Accepted:
        """One message to one device."""
        kind, _ = parts_of(outward.address)
        if kind not in self._sessions:
            self._sessions[kind] = self._connected(kind)
        return self._sessions[kind].send(outward)

    def _connected(self, kind: str) -> Session:
        if kind in push_providers():
            return _CONNECT[kind]()
        if setting("MESSAGE_SINK_DIR"):
            return SinkSession(PUSH)
        raise Delayed("channel_off")
