"""Which specialists could have a case: the best of all by one statement, judged and explained by the domain's rules."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from professionals.db import now
from professionals.domain import legal_rules
from professionals.domain.credentials import PRACTISING
from professionals.domain.match_score import WHY, CandidateFact, Wanted, match
from professionals.domain.parties import normal_name
from professionals.domain.taxonomy import named_in
from professionals.models import Professional
from professionals.queries import licences_of
from professionals.queries.candidates import Chosen, Licensing, choose
from professionals.services.conflicts import Party, find_conflicts
from professionals.services.dto import Candidate, Excluded, Matching, Obstacle
from professionals.services.legal_rules import rules

MAX_CANDIDATES = 50
_SAME = ("user_id", "display_name", "specialty", "organisation", "capacity", "turnaround_days")
_COLUMNS = (
    *_SAME, "id", "languages", "sub_specialties", "procedures", "state", "accepting", "out_of_office_until",
)  # fmt: skip


def find_candidates(
    *,
    specialty: str,
    place: str,
    language: str,
    excluded_user_ids: frozenset[UUID],
    open_cases: Mapping[UUID, int],
    legal_basis: str = "licence",
    treating_named: bool = False,
    parties_of_case: Iterable[Party] = (),
    topics: str = "",
    preferences: str = "",
    most: int = MAX_CANDIDATES,
) -> Matching:
    """The ``most`` best eligible specialists with an explained score, and as many of the others with the reason.

    ``topics`` are the case's words, in which sub-specialties and procedures are looked for; ``preferences`` the
    patient's, in which names are. Specialists of other fields are left out altogether: nobody needs to read why.
    """
    today = now().date()
    mode = legal_rules.mode_of(legal_basis)
    rule = legal_rules.rule_for(rules(), place=place, mode=mode, specialty=specialty, today=today)
    paths = find_conflicts(parties=parties_of_case)
    named = named_in(topics, specialty)
    chosen = choose(
        specialty=specialty,
        language=language,
        licensing=_licensing(rule, place, today, treating_named=treating_named),
        oldest=now() - legal_rules.REVERIFIED_WITHIN,
        today=today,
        moment=now(),
        open_cases=open_cases,
        conflicted=paths,
        excluded_users=excluded_user_ids,
        expertise=sorted(named),
        preferences=normal_name(preferences),
        most=most,
    )
    rows = Professional.objects.filter(id__in=chosen.ids).values(*_COLUMNS)
    licences = licences_of(chosen.ids)
    facts = []
    for row in rows:
        held = licences.get(row["id"], ())
        ruling = legal_rules.decide(rule, held, place=place, today=today, treating_named=treating_named)
        facts.append(_fact(row, ruling, chosen, open_cases.get(row["id"], 0), paths.get(row["id"], ""), today))
    wanted = Wanted(specialty, language, excluded_user_ids, frozenset(), topics, preferences, named)
    good, bad = match(facts, wanted)
    return Matching(
        candidates=tuple(
            Candidate(
                professional_id=s.fact.professional_id,
                user_id=s.fact.user_id,
                display_name=s.fact.display_name,
                score=s.score,
                reasons=s.reasons,
            )
            for s in good
        ),
        excluded=tuple(Excluded(professional_id=professional_id, reason=reason) for professional_id, _, reason in bad),
        eligible=chosen.fitting,
        others=chosen.others,
        obstacles=() if good else _obstacles([kind for _, kind, _ in bad]),
    )


def _obstacles(kinds: Sequence[str]) -> tuple[Obstacle, ...]:
    """What keeps everybody away, the most frequent first; of a field with nobody in it, that."""
    counted = Counter(kinds).most_common() or [("none", 0)]
    return tuple(Obstacle(kind=kind, count=count, reason=WHY[kind][0], help=WHY[kind][1]) for kind, count in counted)


def _fact(
    row: dict[str, Any], ruling: legal_rules.Ruling, chosen: Chosen, open_cases: int, conflict: str, today: date
) -> CandidateFact:
    until = row["out_of_office_until"]
    away = row["id"] in chosen.away or (until is not None and until >= today)
    return CandidateFact(
        professional_id=row["id"],
        practising=row["state"] in PRACTISING,
        accepting=row["accepting"] and not away,
        licensed=ruling.allowed,
        licence_reason="; ".join(ruling.reasons),
        open_cases=open_cases,
        conflict=conflict,
        languages=tuple(row["languages"]),
        expertise=(*row["sub_specialties"], *row["procedures"]),
        **{name: row[name] for name in _SAME},
    )


def _licensing(rule: legal_rules.LegalRule | None, place: str, today: date, *, treating_named: bool) -> Licensing:
    """What the rule asks of everybody alike, so that the database can look for it."""
    if legal_rules.decide(rule, (), place=place, today=today, treating_named=treating_named).allowed:
        return Licensing((), nothing=True)
    held = legal_rules.LicenceFact(place, today, today, verified=True)
    if (
        not place
        or not legal_rules.decide(rule, (held,), place=place, today=today, treating_named=treating_named).allowed
    ):
        return Licensing(())
    if rule is not None and rule.needs == "licence_anywhere":
        return Licensing(None)
    return Licensing(legal_rules.covering(place))
