"""Questions from the specialist to the patient, and their answers."""

from datetime import timedelta
from uuid import UUID

from cases.db import atomic, now
from cases.domain.states import State
from cases.events import ClarificationAnswered, ClarificationAsked
from cases.models import Clarification
from cases.queries.access import case_for, person_id
from cases.queries.contents import place
from cases.queries.proxies import MESSAGE
from cases.services.dto import ClarificationDTO
from cases.services.moving import move
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_text, seal_text
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity

REPLY_WINDOW = timedelta(days=14)


def ask(*, principal: Principal, case_id: UUID, question: str) -> ClarificationDTO:
    """Ask the patient; the case goes to CLARIFICATION and its clock stops (T11)."""
    if not question.strip():
        raise Invalid("Write the question.", code="question_missing")
    with atomic():
        case, relation = case_for(principal, case_id, lock=True)
        if relation != "assigned":
            raise Forbidden("Only the assigned specialist asks.", code="role_forbidden")
        if case.state != State.IN_REVIEW:
            raise Conflict("Questions are asked while the case is in review.", code="case_not_in_review")
        row = Clarification(case=case, asked_by=person_id(principal), due_at=now() + REPLY_WINDOW)
        key = identity.data_key(subject_id=case.patient_id)
        row.question_sealed = seal_text(key, place("clarification", "question", row.id), question)
        row.save(force_insert=True)
        publish(ClarificationAsked(aggregate_id=case.id, clarification_id=row.id, patient_id=case.patient_id))
        move(principal=principal, case_id=case_id, to="T11")
    return clarification_dto(row, key)


def answer(*, principal: Principal, case_id: UUID, clarification_id: UUID, text: str) -> ClarificationDTO:
    """Answer; when no question is open any more, the review goes on (T12)."""
    if not text.strip():
        raise Invalid("Write the answer.", code="answer_missing")
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MESSAGE)
        if relation not in ("owner", "delegate"):
            raise Forbidden("Only the patient answers.", code="role_forbidden")
        row = Clarification.objects.select_for_update().filter(case=case, id=clarification_id).first()
        if row is None:
            raise NotFound("There is no such question.")
        if row.state != "OPEN":
            raise Conflict("This question was answered or is closed.", code="clarification_closed")
        key = identity.data_key(subject_id=case.patient_id)
        row.answer_sealed = seal_text(key, place("clarification", "answer", row.id), text)
        row.state, row.answered_at = "ANSWERED", now()
        row.save()
        publish(ClarificationAnswered(aggregate_id=case.id, clarification_id=row.id, user_id=row.asked_by))
        still_open = Clarification.objects.filter(case=case, state="OPEN").exists()
        if case.state == State.CLARIFICATION and not still_open:
            move(principal=principal, case_id=case_id, to="T12", scope=MESSAGE)
    return clarification_dto(row, key)


def list_clarifications(*, principal: Principal, case_id: UUID) -> tuple[ClarificationDTO, ...]:
    """The questions and answers, oldest first; for the patient and the specialist."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if relation not in ("owner", "delegate", "assigned"):
            raise Forbidden("The questions are between patient and specialist.", code="role_forbidden")
        record(
            context="cases",
            action="clarification.read",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        key = identity.data_key(subject_id=case.patient_id)
        return tuple(clarification_dto(row, key) for row in Clarification.objects.filter(case=case).order_by("id"))


def clarification_dto(row: Clarification, key: DataKey) -> ClarificationDTO:
    """A question with its answer, opened."""
    question = open_text(key, place("clarification", "question", row.id), row.question_sealed)
    reply = (
        open_text(key, place("clarification", "answer", row.id), row.answer_sealed)
        if row.answer_sealed is not None
        else None
    )
    return ClarificationDTO(row.id, row.case_id, question, reply, row.state, row.due_at)
