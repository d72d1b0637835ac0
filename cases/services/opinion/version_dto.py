"""What is told of an opinion's versions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.domain.opinion.opinion_diff import Change, Part


@dataclass(frozen=True, kw_only=True)
class OpinionVersionDTO:
    """One signed version. ``reason``: why it replaced the one before, empty for the first."""

    number: int
    state: str
    content_hash: str
    author_id: UUID
    signed_at: datetime | None
    delivered_at: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class OpinionDiff:
    """What changed from one version to another, in reading order."""

    before: int
    after: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class OpinionDrift:
    """The sealed first read beside the version it led to. ``confidence_change`` is final minus sealed.

    ``parts`` lead from the sealed impression to the version's restated diagnosis, or to its summary without one.
    """

    version: int
    sealed_at: datetime
    impression: str
    sealed_confidence: int
    final: str
    final_confidence: int
    confidence_change: int
    diagnosis_agreement: str
    signed_at: datetime | None
    parts: tuple[Part, ...]
