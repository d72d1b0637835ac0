"""Limits as data, declared beside the view or the service that they guard."""

from dataclasses import dataclass

from config.kernel.audit.records import client_address
from config.kernel.auth.principal import Principal
from config.kernel.limits.networks import network_of


@dataclass(frozen=True)
class Limit:
    """At most ``capacity`` in ``seconds``, counted from the first one, for each network, account or other subject.

    ``strict``: refused while nobody can count (authentication); without it, let through (everything else).
    ``guessing``: it bounds guesses at a secret, so that a try stays counted even when we fail while answering it.
    """

    name: str
    capacity: int
    seconds: int
    by: str
    strict: bool = False
    guessing: bool = False

    def of(self, subject: object) -> "Counter":
        """The count of one subject."""
        return Counter(self, str(subject))

    def of_caller(self, principal: Principal) -> "Counter":
        """The count of whoever makes the present request."""
        if self.by != "network" and principal.user_id is not None:
            return Counter(self, str(principal.user_id))
        return Counter(self, network_of(client_address.get()))

    def of_network(self) -> "Counter":
        """The count of the network that the present request comes from."""
        return Counter(self, network_of(client_address.get()))


@dataclass(frozen=True)
class Counter:
    """One limit, counted for one subject."""

    limit: Limit
    subject: str


def per_network(
    name: str,
    capacity: int,
    *,
    seconds: int = 0,
    minutes: int = 0,
    hours: int = 0,
    strict: bool = False,
    guessing: bool = False,
) -> Limit:
    """For each network (IPv4 address, IPv6 /64)."""
    return Limit(name, capacity, seconds + 60 * minutes + 3600 * hours, "network", strict, guessing)


def per_account(
    name: str,
    capacity: int,
    *,
    seconds: int = 0,
    minutes: int = 0,
    hours: int = 0,
    strict: bool = False,
    guessing: bool = False,
) -> Limit:
    """For each signed-in account; callers who are not signed in count by their network."""
    return Limit(name, capacity, seconds + 60 * minutes + 3600 * hours, "account", strict, guessing)


def per_subject(
    name: str,
    capacity: int,
    *,
    seconds: int = 0,
    minutes: int = 0,
    hours: int = 0,
    strict: bool = False,
    guessing: bool = False,
) -> Limit:
    """For each subject that a service names by ``limit.of(…)``: an address, a pending sign-in, a recipient."""
    return Limit(name, capacity, seconds + 60 * minutes + 3600 * hours, "subject", strict, guessing)
