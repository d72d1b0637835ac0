"""Whether a specialist may have a case."""

from collections.abc import Iterable
from uuid import UUID

from config.kernel.errors import NotFound
from professionals.db import now
from professionals.domain import legal_rules, parties
from professionals.domain.credentials import PRACTISING
from professionals.domain.taxonomy import term_name
from professionals.models import Professional
from professionals.queries import licence_facts
from professionals.services.conflicts import Party, conflict_of
from professionals.services.dto import Fitness
from professionals.services.legal_rules import rules


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
        return Fitness(allowed=False, rule_id=f"verified-credentials/{legal_rules.RULES_VERSION}", reasons=(reason,))
    if specialty and row.specialty != specialty:
        reason = f"works in {term_name(row.specialty)}, not {term_name(specialty)}"
        return Fitness(allowed=False, rule_id=f"matching-specialty/{legal_rules.RULES_VERSION}", reasons=(reason,))
    today = now().date()
    rule = legal_rules.rule_for(
        rules(), place=place, mode=legal_rules.mode_of(legal_basis), specialty=row.specialty, today=today
    )
    facts = licence_facts(row.licences.all())
    ruling = legal_rules.decide(rule, facts, place=place, today=today, treating_named=treating_named)
    known = tuple(parties_of_case)
    path = conflict_of(professional_id=row.id, parties=known) if ruling.allowed and known else None
    if path is not None:
        return Fitness(allowed=False, rule_id=parties.RULE, reasons=(path,))
    return Fitness(allowed=ruling.allowed, rule_id=ruling.rule_id, reasons=ruling.reasons)
