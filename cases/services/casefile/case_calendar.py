"""The days that matter in a case, for one's own calendar."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from cases.adapters.calendar_file import calendar_file
from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act, Relation
from cases.domain.workflow.state_machines import ClarificationState, RecordRequestState
from cases.domain.workflow.states import ENDED, State
from cases.models import Case, Clarification, Outcome, RecordRequest
from cases.queries.access import case_for
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden


def case_calendar(*, principal: Principal, case_id: UUID) -> bytes:
    """An iCalendar file: when the opinion is promised, and what is asked of people until when.

    For the patient, their delegates and the assigned specialist. It names the case by its reference and says nothing
    of an illness: calendars lie with others.
    """
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.FOLLOW):
            raise Forbidden("The dates are for the patient and the specialist.", code="role_forbidden")
        record(
            context="cases",
            action="case.calendar",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        events = list(_events(case, patient=relation is not Relation.ASSIGNED))
    return calendar_file(name=f"Second opinion {case.reference}", events=events, made_at=now())


def _events(case: Case, *, patient: bool) -> Iterator[tuple[UUID, str, datetime]]:
    ended = State(case.state) in ENDED
    if case.promised_at is not None and case.delivered_at is None and not ended:
        yield case.id, f"Second opinion {case.reference}: promised", case.promised_at
    if not ended:
        for question in Clarification.objects.filter(case=case, state=ClarificationState.OPEN).order_by("id"):
            yield question.id, f"Second opinion {case.reference}: answer a question", question.due_at
    if patient:
        if not ended:
            for request in RecordRequest.objects.filter(case=case, state=RecordRequestState.OPEN).order_by("id"):
                yield request.id, f"Second opinion {case.reference}: records are expected", request.due_at
        for outcome in Outcome.objects.filter(case=case, answered_at=None).order_by("id"):
            yield outcome.id, f"Second opinion {case.reference}: say how it went on", outcome.due_at
