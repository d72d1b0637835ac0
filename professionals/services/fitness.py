"""Whether a specialist may have a case, and which specialists could."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from config.kernel.errors import NotFound
from professionals.db import now
from professionals.domain import legal, parties
from professionals.domain.credentials import PRACTISING
from professionals.domain.matching import CandidateFact, Wanted, match
from professionals.models import Professional
from professionals.queries import away_now, licence_facts
from professionals.services.conflicts import Party, conflict_of, find_conflicts
from professionals.services.dto import Candidate, Excluded, Fitness, Matching
from professionals.services.legal import rules


def assess_fitness(
    *,
    professional_id: UUID,
    place: str,
    specialty: str,
    legal_basis: str = "licence",
    treating_named: bool = False,
    parties_of_case: Iterable[Party] = (),
) -> Fitness:
    """Whether the specialist may advise a patient at ``place`` (``US-CA``, ``DE``) now, in ``specialty``.

    ``legal_basis`` is the case's; ``parties_of_case`` are those to whom the specialist must have no link.
    """
    row = Professional.objects.prefetch_related("licences").filter(id=professional_id).first()
    if row is None:
        raise NotFound("There is no such specialist.")
    if row.state not in PRACTISING:
        reason = f"credentials are {row.state.lower()}"
        return Fitness(False, f"verified-credentials/{legal.RULES_VERSION}", (reason,))
    if specialty and row.specialty != specialty:
        reason = f"works in {row.specialty}, not {specialty}"
        return Fitness(False, f"matching-specialty/{legal.RULES_VERSION}", (reason,))
    today = now().date()
    rule = legal.rule_for(rules(), place=place, mode=legal.mode_of(legal_basis), specialty=row.specialty, today=today)
    facts = licence_facts(row.licences.all())
    ruling = legal.decide(rule, facts, place=place, today=today, treating_named=treating_named)
    known = tuple(parties_of_case)
    path = conflict_of(professional_id=row.id, parties=known) if ruling.allowed and known else None
    if path is not None:
        return Fitness(False, parties.RULE, (path,))
    return Fitness(ruling.allowed, ruling.rule_id, ruling.reasons)


def find_candidates(
    *,
    specialty: str,
    place: str,
    language: str,
    excluded_user_ids: frozenset[UUID],
    excluded_organisations: frozenset[str] = frozenset(),
    open_cases: Mapping[UUID, int],
    legal_basis: str = "licence",
    treating_named: bool = False,
    parties_of_case: Iterable[Party] = (),
    topics: str = "",
    preferences: str = "",
) -> Matching:
    """Eligible specialists, best first with an explained score, and the others of the field with the reason.

    ``topics`` are the case's words, in which sub-specialties and procedures are looked for; ``preferences`` the
    patient's, in which names are. Specialists of other fields are left out altogether: nobody needs to read why.
    """
    today = now().date()
    mode = legal.mode_of(legal_basis)
    rule = legal.rule_for(rules(), place=place, mode=mode, specialty=specialty, today=today)
    paths = find_conflicts(parties=parties_of_case, specialty=specialty)
    absent = away_now()
    facts = []
    for row in Professional.objects.prefetch_related("licences").filter(specialty=specialty):
        licences = licence_facts(row.licences.all())
        ruling = legal.decide(rule, licences, place=place, today=today, treating_named=treating_named)
        away = row.id in absent or (row.out_of_office_until is not None and row.out_of_office_until >= today)
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
                conflict=paths.get(row.id, ""),
                expertise=(*row.sub_specialties, *row.procedures),
                turnaround_days=row.turnaround_days,
            )
        )
    good, bad = match(
        facts, Wanted(specialty, language, excluded_user_ids, excluded_organisations, topics, preferences)
    )
    return Matching(
        tuple(Candidate(s.fact.professional_id, s.fact.user_id, s.fact.display_name, s.score, s.reasons) for s in good),
        tuple(Excluded(professional_id, reason) for professional_id, reason in bad),
    )
