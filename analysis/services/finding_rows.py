"""Findings made rows: what an earlier run said keeps its decision, what no longer holds is laid aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.domain.findings import Finding
from analysis.domain.state_machines import FindingDecision
from analysis.events import FindingDecided, FindingProposed
from analysis.models import AnalysisRun
from analysis.models import Finding as FindingRow
from analysis.queries.findings import content_of, fingerprint, sealed_content, standing_of_document
from config.kernel.crypto import DataKey
from config.kernel.db import uuid7
from config.kernel.outbox import publish

SUPERSEDED = "SUPERSEDED"


def store(run: AnalysisRun, findings: Sequence[Finding], key: DataKey) -> int:
    """Store a run's findings in the caller's transaction; returns how many the run has."""
    earlier: dict[str, FindingRow] = {}
    for row in standing_of_document(run.document_id):
        earlier.setdefault(fingerprint(row.kind, row.engine, content_of(row, key)), row)
    new: list[FindingRow] = []
    for position, finding in enumerate(findings):
        content = _content(finding)
        kept = earlier.pop(fingerprint(finding.kind.value, finding.engine, content), None)
        if kept is None:
            new.append(_row(run, finding, position, content, key))
        else:
            FindingRow.objects.filter(id=kept.id).update(
                run=run, position=position, knowledge_release=finding.knowledge_release
            )
    FindingRow.objects.bulk_create(new)
    for row in new:
        publish(FindingProposed(aggregate_id=run.case_id, finding_id=row.id, patient_id=run.patient_id))
    _lay_aside(run, [row for row in earlier.values() if row.decision == FindingDecision.PROPOSED])
    return len(findings)


def _lay_aside(run: AnalysisRun, rows: Sequence[FindingRow]) -> None:
    FindingRow.objects.filter(id__in=[row.id for row in rows]).update(superseded=True)
    for row in rows:
        publish(
            FindingDecided(aggregate_id=run.case_id, finding_id=row.id, patient_id=run.patient_id, decision=SUPERSEDED)
        )


def _row(run: AnalysisRun, finding: Finding, position: int, content: dict[str, Any], key: DataKey) -> FindingRow:
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
