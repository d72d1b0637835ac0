"""Taking a file in: checked at the door, sealed, quarantined, and queued to be read."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.db import IntegrityError

from cases.adapters.reading import ReadingFailed, Refused, inspect_head, inspect_name, inspect_upload
from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import DocumentState
from cases.domain.workflow.states import ENDED, State
from cases.events import DocumentUploaded
from cases.models import Case, Document
from cases.queries.access import case_for, person_id
from cases.queries.proxies import UPLOAD
from cases.queries.sealed_contents import place
from cases.services.documents.document_reads import document_dto
from cases.services.documents.dto import DocumentDTO
from cases.services.documents.queues import DOCUMENTS, looks_of
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.crypto import seal_text
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, TooLarge
from config.kernel.jobs import enqueue
from config.kernel.outbox import publish
from identity import services as identity

DICOM = "application/dicom"


def may_add(principal: Principal, case_id: UUID) -> Case:
    """The case, if the caller may add documents to it now."""
    case, relation = case_for(principal, case_id, scope=UPLOAD)
    if not relation.may(Act.ADD_RECORDS):
        raise Forbidden("Only the patient and the assigned specialist add documents.", code="role_forbidden")
    if State(case.state) in ENDED:
        raise Conflict("The case is closed; open a new one.", code="case_closed")
    return case


def may_upload(*, principal: Principal, case_id: UUID) -> None:
    """Asked before a body is read. ``NotFound``, ``Forbidden`` and ``Conflict`` as for an upload."""
    may_add(principal, case_id)


def upload_document(
    *,
    principal: Principal,
    case_id: UUID,
    name: str,
    declared_type: str,
    source: Path,
    row_id: UUID | None = None,
    along: Callable[[Document], None] | None = None,
) -> DocumentDTO:
    """Store the file at ``source`` with the case; returns it in QUARANTINED. ``along`` is one transaction with the row.

    ``Invalid`` (with the refusal's code and what to do) for a file that cannot be taken, ``TooLarge`` over the
    limit, ``Conflict`` when the case has this very file (it names the document) or takes no more.
    """
    case = may_add(principal, case_id)
    name = safe_name(name)
    media_type = inspected(source, name, declared_type)
    key = identity.data_key(subject_id=case.patient_id)
    row_id, sha256 = row_id or uuid7(), sha256_of(source)
    storage_key = sealed_files.store(key, "original", row_id, sealed_files.chunks_of(source))
    try:
        with atomic():
            # Locked, so that two uploads at once are counted one after the other.
            case, _ = case_for(principal, case_id, lock=True, scope=UPLOAD)
            _refuse_too_many(case, media_type)
            document = Document.objects.create(
                id=row_id,
                case=case,
                patient_id=case.patient_id,
                uploaded_by=person_id(principal),
                name_sealed=seal_text(key, place("document", "name", row_id), name),
                media_type=media_type,
                size=source.stat().st_size,
                sha256=sha256,
                storage_key=storage_key,
            )
            sealed_files.keep(storage_key)
            _announce(document)
            if along is not None:
                along(document)
    except IntegrityError as error:
        sealed_files.discard(storage_key)
        gone = (DocumentState.REJECTED, DocumentState.WITHDRAWN)
        present = Document.objects.filter(case=case, sha256=sha256).exclude(state__in=gone).first()
        raise Conflict(
            "The case has this file already.",
            code="document_duplicate",
            extra={"document_id": str(present.id)} if present else {},
        ) from error
    except Exception:  # whatever went wrong, the row is not there, so the file must not be
        sealed_files.discard(storage_key)
        raise
    return document_dto(document, key)


def _refuse_too_many(case: Case, media_type: str) -> None:
    """DICOM files are counted apart: one series of slices is one record in hundreds of files."""
    if media_type == DICOM:
        most, what = setting("CASE_MAX_IMAGES"), "DICOM files"
        there = Document.objects.filter(case=case, media_type=DICOM).count()
    else:
        most, what = setting("CASE_MAX_DOCUMENTS"), "documents"
        there = Document.objects.filter(case=case).exclude(media_type=DICOM).count()
    if there >= most:
        raise Conflict(f"A case takes at most {most} {what}.", code="too_many_documents")


def safe_name(name: str) -> str:
    """The last part of a file name, without control characters; never used as a path."""
    base = PurePosixPath(name.replace("\\", "/")).name
    cleaned = "".join(sign for sign in base if sign.isprintable()).strip()[:150]
    return cleaned or "document"


def inspected(source: Path, name: str, declared_type: str) -> str:
    """The media type of a file that may be taken in; ``Invalid`` or ``TooLarge`` with what to do for any other."""
    with _refusals_told():
        return inspect_upload(source=source, name=name, declared_type=declared_type)


def inspected_name(name: str, declared_type: str) -> None:
    """Before the first byte comes: ``Invalid`` with what to do for kinds that are never read."""
    with _refusals_told():
        inspect_name(name=name, declared_type=declared_type)


def inspected_head(head: bytes, size: int, name: str, declared_type: str) -> None:
    """Before the rest comes: ``Invalid`` or ``TooLarge`` for a file that begins so and will have ``size`` bytes."""
    with _refusals_told():
        inspect_head(head=head, size=size, name=name, declared_type=declared_type)


@contextmanager
def _refusals_told() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        if refusal.code == "too_large":
            raise TooLarge(refusal.advice) from refusal
        errors = [FieldError("#/file", refusal.code, refusal.advice)]
        raise Invalid(refusal.advice, code=f"document_{refusal.code}", errors=errors) from refusal
    except ReadingFailed as failure:
        advice = "The file could not be checked. Save a fresh copy of it and upload that."
        raise Invalid(advice, code="document_unreadable") from failure


def _announce(document: Document) -> None:
    record(
        context="cases",
        action="document.upload",
        patient_id=document.patient_id,
        object_type="document",
        object_id=document.id,
        detail={"media_type": document.media_type, "size": document.size},
    )
    enqueue(
        context="cases",
        kind="cases.read_document",
        subject_id=document.id,
        queue=DOCUMENTS,
        concurrency_key=looks_of(document.uploaded_by),
        share_of=document.patient_id,
        key=f"read:{document.id}",
    )
    publish(DocumentUploaded(aggregate_id=document.case_id, document_id=document.id, patient_id=document.patient_id))


def sha256_of(source: Path) -> str:
    """Of the file's bytes, hex."""
    digest = hashlib.sha256()
    for chunk in sealed_files.chunks_of(source):
        digest.update(chunk)
    return digest.hexdigest()
