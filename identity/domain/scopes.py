"""What a service key may be allowed, by name; anything else is not a scope."""

import re
from ipaddress import ip_address, ip_network

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# notify: send notices; schema:read: read the API's description; cases:read:<id>: read one case, and no other.
_SCOPES = re.compile(rf"notify|schema:read|cases:read:{_UUID}")


def is_scope(name: str) -> bool:
    """Whether a key may hold it."""
    return _SCOPES.fullmatch(name) is not None


def is_network(text: str) -> bool:
    """Whether it is a range in CIDR form, and not the whole world."""
    try:
        return ip_network(text).prefixlen > 0
    except ValueError:
        return False


def lies_in(address: str | None, networks: list[str]) -> bool:
    """Whether a client's address lies in one of the ranges."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return False
    return any(ip in ip_network(network) for network in networks)
