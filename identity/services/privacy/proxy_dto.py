"""What is handed out about proxies."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ProxyDTO:
    """One permission. ``state`` is ATTESTED (a guardian whom staff must confirm), OFFERED, ACTIVE, DECLINED, REVOKED
    or ENDED; ``mine`` says whether the reader gave it (else it was given to the reader). ``case_id`` limits it.
    """

    id: UUID
    patient_id: UUID
    delegate_id: UUID | None
    case_id: UUID | None
    guardian: bool
    relationship: str
    scopes: tuple[str, ...]
    state: str
    ends_at: datetime
    accepted_at: datetime | None
    mine: bool


@dataclass(frozen=True, kw_only=True)
class ProxyGrant:
    """What somebody may do now for one patient (in one case, if ``case_id`` is set)."""

    id: UUID
    patient_id: UUID
    case_id: UUID | None
    scopes: frozenset[str]
    relationship: str = "other"

    def covers(self, patient_id: UUID, case_id: UUID | None, scope: str) -> bool:
        """Whether it opens ``scope`` in this case (``None``: in all of the patient's)."""
        return self.patient_id == patient_id and self.case_id in (None, case_id) and scope in self.scopes
