"""What professionals hands out: frozen, plain, never a licence number."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ProfessionalDTO:
    """A specialist. ``licence_places`` are places with a verified licence that is valid today."""

    id: UUID
    user_id: UUID
    display_name: str
    specialty: str
    languages: tuple[str, ...]
    organisation: str
    biography: str
    state: str
    licence_places: tuple[str, ...]
    capacity: int
    accepting: bool
    version: int
    sub_specialties: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LicenceInput:
    """A licence as its holder states it."""

    country: str
    region: str
    number: str
    body: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, kw_only=True)
class LicenceDTO:
    """A licence as its holder and administrators see it: the number's last three signs only."""

    id: UUID
    place: str
    number_ending: str
    body: str
    valid_from: date
    valid_to: date
    verified: bool


@dataclass(frozen=True, kw_only=True)
class Fitness:
    """Whether a specialist may advise at a place now, by which rule, and why."""

    allowed: bool
    rule_id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An eligible specialist with an explained score (0–100)."""

    professional_id: UUID
    user_id: UUID
    display_name: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """A specialist who is not eligible, and why."""

    professional_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why nobody can have a case: how many specialists of the field it keeps away, in words, and what would help."""

    kind: str
    count: int
    reason: str
    help: str


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Candidates, best first, and the excluded who would else be the best; ``eligible`` and ``others`` count all.

    Without any candidate ``obstacles`` say why, the most frequent first.
    """

    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    eligible: int = 0
    others: int = 0
    obstacles: tuple[Obstacle, ...] = ()
