"""One HTTPS request to an address that a stranger named, behind the guard of the network, within fifteen seconds."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import httpcore

from config.kernel.providers import within
from notifications.adapters.network_guard import PORT, AddressRefused, Guard, Resolve, is_public

CONNECT_SECONDS, WHOLE_SECONDS = 3.0, 15.0
MAX_BODY_BYTES = 16 * 1024


class NotConnected(OSError):
    """No byte of the request left: the other side is away, or is not who it should be."""


class NoAnswer(OSError):
    """The request left, whole or in part, and what came of it is not known."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: no redirect is followed, and of the body no more than ``MAX_BODY_BYTES`` are read."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True, kw_only=True)
class GuardedClient:
    """How requests to strangers are made. Tests name a port, a resolver and an authority of their own."""

    allowed: Callable[[str], bool] = is_public
    resolve: Resolve = socket.getaddrinfo
    port: int = PORT
    context: Callable[[], ssl.SSLContext] = _trusted

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """One request, in at most ``WHOLE_SECONDS``. ``AddressRefused``, ``NotConnected``, or ``NoAnswer``."""
        self._require_address(url)
        # The look-up of a name has no limit of its own.
        return within(WHOLE_SECONDS, lambda: self._request(method, url, headers, body), name="guarded-request")

    def _request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        guard = Guard(
            deadline=time.monotonic() + WHOLE_SECONDS, allowed=self.allowed, resolve=self.resolve, port=self.port
        )
        limits = {"connect": CONNECT_SECONDS, "read": WHOLE_SECONDS, "write": WHOLE_SECONDS, "pool": WHOLE_SECONDS}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self.context(), network_backend=guard, retries=0) as pool,
                pool.stream(
                    method, url, headers=list(headers.items()), content=body, extensions={"timeout": limits}
                ) as response,
            ):
                told = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in response.headers}
                return Answer(status=response.status, headers=told, body=_beginning(response))
        # "from None", because the errors quote the address, and errors end in logs.
        except (httpcore.ConnectError, httpcore.ConnectTimeout, socket.gaierror) as error:
            raise NotConnected(type(error).__name__) from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise NoAnswer(type(error).__name__) from None

    def _require_address(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port or PORT
        except ValueError:
            port = 0
        if parts.scheme != "https" or not parts.hostname or parts.username is not None or port != self.port:
            raise AddressRefused("url")


def _beginning(response: httpcore.Response) -> bytes:
    read = b""
    for part in response.iter_stream():
        read += part
        if len(read) >= MAX_BODY_BYTES:
            break
    return read[:MAX_BODY_BYTES]
