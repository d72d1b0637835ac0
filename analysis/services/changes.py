"""What a newer reading of a case's documents says otherwise, for the specialist who decides on it."""

from __future__ import annotations

from uuid import UUID

from analysis.domain.state_machines import ChangeState
from analysis.models import Finding, FindingChange
from analysis.services.case_records import Relation
from analysis.services.dto import ChangeDTO, FindingDTO
from analysis.services.presentation import finding_dto, require_reader
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Forbidden
from identity import services as identity

_MAX_CHANGES = 500


def changes_of_case(*, principal: Principal, case_id: UUID) -> tuple[ChangeDTO, ...]:
    """What waits for a decision first, then what is critical, then the newest; at most 500.

    For the assigned specialist, whose own first read is stored. Raises ``NotFound``, ``Forbidden`` and ``Locked``.
    """
    access = require_reader(principal, case_id)
    if access.relation not in (Relation.ASSIGNED, Relation.SYSTEM):
        raise Forbidden("What changed is for the assigned specialist.", code="role_forbidden")
    rows = list(
        FindingChange.objects.filter(case_id=case_id).exclude(state=ChangeState.LAPSED).order_by("-id")[:_MAX_CHANGES]
    )
    rows.sort(key=lambda row: (row.state != ChangeState.ASKED, not row.critical))
    record(
        context="analysis",
        action="analysis.changes",
        patient_id=access.patient_id,
        object_type="case",
        object_id=case_id,
        purpose="treatment",
    )
    key = identity.data_key(subject_id=access.patient_id)
    ids = {one for row in rows for one in (row.finding_id, row.former_id) if one is not None}
    found = {one.id: finding_dto(one, key) for one in Finding.objects.filter(id__in=ids)}
    return tuple(_dto(row, found) for row in rows)


def _dto(row: FindingChange, found: dict[UUID, FindingDTO]) -> ChangeDTO:
    return ChangeDTO(
        id=row.id,
        case_id=row.case_id,
        document_id=row.document_id,
        run_id=row.run_id,
        what=row.what,
        state=row.state.lower(),
        former=found.get(row.former_id) if row.former_id else None,
        finding=found.get(row.finding_id) if row.finding_id else None,
        former_decision=row.former_decision.lower(),
        critical=row.critical,
        found_at=row.created_at,
    )
