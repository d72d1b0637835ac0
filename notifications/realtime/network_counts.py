"""How many sockets, and requests that belong to sockets, one network may have at a time in this process."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from config.kernel.api.middleware import address_in
from config.kernel.conf import setting
from config.kernel.limits import network_of


class Counted(StrEnum):
    """What is counted."""

    SOCKET = "a socket, from its first byte to its last"
    UNPROVEN = "a socket that has not said who it is"
    BODY = "a body that is on its way in"


# A clinic behind one address has a few hundred browsers; nobody needs many that have not said who they are.
MAX_COUNTS = {Counted.SOCKET: 1_000, Counted.UNPROVEN: 100, Counted.BODY: 48}


class NetworkCounts:
    """Counts by network."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Counted, str]] = Counter()

    def begin(self, what: Counted, network: str) -> bool:
        """Count one; ``False`` when the network has too many."""
        most = max(1, round(MAX_COUNTS[what] * setting("RATE_LIMITS_SCALE")))
        if self._counts[what, network] >= most:
            return False
        self._counts[what, network] += 1
        return True

    def end(self, what: Counted, network: str) -> None:
        """It is gone."""
        self._counts[what, network] -= 1
        if self._counts[what, network] <= 0:
            del self._counts[what, network]

    def of(self, network: str) -> dict[Counted, int]:
        """How many of each kind the network has."""
        return {what: count for (what, named), count in self._counts.items() if named == network}


counts = NetworkCounts()


def address_of(scope: Mapping[str, Any]) -> str | None:
    """The client's address: what our own outermost proxy wrote, as everywhere else."""
    told = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    environ = {"HTTP_X_FORWARDED_FOR": ",".join(told), "REMOTE_ADDR": (scope.get("client") or ("",))[0]}
    return address_in(environ, setting("TRUSTED_PROXIES"))


def network_in(scope: Mapping[str, Any]) -> str:
    """The network that a socket comes from."""
    return network_of(address_of(scope))
