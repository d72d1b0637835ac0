"""The job that reads a document again with a newer reader, and replaces the former reading or leaves it as it is."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from cases.adapters.reading import READER_VERSION, Progress, ReadingFailed, Refused, load_imaging, read_in_child
from cases.db import atomic, now
from cases.domain.documents.document_text import Reading, reading_to_json
from cases.domain.documents.imaging.instances import Imaging, with_text_found
from cases.domain.workflow.state_machines import DocumentState, RereadingState
from cases.domain.workflow.states import NOT_ENDED
from cases.events import DocumentReread
from cases.models import Document, DocumentPage, ImagingInstance, Rereading
from cases.queries.sealed_contents import place
from cases.services.documents.acceptance import Checked, Said, checked, said_in
from cases.services.documents.deidentification import deidentified_copy
from cases.services.documents.imaging.registration import keep_imaging
from cases.services.documents.page_images import enqueue_drawing
from cases.services.documents.pipeline import fetch_to, store_pages
from cases.services.documents.queue_turns import somebody_waits
from cases.services.documents.queues import TEXT_SECONDS
from cases.services.index import SEARCHED, index_documents
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.bounded_work import OutOfBounds
from config.kernel.conf import setting
from config.kernel.crypto import DataKey, open_json, open_text, seal_json
from config.kernel.db.states import advance, advance_all
from config.kernel.jobs import JobRun
from config.kernel.outbox import publish
from identity import services as identity

log = structlog.get_logger(__name__)
#: What is read again: what was read and may be used, or waits for a person.
READ_STATES = (DocumentState.ACCEPTED, DocumentState.PROCESSED, DocumentState.MISMATCHED)
STEP_ASIDE_SECONDS, NEWER_RELEASE_SECONDS = 30, 60


class _SteppedAside(Exception):
    """Somebody's new document waits for a process."""


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What the newer reader made of the file, before anything is written."""

    reading: Reading
    pages: list[DocumentPage]
    imaging: Imaging | None
    copy: bytes
    said: Said


def reread_document(run: JobRun) -> None:
    """Read a document again. Running it twice changes nothing; while new documents wait, it waits too."""
    row = Rereading.objects.select_related("document__case").filter(id=run.subject_id).first()
    if row is None or row.state != RereadingState.WAITING:
        return
    if row.reader_version > READER_VERSION:
        # Beside this release runs a newer one, which asked for it and can do it.
        run.wait(after_seconds=NEWER_RELEASE_SECONDS)
        return
    if row.reader_version < READER_VERSION or not _is_needed(row.document):
        end_without(row.id, RereadingState.DROPPED, "not_needed", run)
        return
    try:
        _step_aside_if_needed()
        _reread(row, run)
    except _SteppedAside:
        run.wait(after_seconds=STEP_ASIDE_SECONDS)
    except Refused as refusal:
        end_without(row.id, RereadingState.KEPT, refusal.code, run)
    except OutOfBounds:
        # The same text takes as long again.
        end_without(row.id, RereadingState.KEPT, "text_out_of_bounds", run)
    except ReadingFailed as failure:
        # Time or memory ran out: trying again may help.
        if run.tries < 3:
            raise
        end_without(row.id, RereadingState.KEPT, failure.reason, run)


def reread_gave_up(rereading_id: UUID) -> None:
    """What happens when the job is dead."""
    end_without(rereading_id, RereadingState.KEPT, "gave_up")


def end_without(rereading_id: UUID, state: RereadingState, reason: str, run: JobRun | None = None) -> None:
    """End a re-reading that changes nothing: the former reading stays, and the row says why."""
    with atomic():
        row = Rereading.objects.select_for_update(of=("self",)).select_related("document").get(id=rereading_id)
        if row.state == RereadingState.WAITING:
            advance(row, state, reason=reason, finished_at=now())
            _note(row, kept=True)
        if run is not None:
            run.complete()


def _is_needed(document: Document) -> bool:
    return document.state in READ_STATES and document.case.state in NOT_ENDED


def _step_aside_if_needed(progress: Progress | None = None) -> None:
    """Asked before the reading and, each half second, while it goes on; what it raises ends the child."""
    if somebody_waits():
        raise _SteppedAside


def _reread(row: Rereading, run: JobRun) -> None:
    document = row.document
    key = identity.data_key(subject_id=document.patient_id)
    with tempfile.TemporaryDirectory(prefix="sop-reread-", dir=setting("WORK_DIR") or None) as folder:
        source, workdir = Path(folder) / "source", Path(folder) / "out"
        fetch_to(source, document, key)
        name = open_text(key, place("document", "name", document.id), document.name_sealed)
        reading = read_in_child(
            source=source,
            workdir=workdir,
            name=name,
            declared_type=document.media_type,
            told=_step_aside_if_needed,
        )
        if reading.verdict == "failed":
            end_without(row.id, RereadingState.KEPT, "nothing_read", run)
            return
        owner = identity.get_account(user_id=document.patient_id)
        read = _Read(
            reading=reading,
            imaging=load_imaging(workdir),
            copy=deidentified_copy(document, key, reading),
            said=said_in(document, owner, reading, seconds=TEXT_SECONDS),
            pages=store_pages(document, key, reading, workdir),
        )
    _replace(row.id, key, read, run)


def _replace(rereading_id: UUID, key: DataKey, read: _Read, run: JobRun) -> None:
    """The new reading in the former one's place, the question to staff, the news and the job's end: all or nothing."""
    with atomic():
        row = Rereading.objects.select_for_update().get(id=rereading_id)
        document = Document.objects.select_for_update().get(id=row.document_id)
        if row.state != RereadingState.WAITING:
            return
        if document.state not in READ_STATES:
            end_without(row.id, RereadingState.DROPPED, "not_needed", run)
            return
        found = checked(document, key, read.reading, read.said)
        former = open_json(key, place("document", "reading", document.id), document.reading_sealed or b"")
        _write(document, key, read, found)
        earlier = Rereading.objects.filter(document=document, state=RereadingState.ASKED)
        advance_all(earlier, RereadingState.DROPPED, reason="read_again")
        asked = _is_asked(document, found)
        advance(
            row,
            RereadingState.ASKED if asked else RereadingState.DONE,
            identity_match=found.match,
            doubts=",".join(found.doubts),
            former_sealed=seal_json(key, place("rereading", "former", row.id), former),
            finished_at=now(),
        )
        row.document = document
        _note(row, kept=False)
        run.complete()


def _write(document: Document, key: DataKey, read: _Read, found: Checked) -> None:
    """What was read, and what follows from it for a document that waits for a person; an accepted one stays so."""
    changes = {
        "verdict": read.reading.verdict,
        "page_count": len(read.reading.pages),
        "reading_sealed": seal_json(key, place("document", "reading", document.id), reading_to_json(found.reading)),
        "facts_sealed": seal_json(key, place("document", "facts", document.id), found.facts),
        "deidentified_sealed": read.copy,
        "kind": found.kind,
        "kind_confidence": found.kind_confidence,
        "reader_version": READER_VERSION,
        "version": document.version + 1,
    }
    if document.state == DocumentState.PROCESSED and found.doubts:
        advance(
            document,
            DocumentState.MISMATCHED,
            identity_match=found.match,
            doubts=",".join(found.doubts),
            advice=found.advice,
            **changes,
        )
    else:
        for name, value in changes.items():
            setattr(document, name, value)
        document.save(update_fields=[*changes, "updated_at"])
    _replace_pages(document, read.pages)
    if read.imaging is not None:
        ImagingInstance.objects.filter(document=document).delete()
        keep_imaging(document, key, with_text_found(read.imaging, (page.text for page in read.reading.pages)))
    if document.state == SEARCHED:
        index_documents(document.case, key)


def _replace_pages(document: Document, pages: list[DocumentPage]) -> None:
    """New pictures in the place of the former ones; a page that was not drawn this time keeps its own."""
    former = {page.number: page for page in DocumentPage.objects.filter(document=document)}
    fresh = [page for page in pages if page.image_key or page.number not in former]
    gone = former.keys() - {page.number for page in pages} | former.keys() & {page.number for page in fresh}
    DocumentPage.objects.filter(id__in=[former[number].id for number in gone]).delete()
    sealed_files.retire(*_files([former[number] for number in gone]))
    DocumentPage.objects.bulk_create(fresh)
    sealed_files.keep(*_files(fresh))
    enqueue_drawing(document, sum(not page.image_key for page in fresh))


def _files(pages: list[DocumentPage]) -> list[str]:
    return [key for page in pages for key in (page.image_key, page.thumbnail_key, page.frame_key) if key]


def _is_asked(document: Document, found: Checked) -> bool:
    """Whether an accepted document looks less like the patient's than it did.

    What a person has seen and settled is not asked again.
    """
    if document.state != DocumentState.ACCEPTED or found.state == DocumentState.ACCEPTED:
        return False
    if document.confirmed_by is None:
        return True
    return not set(found.doubts) <= set(filter(None, document.doubts.split(",")))


def _note(row: Rereading, *, kept: bool) -> None:
    document = row.document
    record(
        context="cases",
        action="document.reread",
        patient_id=row.patient_id,
        object_type="document",
        object_id=document.id,
        detail={"state": row.state, "reader": row.reader_version, "reason": row.reason, "doubts": row.doubts},
    )
    if document.state == DocumentState.ACCEPTED and row.state != RereadingState.DROPPED:
        publish(
            DocumentReread(
                aggregate_id=document.case_id,
                document_id=document.id,
                patient_id=row.patient_id,
                state=DocumentState(document.state),
                kept=kept,
            )
        )
