"""Reviews of the service and private figures. Nothing here is told by a client: cases are known from their events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from identity import services as identity
from professionals.db import atomic, now
from professionals.models import CaseWork, Professional, Review, Statistics

STATEMENTS = ("understandable", "thorough", "on_time", "kind", "hard_to_understand", "incomplete", "late", "unkind")
_MODERATORS = ("medical_director", "administrator")


@dataclass(frozen=True)
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
        state = "PUBLISHED" if publish else "REJECTED"
        if not Review.objects.filter(id=review_id).update(state=state, moderated_by=principal.user_id):
            raise NotFound("There is no such review.")
        _note("review.moderate", review_id)


def list_reviews(*, professional_id: UUID) -> tuple[ReviewDTO, ...]:
    """The newest hundred that are shown."""
    rows = Review.objects.filter(professional_id=professional_id, state="PUBLISHED").order_by("-id")[:100]
    return tuple(ReviewDTO(r.score, tuple(r.statements), f"{r.created_at:%Y-%m}") for r in rows)


def get_statistics(*, principal: Principal, professional_id: UUID) -> dict[str, Any]:
    """A specialist's own figures, for them and the medical director; all ``None`` before they are computed."""
    row = Professional.objects.filter(id=professional_id).first()
    if row is None or (principal.user_id != row.user_id and not principal.has("medical_director", "administrator")):
        raise NotFound("There is no such profile for you.")
    held = Statistics.objects.filter(professional=row).first()
    with atomic():
        _note("statistics.read", row.id)
    return {"computed_at": held.computed_at if held else None, **(held.figures if held else _figures((), ()))}


def compute_statistics() -> None:
    """Compute everybody's figures from the events, and the turnaround that matching uses."""
    for row in Professional.objects.all():
        with atomic():
            works = list(CaseWork.objects.filter(user_id=row.user_id).exclude(signed_at=None))
            scores = list(Review.objects.filter(professional=row, state="PUBLISHED").values_list("score", flat=True))
            figures = _figures(works, scores)
            Statistics.objects.update_or_create(professional=row, defaults={"figures": figures, "computed_at": now()})
            Professional.objects.filter(id=row.id).update(turnaround_days=figures["turnaround_days"])


def follow_case(*, case_id: UUID, patient_id: UUID, user_id: UUID | None, transition: str, at: datetime) -> None:
    """Take one step of a case into the copy."""
    row, _ = CaseWork.objects.get_or_create(case_id=case_id, defaults={"patient_id": patient_id})
    if transition == "T08":
        row.user_id, row.accepted_at, row.active = user_id, at, True
    elif transition == "T21":
        row.user_id, row.signed_at, row.active = user_id or row.user_id, row.signed_at or at, False
    elif transition in ("T10", "T13"):
        row.user_id, row.accepted_at, row.active = None, None, False
    elif transition.startswith(("C-", "E-")):
        row.active = False
    elif transition in ("T25", "T30"):
        row.closed = transition == "T25"
    row.amendments += transition in ("T26", "T27", "T28")
    row.peer_agreed += transition == "T17"
    row.peer_asked_changes += transition == "T16"
    row.save()


def _figures(works: Sequence[CaseWork], scores: Sequence[int]) -> dict[str, Any]:
    days = [(w.signed_at - w.accepted_at).total_seconds() / 86_400 for w in works if w.signed_at and w.accepted_at]
    agreed, changes = sum(w.peer_agreed for w in works), sum(w.peer_asked_changes for w in works)
    return {
        "signed": len(works),
        "turnaround_days": round(median(days), 2) if days else None,
        "peer_agreement": round(agreed / (agreed + changes), 3) if agreed + changes else None,
        "amendments": sum(w.amendments for w in works),
        "service_score": round(sum(scores) / len(scores), 2) if scores else None,
        "brier": None,
    }


def _note(action: str, object_id: UUID) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=object_id)
