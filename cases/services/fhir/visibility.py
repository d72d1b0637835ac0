"""Whose records a caller reaches over FHIR: the relations that open what a patient wrote, and no others."""

from uuid import UUID

from django.db.models import QuerySet

from cases.models import Case
from cases.queries.relation_scopes import readable
from config.kernel.auth import Principal
from config.kernel.errors import NotFound


def require_patient(principal: Principal, patient_id: UUID) -> None:
    """The caller is the patient, or reads the content of a case of theirs; else ``NotFound``."""
    if principal.user_id == patient_id and principal.has("patient"):
        return
    if not readable_cases(principal).filter(patient_id=patient_id).exists():
        raise NotFound("There is no such patient for you.")


def readable_cases(principal: Principal) -> QuerySet[Case]:
    """Cases whose content the caller reads; see ``cases.queries.access.may_read_content``."""
    return Case.objects.filter(readable(principal))
