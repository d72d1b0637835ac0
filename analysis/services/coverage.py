"""How far a case's documents were judged: values, medicines, lines not read, and runs that gave nothing and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from analysis.domain.findings import Kind
from analysis.queries.findings import newest_runs, rows_of_case
from analysis.services import case_records
from analysis.services.dto import FindingDTO
from analysis.services.presentation import finding_dto, visible
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.ports import Judgements
from identity import services as identity

_TOLD = frozenset({case_records.Relation.OWNER, case_records.Relation.ASSIGNED, case_records.Relation.SYSTEM})
_SUPPORTED = frozenset({"accepted", "edited", "proposed"})


def judged_documents(*, principal: Principal, case_id: UUID) -> Judgements:
    """By document what the newest run made of it: to the patient as far as it was released, to the specialist all.

    The specialist is told nothing before the own first read is stored, and other readers of the case never are.
    """
    access = case_records.access(principal=principal, case_id=case_id)
    if access.relation not in _TOLD:
        return Judgements(documents=None)
    if access.relation is case_records.Relation.ASSIGNED and not access.first_read_sealed:
        return Judgements(documents=None, locked=True)
    key = identity.data_key(subject_id=access.patient_id)
    found: dict[UUID, list[FindingDTO]] = defaultdict(list)
    for row in visible(rows_of_case(case_id), access.relation):
        finding = finding_dto(row, key)
        if finding.decision in _SUPPORTED:
            found[finding.document_id].append(finding)
    # Of a document of which nothing was released, a patient is told no numbers: zero would be one.
    numbered = {*found} if access.relation is case_records.Relation.OWNER else None
    runs = {run.document_id: (str(run.state), run.reason) for run in newest_runs(case_id)}
    record(
        context="analysis",
        action="analysis.coverage",
        patient_id=access.patient_id,
        object_type="case",
        object_id=case_id,
        purpose="treatment",
    )
    return Judgements(
        documents={
            one: _told(*runs.get(one, ("", "")), found[one], numbers=numbered is None or one in numbered)
            for one in {*runs, *found}
        },
    )


def _told(state: str, reason: str, findings: Sequence[FindingDTO], *, numbers: bool) -> dict[str, Any]:
    values = [one for one in findings if one.kind == Kind.LABORATORY]
    unread = [one for one in findings if one.kind == Kind.NOT_READ]
    further = [one for one in unread if "further" in one.data]
    return {
        "run": state,
        "reason": reason,
        "values": len(values) if numbers else None,
        "medicines": sum(one.kind == Kind.MEDICINE for one in findings) if numbers else None,
        "values_in_doubt": [_place(one, str(one.data["doubt"])) for one in findings if one.data.get("doubt")],
        "lines_not_read": [_place(one, str(one.data.get("reason", ""))) for one in unread if one not in further],
        "further_lines_not_read": sum(int(one.data["further"]) for one in further) if numbers else None,
        "medicines_not_checked": [_place(one, one.detail) for one in findings if one.kind == Kind.NOT_CHECKED],
    }


def _place(finding: FindingDTO, words: str) -> dict[str, Any]:
    span = finding.spans[0]
    return {
        "finding_id": finding.id,
        "page": span["page"],
        "start": span["start"],
        "end": span["end"],
        "printed": span["quote"],
        "words": words,
    }
