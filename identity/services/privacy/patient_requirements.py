"""What must hold of a patient before a case goes on: one statement for what guards ask together."""

from dataclasses import dataclass
from uuid import UUID

from config.kernel.errors import NotFound
from identity.queries import patient_standing_row


@dataclass(frozen=True, kw_only=True)
class PatientStanding:
    """Whether the address is confirmed, and the purposes that the patient agrees to, both as they are now."""

    email_verified: bool
    consents: frozenset[str]


def patient_standing(*, patient_id: UUID) -> PatientStanding:
    """Fresh from the tables, not from a token; ``NotFound`` for an unknown id."""
    found = patient_standing_row(patient_id)
    if found is None:
        raise NotFound("There is no such account.")
    return PatientStanding(email_verified=found[0], consents=frozenset(found[1]))
