"""Follow-up questions about a delivered opinion, and the addenda that answer them. The signed report never changes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.states import State
from cases.events import FollowUpAnswered, FollowUpAsked
from cases.models import Case, FollowUpQuestion
from cases.queries.access import case_for, person_id
from cases.queries.proxies import MESSAGE
from cases.queries.sealed_contents import place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import DataKey, open_text, seal_text
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity

MAX_TEXT_LENGTH = 10_000
_OPEN = (State.DELIVERED, State.FOLLOW_UP)


@dataclass(frozen=True, kw_only=True)
class FollowUpDTO:
    """A follow-up question; ``answer`` is the addendum, ``None`` while it is open."""

    id: UUID
    case_id: UUID
    question: str
    answer: str | None
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FollowUpsDTO:
    """The questions of a case, oldest first, and how many of those ``allowed`` may still be asked."""

    questions: tuple[FollowUpDTO, ...]
    left: int
    allowed: int


def ask_follow_up(*, principal: Principal, case_id: UUID, question: str) -> FollowUpDTO:
    """Ask about the delivered opinion. ``Conflict`` outside of DELIVERED and FOLLOW_UP, and when none are left."""
    _require_text("question", question)
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MESSAGE)
        if not relation.may(Act.SPEAK_FOR_PATIENT):
            raise Forbidden("The patient asks about their opinion.", code="role_forbidden")
        if case.state not in _OPEN or case.assigned_user_id is None:
            raise Conflict(
                "Questions are asked after delivery, until the case is closed.", code="case_not_in_follow_up"
            )
        if _left(case) <= 0:
            raise Conflict(
                f"All {setting('FOLLOW_UP_QUESTIONS')} follow-up questions were asked; open a new case for more.",
                code="follow_up_questions_used",
            )
        row = FollowUpQuestion(case=case, asked_by=person_id(principal))
        key = identity.data_key(subject_id=case.patient_id)
        row.question_sealed = seal_text(key, place("followupquestion", "question", row.id), question)
        row.save(force_insert=True)
        _note("follow_up.ask", case, row.id)
        publish(FollowUpAsked(aggregate_id=case.id, follow_up_id=row.id, user_id=case.assigned_user_id))
    return _dto(row, key)


def answer_follow_up(*, principal: Principal, case_id: UUID, follow_up_id: UUID, text: str) -> FollowUpDTO:
    """Answer by an addendum, once; the asker is told. It never changes afterwards."""
    _require_text("answer", text)
    with atomic():
        case, relation = case_for(principal, case_id, lock=True)
        if not relation.may(Act.WRITE_OPINION):
            raise Forbidden("The specialist who signed answers.", code="role_forbidden")
        row = FollowUpQuestion.objects.select_for_update().filter(case=case, id=follow_up_id).first()
        if row is None:
            raise NotFound("There is no such question in this case.")
        if row.answered_at is not None:
            raise Conflict("This question was answered; an addendum does not change.", code="follow_up_answered")
        key = identity.data_key(subject_id=case.patient_id)
        row.answer_sealed = seal_text(key, place("followupquestion", "answer", row.id), text)
        row.answered_by, row.answered_at = person_id(principal), now()
        row.save()
        _note("follow_up.answer", case, row.id)
        publish(FollowUpAnswered(aggregate_id=case.id, follow_up_id=row.id, user_id=row.asked_by))
    return _dto(row, key)


def list_follow_ups(*, principal: Principal, case_id: UUID) -> FollowUpsDTO:
    """Questions and addenda, for the patient and the specialist."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.FOLLOW):
            raise Forbidden("The questions are between patient and specialist.", code="role_forbidden")
        _note("follow_up.read", case, case.id)
        key = identity.data_key(subject_id=case.patient_id)
        rows = list(FollowUpQuestion.objects.filter(case=case).order_by("id"))
        left = _left(case, len(rows)) if case.state in _OPEN else 0
    return FollowUpsDTO(
        questions=tuple(_dto(row, key) for row in rows), left=left, allowed=int(setting("FOLLOW_UP_QUESTIONS"))
    )


def _left(case: Case, asked: int | None = None) -> int:
    used = FollowUpQuestion.objects.filter(case=case).count() if asked is None else asked
    return max(0, int(setting("FOLLOW_UP_QUESTIONS")) - used)


def _require_text(name: str, text: str) -> None:
    if not text.strip() or len(text) > MAX_TEXT_LENGTH:
        advice = f"Write 1 to {MAX_TEXT_LENGTH} characters."
        raise Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice)])


def _dto(row: FollowUpQuestion, key: DataKey) -> FollowUpDTO:
    question = open_text(key, place("followupquestion", "question", row.id), row.question_sealed)
    sealed = row.answer_sealed
    addendum = open_text(key, place("followupquestion", "answer", row.id), sealed) if sealed is not None else None
    return FollowUpDTO(
        id=row.id,
        case_id=row.case_id,
        question=question,
        answer=addendum,
        asked_at=row.created_at,
        answered_at=row.answered_at,
    )


def _note(action: str, case: Case, object_id: UUID) -> None:
    record(
        context="cases", action=action, patient_id=case.patient_id, object_type="followupquestion", object_id=object_id
    )
