"""Reading runs, findings and insights."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from analysis.models import AnalysisRun
from analysis.queries.findings import newest_runs, rows_of_case, rows_of_run
from analysis.services import case_records
from analysis.services.dto import FindingDTO, InsightsDTO, RunDTO
from analysis.services.presentation import finding_dto, require_reader, run_dto, visible
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import NotFound
from identity import services as identity

# Whoever sees some of the findings only; none of them is as if there were no run.
_SHOWN_IN_PART = (case_records.Relation.OWNER, case_records.Relation.PEER)


def get_run(*, principal: Principal, run_id: UUID) -> RunDTO:
    """One run with the findings that the caller may see.

    For the patient a run exists once something in it was released; one they asked for shows its state before that,
    without findings. Raises ``NotFound``, ``Forbidden``, ``Locked``.
    """
    run = AnalysisRun.objects.filter(id=run_id).first()
    access = require_reader(principal, run.case_id if run else None, what="analysis")
    assert run is not None
    rows = visible(rows_of_run(run.id), access.relation)
    if not rows and access.relation in _SHOWN_IN_PART and run.requested_by != principal.user_id:
        raise NotFound("There is no such analysis for you.")
    key = identity.data_key(subject_id=run.patient_id)
    _note("analysis.read", access, "run", run.id)
    return run_dto(run, tuple(finding_dto(row, key) for row in rows))


def findings_for_case(*, principal: Principal, case_id: UUID) -> tuple[FindingDTO, ...]:
    """A case's findings: all for the specialist, the decided ones for a peer, the released ones for the patient."""
    access = require_reader(principal, case_id)
    found = _findings(access)
    _note("analysis.findings", access, "case", case_id)
    return found


def insights_for_case(*, principal: Principal, case_id: UUID) -> InsightsDTO:
    """Findings, counts by kind and the newest run of each document."""
    access = require_reader(principal, case_id)
    found = _findings(access)
    _note("analysis.insights", access, "case", case_id)
    return InsightsDTO(
        case_id=case_id,
        findings=found,
        runs=tuple(run_dto(run) for run in newest_runs(case_id)),
        counts=dict(Counter(finding.kind for finding in found)),
        undecided=sum(finding.decision == "proposed" for finding in found),
    )


def case_findings(*, case_id: UUID) -> tuple[dict[str, Any], ...]:
    """What cases freezes into an opinion: every finding of the case with the decision on it."""
    rows = rows_of_case(case_id)
    if not rows:
        return ()
    key = identity.data_key(subject_id=rows[0].patient_id)
    return tuple(_for_opinion(finding_dto(row, key)) for row in rows)


def _findings(access: case_records.Access) -> tuple[FindingDTO, ...]:
    key = identity.data_key(subject_id=access.patient_id)
    return tuple(finding_dto(row, key) for row in visible(rows_of_case(access.case_id), access.relation))


def _for_opinion(finding: FindingDTO) -> dict[str, Any]:
    return {
        "id": str(finding.id),
        "kind": finding.kind,
        "title": finding.title,
        "detail": finding.detail,
        "decision": finding.decision,
        "final_text": finding.final_text,
        "reason": finding.reason,
        "data": _laboratory(finding) if finding.kind == "laboratory" else dict(finding.data),
        "document_id": str(finding.document_id),
        "page": finding.page,
        "engine": f"{finding.engine} {finding.knowledge_release}",
    }


def _laboratory(finding: FindingDTO) -> dict[str, Any]:
    """A result in the words of a report: the flag spelled out, the value as printed and as a number, its unit apart."""
    data = finding.data
    if "value" not in data:  # a model's claim has words and no value
        return dict(data)
    flag = {"H": "high", "L": "low", "N": "normal"}.get(str(data["flag"]), "unknown")
    critical = {"H": "critical_high", "L": "critical_low"}.get(str(data["critical"]))
    return {
        **data,
        "flag": critical or flag,
        "value_text": data["value"],
        "value": "" if data["comparator"] else data["number"],
        "ucum": data["unit_ucum"],
        "reference_low": data["low"],
        "reference_high": data["high"],
    }


def _note(action: str, access: case_records.Access, object_type: str, object_id: UUID) -> None:
    # One statement, which is a transaction of its own.
    record(
        context="analysis",
        action=action,
        patient_id=access.patient_id,
        object_type=object_type,
        object_id=object_id,
        purpose="treatment",
    )
