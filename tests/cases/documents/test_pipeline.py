"""The job that reads a document: what it does when the reader, the store or the worker fails."""

from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest

from cases.adapters.reading import ReadingFailed, Refused
from cases.adapters.storage import DiskStorage, StorageError
from cases.models import AuditEntry, ChecklistItem, Document, DocumentPage, Job, OutboxEntry
from cases.services import documents
from cases.services.documents import pipeline
from config.kernel.due_work import drain
from config.kernel.errors import Unavailable
from config.kernel.jobs import LeaseLost
from tests.cases.support import Story, by
from tests.factories.cases import DocumentPageFactory

pytestmark = pytest.mark.django_db
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\nAll is well.\n"
READER = "cases.services.documents.pipeline.read_in_child"
GLANCE = "cases.services.documents.pipeline.glance_in_child"


@pytest.fixture
def document(tmp_path) -> Document:
    return Document.objects.get(id=Story().add_document(LETTER, tmp_path).id)


def run_again() -> None:
    """Run what waits for its back-off, as if the time had passed."""
    Job.objects.filter(state="QUEUED").update(run_after="2020-01-01T00:00Z")
    drain("cases")


def reading_job() -> Job:
    return Job.objects.get(kind="cases.read_document")


class TestGlance:
    def test_what_a_glance_is_not_enough_for_is_read_in_the_heavy_lane(self, document) -> None:
        assert reading_job().concurrency_key == f"look:{document.uploaded_by}"
        with mock.patch(GLANCE, return_value=None) as glance:
            drain("cases")
        document.refresh_from_db()
        assert (document.state, reading_job().concurrency_key, reading_job().tries) == ("ACCEPTED", "heavy:0", 1)
        assert glance.call_count == 1

    def test_a_short_letter_needs_no_more(self, document) -> None:
        with mock.patch(READER) as reader:
            drain("cases")
        document.refresh_from_db()
        assert (document.state, reading_job().state) == ("ACCEPTED", "DONE")
        assert not reader.called

    def test_a_refusal_at_a_glance_is_final(self, document) -> None:
        with mock.patch(GLANCE, side_effect=Refused("damaged")):
            drain("cases")
        document.refresh_from_db()
        assert (document.state, reading_job().state) == ("REJECTED", "DONE")


@pytest.fixture
def heavy(document) -> None:
    """The reading stands under the heavy key."""
    Job.objects.filter(kind="cases.read_document").update(concurrency_key="heavy:0")


@pytest.mark.usefixtures("heavy")
class TestFailingReader:
    def test_a_reader_that_dies_is_tried_three_times_and_then_the_document_is_refused(self, document) -> None:
        with mock.patch(READER, side_effect=ReadingFailed("timeout")) as reader:
            drain("cases")
            assert reading_job().state == "QUEUED"
            document.refresh_from_db()
            assert document.state == "QUARANTINED"
            run_again()
            run_again()
        assert reader.call_count == 3
        document.refresh_from_db()
        assert (document.state, document.verdict) == ("REJECTED", "failed")
        assert "fresh copy" in document.advice
        assert reading_job().state == "DONE"

    def test_a_reader_that_recovers_loses_nothing(self, document) -> None:
        with mock.patch(READER, side_effect=ReadingFailed("crashed")):
            drain("cases")
        run_again()
        document.refresh_from_db()
        assert (document.state, document.page_count) == ("ACCEPTED", 1)

    def test_a_refusal_is_final_and_its_advice_is_kept(self, document) -> None:
        with mock.patch(READER, side_effect=Refused("too_many_pixels")) as reader:
            drain("cases")
        document.refresh_from_db()
        assert (document.state, reader.call_count) == ("REJECTED", 1)
        assert "300 dpi" in document.advice
        event = OutboxEntry.objects.get(name="cases.document.read.v1")
        assert (event.payload["verdict"], event.payload["state"]) == ("failed", "REJECTED")

    def test_an_unforeseen_fault_ends_with_a_refusal_and_not_with_a_lost_document(self, document) -> None:
        with mock.patch(READER, side_effect=RuntimeError("bug")):
            drain("cases")
            run_again()
            run_again()
        assert reading_job().state == "DEAD"
        document.refresh_from_db()
        assert document.state == "REJECTED"
        assert document.advice

    def test_a_refused_document_keeps_the_case_waiting_for_a_record(self, tmp_path) -> None:
        story = Story()
        story.add_document(LETTER, tmp_path)
        story.submitted()
        with mock.patch(GLANCE, side_effect=Refused("damaged")):
            drain("cases")
        assert story.state == "COLLECTING_RECORDS"
        assert not ChecklistItem.objects.get(case=story.id).present


class TestWorkers:
    def test_a_worker_whose_lease_was_taken_writes_nothing(self, document) -> None:
        job = reading_job()
        run = mock.Mock(subject_id=document.id, tries=1, job_id=job.id, concurrency_key=job.concurrency_key)
        run.complete.side_effect = LeaseLost("gone")
        with pytest.raises(LeaseLost):
            pipeline.read_document(run)
        document.refresh_from_db()
        assert document.state == "QUARANTINED"
        assert not DocumentPage.objects.exists()
        assert not OutboxEntry.objects.filter(name="cases.document.read.v1").exists()
        drain("cases")
        document.refresh_from_db()
        assert document.state == "ACCEPTED"

    def test_the_second_of_two_workers_finds_the_work_done(self, document) -> None:
        drain("cases")
        pages = list(DocumentPage.objects.values())
        pipeline.read_document(mock.Mock(subject_id=document.id, tries=1))
        assert list(DocumentPage.objects.values()) == pages
        assert OutboxEntry.objects.filter(name="cases.document.read.v1").count() == 1

    def test_the_reading_leaves_an_audit_row_by_the_platform(self, document) -> None:
        drain("cases")
        entry = AuditEntry.objects.get(action="document.process")
        assert (entry.actor_kind, entry.patient_id) == ("system", document.patient_id)
        assert entry.detail == {"state": "ACCEPTED", "verdict": "complete"}

    def test_no_readable_copy_of_the_file_stays_behind(self, document, tmp_path, settings) -> None:
        settings.WORK_DIR = str(tmp_path / "work")
        Path(settings.WORK_DIR).mkdir()
        drain("cases")
        assert list(Path(settings.WORK_DIR).iterdir()) == []


class TestFailingStore:
    def test_a_store_that_is_down_takes_nothing_and_says_so(self, tmp_path) -> None:
        story = Story()
        with mock.patch.object(DiskStorage, "put", side_effect=StorageError("disk full")), pytest.raises(Unavailable):
            story.add_document(LETTER, tmp_path)
        assert not Document.objects.exists()
        assert not Job.objects.exists()

    def test_over_http_it_is_a_503_that_may_be_tried_again(self, api) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        story = Story()
        file = SimpleUploadedFile("a.txt", LETTER.encode(), content_type="text/plain")
        with mock.patch.object(DiskStorage, "put", side_effect=StorageError("disk full")):
            response = api.as_(story.patient).upload("/documents/upload", {"case_id": str(story.id), "file": file})
        assert response.status_code == 503
        assert response["Retry-After"]

    def test_a_row_that_cannot_be_written_leaves_no_file(self, tmp_path, settings) -> None:
        story = Story()
        broken = mock.patch("cases.services.documents.uploads.uploads._announce", side_effect=RuntimeError("bug"))
        with broken, pytest.raises(RuntimeError):
            story.add_document(LETTER, tmp_path)
        assert not Document.objects.exists()
        assert not [p for p in Path(settings.DOCUMENT_STORAGE_DIR).rglob("*") if p.is_file()]

    def test_a_file_that_vanished_is_a_503_before_the_answer_has_begun(self, api, document, settings) -> None:
        drain("cases")
        (Path(settings.DOCUMENT_STORAGE_DIR) / document.storage_key).unlink()
        from config.kernel.auth import Principal

        owner = Principal(user_id=document.patient_id, roles=frozenset({"patient"}), email_verified=True)
        assert api.as_(owner).get(f"/documents/{document.id}/original").status_code == 503


def test_a_page_that_has_no_picture_is_not_found(tmp_path) -> None:
    from config.kernel.errors import NotFound

    story = Story()
    document = story.put_document()
    DocumentPageFactory(document=document)
    with by(story.patient):
        for number in (1, 2):
            with pytest.raises(NotFound):
                documents.page_image(principal=story.patient, document_id=document.id, number=number)
        with pytest.raises(NotFound):
            documents.page_text(principal=story.patient, document_id=document.id, number=1)


def test_unknown_documents_look_like_forbidden_ones() -> None:
    from config.kernel.errors import NotFound

    story = Story()
    with by(story.patient), pytest.raises(NotFound):
        documents.get_document(principal=story.patient, document_id=uuid4())
    with pytest.raises(NotFound):
        documents.document_text(document_id=uuid4())
