"""Two people say that a document proves what it is there for: one reads it and writes what it says, another decides."""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import require_second_person
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from professionals.db import atomic, now
from professionals.domain.credentials import EvidenceState
from professionals.models import Credential, Evidence


def prepare_evidence(*, principal: Principal, professional_id: UUID, evidence_id: UUID, says: str) -> None:
    """The first of two: what the document says."""
    if not says.strip():
        raise Invalid("Write what the document says, and how it was compared.", code="evidence_missing")
    with atomic():
        held = _cleared(principal, professional_id, evidence_id)
        if held.prepared_by is not None:
            raise Conflict("Somebody read it already; another person decides.", code="decision_prepared")
        held.prepared_by, held.says = principal.require_user_id(), says[:500]
        held.save()
        _note("evidence.prepare", held)


def decide_evidence(*, principal: Principal, professional_id: UUID, evidence_id: UUID, confirm: bool) -> None:
    """The second of two: it proves it, or not. A credential counts as checked when its document is confirmed."""
    with atomic():
        held = _cleared(principal, professional_id, evidence_id)
        if held.prepared_by is None:
            raise Conflict("Nobody has read it yet.", code="decision_not_prepared")
        require_second_person(
            principal.user_id,
            not_one_of=(held.prepared_by, held.professional.user_id, held.uploaded_by),
            why="Another person than the one who read or sent it decides.",
        )
        decided = EvidenceState.CONFIRMED if confirm else EvidenceState.REFUSED
        advance(held, decided, decided_by=principal.require_user_id(), decided_at=now())
        if confirm and held.credential_id is not None:
            told = f"document {held.id}: {held.says}"[:500]
            Credential.objects.filter(id=held.credential_id).update(checked_on=now().date(), evidence=told)
        _note("evidence.decide", held, confirmed=confirm)


def _cleared(principal: Principal, professional_id: UUID, evidence_id: UUID) -> Evidence:
    if not principal.has("administrator"):
        raise Forbidden("Administrators check documents.", code="role_forbidden")
    rows = Evidence.objects.select_for_update(of=("self",)).select_related("professional").defer("content_sealed")
    held = rows.filter(id=evidence_id, professional_id=professional_id).first()
    if held is None:
        raise NotFound("There is no such document.")
    if held.professional.user_id == principal.user_id:
        raise Forbidden("Nobody checks their own documents.", code="second_person_needed")
    if held.state != EvidenceState.CLEARED:
        raise Conflict(f"The document is {held.state.lower()}, and waits for no decision.", code="document_not_cleared")
    return held


def _note(action: str, row: Evidence, **detail: bool) -> None:
    record(context="professionals", action=action, object_type="evidence", object_id=row.id, detail=detail)
