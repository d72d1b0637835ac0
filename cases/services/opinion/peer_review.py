"""Peer review: a second, independent specialist looks at an opinion before it is signed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.eligibility.conflict_of_interest import QUESTIONS
from cases.domain.workflow.state_machines import OpinionState
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition
from cases.events import ReviewAwaited
from cases.models import Case, Opinion, PeerReview
from cases.queries.access import case_for
from cases.queries.sealed_contents import place
from cases.services.eligibility import fitness_for
from cases.services.opinion.dto import OpinionDTO
from cases.services.opinion.opinions import opinion_dto
from cases.services.workflow.guard_facts import treats
from cases.services.workflow.moves import move_case
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import seal_text
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity
from professionals import services as professionals

# verdict → the step it takes
_STEPS = {
    "changes": Transition.REQUEST_CHANGES,
    "agree": Transition.APPROVE_OPINION,
    "minor_remarks": Transition.APPROVE_OPINION,
    "major_disagreement": Transition.ESCALATE_DISSENT,
}


def assign_peer(*, principal: Principal, case_id: UUID, professional_id: UUID) -> None:
    """Name the reviewer; ``Conflict`` says why somebody cannot be it."""
    with atomic():
        case, relation = case_for(principal, case_id, lock=True)
        if not relation.may(Act.STEER) or not principal.has("coordinator", "medical_director", "administrator"):
            raise Forbidden("A coordinator names the reviewer.", code="role_forbidden")
        if case.state != State.PEER_REVIEW:
            raise Conflict("A reviewer is named while the case is in PEER_REVIEW.", code="case_not_in_peer_review")
        peer = professionals.get_professional(professional_id=professional_id)
        _require_independent(case, peer.user_id, professional_id)
        case.peer_user_id, case.version = peer.user_id, case.version + 1
        case.save()
        _note("peer.assign", case)
        publish(ReviewAwaited(aggregate_id=case.id, user_id=peer.user_id))


def opinion_for_review(*, principal: Principal, case_id: UUID) -> OpinionDTO:
    """The version that waits for the reviewer's verdict; for the reviewer only."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.REVIEW_OPINION):
            raise Forbidden("Only the reviewer of this case reads it.", code="role_forbidden")
        row = Opinion.objects.filter(case=case, state=OpinionState.SUBMITTED).order_by("-number").first()
        if row is None:
            raise NotFound("No opinion waits for your review.")
        _note("peer.read_opinion", case)
        return opinion_dto(row, case)


def review_opinion(
    *,
    principal: Principal,
    case_id: UUID,
    verdict: str,
    remarks: str = "",
    coi_attestation: Mapping[str, Any] | None = None,
) -> str:
    """Give the verdict; returns the case's state.

    ``verdict`` is changes, agree, minor_remarks or major_disagreement; all but agree need remarks.
    """
    if verdict not in _STEPS or (verdict != "agree" and not remarks.strip()):
        advice = f"verdict is one of {', '.join(_STEPS)}; say why in remarks unless you simply agree."
        raise Invalid(advice, errors=[FieldError("#/verdict", "invalid", advice)])
    with atomic():
        case, relation = case_for(principal, case_id, lock=True)
        if not relation.may(Act.REVIEW_OPINION) or principal.user_id is None:
            raise Forbidden("Only the reviewer of this case decides.", code="role_forbidden")
        row = Opinion.objects.filter(case=case).order_by("-number").first()
        answers = {name: (coi_attestation or {}).get(name) for name in QUESTIONS}
        data = {"peer_verdict": verdict, "coi_attestation": answers}
        case = move_case(principal=principal, case_id=case_id, to=_STEPS[verdict], reason=remarks, data=data)
        if row is not None:
            _keep(case, row, principal.user_id, verdict, remarks, answers)
    return case.state


def _keep(case: Case, row: Opinion, user_id: UUID, verdict: str, remarks: str, answers: Mapping[str, Any]) -> None:
    peer = professionals.get_by_user(user_id=user_id)
    if peer is None:
        raise Forbidden("Only a registered specialist reviews.", code="role_forbidden")
    fitness = fitness_for(case, peer.id, as_peer=True)
    review = PeerReview(opinion=row, user_id=user_id, professional_id=peer.id, verdict=verdict)
    review.coi_attestation, review.legal_rule = dict(answers), fitness.rule_id
    key = identity.data_key(subject_id=case.patient_id)
    review.remarks_sealed = seal_text(key, place("peerreview", "remarks", review.id), remarks)
    review.save(force_insert=True)
    Opinion.objects.filter(id=row.id).update(peer_user_id=user_id)


def _require_independent(case: Case, user_id: UUID, professional_id: UUID) -> None:
    authors = set(Opinion.objects.filter(case=case).values_list("author_id", flat=True))
    if user_id in authors | {case.patient_id, case.assigned_user_id}:
        raise Conflict("Neither the author nor the patient reviews the opinion.", code="peer_not_independent")
    if treats(case, user_id):
        raise Conflict("This specialist, or their organisation, treats the patient.", code="peer_not_independent")
    fitness = fitness_for(case, professional_id, as_peer=True)
    if not fitness.allowed:
        raise Conflict("; ".join(fitness.reasons), code="professional_not_eligible", extra={"rule": fitness.rule_id})


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
