"""The job behind an upload: read the file in a limited child, store its pages, find out whose it is."""

import tempfile
from pathlib import Path
from uuid import UUID

import structlog
from django.db.models import Q

from cases.adapters.reading import (
    READER_VERSION,
    Progress,
    ReadingFailed,
    Refused,
    frame_name,
    glance_in_child,
    load_imaging,
    page_name,
    read_in_child,
    thumb_name,
)
from cases.adapters.virus_scanner import ScanFailed
from cases.db import atomic
from cases.domain.documents.document_text import Reading, reading_to_json
from cases.domain.documents.imaging.instances import Imaging, with_text_found
from cases.domain.intake import checklist
from cases.domain.workflow.state_machines import DocumentState
from cases.events import DocumentRead
from cases.models import ChecklistItem, Document, DocumentPage
from cases.queries.sealed_contents import place
from cases.services.documents.acceptance import checked, said_in
from cases.services.documents.deidentification import deidentified_copy
from cases.services.documents.imaging.registration import keep_imaging
from cases.services.documents.page_images import enqueue_drawing
from cases.services.documents.progress import teller
from cases.services.documents.queue_turns import is_anothers_turn
from cases.services.documents.queues import heavy_of, is_heavy, text_seconds
from cases.services.documents.virus_scan import scanned
from cases.services.index import SEARCHED, index_documents
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.bounded_work import OutOfBounds
from config.kernel.conf import setting
from config.kernel.crypto import DataKey, open_text, seal_json
from config.kernel.db import uuid7
from config.kernel.db.states import advance
from config.kernel.jobs import JobRun, enqueue
from config.kernel.outbox import publish
from identity import services as identity

log = structlog.get_logger(__name__)
SCAN_AGAIN_SECONDS = 60
_GIVE_UP = "The document could not be read. Save a fresh copy of it (or scan it again) and upload that."

_TOO_MUCH = (
    "The text in this document takes too long to be checked: it is unlike any record. Open it, print it or save it as"
    " a PDF again, leave out pages without records, and upload that."
)


def read_document(run: JobRun) -> None:
    """Take a document from QUARANTINED to ACCEPTED, MISMATCHED or REJECTED. Running it again changes nothing.

    What a glance is not enough for is read under a heavy key, so that nobody else waits for it.
    """
    document = Document.objects.get(id=run.subject_id)
    if document.state != DocumentState.QUARANTINED:
        return
    if is_heavy(run.concurrency_key) and is_anothers_turn(run, document.patient_id):
        run.hand_over(run.concurrency_key)
        return
    key = identity.data_key(subject_id=document.patient_id)
    with tempfile.TemporaryDirectory(prefix="sop-read-", dir=setting("WORK_DIR") or None) as folder:
        source, workdir = Path(folder) / "source", Path(folder) / "out"
        fetch_to(source, document, key)
        name = open_text(key, place("document", "name", document.id), document.name_sealed)
        try:
            scanner = scanned(source)
            reading = _read(document, run, source, workdir, name)
            if reading is None:
                run.hand_over(heavy_of(document.patient_id))
                return
            imaging = load_imaging(workdir)
        except Refused as refusal:
            reject(document.id, refusal.advice, run)
            return
        except ScanFailed as failure:
            # Quarantined for as long as it takes: what could not be scanned is neither clean nor its sender's fault.
            log.error("scan_failed", reason=str(failure))
            run.hand_over(run.concurrency_key, after_seconds=SCAN_AGAIN_SECONDS)
            return
        except ReadingFailed:
            # Time or memory ran out: trying again may help, and the third failure rejects the document.
            if run.tries >= 3:
                reject(document.id, _GIVE_UP, run)
                return
            raise
        teller(document)(Progress("checking"))
        pages = store_pages(document, key, reading, workdir)
    try:
        _accept(document.id, key, reading, pages, imaging, scanner, run)
    except OutOfBounds:
        if not is_heavy(run.concurrency_key):
            run.hand_over(heavy_of(document.patient_id))
            return
        # The same text takes as long again: a person is told, and nothing is tried once more.
        log.error("document_text_out_of_bounds", document_id=str(document.id))
        reject(document.id, _TOO_MUCH, run)


def _read(document: Document, run: JobRun, source: Path, workdir: Path, name: str) -> Reading | None:
    """What is in the file; ``None`` when a glance is not enough."""
    if not is_heavy(run.concurrency_key):
        return glance_in_child(source=source, workdir=workdir, name=name, declared_type=document.media_type)
    return read_in_child(
        source=source, workdir=workdir, name=name, declared_type=document.media_type, told=teller(document)
    )


def reject(document_id: UUID, advice: str, run: JobRun | None = None) -> None:
    """Refuse a document for good, telling its owner what to do."""
    with atomic():
        document = Document.objects.select_for_update().get(id=document_id)
        if document.state != DocumentState.QUARANTINED:
            return
        advance(document, DocumentState.REJECTED, verdict="failed", advice=advice[:300], version=document.version + 1)
        _finish(document)
        if run is not None:
            run.complete()


def give_up(document_id: UUID) -> None:
    """What happens when the reading job is dead."""
    reject(document_id, _GIVE_UP)


def fetch_to(path: Path, document: Document, key: DataKey) -> None:
    """Write the plain original to a file."""
    with path.open("wb") as file:
        for chunk in sealed_files.fetch(key, "original", document.id, document.storage_key):
            file.write(chunk)


def store_pages(document: Document, key: DataKey, reading: Reading, workdir: Path) -> list[DocumentPage]:
    """Rows of the pages, not written yet, whose pictures lie in the storage."""
    pages = []
    for page in reading.pages:
        row = DocumentPage(id=uuid7(), document=document, number=page.number)
        for kind, column, name in (
            ("page", "image_key", page_name(page.number)),
            ("thumbnail", "thumbnail_key", thumb_name(page.number)),
            ("frame", "frame_key", frame_name(page.number)),
        ):
            path = workdir / name
            if path.exists():
                setattr(row, column, sealed_files.store(key, kind, row.id, sealed_files.chunks_of(path)))
        pages.append(row)
    return pages


def _accept(
    document_id: UUID,
    key: DataKey,
    reading: Reading,
    pages: list[DocumentPage],
    imaging: Imaging | None,
    scanner: str,
    run: JobRun,
) -> None:
    before = Document.objects.get(id=document_id)
    owner = identity.get_account(user_id=before.patient_id)
    seconds = text_seconds(run.concurrency_key)
    copy = deidentified_copy(before, key, reading, seconds=seconds)
    said = said_in(before, owner, reading, seconds=seconds)
    with atomic():
        document = Document.objects.select_for_update().get(id=document_id)
        if document.state != DocumentState.QUARANTINED:
            return
        found = checked(document, key, reading, said)
        DocumentPage.objects.bulk_create(pages)
        sealed_files.keep(
            *(key for page in pages for key in (page.image_key, page.thumbnail_key, page.frame_key) if key)
        )
        advance(
            document,
            found.state,
            scanner=scanner,
            verdict=reading.verdict,
            page_count=len(reading.pages),
            reading_sealed=seal_json(key, place("document", "reading", document.id), reading_to_json(found.reading)),
            facts_sealed=seal_json(key, place("document", "facts", document.id), found.facts),
            deidentified_sealed=copy,
            kind=found.kind,
            kind_confidence=found.kind_confidence,
            identity_match=found.match,
            doubts=",".join(found.doubts),
            advice=found.advice,
            reader_version=READER_VERSION,
            version=document.version + 1,
        )
        if imaging is not None:
            keep_imaging(document, key, with_text_found(imaging, (page.text for page in reading.pages)))
        enqueue_drawing(document, sum(not page.image_key for page in pages))
        _finish(document)
        run.complete()


def _finish(document: Document) -> None:
    """What every end of a reading brings: the checklist, the index, the record, the news, and a look at the case."""
    if document.state == SEARCHED:
        index_documents(document.case, identity.data_key(subject_id=document.patient_id))
    if document.state == DocumentState.ACCEPTED and document.verdict != "failed":
        # What was asked for by name is answered by what came after it, not by what was there before.
        ChecklistItem.objects.filter(case=document.case, present=False).filter(
            Q(code=checklist.ANY_RECORD)
            | Q(code__startswith=checklist.ASKED, document_id=None, created_at__lt=document.created_at)
        ).update(present=True)
    record(
        context="cases",
        action="document.process",
        patient_id=document.patient_id,
        object_type="document",
        object_id=document.id,
        detail={"state": document.state, "verdict": document.verdict},
    )
    publish(
        DocumentRead(
            aggregate_id=document.case_id,
            document_id=document.id,
            patient_id=document.patient_id,
            verdict=document.verdict,
            state=DocumentState(document.state),
        )
    )
    enqueue(context="cases", kind="cases.advance", subject_id=document.case_id)


def document_settled(document: Document) -> None:
    """A person decided whose document it is: the same consequences as a machine's match."""
    _finish(document)
