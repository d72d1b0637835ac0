"""PUBLIC: what analysis tells the others. Ids and codes only; ``RunState`` is how a run ended."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from analysis.domain.state_machines import RunState as RunState
from config.kernel.events import Event, event


@event("analysis.run.started.v1")
@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """A run of a document began; ``aggregate_id`` is the case's id."""

    run_id: UUID
    document_id: UUID
    patient_id: UUID


@event("analysis.run.completed.v1")
@dataclass(frozen=True, kw_only=True)
class RunCompleted(Event):
    """A run ended: ``outcome`` is COMPLETED, ABSTAINED, BLOCKED or FAILED; ``aggregate_id`` is the case's id.

    ``again``: of a document that was analysed before, because reader or engine are newer.
    """

    figures: ClassVar[frozenset[str]] = frozenset({"findings"})
    run_id: UUID
    document_id: UUID
    patient_id: UUID
    outcome: RunState
    findings: int
    again: bool = False


@event("analysis.finding.proposed.v1")
@dataclass(frozen=True, kw_only=True)
class FindingProposed(Event):
    """A finding waits for a professional's decision; ``aggregate_id`` is the case's id.

    ``again``: its like was decided, and a newer reading says otherwise now.
    """

    finding_id: UUID
    patient_id: UUID
    again: bool = False


@event("analysis.findings.changed.v1")
@dataclass(frozen=True, kw_only=True)
class FindingsChanged(Event):
    """Read by a newer reader or engine, a document says otherwise; ``aggregate_id`` is the case's id.

    So many findings are new, changed and vanished; so many of the changed ones had been decided and are ``asked``
    anew; so many are ``critical``, before or now.
    """

    figures: ClassVar[frozenset[str]] = frozenset({"new", "changed", "vanished", "asked", "critical"})
    document_id: UUID
    patient_id: UUID
    run_id: UUID
    new: int
    changed: int
    vanished: int
    asked: int
    critical: int


@event("analysis.finding.decided.v1")
@dataclass(frozen=True, kw_only=True)
class FindingDecided(Event):
    """A professional decided: ``decision`` is ACCEPTED, EDITED or REJECTED; ``aggregate_id`` is the case's id."""

    codes: ClassVar[frozenset[str]] = frozenset({"decision"})
    finding_id: UUID
    patient_id: UUID
    decision: str


@event("analysis.erasure.completed.v1")
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """What this context held of the user (``aggregate_id``) is taken out."""
