"""What counts as one network: an IPv4 address, or the /64 that an IPv6 customer is given."""

import ipaddress

UNKNOWN = "unknown"


def network_of(address: str | None) -> str:
    """The network of a client's address as text; callers without a readable address share ``"unknown"``."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return UNKNOWN
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((int(ip), 64), strict=False))
        ip = ip.ipv4_mapped
    return f"{ip}/32"
