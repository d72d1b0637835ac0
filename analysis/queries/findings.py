"""Findings as stored, opened for those who may read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from analysis.db import database
from analysis.domain.state_machines import FindingDecision
from analysis.models import AnalysisRun
from analysis.models import Finding as FindingRow
from config.kernel.crypto import DataKey, Place, open_json, seal_json
from config.kernel.db.rows import rows_where

RELEASED = (FindingDecision.ACCEPTED, FindingDecision.EDITED)
DECIDED = (*RELEASED, FindingDecision.REJECTED)
_NEWEST = (
    f"SELECT DISTINCT ON (document_id) id FROM {AnalysisRun._meta.db_table} WHERE case_id = %s"
    " ORDER BY document_id, id DESC"
)


class StoredFinding(NamedTuple):
    """What is shown of a finding's row: a case has many, and a model instance of each costs ten times as much."""

    id: UUID
    run_id: UUID
    case_id: UUID
    document_id: UUID
    patient_id: UUID
    kind: str
    severity: str
    engine: str
    knowledge_release: str
    confidence: float | None
    decision: str
    decided_by: UUID | None
    decided_at: datetime | None
    version: int
    content_sealed: bytes
    decision_sealed: bytes | None


def content_of(row: FindingRow | StoredFinding, key: DataKey) -> dict[str, Any]:
    """Title, detail, codes, spans and data of a finding."""
    content: dict[str, Any] = open_json(key, _place("content", row.id), row.content_sealed)
    return content


def decision_of(row: FindingRow | StoredFinding, key: DataKey) -> dict[str, str]:
    """``final_text`` and ``reason`` of a decision; empty before there is one."""
    if row.decision_sealed is None:
        return {"final_text": "", "reason": ""}
    decision: dict[str, str] = open_json(key, _place("decision", row.id), row.decision_sealed)
    return decision


def sealed_content(finding_id: UUID, key: DataKey, content: Mapping[str, Any]) -> bytes:
    """Seal what a finding says."""
    return seal_json(key, _place("content", finding_id), dict(content))


def sealed_decision(finding_id: UUID, key: DataKey, *, final_text: str, reason: str) -> bytes:
    """Seal what a professional made of it."""
    return seal_json(key, _place("decision", finding_id), {"final_text": final_text, "reason": reason})


def rows_of_case(case_id: UUID) -> list[StoredFinding]:
    """All findings of a case that stand, the newest run first, each run in its order."""
    return _stored("case_id = %s AND NOT superseded ORDER BY run_id DESC, position", case_id)


def rows_of_run(run_id: UUID) -> list[StoredFinding]:
    """The findings of one run that stand, in order."""
    return _stored("run_id = %s AND NOT superseded ORDER BY position", run_id)


def standing_of_document(document_id: UUID) -> list[FindingRow]:
    """The findings that earlier runs left for a document, locked."""
    return list(FindingRow.objects.select_for_update().filter(document_id=document_id, superseded=False))


def newest_runs(case_id: UUID) -> Iterable[AnalysisRun]:
    """The newest run of each document of a case."""
    return rows_where(AnalysisRun, f"id IN ({_NEWEST}) ORDER BY document_id", [case_id])


def newest_run_of_each(document_ids: Iterable[UUID]) -> dict[UUID, AnalysisRun]:
    """The newest run of each of the documents that have one."""
    rows = AnalysisRun.objects.filter(document_id__in=list(document_ids))
    return {run.document_id: run for run in rows.order_by("document_id", "-id").distinct("document_id")}


def _stored(condition: str, value: UUID) -> list[StoredFinding]:
    with database.prepared() as cursor:
        statement = f"SELECT {', '.join(StoredFinding._fields)} FROM {FindingRow._meta.db_table} WHERE {condition}"
        return [StoredFinding(*row) for row in cursor.execute(statement, [value], prepare=True).fetchall()]


def _place(column: str, row_id: UUID) -> Place:
    return Place("analysis_finding", column, row_id)
