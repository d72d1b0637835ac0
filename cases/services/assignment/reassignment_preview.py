"""What if somebody else had the case? The scores of everybody in the field, as they would be; nothing is changed."""

from dataclasses import dataclass
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import AssignmentState, OfferState
from cases.domain.workflow.states import State
from cases.models import Assignment, Case, Offer
from cases.queries.access import case_for, caseloads
from cases.services.eligibility import fitness_for, parties_of, place_of, preferences_of, topics_of, treating_named
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Forbidden, NotFound
from professionals import services as professionals

ASKERS = ("coordinator", "medical_director", "administrator")
_ENDED = frozenset({State.DRAFT, State.CLOSED, State.CANCELLED, State.DECLINED, State.ENTERED_IN_ERROR})


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One specialist, if the case were to be given now: ``score`` (0–100) and its parts, or why they are excluded."""

    professional_id: UUID
    name: str
    rank: int | None
    score: float | None
    reasons: tuple[str, ...]
    excluded: str
    is_current: bool
    legal_rule: str


@dataclass(frozen=True, kw_only=True)
class WhatIfDTO:
    """Everybody by rank, then the excluded; ``chosen`` against ``current`` where they are given."""

    current: Standing | None
    chosen: Standing | None
    ranked: tuple[Standing, ...]
    excluded: tuple[Standing, ...]


def what_if(*, principal: Principal, case_id: UUID, professional_id: UUID | None = None) -> WhatIfDTO:
    """Who could have the case, if it were matched now, the one who has it among them; only an audit row is written.

    The load of whoever has it is counted without it, so that the scores compare like with like.
    """
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.STEER) or not principal.has(*ASKERS):
            raise Forbidden("A coordinator asks this.", code="role_forbidden")
        if case.state in _ENDED:
            raise Conflict("Nobody can have this case any more.", code="case_ended")
        if not case.specialty:
            raise Conflict("Triage decides on the specialty first.", code="not_triaged")
        detail = {"professional": str(professional_id)} if professional_id else {}
        record(
            context="cases", action="case.what_if", patient_id=case.patient_id, object_type="case", object_id=case.id,
            detail=detail,
        )  # fmt: skip
        return _standings(case, professional_id)


def _standings(case: Case, professional_id: UUID | None) -> WhatIfDTO:
    active = Assignment.objects.filter(state=AssignmentState.ACTIVE)
    current = active.filter(case=case).values_list("professional_id", "user_id").first()
    matching = professionals.find_candidates(
        specialty=case.specialty,
        place=place_of(case),
        language=case.language,
        excluded_user_ids=_out_of_question(case, current[1] if current else None),
        open_cases=caseloads(without=case.id),
        legal_basis=case.legal_basis,
        treating_named=treating_named(case),
        parties_of_case=parties_of(case),
        topics=topics_of(case),
        preferences=preferences_of(case),
    )
    now = current[0] if current else None
    ranked = tuple(
        Standing(
            professional_id=c.professional_id,
            name=c.display_name,
            rank=rank,
            score=c.score,
            reasons=c.reasons,
            excluded="",
            is_current=c.professional_id == now,
            legal_rule="",
        )
        for rank, c in enumerate(matching.candidates, 1)
    )
    excluded = tuple(
        Standing(
            professional_id=e.professional_id,
            name="",
            rank=None,
            score=None,
            reasons=(),
            excluded=e.reason,
            is_current=e.professional_id == now,
            legal_rule="",
        )
        for e in matching.excluded
    )
    everybody = {one.professional_id: one for one in (*ranked, *excluded)}
    return WhatIfDTO(
        current=_explained(case, everybody, now) if now else None,
        chosen=_explained(case, everybody, professional_id) if professional_id else None,
        ranked=ranked,
        excluded=excluded,
    )


def _explained(case: Case, everybody: dict[UUID, Standing], professional_id: UUID) -> Standing:
    """With the name, and the legal rule that decides."""
    profile = professionals.get_professional(professional_id=professional_id)
    fitness = fitness_for(case, professional_id)
    found = everybody.get(professional_id)
    if found is None:
        if fitness.allowed:
            raise NotFound("This specialist is not in the case's field.")
        found = Standing(
            professional_id=professional_id,
            name="",
            rank=None,
            score=None,
            reasons=(),
            excluded="; ".join(fitness.reasons),
            is_current=False,
            legal_rule="",
        )
    return Standing(
        professional_id=found.professional_id, name=profile.display_name, rank=found.rank, score=found.score,
        reasons=found.reasons, excluded=found.excluded, is_current=found.is_current, legal_rule=fitness.rule_id,
    )  # fmt: skip


def _out_of_question(case: Case, current: UUID | None) -> frozenset[UUID]:
    """The patient, and everybody else who had or declined the case."""
    had = Assignment.objects.filter(case=case).exclude(user_id=current or UUID(int=0)).values_list("user_id", flat=True)
    declined = Offer.objects.filter(case=case, state=OfferState.DECLINED).values_list("user_id", flat=True)
    return frozenset({case.patient_id, *had, *declined})
