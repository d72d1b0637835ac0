"""Signed reports that rest on what is read otherwise now: the medical director looks, and says what follows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import SIGNED_OPINIONS, RecheckState
from cases.domain.workflow.states import State
from cases.events import ReportDoubted
from cases.models import Case, Opinion, ReportRecheck
from cases.queries.access import case_for
from cases.queries.sealed_contents import place
from cases.services.workflow.moves import move_case
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import seal_text
from config.kernel.db.states import advance
from config.kernel.errors import Forbidden, Invalid
from config.kernel.outbox import publish
from identity import services as identity

CRITICAL_VALUE, ANOTHER_PERSON = "critical_value", "another_person"


@dataclass(frozen=True, kw_only=True)
class RecheckDTO:
    """``cause`` is critical_value (``values`` of them are read otherwise) or another_person (whose paper it is)."""

    id: UUID
    case_id: UUID
    document_id: UUID
    cause: str
    values: int
    state: str
    created_at: datetime
    settled_at: datetime | None


def doubt_report(case: Case, document_id: UUID, cause: str, *, values: int = 0) -> None:
    """Open a task of the medical director if an opinion of the case is signed; once a document. Inside ``atomic()``."""
    if not Opinion.objects.filter(case=case, state__in=SIGNED_OPINIONS).exists():
        return
    opened = ReportRecheck.objects.select_for_update().filter(
        document_id=document_id, cause=cause, state=RecheckState.OPEN
    )
    if opened.update(values=F("values") + values):
        return
    row = ReportRecheck.objects.create(case=case, document_id=document_id, cause=cause, values=values)
    _note(row, "report.doubt")
    publish(ReportDoubted(aggregate_id=case.id, recheck_id=row.id, patient_id=case.patient_id))


def list_rechecks(*, principal: Principal, case_id: UUID) -> tuple[RecheckDTO, ...]:
    """A case's, newest first; for the medical director."""
    with atomic():
        case = _directed(principal, case_id)
        record(
            context="cases", action="report.rechecks", patient_id=case.patient_id, object_type="case", object_id=case.id
        )
        return tuple(_dto(row) for row in ReportRecheck.objects.filter(case=case).order_by("-id"))


def settle_recheck(*, principal: Principal, recheck_id: UUID, stands: bool, reason: str) -> RecheckDTO:
    """Say that the report stands all the same, or have it amended: then the case goes to AMENDING, if it is not there.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` without a reason, and ``Conflict`` once it is settled.
    """
    with atomic():
        row = ReportRecheck.objects.select_for_update().filter(id=recheck_id).first()
        case = _directed(principal, row.case_id if row else None, what="task")
        assert row is not None
        if not reason.strip():
            raise Invalid("Say why the report stands, or what is wrong with it.", code="reason_missing")
        key = identity.data_key(subject_id=case.patient_id)
        advance(
            row,
            RecheckState.STANDS if stands else RecheckState.AMENDED,
            settled_by=principal.user_id,
            settled_at=now(),
            reason_sealed=seal_text(key, place("reportrecheck", "reason", row.id), reason.strip()),
        )
        if not stands and case.state != State.AMENDING:
            move_case(principal=principal, case_id=case.id, to=State.AMENDING, reason=reason.strip())
        _note(row, "report.recheck")
        return _dto(row)


def _directed(principal: Principal, case_id: UUID | None, what: str = "case") -> Case:
    case, relation = case_for(principal, case_id, lock=True, what=what)
    if not relation.may(Act.STEER) or not principal.has("medical_director"):
        raise Forbidden("The medical director looks at this.", code="role_forbidden")
    return case


def _note(row: ReportRecheck, action: str) -> None:
    record(
        context="cases",
        action=action,
        patient_id=row.case.patient_id,
        object_type="case",
        object_id=row.case_id,
        detail={"cause": row.cause, "state": row.state},
    )


def _dto(row: ReportRecheck) -> RecheckDTO:
    return RecheckDTO(
        id=row.id,
        case_id=row.case_id,
        document_id=row.document_id,
        cause=row.cause,
        values=row.values,
        state=row.state,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )
