"""Matching: each factor scored and explained, each exclusion named. The same facts give the same order."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from professionals.domain.parties import normal_name
from professionals.domain.taxonomy import term_name

WEIGHTS = {"specialty": 30.0, "expertise": 20.0, "language": 15.0, "load": 15.0, "turnaround": 10.0, "preference": 10.0}
# A median of so many days earns nothing.
SLOWEST_DAYS = 14.0


# Why somebody cannot have a case: what is said of all whom it keeps away, and what would help.
WHY = {
    "none": ("no specialist of this field is registered", "Choose another specialty, or invite a specialist of it."),
    "seen": ("had this case, declined it, or is its patient", "Ask specialists who were not asked yet."),
    "conflict": ("has a conflict of interest with a party of the case", "A specialist from elsewhere is needed."),
    "credentials": ("has credentials that are not verified, or suspended or expired", "Verify their credentials."),
    "licence": (
        "has no valid licence that the legal basis asks for",
        "Verify a licence for the patient's place, or choose another legal basis.",
    ),
    "specialty": ("works in another field", "Choose another specialty."),
    "accepting": ("takes no cases now", "Ask them when they take cases again."),
    "load": ("has as many open cases as they take", "Wait for a case of theirs to end, or ask for one more."),
}


@dataclass(frozen=True)
class CandidateFact:
    """A specialist as matching sees them."""

    professional_id: UUID
    user_id: UUID
    display_name: str
    specialty: str
    languages: tuple[str, ...]
    organisation: str
    practising: bool
    accepting: bool
    licensed: bool
    licence_reason: str
    capacity: int
    open_cases: int
    conflict: str = ""
    expertise: tuple[str, ...] = ()
    turnaround_days: float | None = None


@dataclass(frozen=True)
class Wanted:
    """What the case needs, and who must not have it. ``named`` are the taxonomy's keys that the case's words name."""

    specialty: str
    language: str
    excluded_user_ids: frozenset[UUID]
    excluded_organisations: frozenset[str]
    topics: str = ""
    preferences: str = ""
    named: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scored:
    """A candidate: 0 to 100 points, rounded for people to ``score``, and what they are made of."""

    fact: CandidateFact
    points: float
    reasons: tuple[str, ...]

    @property
    def score(self) -> float:
        """With one decimal."""
        return round(self.points, 1)


def exclusion(fact: CandidateFact, wanted: Wanted) -> tuple[str, str] | None:
    """Why the specialist cannot have the case, as one of ``WHY`` and in words; ``None`` when they can."""
    fields = f"works in {term_name(fact.specialty)}, not {term_name(wanted.specialty)}"
    organisations = {name.strip().casefold() for name in wanted.excluded_organisations if name.strip()}
    checks = (
        ("seen", fact.user_id in wanted.excluded_user_ids, "is the patient, or has or declined this case"),
        ("conflict", fact.organisation.strip().casefold() in organisations, "belongs to the treating organisation"),
        ("conflict", bool(fact.conflict), fact.conflict),
        ("credentials", not fact.practising, "credentials are not verified, or suspended or expired"),
        ("licence", not fact.licensed, fact.licence_reason),
        (
            "specialty",
            fact.specialty != wanted.specialty,
            fields,
        ),
        ("accepting", not fact.accepting, "takes no cases now"),
        ("load", fact.open_cases >= fact.capacity, f"has {fact.open_cases} open cases of {fact.capacity}"),
    )
    return next(((kind, reason) for kind, stands, reason in checks if stands), None)


def score(fact: CandidateFact, wanted: Wanted) -> Scored:
    """Points of an eligible specialist, explained: each factor with its points, an unknown one said to be so."""
    words = wanted.topics.casefold()
    known = tuple(one for one in fact.expertise if one in wanted.named or one.replace("_", " ").casefold() in words)
    days = fact.turnaround_days
    name = normal_name(fact.display_name)
    asked_for = bool(name) and name in normal_name(wanted.preferences)
    expertise = ", ".join(map(term_name, known)) or "none that the case names"
    parts = {
        f"specialty {term_name(fact.specialty)}": WEIGHTS["specialty"],
        f"expertise {expertise}": WEIGHTS["expertise"] * bool(known),
        f"language {wanted.language}": WEIGHTS["language"] * (wanted.language in fact.languages),
        f"{fact.open_cases} of {fact.capacity} cases open": WEIGHTS["load"] * (1 - fact.open_cases / fact.capacity),
        f"turnaround {'unknown' if days is None else f'{days:.1f} days'}": WEIGHTS["turnaround"] * _speed(days),
        f"{'asked' if asked_for else 'not asked'} for by the patient": WEIGHTS["preference"] * asked_for,
    }
    reasons = (*(f"{name}: {points:.0f}" for name, points in parts.items()), fact.licence_reason)
    return Scored(fact, sum(parts.values()), reasons)


def _speed(days: float | None) -> float:
    return 0.0 if days is None else max(0.0, 1 - days / SLOWEST_DAYS)


def match(
    facts: Iterable[CandidateFact], wanted: Wanted
) -> tuple[tuple[Scored, ...], tuple[tuple[UUID, str, str], ...]]:
    """Candidates, best first (ties by id), and the excluded, each with the kind of its reason and its words."""
    good: list[Scored] = []
    bad: list[tuple[UUID, str, str]] = []
    for fact in facts:
        reason = exclusion(fact, wanted)
        if reason is None:
            good.append(score(fact, wanted))
        else:
            bad.append((fact.professional_id, *reason))
    return tuple(sorted(good, key=lambda s: (-s.points, s.fact.professional_id))), tuple(sorted(bad))
