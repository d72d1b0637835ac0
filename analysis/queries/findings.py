"""Findings as stored, opened for those who may read them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson

from analysis.models import AnalysisRun
from analysis.models import Finding as FindingRow
from config.kernel.crypto import DataKey, Place, open_json, seal_json

RELEASED = (FindingRow.Decision.ACCEPTED, FindingRow.Decision.EDITED)
DECIDED = (*RELEASED, FindingRow.Decision.REJECTED)


def content_of(row: FindingRow, key: DataKey) -> dict[str, Any]:
    """Title, detail, codes, spans and data of a finding."""
    content: dict[str, Any] = open_json(key, _place("content", row.id), row.content_sealed)
    return content


def decision_of(row: FindingRow, key: DataKey) -> dict[str, str]:
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


def fingerprint(kind: str, engine: str, content: Mapping[str, Any]) -> str:
    """Equal for two findings that say the same of the same place."""
    canonical = orjson.dumps([kind, engine, dict(content)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()


def rows_of_case(case_id: UUID) -> list[FindingRow]:
    """All findings of a case that stand, the newest run first, each run in its order."""
    return list(FindingRow.objects.filter(case_id=case_id, superseded=False).order_by("-run_id", "position"))


def rows_of_run(run_id: UUID) -> list[FindingRow]:
    """The findings of one run that stand, in order."""
    return list(FindingRow.objects.filter(run_id=run_id, superseded=False).order_by("position"))


def standing_of_document(document_id: UUID) -> list[FindingRow]:
    """The findings that earlier runs left for a document, locked."""
    return list(FindingRow.objects.select_for_update().filter(document_id=document_id, superseded=False))


def newest_runs(case_id: UUID) -> Iterable[AnalysisRun]:
    """The newest run of each document of a case."""
    return AnalysisRun.objects.filter(case_id=case_id).order_by("document_id", "-id").distinct("document_id")


def _place(column: str, row_id: UUID) -> Place:
    return Place("analysis_finding", column, row_id)
