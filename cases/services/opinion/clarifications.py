"""Questions from the specialist to the patient, and their answers."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act, Relation
from cases.domain.workflow.state_machines import ClarificationState
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition
from cases.events import ClarificationAnswered, ClarificationAsked
from cases.models import Clarification
from cases.queries.access import case_for, person_id
from cases.queries.proxies import MESSAGE
from cases.queries.sealed_contents import place
from cases.services.opinion.dto import ClarificationDTO
from cases.services.opinion.messages import attached
from cases.services.workflow.moves import move_case
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_text, seal_text
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity

REPLY_WINDOW = timedelta(days=14)
MAX_WINDOW = timedelta(days=30)


def ask(
    *,
    principal: Principal,
    case_id: UUID,
    question: str,
    document_ids: Sequence[UUID] = (),
    due_days: int = REPLY_WINDOW.days,
) -> ClarificationDTO:
    """Ask the patient; the case goes to CLARIFICATION and its clock stops.

    ``document_ids``: documents of this case that the question is about. ``due_days``: 1 to 30 days for the answer.
    """
    if not question.strip():
        raise Invalid("Write the question.", code="question_missing")
    if not 1 <= due_days <= MAX_WINDOW.days:
        advice = f"Give the patient 1 to {MAX_WINDOW.days} days."
        raise Invalid(advice, errors=[FieldError("#/due_days", "out_of_range", advice)])
    with atomic():
        case, relation = case_for(principal, case_id, lock=True)
        if not relation.may(Act.WRITE_OPINION):
            raise Forbidden("Only the assigned specialist asks.", code="role_forbidden")
        if case.state != State.IN_REVIEW:
            raise Conflict("Questions are asked while the case is in review.", code="case_not_in_review")
        row = Clarification(case=case, asked_by=person_id(principal), due_at=now() + timedelta(days=due_days))
        row.question_documents = attached(case, document_ids)
        key = identity.data_key(subject_id=case.patient_id)
        row.question_sealed = seal_text(key, place("clarification", "question", row.id), question)
        row.save(force_insert=True)
        publish(
            ClarificationAsked(
                aggregate_id=case.id, clarification_id=row.id, patient_id=case.patient_id, due_at=row.due_at
            )
        )
        move_case(principal=principal, case_id=case_id, to=Transition.ASK_CLARIFICATION)
    return clarification_dto(row, key)


def answer(
    *, principal: Principal, case_id: UUID, clarification_id: UUID, text: str, document_ids: Sequence[UUID] = ()
) -> ClarificationDTO:
    """Answer; when no question is open any more, the review goes on."""
    if not text.strip():
        raise Invalid("Write the answer.", code="answer_missing")
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MESSAGE)
        if not relation.may(Act.SPEAK_FOR_PATIENT):
            raise Forbidden("Only the patient answers.", code="role_forbidden")
        row = Clarification.objects.select_for_update().filter(case=case, id=clarification_id).first()
        if row is None:
            raise NotFound("There is no such question.")
        if row.state != ClarificationState.OPEN:
            raise Conflict("This question was answered or is closed.", code="clarification_closed")
        key = identity.data_key(subject_id=case.patient_id)
        at = now()
        advance(
            row,
            ClarificationState.ANSWERED,
            answer_sealed=seal_text(key, place("clarification", "answer", row.id), text),
            answer_documents=attached(case, document_ids),
            answered_at=at,
            # Who answers has read the question.
            question_seen_at=row.question_seen_at or at,
        )
        publish(ClarificationAnswered(aggregate_id=case.id, clarification_id=row.id, user_id=row.asked_by))
        still_open = Clarification.objects.filter(case=case, state=ClarificationState.OPEN).exists()
        if case.state == State.CLARIFICATION and not still_open:
            move_case(principal=principal, case_id=case_id, to=Transition.SETTLE_CLARIFICATION, scope=MESSAGE)
    return clarification_dto(row, key)


def list_clarifications(*, principal: Principal, case_id: UUID) -> tuple[ClarificationDTO, ...]:
    """The questions and answers, oldest first; for the patient and the specialist, who have read them now."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.FOLLOW):
            raise Forbidden("The questions are between patient and specialist.", code="role_forbidden")
        record(
            context="cases",
            action="clarification.read",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        key = identity.data_key(subject_id=case.patient_id)
        rows = list(Clarification.objects.filter(case=case).order_by("id"))
        mark_seen(rows, by_specialist=relation is Relation.ASSIGNED)
        return tuple(clarification_dto(row, key) for row in rows)


def mark_seen(rows: Sequence[Clarification], *, by_specialist: bool) -> None:
    """Of these rows, what the reader's other side wrote is read now. A statement only where something was unread."""
    column = "answer_seen_at" if by_specialist else "question_seen_at"
    unseen = [
        row
        for row in rows
        if getattr(row, column) is None and (row.state == ClarificationState.ANSWERED or not by_specialist)
    ]
    if unseen:
        instant = now()
        Clarification.objects.filter(id__in=[row.id for row in unseen], **{column: None}).update(**{column: instant})
        for row in unseen:
            setattr(row, column, instant)


def clarification_dto(row: Clarification, key: DataKey) -> ClarificationDTO:
    """A question with its answer, opened."""
    question = open_text(key, place("clarification", "question", row.id), row.question_sealed)
    reply = (
        open_text(key, place("clarification", "answer", row.id), row.answer_sealed)
        if row.answer_sealed is not None
        else None
    )
    return ClarificationDTO(
        id=row.id,
        case_id=row.case_id,
        question=question,
        answer=reply,
        state=row.state,
        due_at=row.due_at,
        question_seen_at=row.question_seen_at,
        answer_seen_at=row.answer_seen_at,
        question_documents=tuple(UUID(one) for one in row.question_documents),
        answer_documents=tuple(UUID(one) for one in row.answer_documents),
    )
