"""Where a message may go that a stranger named the address of: looked up once, all public, and that one dialled."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

PORT = 443
# Ways for an IPv4 address to hide in an IPv6 one (mapped, translated, compatible, NAT64, 6to4, Teredo), and what the
# registries of special addresses (RFC 6890 and later) keep for documentation, relays, tests, routers and sites' own.
_SPECIAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23"),
        *("100::/64", "100:0:0:1::/64", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fec0::/10"),
        *("192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24"),
    )
)
Resolve = Callable[..., Iterable[Any]]


class AddressRefused(OSError):
    """The address is not one that we speak to. Says a code, never the address."""


def is_public(text: str) -> bool:
    """Whether an address lies on the public internet, in its own right."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast


class Guard(httpcore.NetworkBackend):
    """Connects for one request, which has until ``deadline`` for everything.

    One look-up, so that no second one can answer otherwise; a name with a single private address is refused whole.
    """

    def __init__(
        self,
        *,
        deadline: float,
        allowed: Callable[[str], bool] = is_public,
        resolve: Resolve = socket.getaddrinfo,
        port: int = PORT,
    ) -> None:
        self._deadline, self._allowed, self._resolve, self._port = deadline, allowed, resolve, port
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """Dial the address that was checked."""
        if port != self._port:
            raise AddressRefused("port")
        addresses = list(dict.fromkeys(found[4][0] for found in self._resolve(host, port, type=socket.SOCK_STREAM)))
        if not addresses or not all(self._allowed(address) for address in addresses):
            raise AddressRefused("address")
        stream = self._backend.connect_tcp(addresses[0], port, timeout=_left(self._deadline, timeout))
        return _Bounded(stream, self._deadline)

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """Nothing is sent to this machine."""
        raise AddressRefused("address")

    def sleep(self, seconds: float) -> None:
        """Nothing is tried again here."""
        raise AddressRefused("retry")


class _Bounded(httpcore.NetworkStream):
    """A connection that ends at the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return _Bounded(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the deadline has passed")
    return left if timeout is None else min(left, timeout)
