"""HTTPS to an address that a stranger named: one look-up, global addresses alone, and the checked one is dialled."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from config.kernel.providers import within

CONNECT_SECONDS, WHOLE_SECONDS = 3.0, 15.0
MAX_BODY_BYTES = 16 * 1024
# Addresses of IPv6 that stand for one of IPv4, which nobody checked.
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
Resolve = Callable[[str, int], list[str]]


class NotConnected(OSError):
    """No byte of the request left: the other side is away, or is not who it should be."""


class AddressRefused(NotConnected):
    """The address is not one that we speak to."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: no redirect is followed, and of the body no more than ``MAX_BODY_BYTES`` are read."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_global(address: str) -> bool:
    """Whether an address is one of the open Internet, whatever it is written as."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_global(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def look_up(host: str, port: int) -> list[str]:
    """Every address of a host, by one question."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True, kw_only=True)
class GuardedClient:
    """How requests to strangers are made. Tests name a port, a resolver and an authority of their own."""

    allowed: Callable[[str], bool] = is_global
    resolve: Resolve = look_up
    port: int = 443
    context: Callable[[], ssl.SSLContext] = _trusted

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """One request, in at most ``WHOLE_SECONDS``. ``OSError`` or ``http.client.HTTPException`` when it fails."""
        return within(WHOLE_SECONDS, lambda: self._request(method, url, headers, body), name="guarded-request")

    def _request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        host, target = self._target(url)
        addresses = self.resolve(host, self.port)
        # All of them: one that is private beside a public one is no accident.
        if not addresses or not all(self.allowed(address) for address in addresses):
            raise AddressRefused("address")
        connection = _Dialled(host, self.port, addresses[0], self.context())
        try:
            connection.request(method, target, body=body, headers=dict(headers))
            answer = connection.getresponse()
            text = answer.read(MAX_BODY_BYTES)
            return Answer(status=answer.status, headers={k.lower(): v for k, v in answer.getheaders()}, body=text)
        finally:
            connection.close()

    def _target(self, url: str) -> tuple[str, str]:
        parts = urlsplit(url)
        try:
            port = parts.port or 443
        except ValueError:
            port = 0
        if parts.scheme != "https" or not parts.hostname or parts.username is not None or port != self.port:
            raise AddressRefused("url")
        return parts.hostname, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Dialled(http.client.HTTPSConnection):
    """A connection to the address that was checked, under the name that it was looked up for."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS, context=context)
        self._address, self._trust = address, context

    def connect(self) -> None:
        """Without a second look-up, through no proxy."""
        try:
            plain = socket.create_connection((self._address, self.port), timeout=CONNECT_SECONDS)
        except OSError as error:
            raise NotConnected(type(error).__name__) from None
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
        except (OSError, ValueError) as error:
            plain.close()
            raise NotConnected(type(error).__name__) from None
        self.sock.settimeout(WHOLE_SECONDS)
