"""The small machines beside the case, each as one table."""

from collections.abc import Mapping
from typing import Final

Machine = Mapping[str, frozenset[str]]


def _machine(**rows: str) -> Machine:
    return {state: frozenset(targets.split()) for state, targets in rows.items()}


OFFER: Final = _machine(OFFERED="ACCEPTED DECLINED EXPIRED WITHDRAWN")
ASSIGNMENT: Final = _machine(ACTIVE="COMPLETED RELEASED REVOKED")
OPINION: Final = _machine(
    DRAFT="SUBMITTED APPROVED",
    SUBMITTED="CHANGES_REQUESTED APPROVED",
    CHANGES_REQUESTED="SUBMITTED APPROVED",
    APPROVED="SIGNED CHANGES_REQUESTED",
    SIGNED="SUPERSEDED",
)
DOCUMENT: Final = _machine(
    UPLOADING="QUARANTINED",
    QUARANTINED="CLEAN INFECTED REJECTED",
    CLEAN="PROCESSED REJECTED",
    PROCESSED="MATCHED MISMATCHED",
    MATCHED="ACCEPTED",
    MISMATCHED="ACCEPTED REJECTED",
    ACCEPTED="WITHDRAWN",
)
CLARIFICATION: Final = _machine(OPEN="ANSWERED EXPIRED")
CLEARED_DOCUMENTS: Final = frozenset({"ACCEPTED", "REJECTED", "WITHDRAWN"})


def allowed(machine: Machine, source: str, target: str) -> bool:
    """Whether the machine has this step."""
    return target in machine.get(source, frozenset())
