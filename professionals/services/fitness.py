"""Whether a specialist may have a case, and which specialists could."""

from collections.abc import Mapping
from uuid import UUID

from config.kernel.errors import NotFound
from professionals.db import now
from professionals.domain.credentials import PRACTISING
from professionals.domain.legal import RULES_VERSION, licence_at_place
from professionals.domain.matching import CandidateFact, Wanted, match
from professionals.models import Professional
from professionals.queries import licence_facts
from professionals.services.dto import Candidate, Excluded, Fitness, Matching


def assess_fitness(*, professional_id: UUID, place: str, specialty: str) -> Fitness:
    """Whether the specialist may advise a patient at ``place`` (``US-CA``, ``DE``) now, in ``specialty``."""
    row = Professional.objects.prefetch_related("licences").filter(id=professional_id).first()
    if row is None:
        raise NotFound("There is no such specialist.")
    if row.state not in PRACTISING:
        reason = f"credentials are {row.state.lower()}"
        return Fitness(False, f"verified-credentials/{RULES_VERSION}", (reason,))
    if specialty and row.specialty != specialty:
        reason = f"works in {row.specialty}, not {specialty}"
        return Fitness(False, f"matching-specialty/{RULES_VERSION}", (reason,))
    ruling = licence_at_place(licence_facts(row.licences.all()), place, now().date())
    return Fitness(ruling.allowed, ruling.rule_id, ruling.reasons)


def find_candidates(
    *,
    specialty: str,
    place: str,
    language: str,
    excluded_user_ids: frozenset[UUID],
    excluded_organisations: frozenset[str],
    open_cases: Mapping[UUID, int],
) -> Matching:
    """Eligible specialists, best first with an explained score, and the others of the field with the reason.

    Specialists of other fields are left out altogether: nobody needs to read why.
    """
    today = now().date()
    facts = []
    for row in Professional.objects.prefetch_related("licences").filter(specialty=specialty):
        ruling = licence_at_place(licence_facts(row.licences.all()), place, today)
        away = row.out_of_office_until is not None and row.out_of_office_until >= today
        facts.append(
            CandidateFact(
                professional_id=row.id,
                user_id=row.user_id,
                display_name=row.display_name,
                specialty=row.specialty,
                languages=tuple(row.languages),
                organisation=row.organisation,
                practising=row.state in PRACTISING,
                accepting=row.accepting and not away,
                licensed=ruling.allowed,
                licence_reason="; ".join(ruling.reasons),
                capacity=row.capacity,
                open_cases=open_cases.get(row.id, 0),
            )
        )
    good, bad = match(facts, Wanted(specialty, language, excluded_user_ids, excluded_organisations))
    return Matching(
        tuple(Candidate(s.fact.professional_id, s.fact.user_id, s.fact.display_name, s.score, s.reasons) for s in good),
        tuple(Excluded(professional_id, reason) for professional_id, reason in bad),
    )
