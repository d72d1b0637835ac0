"""Reviews of the service: a patient's word on a closed case, shown without a name after staff looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from identity import services as identity
from professionals.db import atomic
from professionals.domain.publication_machines import ReviewState
from professionals.models import CaseWork, Professional, Review

STATEMENTS = ("understandable", "thorough", "on_time", "kind", "hard_to_understand", "incomplete", "late", "unkind")
_MODERATORS = ("medical_director", "administrator")


@dataclass(frozen=True, kw_only=True)
class ReviewDTO:
    """One published review: no name, no case, the month only."""

    score: int
    statements: tuple[str, ...]
    month: str


def give_review(*, principal: Principal, case_id: UUID, score: int, statements: Sequence[str] = ()) -> UUID:
    """The patient's word on a closed case of their own, once; it waits for staff. Returns its id."""
    if not 1 <= score <= 5 or not set(statements) <= set(STATEMENTS):
        advice = f"score is 1 to 5; statements are of: {', '.join(STATEMENTS)}."
        raise Invalid(advice, errors=[FieldError("#/score", "invalid", advice)])
    person = principal.require_user_id()
    work = CaseWork.objects.filter(case_id=case_id, patient_id__in=identity.own_ids(user_id=person)).first()
    if work is None:
        raise NotFound("There is no such case of yours.")
    if not work.closed:
        raise Conflict("A case is reviewed when it is closed.", code="case_not_closed")
    specialist = Professional.objects.filter(user_id=work.user_id).first() if work.user_id else None
    if specialist is None:
        raise NotFound("There is no such case of yours.")
    try:
        with atomic():
            row = Review.objects.create(
                professional=specialist,
                case_id=case_id,
                patient_id=work.patient_id,
                score=score,
                statements=sorted(set(statements)),
            )
            _note("review.give", row.id)
    except IntegrityError as error:
        raise Conflict("This case has your review already.", code="review_exists") from error
    return row.id


def moderate_review(*, principal: Principal, review_id: UUID, publish: bool) -> None:
    """Show a review, or not."""
    if not principal.has(*_MODERATORS):
        raise Forbidden("The medical director decides on reviews.", code="role_forbidden")
    with atomic():
        row = Review.objects.select_for_update().filter(id=review_id).first()
        if row is None:
            raise NotFound("There is no such review.")
        decided = ReviewState.PUBLISHED if publish else ReviewState.REJECTED
        if row.state != decided:
            advance(row, decided, moderated_by=principal.user_id)
        _note("review.moderate", review_id)


def list_reviews(*, professional_id: UUID) -> tuple[ReviewDTO, ...]:
    """The newest hundred that are shown."""
    rows = Review.objects.filter(professional_id=professional_id, state=ReviewState.PUBLISHED).order_by("-id")[:100]
    return tuple(ReviewDTO(score=r.score, statements=tuple(r.statements), month=f"{r.created_at:%Y-%m}") for r in rows)


def _note(action: str, object_id: UUID) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=object_id)
