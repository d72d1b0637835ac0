"""The states of a specialist's credentials, as one table."""

from enum import StrEnum


class CredentialState(StrEnum):
    """Where a profile stands."""

    PENDING = "PENDING"
    VERIFIED = "VERIFIED"
    EXPIRING = "EXPIRING"
    EXPIRED = "EXPIRED"
    SUSPENDED = "SUSPENDED"
    REJECTED = "REJECTED"


S = CredentialState
STEPS: dict[CredentialState, frozenset[CredentialState]] = {
    S.PENDING: frozenset({S.VERIFIED, S.REJECTED}),
    S.REJECTED: frozenset({S.PENDING}),
    S.VERIFIED: frozenset({S.EXPIRING, S.EXPIRED, S.SUSPENDED, S.PENDING}),
    S.EXPIRING: frozenset({S.VERIFIED, S.EXPIRED, S.SUSPENDED, S.PENDING}),
    S.EXPIRED: frozenset({S.PENDING, S.SUSPENDED}),
    S.SUSPENDED: frozenset({S.PENDING}),
}
PRACTISING = frozenset({S.VERIFIED, S.EXPIRING})


def allowed(source: str, target: str) -> bool:
    """Whether the table has this step."""
    return CredentialState(target) in STEPS[CredentialState(source)]


def npi_is_valid(number: str) -> bool:
    """US National Provider Identifier: ten digits, Luhn check over 80840 + number (45 CFR 162.406; CMS check digit)."""
    if not (len(number) == 10 and number.isascii() and number.isdigit()):
        return False
    total = 0
    for index, digit in enumerate(reversed("80840" + number)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
