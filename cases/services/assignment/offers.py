"""Finding a specialist: candidates explained, offers made, accepted, declined."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import OfferState
from cases.domain.workflow.states import State
from cases.domain.workflow.transitions import Transition
from cases.events import OfferMade
from cases.models import Assignment, Case, Offer
from cases.queries.access import case_for, caseload_of, caseloads, person_id
from cases.services.assignment.dto import CandidateDTO, ExclusionDTO, MatchingDTO, ObstacleDTO, OfferDTO
from cases.services.eligibility import fitness_for, parties_of, place_of, preferences_of, topics_of, treating_named
from cases.services.workflow.moves import move_case
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.db.states import advance_all
from config.kernel.errors import Conflict, Forbidden, NotFound
from config.kernel.jobs import enqueue
from config.kernel.outbox import publish
from professionals import services as professionals

SHOWN, MAX_ASKED = 50, 2000
OFFER_LASTS = timedelta(hours=48)
_STEERING = ("coordinator", "medical_director", "administrator")


def candidates(*, principal: Principal, case_id: UUID) -> MatchingDTO:
    """Who could take the case, best first with reasons, and who cannot, with the reason."""
    case = _steered(principal, case_id)
    matching = _match(case)
    if not matching.candidates and matching.others > len(matching.excluded):
        # Why nobody can is asked of all of them.
        matching = _match(case, most=min(matching.others, MAX_ASKED))
    with atomic():
        _note("case.match", case)
    return MatchingDTO(
        candidates=tuple(
            CandidateDTO(
                professional_id=c.professional_id,
                user_id=c.user_id,
                display_name=c.display_name,
                score=c.score,
                reasons=c.reasons,
            )
            for c in matching.candidates
        ),
        excluded=tuple(
            ExclusionDTO(professional_id=e.professional_id, reason=e.reason) for e in matching.excluded[:SHOWN]
        ),
        obstacles=tuple(ObstacleDTO(**vars(one)) for one in matching.obstacles),
    )


def reoffer(*, case_id: UUID) -> UUID | None:
    """Offer a case that nobody took to the best specialist who was not asked yet, for whoever offered it last.

    Returns the specialist's id; ``None`` when the case is not in matching, is on offer, was never offered by a
    person, or nobody is left.
    """
    with atomic():
        case = Case.objects.select_for_update().filter(id=case_id, state=State.MATCHING).first()
        offers = Offer.objects.filter(case_id=case_id)
        last = offers.order_by("-id").first()
        if case is None or case.on_hold or last is None or offers.filter(state=OfferState.OFFERED).exists():
            return None
        best = next(iter(_match(case, frozenset(offers.values_list("user_id", flat=True))).candidates), None)
        if best is None:
            return None
        _offer(case, best.professional_id, best.user_id, last.offered_by)
    return best.professional_id


def offer_case(*, principal: Principal, case_id: UUID, professional_id: UUID) -> OfferDTO:
    """Offer the case to one specialist for 48 hours; ``Conflict`` names why they cannot have it."""
    with atomic():
        case = _steered(principal, case_id, lock=True)
        if case.state != State.MATCHING:
            raise Conflict("A case is offered while it is in MATCHING.", code="case_not_matching")
        professional = professionals.get_professional(professional_id=professional_id)
        fitness = fitness_for(case, professional_id)
        if not fitness.allowed:
            reasons = "; ".join(fitness.reasons)
            raise Conflict(reasons, code="professional_not_eligible", extra={"rule": fitness.rule_id})
        if not professional.accepting:
            raise Conflict("This specialist takes no cases now.", code="professional_not_accepting")
        load = caseload_of(professional.user_id)
        if load >= professional.capacity:
            advice = f"This specialist has {load} open cases of {professional.capacity}."
            raise Conflict(advice, code="professional_at_capacity")
        if professional.user_id in _seen_before(case):
            raise Conflict("This specialist is the patient, or has this case already.", code="offer_not_possible")
        if Offer.objects.filter(case=case, user_id=professional.user_id, state=OfferState.OFFERED).exists():
            raise Conflict("The case is on offer to this specialist already.", code="offer_open")
        offer = _offer(case, professional_id, professional.user_id, person_id(principal))
    return OfferDTO(id=offer.id, case_id=case.id, user_id=offer.user_id, state=offer.state, expires_at=offer.expires_at)


def accept_offer(*, principal: Principal, case_id: UUID, coi_attestation: Mapping[str, Any]) -> str:
    """Take the case: one winner, whoever else tries at the same instant. Returns the case's state."""
    data = {"coi_attestation": dict(coi_attestation)}
    return move_case(principal=principal, case_id=case_id, to=Transition.ACCEPT_OFFER, data=data).state


def decline_offer(*, principal: Principal, case_id: UUID) -> None:
    """Say no to an open offer."""
    _, relation = case_for(principal, case_id)
    if not relation.may(Act.ANSWER_OFFER):
        raise Forbidden("The case is not on offer to you.", code="role_forbidden")
    with atomic():
        mine = Offer.objects.filter(case_id=case_id, user_id=person_id(principal))
        if not advance_all(mine, OfferState.DECLINED, answered_at=now()):
            raise NotFound("There is no open offer of this case to you.")
        _note("offer.decline", Case.objects.get(id=case_id))
        enqueue(context="cases", kind="cases.reoffer", subject_id=case_id)


def _match(case: Case, asked: frozenset[UUID] = frozenset(), *, most: int = SHOWN) -> professionals.Matching:
    return professionals.find_candidates(
        specialty=case.specialty,
        place=place_of(case),
        language=case.language,
        excluded_user_ids=_seen_before(case) | asked,
        open_cases=caseloads(),
        legal_basis=case.legal_basis,
        treating_named=treating_named(case),
        parties_of_case=parties_of(case),
        topics=topics_of(case),
        preferences=preferences_of(case),
        most=most,
    )


def _offer(case: Case, professional_id: UUID, user_id: UUID, offered_by: UUID) -> Offer:
    expires_at = now() + OFFER_LASTS
    offer = Offer.objects.create(
        case=case, professional_id=professional_id, user_id=user_id, offered_by=offered_by, expires_at=expires_at
    )
    _note("offer.make", case)
    publish(OfferMade(aggregate_id=case.id, offer_id=offer.id, user_id=user_id, expires_at=expires_at))
    return offer


def _steered(principal: Principal, case_id: UUID, *, lock: bool = False) -> Case:
    case, relation = case_for(principal, case_id, lock=lock)
    if not relation.may(Act.STEER) or not principal.has(*_STEERING):
        raise Forbidden("A coordinator does this.", code="role_forbidden")
    return case


def _seen_before(case: Case) -> frozenset[UUID]:
    """The patient, and everybody who had or declined this case."""
    had = Assignment.objects.filter(case=case).values_list("user_id", flat=True)
    declined = Offer.objects.filter(case=case, state=OfferState.DECLINED).values_list("user_id", flat=True)
    return frozenset({case.patient_id, *had, *declined})


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
