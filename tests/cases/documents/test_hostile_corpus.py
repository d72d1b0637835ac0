"""The whole hostile corpus through the upload: refused with advice, or read and made harmless; no worker dies."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Document, Job
from config.kernel.due_work import drain
from tests.cases.support import Story
from tests.tooling.hostile import CORPUS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("make", CORPUS, ids=lambda make: make.__name__)
def test_each_hostile_file_is_answered_and_harms_nothing(api, settings, make) -> None:
    hostile, story = make(), Story()
    file = SimpleUploadedFile(hostile.name, hostile.content, content_type=hostile.media_type)
    response = api.as_(story.patient).upload("/documents/upload", {"case_id": str(story.id), "file": file})
    if response.status_code == 201:
        settle(hostile, response.json()["id"])
    else:
        problem = response.json()
        assert response.status_code in (400, 413), problem
        assert len(problem["detail"]) > 30
        assert not Document.objects.exists()
        assert not [p for p in Path(settings.DOCUMENT_STORAGE_DIR).rglob("*") if p.is_file()]


def settle(hostile, document_id: str) -> None:
    """Run the reading to its end; what is refused there says what to do, what is read is pictures and text only."""
    for _ in range(3):
        drain("cases")
        Job.objects.filter(state="QUEUED", kind="cases.read_document").update(run_after="2020-01-01T00:00Z")
    document = Document.objects.get(id=document_id)
    assert document.state != "QUARANTINED"
    if document.state == "REJECTED":
        assert len(document.advice) > 30
    else:
        assert hostile.ending != "refused", f"{hostile.name} was read"


def test_after_the_worst_of_them_the_next_document_is_read(api) -> None:
    story = Story()
    for make in CORPUS[-6:]:
        hostile = make()
        file = SimpleUploadedFile(hostile.name, hostile.content, content_type=hostile.media_type)
        api.as_(story.patient).upload("/documents/upload", {"case_id": str(story.id), "file": file})
    good = SimpleUploadedFile(
        "letter.txt", b"Patient: Maria Keller, born 17 April 1961\nAll is well.\n", content_type="text/plain"
    )
    response = api.as_(story.patient).upload("/documents/upload", {"case_id": str(story.id), "file": good})
    drain("cases")
    assert Document.objects.get(id=response.json()["id"]).state == "ACCEPTED"
