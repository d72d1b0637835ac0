"""Findings made rows: what an earlier run said keeps its decision, what is read otherwise now is asked anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.domain.comparison import Comparison, Statement, compare
from analysis.domain.findings import Finding
from analysis.domain.state_machines import ChangeState, FindingDecision
from analysis.events import FindingDecided, FindingProposed, FindingsChanged
from analysis.models import AnalysisRun, FindingChange
from analysis.models import Finding as FindingRow
from analysis.queries.findings import DECIDED, content_of, sealed_content, standing_of_document
from config.kernel.audit import record
from config.kernel.crypto import DataKey
from config.kernel.db import uuid7
from config.kernel.db.states import advance_all
from config.kernel.outbox import publish

SUPERSEDED = "SUPERSEDED"
NEW, CHANGED, VANISHED = "new", "changed", "vanished"


@dataclass(frozen=True, kw_only=True)
class _Sides:
    """What stood, what the run found, and how the two compare; keys are places in ``rows`` and ``findings``."""

    rows: Sequence[FindingRow]
    findings: Sequence[Finding]
    former: Sequence[Statement[int]]
    now: Sequence[Statement[int]]
    compared: Comparison[int]


def store(run: AnalysisRun, findings: Sequence[Finding], key: DataKey, *, noted: bool) -> int:
    """Store a run's findings in the caller's transaction; returns how many the run has.

    ``noted``: reader or engine are newer than those of the run before, so that people are shown what is otherwise now.
    """
    sides = _sides(run, findings, key)
    for at, position in sides.compared.same:
        _keep(sides, at, position, run, key)
    fresh = {
        position: _row(run, findings[position], position, sides.now[position].content, key)
        for position in (*(position for _, position in sides.compared.changed), *sides.compared.new)
    }
    FindingRow.objects.bulk_create([fresh[position] for position in sorted(fresh)])
    again = {position for at, position in sides.compared.changed if sides.rows[at].decision in DECIDED}
    for position in sorted(fresh):
        publish(
            FindingProposed(
                aggregate_id=run.case_id,
                finding_id=fresh[position].id,
                patient_id=run.patient_id,
                again=position in again,
            )
        )
    gone = [sides.rows[at] for at in sides.compared.vanished]
    changed = [sides.rows[at] for at, _ in sides.compared.changed]
    lay_aside([*changed, *(row for row in gone if row.decision == FindingDecision.PROPOSED)])
    if noted:
        _note(run, sides, fresh)
    return len(findings)


def lay_aside(rows: Sequence[FindingRow]) -> None:
    """These hold no longer; what was decided about them stays on their rows. Inside ``atomic()``."""
    ids = [row.id for row in rows]
    FindingRow.objects.filter(id__in=ids).update(superseded=True)
    advance_all(FindingChange.objects.filter(finding_id__in=ids), ChangeState.LAPSED)
    for row in rows:
        publish(
            FindingDecided(aggregate_id=row.case_id, finding_id=row.id, patient_id=row.patient_id, decision=SUPERSEDED)
        )


def _sides(run: AnalysisRun, findings: Sequence[Finding], key: DataKey) -> _Sides:
    rows = standing_of_document(run.document_id)
    former = [
        Statement(key=at, kind=row.kind, engine=row.engine, severity=row.severity, content=content_of(row, key))
        for at, row in enumerate(rows)
    ]
    now = [
        Statement(key=at, kind=one.kind.value, engine=one.engine, severity=one.severity.value, content=_content(one))
        for at, one in enumerate(findings)
    ]
    return _Sides(rows=rows, findings=findings, former=former, now=now, compared=compare(former, now))


def _keep(sides: _Sides, at: int, position: int, run: AnalysisRun, key: DataKey) -> None:
    """The same statement: its row and decision stay, its places and particulars are those of the newer reading."""
    row, finding, content = sides.rows[at], sides.findings[position], sides.now[position].content
    changes: dict[str, Any] = {"run": run, "position": position, "knowledge_release": finding.knowledge_release}
    if content != sides.former[at].content:
        changes |= {
            "content_sealed": sealed_content(row.id, key, content),
            "severity": finding.severity.value,
            "confidence": finding.confidence,
            "version": row.version + 1,
        }
    FindingRow.objects.filter(id=row.id).update(**changes)


def _note(run: AnalysisRun, sides: _Sides, fresh: dict[int, FindingRow]) -> None:
    """What people are shown: a row for each difference, one in the audit, and the news of them all."""
    told = set(
        FindingChange.objects.filter(document_id=run.document_id, what=VANISHED).values_list("former_id", flat=True)
    )
    changes = [
        *(_change(run, CHANGED, sides, at, position, fresh) for at, position in sides.compared.changed),
        *(_change(run, NEW, sides, None, position, fresh) for position in sides.compared.new),
        *(
            _change(run, VANISHED, sides, at, None, fresh)
            for at in sides.compared.vanished
            if sides.rows[at].id not in told
        ),
    ]
    FindingChange.objects.bulk_create(changes)
    counts = {what: sum(change.what == what for change in changes) for what in (NEW, CHANGED, VANISHED)}
    asked = sum(change.state == ChangeState.ASKED for change in changes)
    critical = sum(change.critical for change in changes)
    record(
        context="analysis",
        action="analysis.compare",
        patient_id=run.patient_id,
        object_type="run",
        object_id=run.id,
        detail={"same": len(sides.compared.same), **counts, "asked": asked, "critical": critical},
    )
    if changes:
        publish(
            FindingsChanged(
                aggregate_id=run.case_id,
                document_id=run.document_id,
                patient_id=run.patient_id,
                run_id=run.id,
                asked=asked,
                critical=critical,
                **counts,
            )
        )


def _change(
    run: AnalysisRun, what: str, sides: _Sides, at: int | None, position: int | None, fresh: dict[int, FindingRow]
) -> FindingChange:
    former = None if at is None else sides.rows[at]
    asked = what == CHANGED and former is not None and former.decision in DECIDED
    return FindingChange(
        run=run,
        case_id=run.case_id,
        document_id=run.document_id,
        patient_id=run.patient_id,
        what=what,
        state=(ChangeState.ASKED if asked else ChangeState.NOTED).value,
        finding_id=None if position is None else fresh[position].id,
        former_id=former.id if former else None,
        former_decision=former.decision if former else "",
        critical=_is_critical(sides, at, position),
    )


def _is_critical(sides: _Sides, at: int | None, position: int | None) -> bool:
    """Of what is no longer read, what was rejected before mattered to nobody."""
    if position is not None and sides.now[position].critical:
        return True
    return at is not None and sides.former[at].critical and sides.rows[at].decision != FindingDecision.REJECTED


def _row(run: AnalysisRun, finding: Finding, position: int, content: Any, key: DataKey) -> FindingRow:
    row_id = uuid7()
    return FindingRow(
        id=row_id,
        run=run,
        case_id=run.case_id,
        document_id=run.document_id,
        patient_id=run.patient_id,
        position=position,
        kind=finding.kind.value,
        severity=finding.severity.value,
        engine=finding.engine,
        knowledge_release=finding.knowledge_release,
        confidence=finding.confidence,
        content_sealed=sealed_content(row_id, key, content),
    )


def _content(finding: Finding) -> dict[str, Any]:
    return {
        "title": finding.title,
        "detail": finding.detail,
        "codes": [code.as_json() for code in finding.codes],
        "spans": [span.as_json() for span in finding.spans],
        "data": dict(finding.data),
    }
