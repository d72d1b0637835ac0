"""Finding a specialist: candidates explained, offers made, accepted, declined."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.db import atomic, now
from cases.domain.states import State
from cases.events import OfferMade
from cases.models import Assignment, Case, Offer
from cases.queries.access import case_for, person_id
from cases.queries.contents import intake_of
from cases.services.dto import CandidateDTO, ExclusionDTO, MatchingDTO, OfferDTO
from cases.services.facts import place_of
from cases.services.moving import move
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Forbidden, NotFound
from config.kernel.outbox import publish
from identity import services as identity
from professionals import services as professionals

OFFER_LASTS = timedelta(hours=48)
_STEERING = ("coordinator", "medical_director", "administrator")


def candidates(*, principal: Principal, case_id: UUID) -> MatchingDTO:
    """Who could take the case, best first with reasons, and who cannot, with the reason."""
    case = _steered(principal, case_id)
    intake = intake_of(case, identity.data_key(subject_id=case.patient_id))
    organisation = str((intake.get("treating_clinician") or {}).get("organisation") or "")
    loads = Counter(Assignment.objects.filter(state="ACTIVE").values_list("professional_id", flat=True))
    matching = professionals.find_candidates(
        specialty=case.specialty,
        place=place_of(case),
        language=case.language,
        excluded_user_ids=_seen_before(case),
        excluded_organisations=frozenset({organisation} if organisation else ()),
        open_cases=dict(loads),
    )
    with atomic():
        _note("case.match", case)
    return MatchingDTO(
        tuple(
            CandidateDTO(c.professional_id, c.user_id, c.display_name, c.score, c.reasons) for c in matching.candidates
        ),
        tuple(ExclusionDTO(e.professional_id, e.reason) for e in matching.excluded),
    )


def offer_case(*, principal: Principal, case_id: UUID, professional_id: UUID) -> OfferDTO:
    """Offer the case to one specialist for 48 hours; ``Conflict`` names why they cannot have it."""
    with atomic():
        case = _steered(principal, case_id, lock=True)
        if case.state != State.MATCHING:
            raise Conflict("A case is offered while it is in MATCHING.", code="case_not_matching")
        professional = professionals.get_professional(professional_id=professional_id)
        fitness = professionals.assess_fitness(
            professional_id=professional_id, place=place_of(case), specialty=case.specialty
        )
        if not fitness.allowed:
            reasons = "; ".join(fitness.reasons)
            raise Conflict(reasons, code="professional_not_eligible", extra={"rule": fitness.rule_id})
        if professional.user_id in _seen_before(case):
            raise Conflict("This specialist is the patient, or has this case already.", code="offer_not_possible")
        if Offer.objects.filter(case=case, user_id=professional.user_id, state="OFFERED").exists():
            raise Conflict("The case is on offer to this specialist already.", code="offer_open")
        offer = Offer.objects.create(
            case=case,
            professional_id=professional_id,
            user_id=professional.user_id,
            offered_by=person_id(principal),
            expires_at=now() + OFFER_LASTS,
        )
        _note("offer.make", case)
        publish(OfferMade(aggregate_id=case.id, offer_id=offer.id, user_id=offer.user_id, expires_at=offer.expires_at))
    return OfferDTO(offer.id, case.id, offer.user_id, offer.state, offer.expires_at)


def accept_offer(*, principal: Principal, case_id: UUID, coi_attestation: Mapping[str, Any]) -> str:
    """Take the case (T08): one winner, whoever else tries at the same instant. Returns the case's state."""
    return move(principal=principal, case_id=case_id, to="T08", data={"coi_attestation": dict(coi_attestation)})


def decline_offer(*, principal: Principal, case_id: UUID) -> None:
    """Say no to an open offer."""
    _, relation = case_for(principal, case_id)
    if relation != "offered":
        raise Forbidden("The case is not on offer to you.", code="role_forbidden")
    with atomic():
        changed = Offer.objects.filter(case_id=case_id, user_id=person_id(principal), state="OFFERED").update(
            state="DECLINED", answered_at=now()
        )
        if not changed:
            raise NotFound("There is no open offer of this case to you.")
        _note("offer.decline", Case.objects.get(id=case_id))


def _steered(principal: Principal, case_id: UUID, *, lock: bool = False) -> Case:
    case, relation = case_for(principal, case_id, lock=lock)
    if relation != "staff" or not principal.has(*_STEERING):
        raise Forbidden("A coordinator does this.", code="role_forbidden")
    return case


def _seen_before(case: Case) -> frozenset[UUID]:
    """The patient, and everybody who had or declined this case."""
    had = Assignment.objects.filter(case=case).values_list("user_id", flat=True)
    declined = Offer.objects.filter(case=case, state="DECLINED").values_list("user_id", flat=True)
    return frozenset({case.patient_id, *had, *declined})


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
