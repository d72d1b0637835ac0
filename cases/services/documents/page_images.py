"""Pictures of pages that the reading had no time to draw: made by jobs of their own, a document's share at a time."""

import tempfile
from contextlib import suppress
from pathlib import Path

from cases.adapters.reading import ReadingFailed, Refused, draw_in_child, page_name, thumb_name
from cases.db import atomic
from cases.domain.workflow.state_machines import CLEARED_DOCUMENTS, DocumentState
from cases.models import Document, DocumentPage
from cases.services.documents.queues import DOCUMENTS, heavy_of
from cases.services.storage import sealed_files
from config.kernel.conf import setting
from config.kernel.crypto import DataKey
from config.kernel.jobs import JobRun, enqueue
from identity import services as identity

PDF = "application/pdf"


def enqueue_drawing(document: Document, missing: int) -> None:
    """Queue the drawing of pages without a picture; once a reading for each number that is missing.

    Inside ``atomic()``.
    """
    if missing and document.media_type == PDF:
        enqueue(
            context="cases",
            kind="cases.draw_pages",
            subject_id=document.id,
            queue=DOCUMENTS,
            concurrency_key=heavy_of(document.patient_id),
            share_of=document.patient_id,
            key=f"draw:{document.id}:{document.reader_version}:{missing}",
        )


def draw_pages(run: JobRun) -> None:
    """The job: draw what time allows, and queue the rest; pages that cannot be drawn end it. Doubles nothing."""
    document = Document.objects.filter(
        id=run.subject_id, state__in=(*CLEARED_DOCUMENTS, DocumentState.MISMATCHED)
    ).first()
    if document is None:
        return
    missing = list(DocumentPage.objects.filter(document=document, image_key="").order_by("number"))
    if not missing:
        return
    key = identity.data_key(subject_id=document.patient_id)
    with tempfile.TemporaryDirectory(prefix="sop-draw-", dir=setting("WORK_DIR") or None) as folder:
        source, workdir = Path(folder) / "source", Path(folder) / "out"
        with source.open("wb") as file:
            for chunk in sealed_files.fetch(key, "original", document.id, document.storage_key):
                file.write(chunk)
        # What was drawn before it ended is whole; the rest is tried in the next job, unless nothing was.
        with suppress(Refused, ReadingFailed):
            draw_in_child(source=source, workdir=workdir, pages=tuple(page.number for page in missing))
        drawn = [page for page in missing if _stored(page, key, workdir)]
    with atomic():
        for page in drawn:
            here = DocumentPage.objects.filter(id=page.id, image_key="")
            if here.update(image_key=page.image_key, thumbnail_key=page.thumbnail_key):
                sealed_files.keep(page.image_key, page.thumbnail_key)
        if drawn:
            enqueue_drawing(document, len(missing) - len(drawn))
        run.complete()


def _stored(page: DocumentPage, key: DataKey, workdir: Path) -> bool:
    large, small = workdir / page_name(page.number), workdir / thumb_name(page.number)
    if not (large.exists() and small.exists()):
        return False
    page.image_key = sealed_files.store(key, "page", page.id, sealed_files.chunks_of(large))
    page.thumbnail_key = sealed_files.store(key, "thumbnail", page.id, sealed_files.chunks_of(small))
    return True
