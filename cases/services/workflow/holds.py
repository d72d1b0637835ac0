"""Hold: a flag that stops the clock and blocks the steps, with a reason and an end."""

from datetime import datetime
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.models import Case
from cases.queries.access import case_for
from cases.queries.guard_facts import intervals_of
from cases.services.workflow.moves import tick
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden, Invalid


def hold_case(*, principal: Principal, case_id: UUID, reason: str, until: datetime | None = None) -> None:
    """Put the case on hold."""
    if not reason.strip():
        raise Invalid("Say why the case is put on hold.", code="reason_missing")
    _set(principal, case_id, reason[:200], principal.user_id, until)


def resume_case(*, principal: Principal, case_id: UUID) -> None:
    """Let the case go on."""
    _set(principal, case_id, "", None, None)


def end_hold(case_id: UUID) -> None:
    """Let a case go on whose hold has reached its end."""
    with atomic():
        case = Case.objects.select_for_update().get(id=case_id)
        if case.hold_until is not None and case.hold_until <= now():
            _write(case, "", None, None)


def _set(principal: Principal, case_id: UUID, reason: str, by: UUID | None, until: datetime | None) -> None:
    with atomic():
        case, relation = case_for(principal, case_id, lock=True)
        if not relation.may(Act.STEER) or not principal.has("coordinator", "medical_director"):
            raise Forbidden("A coordinator or the medical director does this.", code="role_forbidden")
        _write(case, reason, by, until)


def _write(case: Case, reason: str, by: UUID | None, until: datetime | None) -> None:
    case.hold_reason, case.held_by, case.hold_until = reason, by, until
    case.version += 1
    tick(case, intervals_of(case))
    case.save()
    record(
        context="cases",
        action="case.hold" if by else "case.resume",
        patient_id=case.patient_id,
        object_type="case",
        object_id=case.id,
    )
