"""What coordinators decide about records: whose a document is, and which missing record is waived."""

from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act, Relation
from cases.domain.documents.identity_match import NAME_ONLY
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Case, ChecklistItem, Document
from cases.queries.access import case_for
from cases.services.documents.document_release import released_twice
from cases.services.documents.pipeline import document_settled
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from config.kernel.jobs import enqueue

_NOT_YOURS = {
    False: "A coordinator found that this document is about another person.",
    True: "You said that this document is about another person.",
}
_WAITING = (DocumentState.PROCESSED, DocumentState.MISMATCHED)


def confirm_document(*, principal: Principal, document_id: UUID, belongs: bool, reason: str = "") -> None:
    """Say that a document is (or is not) the patient's, where the machine could not, or said no.

    Where it bears the patient's name and nothing else, the patient says so alone. Where the machine said no, two
    different coordinators say yes, each with a reason: the first leaves it MISMATCHED. One is enough to refuse it, or
    to accept a document that does not say whose it is.
    """
    with atomic():
        document = Document.objects.select_for_update().filter(id=document_id).first()
        own = _require_decider(principal, document)
        assert document is not None
        if document.state not in _WAITING:
            raise Conflict("Only a document whose owner is in doubt is confirmed.", code="document_not_in_doubt")
        if belongs and document.state == DocumentState.MISMATCHED:
            if not reason.strip():
                raise Invalid("Say why this is the patient's document after all.", code="reason_missing")
            if not released_twice(document, principal, reason.strip()):
                return
        advance(
            document,
            DocumentState.ACCEPTED if belongs else DocumentState.REJECTED,
            advice="" if belongs else _NOT_YOURS[own],
            confirmed_by=principal.user_id,
            version=document.version + 1,
        )
        document_settled(document)


def waive_item(*, principal: Principal, case_id: UUID, code: str, reason: str) -> None:
    """Go on without a record of the checklist; the reason is kept, and the opinion will name what was not seen."""
    with atomic():
        case = _require_coordinator(principal, case_id)
        if not reason.strip():
            raise Invalid("Give the reason for going on without this record.", code="reason_missing")
        changed = ChecklistItem.objects.filter(case=case, code=code, present=False, waived_by=None).update(
            waived_by=principal.user_id, waiver_reason=reason[:300]
        )
        if not changed:
            raise NotFound("There is no such missing item.")
        record(
            context="cases",
            action="checklist.waive",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
            detail={"code": code},
        )
        enqueue(context="cases", kind="cases.advance", subject_id=case.id)


def _require_decider(principal: Principal, document: Document | None) -> bool:
    """Whether it is the patient who decides; ``Forbidden`` for whoever may not."""
    _, relation = case_for(principal, document.case_id if document else None, lock=True, what="document")
    asked = document is not None and document.identity_match == NAME_ONLY
    if document is not None and asked and relation is Relation.OWNER and document.state != DocumentState.MISMATCHED:
        return True
    if not relation.may(Act.STEER) or not principal.has("coordinator"):
        raise Forbidden("A coordinator decides this.", code="role_forbidden")
    return False


def _require_coordinator(principal: Principal, case_id: UUID) -> Case:
    case, relation = case_for(principal, case_id, lock=True)
    if not relation.may(Act.STEER) or not principal.has("coordinator"):
        raise Forbidden("A coordinator decides this.", code="role_forbidden")
    return case
