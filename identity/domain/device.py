"""Devices: the form of the value that one keeps, and a readable name for what a browser calls itself."""

from ipaddress import ip_address, ip_network
from uuid import UUID

# First match wins: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("okhttp", "Android app"),
    ("CFNetwork", "iOS app"),
    ("curl/", "curl"),
    ("python", "Python program"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_UNKNOWN = "Unknown device"


def compose(device_id: UUID, signature: bytes) -> str:
    """The value that a device keeps."""
    return f"{device_id.hex}.{signature.hex()}"


def parse(value: str) -> tuple[UUID, bytes] | None:
    """Id and signature of a kept value; ``None`` when it is none."""
    identifier, _, signature = value.partition(".")
    if len(identifier) != 32 or len(signature) != 64:
        return None
    try:
        return UUID(hex=identifier), bytes.fromhex(signature)
    except ValueError:
        return None


def readable(agent: str) -> str:
    """``Firefox on Linux`` for a browser's own long name; a short name that a client chose stays as it is."""
    program = next((name for mark, name in _PROGRAMS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if program and system:
        return f"{program} on {system}"
    return program or system or (agent.strip()[:40] if agent.strip() else _UNKNOWN)


def coarse_network(address: str | None) -> str:
    """The network an address lies in (IPv4 /24, IPv6 /48), so that a list names no exact place; empty without one."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return ""
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))
