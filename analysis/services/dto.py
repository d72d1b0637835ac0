"""What analysis hands out: frozen, plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

AI_LABEL = "Found by a computer program and checked by a professional where a decision is shown."


@dataclass(frozen=True, kw_only=True)
class FindingDTO:
    """One finding with its source. ``decision`` is proposed, accepted, edited or rejected.

    ``spans`` are dicts of document_id, page (1-based), start, end (characters of the page's text) and quote.
    ``final_text`` is what a professional let stand: the proposal, or the edited wording; empty before.
    """

    id: UUID
    run_id: UUID
    case_id: UUID
    document_id: UUID
    page: int
    kind: str
    title: str
    detail: str
    severity: str
    confidence: float | None
    codes: tuple[Mapping[str, str], ...]
    spans: tuple[Mapping[str, Any], ...]
    data: Mapping[str, Any]
    engine: str
    knowledge_release: str
    decision: str
    final_text: str
    reason: str
    decided_by: UUID | None
    decided_at: datetime | None
    version: int
    ai_label: str = AI_LABEL


@dataclass(frozen=True, kw_only=True)
class RunDTO:
    """One run. ``outcome`` is its state in lower case; ``reason`` a code where it abstained, failed or was blocked.

    ``degraded`` says that a provider that should have been asked gave nothing usable.
    """

    id: UUID
    case_id: UUID
    document_id: UUID
    patient_id: UUID
    state: str
    reason: str
    degraded: bool
    knowledge_release: str
    engine_version: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    findings: tuple[FindingDTO, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InsightsDTO:
    """All that is known of a case: findings by kind, and the state of each document's newest run."""

    case_id: UUID
    findings: tuple[FindingDTO, ...]
    runs: tuple[RunDTO, ...]
    counts: Mapping[str, int]
    undecided: int
    ai_label: str = AI_LABEL


@dataclass(frozen=True, kw_only=True)
class ChangeDTO:
    """What a newer reading says otherwise; ``what`` is new (no ``former``), changed or vanished (no ``finding``).

    ``state`` is noted, asked (decide again on ``finding``) or answered; ``former_decision`` is what was decided on
    ``former``, whose decision stays its own. ``critical``: one of them is a matter of life and death.
    """

    id: UUID
    case_id: UUID
    document_id: UUID
    run_id: UUID
    what: str
    state: str
    former: FindingDTO | None
    finding: FindingDTO | None
    former_decision: str
    critical: bool
    found_at: datetime


@dataclass(frozen=True, kw_only=True)
class ModelDTO:
    """One engine or model. ``configured`` says whether this installation would ask it."""

    provider: str
    name: str
    version: str
    state: str
    capabilities: tuple[str, ...]
    replaced_by: str
    note: str
    evaluated_at: datetime | None
    configured: bool
