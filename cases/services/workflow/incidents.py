"""Entered in error (E): one officer records what went wrong, another one of the other office confirms it."""

from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.states import State
from cases.models import Case, Incident
from cases.queries.access import case_for
from cases.queries.sealed_contents import place
from cases.services.workflow.moves import move_case
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import is_second_person
from config.kernel.crypto import seal_text
from config.kernel.errors import Conflict, Forbidden, Invalid
from identity import services as identity

_OFFICES = ("privacy_officer", "medical_director")


def report_incident(*, principal: Principal, case_id: UUID, reason: str) -> str:
    """Record the incident, or confirm the one that the other officer recorded; returns the case's state.

    The case goes to ENTERED_IN_ERROR with the confirmation.
    """
    with atomic():
        case, relation = case_for(principal, case_id, lock=True)
        office = _office(principal) if relation.may(Act.STEER) else None
        if office is None or principal.user_id is None:
            raise Forbidden("The privacy officer and the medical director do this.", code="role_forbidden")
        incident = Incident.objects.select_for_update().filter(case=case).first()
        if incident is None:
            _open(case, principal.user_id, office, reason)
            return case.state
        other = is_second_person(principal.user_id, not_one_of=(incident.opened_by, case.patient_id))
        if not other or office == incident.opened_as:
            raise Conflict("A second person, of the other office, confirms the incident.", code="second_person_needed")
        incident.confirmed_by, incident.confirmed_at = principal.user_id, now()
        incident.save()
        return move_case(principal=principal, case_id=case_id, to=State.ENTERED_IN_ERROR, reason=reason).state


def _open(case: Case, user_id: UUID, office: str, reason: str) -> None:
    if not reason.strip():
        raise Invalid("Say what went wrong.", code="reason_missing")
    incident = Incident(case=case, opened_by=user_id, opened_as=office)
    key = identity.data_key(subject_id=case.patient_id)
    incident.reason_sealed = seal_text(key, place("incident", "reason", incident.id), reason)
    incident.save(force_insert=True)
    record(
        context="cases",
        action="incident.open",
        patient_id=case.patient_id,
        object_type="case",
        object_id=case.id,
    )


def _office(principal: Principal) -> str | None:
    """In which office the caller acts; who holds both acts in one of them only."""
    return next((office for office in _OFFICES if principal.has(office)), None)
