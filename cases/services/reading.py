"""Lists and details of cases, for each reader what is theirs to see."""

from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.clock import runs_in
from cases.domain.states import TURN, State
from cases.models import Case, Offer
from cases.queries import hot
from cases.queries.access import case_for, first_read_is_sealed, may_read_content
from cases.queries.contents import intake_of, place, questions_of, title_of
from cases.services.dto import CaseAccess, CaseDTO, WorkItem
from config.kernel import clock
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_text
from config.kernel.errors import Forbidden
from identity import services as identity


def list_cases(
    *, principal: Principal, limit: int, after: UUID | None = None, state: str | None = None
) -> tuple[tuple[dict[str, Any], ...], UUID | None]:
    """One page of the caller's cases as JSON-ready rows, and the id to continue after.

    Staff see no titles; professionals see the cases assigned to them.
    """
    rows = hot.list_rows(principal, limit=limit, after=after, state=state)
    keys: dict[UUID, DataKey] = {}
    page = tuple(_row(row, principal, keys) for row in rows[:limit])
    return page, rows[limit - 1][0] if len(rows) > limit else None


def get_case(*, principal: Principal, case_id: UUID) -> CaseDTO:
    """One case; what the caller may not read of it is empty."""
    with atomic():
        case, relation = case_for(principal, case_id)
        record(
            context="cases",
            action="case.read",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
            purpose="treatment",
            detail={"relation": relation},
        )
        return case_dto(case, content=may_read_content(principal, case, relation))


def case_access(*, principal: Principal, case_id: UUID) -> CaseAccess:
    """In what relation the caller stands to the case; ``NotFound`` for a stranger."""
    case, relation = case_for(principal, case_id)
    return CaseAccess(case.id, case.patient_id, relation, first_read_is_sealed(case), case.state)


def worklist(*, principal: Principal) -> tuple[WorkItem, ...]:
    """A specialist's open cases by due time, and the offers that wait for an answer."""
    if not principal.has("professional"):
        raise Forbidden("The worklist is for specialists.", code="role_forbidden")
    with atomic():
        record(context="cases", action="case.worklist", object_type="case")
        mine = list(
            Case.objects.filter(assigned_user_id=principal.user_id)
            .exclude(state__in=("CLOSED", "CANCELLED", "DECLINED", "ENTERED_IN_ERROR"))
            .order_by("promised_at", "id")[:200]
        )
        offers = list(
            Offer.objects.select_related("case")
            .filter(user_id=principal.user_id, state="OFFERED", expires_at__gt=clock.now())
            .order_by("expires_at")[:100]
        )
    return (*(_offer_item(o) for o in offers), *(_case_item(c) for c in mine))


def case_dto(case: Case, *, content: bool) -> CaseDTO:
    """A case as plain data; without ``content`` only status and dates."""
    key = identity.data_key(subject_id=case.patient_id) if content else None
    return CaseDTO(
        id=case.id,
        reference=case.reference,
        state=case.state,
        version=case.version,
        patient_id=case.patient_id,
        title=title_of(case, key) if key else "",
        questions=questions_of(case, key) if key else (),
        intake=intake_of(case, key) if key else {},
        country=case.country,
        region=case.region,
        language=case.language,
        specialty=case.specialty,
        urgency=case.urgency,
        turn=TURN.get(State(case.state)),
        clock_running=runs_in(State(case.state), on_hold=case.on_hold),
        promised_at=case.promised_at,
        created_at=case.created_at,
        updated_at=case.updated_at,
        assigned_user_id=case.assigned_user_id,
    )


def _row(row: tuple[Any, ...], principal: Principal, keys: dict[UUID, DataKey]) -> dict[str, Any]:
    case_id, patient_id, state = row[0], row[4], State(row[2])
    title = ""
    if not principal.is_staff_member:
        key = keys.get(patient_id) or keys.setdefault(patient_id, identity.data_key(subject_id=patient_id))
        title = open_text(key, place("case", "title", case_id), row[5])
    return {
        "id": case_id,
        "reference": row[1],
        "state": row[2],
        "version": row[3],
        "title": title,
        "specialty": row[6],
        "urgency": row[7],
        "turn": TURN.get(state),
        "clock_running": runs_in(state, on_hold=row[13]),
        "promised_at": row[8],
        "created_at": row[9],
        "updated_at": row[10],
        "submitted_at": row[11],
        "delivered_at": row[12],
    }


def _offer_item(offer: Offer) -> WorkItem:
    case = offer.case
    return WorkItem(
        "offer",
        case.id,
        offer.id,
        case.reference,
        "",
        case.state,
        case.specialty,
        case.urgency,
        "specialist",
        case.promised_at,
        offer.expires_at,
    )


def _case_item(case: Case) -> WorkItem:
    title = title_of(case, identity.data_key(subject_id=case.patient_id))
    return WorkItem(
        "case",
        case.id,
        None,
        case.reference,
        title,
        case.state,
        case.specialty,
        case.urgency,
        TURN.get(State(case.state)),
        case.promised_at,
        None,
    )
