"""Long documents: read whole at once, drawn in several jobs, none of their pages without a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.adapters.reading import glance_in_child
from cases.models import Document, DocumentPage, Job, RetiredFile
from cases.services import documents
from cases.services.documents import page_images, pipeline
from config.kernel.due_work import drain
from tests.cases.support import Story, by
from tests.tooling.clinical import many_pages

pytestmark = pytest.mark.django_db


def uploaded(tmp_path: Path, count: int) -> tuple[Story, Document]:
    story, source = Story(), tmp_path / "record.pdf"
    source.write_bytes(many_pages(count).content)
    with by(story.patient):
        told = documents.upload_document(
            principal=story.patient, case_id=story.id, name="record.pdf", declared_type="", source=source
        )
    return story, Document.objects.get(id=told.id)


def test_pages_that_were_not_drawn_are_drawn_by_the_next_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story, document = uploaded(tmp_path, 5)

    def hurried(*, workdir: Path, **told: object) -> object:
        reading = glance_in_child(workdir=workdir, **told)  # type: ignore[arg-type]  # handed on as it came
        for number in (3, 4, 5):
            (workdir / f"page-{number:04d}.webp").unlink()
            (workdir / f"thumb-{number:04d}.webp").unlink()
        return reading

    real = page_images.draw_in_child
    monkeypatch.setattr(pipeline, "glance_in_child", hurried)
    # Each job has time for one page.
    monkeypatch.setattr(page_images, "draw_in_child", lambda *, pages, **told: real(pages=pages[:1], **told))
    drain("cases")
    document.refresh_from_db()
    assert (document.verdict, document.page_count) == ("complete", 5)
    assert not DocumentPage.objects.filter(image_key="").exists()
    assert Job.objects.filter(kind="cases.draw_pages", state="DONE").count() == 3
    keys = DocumentPage.objects.values_list("image_key", flat=True)
    assert not RetiredFile.objects.filter(storage_key__in=keys).exists()
    assert documents.page_image(principal=story.patient, document_id=document.id, number=5)[8:12] == b"WEBP"


def test_pages_that_cannot_be_drawn_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, document = uploaded(tmp_path, 2)
    drain("cases")
    DocumentPage.objects.filter(document=document, number=2).update(image_key="")
    monkeypatch.setattr(page_images, "draw_in_child", lambda **told: None)
    page_images.enqueue_drawing(document, 1)
    drain("cases")
    assert Job.objects.filter(kind="cases.draw_pages").count() == 1
    assert not Job.objects.exclude(state="DONE").exists()
