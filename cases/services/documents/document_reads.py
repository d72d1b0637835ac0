"""Reading documents' rows, text, pages and files for those who may."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from cases.adapters.reading import fitting_name
from cases.db import atomic
from cases.domain.documents.coverage import ReadingCoverage, coverage_of
from cases.domain.documents.document_text import PageText, reading_from_json
from cases.domain.workflow.state_machines import CLEARED_DOCUMENTS, UNSAFE_DOCUMENTS, DocumentState
from cases.models import Case, Document, DocumentPage
from cases.queries.access import case_for, may_read_content
from cases.queries.proxies import is_patient
from cases.queries.sealed_contents import place
from cases.services.documents.deidentification import deidentified_pages, withheld_pages
from cases.services.documents.dto import DocumentDTO, DocumentText
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_json, open_text
from config.kernel.errors import Conflict, Forbidden, NotFound
from identity import services as identity


def get_document(*, principal: Principal, document_id: UUID) -> DocumentDTO:
    """One document's metadata; staff see it without name and reading. Words are in the case's language."""
    document, case, content = _document_for(principal, document_id)
    with atomic():
        _note("document.read", document)
        key = identity.data_key(subject_id=document.patient_id)
    return document_for(principal, document, key, content=content, language=case.language)


def list_documents(*, principal: Principal, case_id: UUID, language: str = "") -> tuple[DocumentDTO, ...]:
    """The case's documents, oldest first; words in ``language``, or the case's."""
    case, relation = case_for(principal, case_id)
    content = may_read_content(principal, case, relation)
    key = identity.data_key(subject_id=case.patient_id)
    with atomic():
        record(
            context="cases",
            action="document.list",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        rows = Document.objects.filter(case=case).order_by("id")
        return tuple(
            document_for(principal, row, key, content=content, language=language or case.language) for row in rows
        )


def document_text(*, document_id: UUID) -> DocumentText:
    """What was read in a document, for the platform's own runs (the caller checks consent and records why)."""
    document = Document.objects.filter(id=document_id).first()
    if document is None:
        raise NotFound("There is no such document.")
    key = identity.data_key(subject_id=document.patient_id)
    with atomic():
        _note("document.analyse", document)
    return DocumentText(
        document_id=document.id,
        case_id=document.case_id,
        patient_id=document.patient_id,
        verdict=document.verdict,
        pages=pages_of(document, key),
        deidentified=deidentified_pages(document, key),
        uploaded_on=document.created_at.date(),
        reader_version=document.reader_version,
    )


def page_text(*, principal: Principal, document_id: UUID, number: int) -> PageText:
    """One page's text with the place of each line."""
    document = readable(principal, document_id)
    with atomic():
        _note("document.read_page", document, page=number)
    pages = {page.number: page for page in pages_of(document, identity.data_key(subject_id=document.patient_id))}
    if number not in pages:
        raise NotFound("There is no such page.")
    return pages[number]


def page_image(*, principal: Principal, document_id: UUID, number: int, thumbnail: bool = False) -> bytes:
    """A page as a WebP picture drawn by us: nothing active of the original is in it."""
    document = readable(principal, document_id)
    page = DocumentPage.objects.filter(document=document, number=number).first()
    storage_key = (page.thumbnail_key if thumbnail else page.image_key) if page else ""
    if page is None or not storage_key:
        raise NotFound("There is no picture of this page.")
    with atomic():
        _note("document.view_page", document, page=number)
    key = identity.data_key(subject_id=document.patient_id)
    kind = "thumbnail" if thumbnail else "page"
    return b"".join(sealed_files.fetch(key, kind, page.id, storage_key))


def original_file(*, principal: Principal, document_id: UUID) -> tuple[DocumentDTO, Callable[[int], Iterator[bytes]]]:
    """What reads the uploaded bytes from a place on, for the patient who uploaded them, once they left quarantine."""
    document = original_of(principal, document_id)
    with atomic():
        _note("document.download", document)
    key = identity.data_key(subject_id=document.patient_id)

    def content(start: int) -> Iterator[bytes]:
        return sealed_files.fetch(key, "original", document.id, document.storage_key, start=start)

    told = document_dto(document, key)
    return replace(told, name=fitting_name(told.name, told.media_type)), content


def original_of(principal: Principal, document_id: UUID) -> Document:
    """The row, for whom ``original_file`` gives the file."""
    document = readable(principal, document_id)
    if not is_patient(principal, document.patient_id):
        raise Forbidden("Only the patient downloads the original; others read its pages.", code="role_forbidden")
    return document


def document_for(
    principal: Principal, document: Document, key: DataKey, *, content: bool = True, language: str = "en"
) -> DocumentDTO:
    """A document as far as the reader may know it; ``content``: they read what the patient wrote in the case."""
    return document_dto(
        document,
        key,
        content=content and names(principal, document),
        opened=content and opens(principal, document),
        language=language,
    )


def document_dto(
    document: Document, key: DataKey, *, content: bool = True, opened: bool = False, language: str = "en"
) -> DocumentDTO:
    """A document as plain data; without ``content``, its name, reading and metadata stay sealed.

    Of one that is ``opened`` to the reader, what was read in it and what was not is told too.
    """
    reading: dict[str, Any] = {}
    if content and document.reading_sealed is not None:
        reading = open_json(key, place("document", "reading", document.id), document.reading_sealed)
    name = open_text(key, place("document", "name", document.id), document.name_sealed) if content else ""
    in_machine = document.state == DocumentState.QUARANTINED
    return DocumentDTO(
        id=document.id,
        case_id=document.case_id,
        state=document.state,
        name=name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        page_count=document.page_count,
        verdict=document.verdict,
        reasons=tuple(reading.get("reasons", ())),
        identity_match=document.identity_match,
        doubts=tuple(filter(None, document.doubts.split(","))),
        releases=_releases(document),
        kind=document.kind,
        kind_confidence=document.kind_confidence,
        scanner=document.scanner,
        advice=document.advice,
        metadata=reading.get("metadata", {}),
        uploaded_at=document.created_at,
        version=document.version,
        step=(document.step or "waiting") if in_machine else "",
        step_done=document.step_done if in_machine else 0,
        step_total=document.step_total if in_machine else 0,
        coverage=_coverage(document, key, reading, language) if opened and reading else None,
    )


def _coverage(document: Document, key: DataKey, reading: dict[str, Any], language: str) -> ReadingCoverage:
    withheld = withheld_pages(document, key)
    return coverage_of(reading, page_count=document.page_count, withheld=withheld, language=language)


def _releases(document: Document) -> int:
    """How many people have said that the document is the patient's after all."""
    return sum(who is not None for who in (document.release_begun_by, document.confirmed_by))


def _document_for(principal: Principal, document_id: UUID) -> tuple[Document, Case, bool]:
    document = Document.objects.filter(id=document_id).first()
    case, relation = case_for(principal, document.case_id if document else None, what="document")
    assert document is not None
    return document, case, may_read_content(principal, case, relation)


def opens(principal: Principal, document: Document) -> bool:
    """Whether somebody who reads the case's content is given what stands in this document: once it is looked at.

    One that may be somebody else's is shown to its uploader and to staff, not to the specialist.
    """
    if document.state in UNSAFE_DOCUMENTS:
        return False
    return document.state in CLEARED_DOCUMENTS or not principal.has("professional")


def names(principal: Principal, document: Document) -> bool:
    """Whether somebody who reads the case's content is told what this document is called, and what its reading found.

    A file's name often says whose it is: a specialist learns it with the content. Whoever sent it in knows it.
    """
    if not principal.has("professional") or principal.user_id == document.uploaded_by:
        return True
    return opens(principal, document) or is_patient(principal, document.patient_id)


def readable(principal: Principal, document_id: UUID) -> Document:
    """A document that the caller may open; ``Forbidden``, ``Conflict`` (in quarantine) or ``NotFound``."""
    document, _, content = _document_for(principal, document_id)
    if not content:
        raise Forbidden("Your role sees the document's state, not its content.", code="role_forbidden")
    if document.state in UNSAFE_DOCUMENTS:
        detail = document.advice or "The document is still being checked; it can be opened once that is done."
        raise Conflict(detail, code="document_in_quarantine", extra={"state": document.state})
    if not opens(principal, document):
        raise Conflict("A coordinator must confirm first whose document this is.", code="document_unconfirmed")
    return document


def pages_of(document: Document, key: DataKey) -> tuple[PageText, ...]:
    """What was read, page by page; empty before it was."""
    if document.reading_sealed is None:
        return ()
    data = open_json(key, place("document", "reading", document.id), document.reading_sealed)
    return tuple(reading_from_json(data).pages)


def _note(action: str, document: Document, page: int | None = None) -> None:
    record(
        context="cases",
        action=action,
        patient_id=document.patient_id,
        object_type="document",
        object_id=document.id,
        detail={"page": page} if page else None,
    )
