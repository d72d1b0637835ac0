"""A professional's decision on a finding."""

from __future__ import annotations

from uuid import UUID

from analysis.db import atomic, now
from analysis.domain.state_machines import ChangeState, FindingDecision
from analysis.events import FindingDecided
from analysis.models import Finding as FindingRow
from analysis.models import FindingChange
from analysis.queries.findings import content_of, sealed_decision
from analysis.services import case_records
from analysis.services.dto import FindingDTO
from analysis.services.presentation import finding_dto, require_first_read
from cases.events import State
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, PreconditionFailed
from config.kernel.outbox import publish
from identity import services as identity

_STATES = {
    "accept": FindingDecision.ACCEPTED,
    "edit": FindingDecision.EDITED,
    "reject": FindingDecision.REJECTED,
}
# Once the opinion is with the reviewer or signed, what it rests on stands still, until it is amended.
_OPEN_STATES = frozenset({State.IN_REVIEW, State.CLARIFICATION, State.AMENDING})


def decide_finding(
    *,
    principal: Principal,
    finding_id: UUID,
    decision: str,
    text: str = "",
    reason: str = "",
    expected_version: int | None = None,
) -> FindingDTO:
    """Accept, edit (``text`` replaces the wording) or reject a finding; the assigned specialist alone may.

    A decision may be changed while the case is in review. Raises ``NotFound``, ``Forbidden``, ``Locked``,
    ``Conflict`` (``case_not_in_review``), ``Invalid``, and ``PreconditionFailed`` when ``expected_version`` is no
    longer current.
    """
    wanted = _checked(decision, text)
    row = FindingRow.objects.filter(id=finding_id, superseded=False).first()
    access = case_records.access(principal=principal, case_id=row.case_id if row else None, what="finding")
    if row is None or access.relation is case_records.Relation.OFFERED:
        raise NotFound("There is no such finding for you.")
    if access.relation is not case_records.Relation.ASSIGNED:
        raise Forbidden("The assigned specialist decides on findings.", code="role_forbidden")
    require_first_read(access)
    if access.state not in _OPEN_STATES:
        raise Conflict("The case is not in review; its findings can no longer be changed.", code="case_not_in_review")
    key = identity.data_key(subject_id=row.patient_id)
    with atomic():
        locked = FindingRow.objects.select_for_update().get(id=finding_id)
        if expected_version is not None and locked.version != expected_version:
            raise PreconditionFailed(
                f"The finding was changed elsewhere and is {locked.decision.lower()} now; read it before you decide."
            )
        _decide(locked, key, wanted, principal.user_id, text=text.strip(), reason=reason.strip())
    return finding_dto(locked, key)


def _decide(
    row: FindingRow, key: DataKey, decision: FindingDecision, by: UUID | None, *, text: str, reason: str
) -> None:
    content = content_of(row, key)
    proposal = f"{content['title']}: {content['detail']}" if content["detail"] else content["title"]
    final = {FindingDecision.ACCEPTED: proposal, FindingDecision.EDITED: text}.get(decision, "")
    sealed = sealed_decision(row.id, key, final_text=final, reason=reason)
    decided = {"decided_by": by, "decided_at": now(), "decision_sealed": sealed}
    advance(row, decision, version=row.version + 1, **decided)
    advance_all(FindingChange.objects.filter(finding_id=row.id), ChangeState.ANSWERED)
    record(
        context="analysis",
        action="finding.decide",
        patient_id=row.patient_id,
        object_type="finding",
        object_id=row.id,
        purpose="treatment",
        detail={"decision": decision},
    )
    publish(FindingDecided(aggregate_id=row.case_id, finding_id=row.id, patient_id=row.patient_id, decision=decision))


def _checked(decision: str, text: str) -> FindingDecision:
    if decision not in _STATES:
        detail = "A decision is accept, edit or reject."
        raise Invalid(detail, errors=[FieldError("#/decision", "invalid", detail)])
    if decision == "edit" and not text.strip():
        detail = "Give the wording that replaces the finding."
        raise Invalid(detail, errors=[FieldError("#/text", "blank", detail)])
    return _STATES[decision]
