"""How the patient found the service: kept apart from the opinion, once a case."""

from dataclasses import dataclass
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import OpinionState
from cases.domain.workflow.states import State
from cases.events import RatingGiven
from cases.models import Opinion, ServiceRating
from cases.queries.access import case_for
from cases.queries.proxies import MANAGE
from cases.queries.sealed_contents import place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import seal_text
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from config.kernel.outbox import publish
from identity import services as identity


@dataclass(frozen=True, kw_only=True)
class RatingDTO:
    """``score`` is 1 (worst) to 5."""

    case_id: UUID
    score: int


def rate_service(*, principal: Principal, case_id: UUID, score: int, comment: str = "") -> RatingDTO:
    """Rate the service in FOLLOW_UP or CLOSED, after a signed opinion; only ids and the score leave this context."""
    if not 1 <= score <= 5:
        raise Invalid("Give 1 to 5.", errors=[FieldError("#/score", "invalid", "Give 1 to 5.")])
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MANAGE)
        if not relation.may(Act.SPEAK_FOR_PATIENT):
            raise Forbidden("The patient rates the service.", code="role_forbidden")
        signed = Opinion.objects.filter(case=case, state=OpinionState.SIGNED).order_by("-number").first()
        if case.state not in (State.FOLLOW_UP, State.CLOSED) or signed is None:
            raise Conflict("The service is rated after the report was read.", code="case_not_rateable")
        if ServiceRating.objects.filter(case=case).exists():
            raise Conflict("This case was rated already.", code="case_rated")
        row = ServiceRating(case=case, score=score)
        if comment.strip():
            key = identity.data_key(subject_id=case.patient_id)
            row.comment_sealed = seal_text(key, place("servicerating", "comment", row.id), comment)
        row.save(force_insert=True)
        record(
            context="cases", action="rating.give", patient_id=case.patient_id, object_type="servicerating",
            object_id=row.id,
        )  # fmt: skip
        publish(RatingGiven(aggregate_id=case.id, rating_id=row.id, user_id=signed.author_id, score=score))
    return RatingDTO(case_id=case.id, score=score)
