"""The states of a specialist's credentials and of what proves them, each machine as one table."""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class CredentialState(StrEnum):
    """Where a profile stands."""

    PENDING = "PENDING"
    VERIFIED = "VERIFIED"
    EXPIRING = "EXPIRING"
    EXPIRED = "EXPIRED"
    SUSPENDED = "SUSPENDED"
    REJECTED = "REJECTED"


class EvidenceState(StrEnum):
    """Of a document that proves something: CLEARED or REJECTED by reading it, CONFIRMED or REFUSED by two people."""

    QUARANTINED = "QUARANTINED"
    CLEARED = "CLEARED"
    REJECTED = "REJECTED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


S = CredentialState
CREDENTIALS: Final = StateMachine(
    S.PENDING,
    {
        S.PENDING: {S.VERIFIED, S.REJECTED},
        S.REJECTED: {S.PENDING},
        S.VERIFIED: {S.EXPIRING, S.EXPIRED, S.SUSPENDED, S.PENDING},
        S.EXPIRING: {S.VERIFIED, S.EXPIRED, S.SUSPENDED, S.PENDING},
        S.EXPIRED: {S.PENDING, S.SUSPENDED},
        S.SUSPENDED: {S.PENDING},
    },
)
EVIDENCE: Final = StateMachine(
    EvidenceState.QUARANTINED,
    {
        EvidenceState.QUARANTINED: {EvidenceState.CLEARED, EvidenceState.REJECTED},
        EvidenceState.CLEARED: {EvidenceState.CONFIRMED, EvidenceState.REFUSED},
    },
)
PRACTISING = frozenset({S.VERIFIED, S.EXPIRING})


def npi_is_valid(number: str) -> bool:
    """US National Provider Identifier: ten digits, Luhn check over 80840 + number (45 CFR 162.406; CMS check digit)."""
    if not (len(number) == 10 and number.isascii() and number.isdigit()):
        return False
    total = 0
    for index, digit in enumerate(reversed("80840" + number)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
