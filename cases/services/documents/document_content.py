"""A document's content without anything of the original's own code, and taking a document back."""

from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.documents.document_text import PageText
from cases.domain.workflow.state_machines import DocumentState
from cases.domain.workflow.states import State
from cases.models import Document
from cases.queries.access import case_for
from cases.queries.proxies import UPLOAD
from cases.services.documents.document_reads import document_dto, pages_of, readable
from cases.services.documents.dto import DocumentDTO
from cases.services.index import index_documents
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, Forbidden
from identity import services as identity


def document_content(*, principal: Principal, document_id: UUID) -> tuple[DocumentDTO, tuple[PageText, ...]]:
    """The document and its pages' text; pictures of the pages are fetched one by one."""
    document = readable(principal, document_id)
    key = identity.data_key(subject_id=document.patient_id)
    with atomic():
        _note("document.read_content", document)
    return document_dto(document, key, opened=True), pages_of(document, key)


def withdraw_document(*, principal: Principal, document_id: UUID) -> None:
    """Take a document back before the case is submitted; ``Conflict`` afterwards, for then others rely on it."""
    with atomic():
        document = Document.objects.select_for_update().filter(id=document_id).first()
        case, relation = case_for(principal, document.case_id if document else None, scope=UPLOAD, what="document")
        assert document is not None
        if not relation.may(Act.SPEAK_FOR_PATIENT):
            raise Forbidden("Only the patient takes a document back.", code="role_forbidden")
        if case.state != State.DRAFT:
            raise Conflict("The case was submitted; its documents stay.", code="case_not_draft")
        if document.state == DocumentState.WITHDRAWN:
            return
        advance(document, DocumentState.WITHDRAWN, version=document.version + 1)
        index_documents(case, identity.data_key(subject_id=case.patient_id))
        _note("document.withdraw", document)


def _note(action: str, document: Document) -> None:
    record(
        context="cases",
        action=action,
        patient_id=document.patient_id,
        object_type="document",
        object_id=document.id,
    )
