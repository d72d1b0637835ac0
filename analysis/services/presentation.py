"""Rows made into DTOs, and who may see which."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from analysis.models import AnalysisRun
from analysis.models import Finding as FindingRow
from analysis.queries.findings import DECIDED, RELEASED, StoredFinding, content_of, decision_of
from analysis.services import case_records
from analysis.services.case_records import Relation
from analysis.services.dto import FindingDTO, RunDTO
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey
from config.kernel.errors import Forbidden, Locked, NotFound

_READERS = frozenset({Relation.OWNER, Relation.ASSIGNED, Relation.PEER, Relation.SYSTEM})


def require_reader(principal: Principal, case_id: UUID | None, *, what: str = "case") -> case_records.Access:
    """The caller's relation, if it opens findings: owner, assigned (first read stored), peer or the platform.

    Raises ``NotFound`` for strangers, ``Forbidden`` for staff, ``Locked`` before the specialist's own first read.
    """
    access = case_records.access(principal=principal, case_id=case_id, what=what)
    if access.relation is Relation.STAFF and not principal.has("administrator"):
        raise Forbidden("Your role does not open findings.", code="role_forbidden")
    if access.relation not in _READERS:
        raise NotFound("There is no such analysis for you.")
    require_first_read(access)
    return access


def require_first_read(access: case_records.Access) -> None:
    """A specialist forms a first impression before a machine's is shown. Raises ``Locked``."""
    if access.relation is Relation.ASSIGNED and not access.first_read_sealed:
        raise Locked("Store your own first read of the case; the program's findings open after it.", code="first_read")


def visible(rows: Iterable[StoredFinding], relation: Relation) -> list[StoredFinding]:
    """What the relation may see: the patient what was released, a peer what was decided, the specialist all."""
    if relation is Relation.OWNER:
        return [row for row in rows if row.decision in RELEASED]
    if relation is Relation.PEER:
        return [row for row in rows if row.decision in DECIDED]
    return list(rows)


def finding_dto(row: FindingRow | StoredFinding, key: DataKey) -> FindingDTO:
    """One finding, opened."""
    content = content_of(row, key)
    decision = decision_of(row, key)
    return FindingDTO(
        id=row.id,
        run_id=row.run_id,
        case_id=row.case_id,
        document_id=row.document_id,
        page=content["spans"][0]["page"],
        kind=row.kind,
        title=content["title"],
        detail=content["detail"],
        severity=row.severity,
        confidence=row.confidence,
        codes=tuple(content["codes"]),
        spans=tuple(content["spans"]),
        data=content["data"],
        engine=row.engine,
        knowledge_release=row.knowledge_release,
        decision=row.decision.lower(),
        final_text=decision["final_text"],
        reason=decision["reason"],
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        version=row.version,
    )


def run_dto(run: AnalysisRun, findings: tuple[FindingDTO, ...] = ()) -> RunDTO:
    """One run with the findings that the caller may see."""
    return RunDTO(
        id=run.id,
        case_id=run.case_id,
        document_id=run.document_id,
        patient_id=run.patient_id,
        state=run.state,
        reason=run.reason,
        degraded=run.degraded,
        knowledge_release=run.knowledge_release,
        engine_version=run.engine_version,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        findings=findings,
    )
