"""What the first doctor said and why: a specialist forms an impression of their own before they read it."""

from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Relation
from cases.queries.access import may_read_content, seal_and_relation
from cases.queries.sealed_contents import FIRST_OPINION, intake_of
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden, Locked
from identity import services as identity


def kept_back(intake: dict[str, Any]) -> list[str]:
    """Take out of an opened intake what waits for the specialist's first read; returns the names of what was there."""
    return [name for name in FIRST_OPINION if intake.pop(name, None)]


def first_opinion(*, principal: Principal, case_id: UUID) -> dict[str, Any]:
    """What the first doctor said, as the patient told it: each of ``FIRST_OPINION``, or ``None``.

    Raises ``Locked`` for the assigned specialist before their first read is sealed, ``Forbidden`` for those who do
    not read what the patient wrote, ``NotFound`` for strangers.
    """
    with atomic():
        case, relation, sealed = seal_and_relation(principal, case_id)
        if not may_read_content(principal, case, relation):
            raise Forbidden("Your role does not open what the patient wrote.", code="role_forbidden")
        if relation is Relation.ASSIGNED and not sealed:
            raise Locked("Store your own first read of the case; the first opinion opens after it.", code="first_read")
        record(
            context="cases",
            action="case.read_first_opinion",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        told = intake_of(case, identity.data_key(subject_id=case.patient_id))
    return {name: told.get(name) for name in FIRST_OPINION}
