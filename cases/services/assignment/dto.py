"""What matching and offers hand out: frozen, plain."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class CandidateDTO:
    """A specialist who could take the case, and why."""

    professional_id: UUID
    user_id: UUID
    display_name: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExclusionDTO:
    """A specialist who cannot take the case, and why not."""

    professional_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class ObstacleDTO:
    """Why nobody can have the case: how many specialists of the field it keeps away, and what would help."""

    kind: str
    count: int
    reason: str
    help: str


@dataclass(frozen=True, kw_only=True)
class MatchingDTO:
    """Candidates, best first, and the excluded; without candidates ``obstacles`` say why, and what would help."""

    candidates: tuple[CandidateDTO, ...]
    excluded: tuple[ExclusionDTO, ...]
    obstacles: tuple[ObstacleDTO, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfferDTO:
    """An offer."""

    id: UUID
    case_id: UUID
    user_id: UUID
    state: str
    expires_at: datetime
