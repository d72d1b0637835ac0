"""Addresses that a stranger names for us to send to: asked when they are taken what the guard will ask later."""

import re
import socket
from urllib.parse import urlsplit

from config.kernel.providers import DeadlinePassed, within
from notifications.adapters.network_guard import PORT, Resolve, is_public

LOOKUP_SECONDS = 3.0
# Names that mean something here or in a house, and nothing on the internet.
_INSIDE = (".local", ".localhost", ".internal", ".home.arpa", ".lan", ".intranet", ".corp")
# Such a last part makes a name an IPv4 address in disguise (127.1, 0x7f000001), as browsers and libc read it.
_NUMERIC = re.compile(r"(\d+|0[xX][0-9a-fA-F]*)\Z")


def fault_of_url(url: str, *, longest: int = 500) -> str:
    """Why nothing can be sent to this address; empty when something can. No name is looked up for it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "It is no address."
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or len(url) > longest or not url.isascii() or any(c <= " " for c in url):
        return f"Give an address that begins with https://, without blanks, of at most {longest} characters."
    if port not in (None, PORT) or "@" in parts.netloc or parts.fragment:
        return "The address must have port 443, no name or password before the host, and no #."
    return "" if _may_be_public(host) else "The host must be on the public internet."


def leads_inside(url: str, *, resolve: Resolve = socket.getaddrinfo) -> bool:
    """Whether the host's name stands for an address that the guard refuses.

    A name that nobody knows at this instant is no reason to refuse: what is sent there asks again, and dials only what
    it checked.
    """
    host = urlsplit(url).hostname or ""
    try:
        found = list(within(LOOKUP_SECONDS, lambda: resolve(host, PORT, type=socket.SOCK_STREAM), name="look-up"))
    except (DeadlinePassed, OSError):
        return False
    except UnicodeError:
        return True
    return not all(is_public(one[4][0]) for one in found)


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        name = host.rstrip(".")
        return "." in name and not name.endswith(_INSIDE) and not _NUMERIC.fullmatch(name.rpartition(".")[2])
