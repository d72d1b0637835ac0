"""Whose records a caller reaches over FHIR: the relations that open what a patient wrote, and no others."""

from uuid import UUID

from django.db.models import Q, QuerySet

from cases.models import Case
from cases.queries.access import FULL_STAFF, person_id
from cases.queries.proxies import READ, cases_of_key, grants_of
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
    reach = Q(pk__in=cases_of_key(principal))
    if principal.user_id is not None:
        reach |= Q(patient_id=principal.user_id)
    if principal.has("professional"):
        reach |= Q(assigned_user_id=person_id(principal))
    for one in grants_of(principal):
        if READ in one.scopes:
            reach |= Q(patient_id=one.patient_id, **({"id": one.case_id} if one.case_id else {}))
    for role, states in FULL_STAFF.items():
        if principal.has(role):
            reach |= Q(state__in=states)
    return Case.objects.filter(reach)
