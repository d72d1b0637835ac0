"""What an older reader read is read again: nothing is lost or doubled, nobody waits for it, and staff are asked."""

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from cases.adapters.reading import READER_VERSION, ReadingFailed, Refused, read_in_child
from cases.domain.documents.document_text import PageText, Reading, reading_to_json
from cases.models import (
    AuditEntry,
    Case,
    Document,
    DocumentPage,
    Job,
    OutboxEntry,
    ReportRecheck,
    Rereading,
    RetiredFile,
)
from cases.queries.sealed_contents import place
from cases.services import documents, workflow
from cases.services.documents.queues import REREAD
from cases.services.documents.rereading import reread_document
from config.kernel import clock
from config.kernel.crypto import open_json, seal_json
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, Invalid
from config.kernel.jobs.execution import run_job
from identity import services as identity
from tests.cases.support import Story, by
from tests.corpora.files.in_process import read_again_here
from tests.factories import make_person
from tests.factories.cases import OpinionFactory

pytestmark = pytest.mark.django_db
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\nPotassium 4.1 mmol/l\n"
FORMER = "Patient: Maria Keller\nDate of birth: 17.04.1961\nPotassium 41 mmol/l\n"
ANOTHER = "Patient: Hans Brenner\nDate of birth: 02.01.1940\nPotassium 4.1 mmol/l\n"
READER = "cases.services.documents.rereading.read_in_child"


def as_read_before(row_id: Any, former: str) -> Document:
    document = Document.objects.get(id=row_id)
    key = identity.data_key(subject_id=document.patient_id)
    old = Reading(
        media_type="text/plain",
        verdict="complete",
        pages=(PageText(number=1, width_pt=595, height_pt=842, text=former),),
    )
    document.reading_sealed = seal_json(key, place("document", "reading", row_id), reading_to_json(old))
    document.reader_version = 0
    document.save()
    return document


def text_of(document: Document) -> str:
    return documents.document_text(document_id=document.id).pages[0].text


def run_rereadings(reader: Any = read_again_here) -> None:
    documents.queue_rereadings()
    Job.objects.filter(kind=REREAD, state="QUEUED").update(run_after="2020-01-01T00:00Z")
    with mock.patch(READER, side_effect=reader):
        drain("cases")


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def document(story: Story, tmp_path: Path) -> Document:
    """Accepted with what a former reader made of it."""
    row_id = story.add_document(LETTER, tmp_path).id
    drain("cases")
    return as_read_before(row_id, FORMER)


class TestReading:
    def test_a_document_of_before_is_read_by_the_newer_reader(self, document: Document) -> None:
        pictures = set(DocumentPage.objects.filter(document=document).values_list("image_key", flat=True))
        run_rereadings(read_in_child)
        row = Rereading.objects.get()
        assert (row.state, row.former_version, row.reader_version) == ("DONE", 0, READER_VERSION)
        document.refresh_from_db()
        assert (document.state, document.reader_version) == ("ACCEPTED", READER_VERSION)
        assert "4.1" in text_of(document)
        key = identity.data_key(subject_id=document.patient_id)
        kept = open_json(key, place("rereading", "former", row.id), row.former_sealed or b"")
        assert kept["pages"][0]["text"] == FORMER
        fresh = set(DocumentPage.objects.filter(document=document).values_list("image_key", flat=True))
        assert not pictures & fresh
        assert pictures <= set(RetiredFile.objects.values_list("storage_key", flat=True))
        event = OutboxEntry.objects.get(name="cases.document.reread.v1").payload
        assert (event["document_id"], event["state"], event["kept"]) == (str(document.id), "ACCEPTED", False)
        assert AuditEntry.objects.get(action="document.reread").detail["state"] == "DONE"

    def test_it_is_read_once_and_a_second_run_changes_nothing(self, document: Document) -> None:
        run_rereadings()
        before = Document.objects.values().get()
        assert documents.queue_rereadings() == 0
        row = Rereading.objects.get()
        with mock.patch(READER) as reader:
            reread_document(mock.Mock(subject_id=row.id))
        assert not reader.called
        assert Document.objects.values().get() == before
        assert Rereading.objects.count() == Job.objects.filter(kind=REREAD).count() == 1

    @pytest.mark.parametrize(
        ("fault", "reason"), [(Refused("damaged"), "damaged"), (ReadingFailed("timeout"), "timeout")]
    )
    def test_what_cannot_be_read_again_keeps_its_former_reading_and_says_so(
        self, document: Document, fault: Exception, reason: str
    ) -> None:
        for _ in range(3):
            run_rereadings(fault)
        row = Rereading.objects.get()
        assert (row.state, row.reason) == ("KEPT", reason)
        document.refresh_from_db()
        assert (document.state, document.reader_version, text_of(document)) == ("ACCEPTED", 0, FORMER)
        assert documents.queue_rereadings() == 0
        assert OutboxEntry.objects.get(name="cases.document.reread.v1").payload["kept"] is True

    def test_an_unforeseen_fault_keeps_it_too(self, document: Document) -> None:
        for _ in range(3):
            run_rereadings(RuntimeError("bug"))
        assert (Rereading.objects.get().state, Rereading.objects.get().reason) == ("KEPT", "gave_up")
        assert text_of(document) == FORMER

    def test_of_a_case_that_ended_meanwhile_nothing_is_read(self, story: Story, document: Document) -> None:
        documents.queue_rereadings()
        Case.objects.filter(id=story.id).update(state="CLOSED")
        run_rereadings()
        assert Rereading.objects.get().state == "DROPPED"
        assert text_of(document) == FORMER
        Case.objects.filter(id=story.id).update(state="AMENDING")
        run_rereadings()
        assert "4.1" in text_of(document)

    def test_an_older_release_leaves_it_to_the_newer_one(self, document: Document) -> None:
        documents.queue_rereadings()
        Rereading.objects.update(reader_version=READER_VERSION + 1)
        run_rereadings()
        assert Rereading.objects.filter(reader_version=READER_VERSION + 1).get().state == "WAITING"


class TestPace:
    def test_patients_take_turns_and_no_more_are_queued_than_a_minute_takes(
        self, story: Story, document: Document, settings: Any
    ) -> None:
        mine = [story.put_document() for _ in range(3)]
        other = Story().put_document()
        settings.REREAD_A_MINUTE = 2
        with clock.frozen(clock.now()) as at:
            assert documents.queue_rereadings() == 2
            jobs = Job.objects.filter(kind=REREAD).order_by("run_after")
            assert [(job.run_after - at).total_seconds() for job in jobs] == [0, 30]
        queued = set(Rereading.objects.values_list("document_id", flat=True))
        assert queued == {document.id, other.id}
        assert not queued & {one.id for one in mine}
        assert documents.queue_rereadings() == 0, "both still wait"
        settings.REREAD_A_MINUTE = 0
        assert documents.queue_rereadings() == 0

    def test_while_somebody_s_new_document_waits_nothing_is_read_again(
        self, story: Story, document: Document, tmp_path: Path
    ) -> None:
        documents.queue_rereadings()
        story.add_document("Another letter.", tmp_path)
        Job.objects.filter(kind="cases.read_document", state="QUEUED").update(run_after="2020-01-01T00:00Z")
        job = Job.objects.get(kind=REREAD)
        with mock.patch(READER) as reader:
            assert run_job("cases", job.id)
        job.refresh_from_db()
        assert not reader.called
        assert (job.state, job.tries) == ("QUEUED", 0)
        assert job.run_after > clock.now()
        assert Rereading.objects.get().state == "WAITING"

    def test_a_new_document_that_comes_meanwhile_ends_the_reading_at_its_next_look(self, document: Document) -> None:
        documents.queue_rereadings()

        def reading(**given: Any) -> Reading:
            with mock.patch("cases.services.documents.rereading.somebody_waits", return_value=True):
                given["told"](None)
            raise AssertionError("it went on")

        job = Job.objects.get(kind=REREAD)
        with mock.patch(READER, side_effect=reading):
            assert run_job("cases", job.id)
        job.refresh_from_db()
        assert (job.state, job.tries, Rereading.objects.get().state) == ("QUEUED", 0, "WAITING")

    def test_the_plan_counts_and_queues_nothing(self, document: Document) -> None:
        plan = documents.rereading_plan()
        assert (plan.documents, plan.pages, plan.cases, plan.patients) == (1, 1, 1, 1)
        assert (plan.by_version, plan.states) == ({0: 1}, {})
        assert not Rereading.objects.exists()
        run_rereadings()
        after = documents.rereading_plan()
        assert (after.documents, after.states) == (0, {"DONE": 1})


@pytest.fixture
def asked(story: Story, tmp_path: Path) -> Rereading:
    """Accepted by a reader that took another's paper for the patient's."""
    row_id = story.add_document(ANOTHER, tmp_path).id
    drain("cases")
    document = as_read_before(row_id, FORMER)
    Document.objects.filter(id=document.id).update(state="ACCEPTED", identity_match="matched", doubts="")
    run_rereadings()
    # Of drafts staff know nothing.
    Case.objects.filter(id=story.id).update(state="IN_REVIEW")
    return Rereading.objects.get()


class TestWhoseItIs:
    def test_an_accepted_document_stays_accepted_and_staff_are_asked(self, asked: Rereading) -> None:
        assert asked.state == "ASKED"
        assert "name" in asked.doubts.split(",")
        document = Document.objects.get()
        assert (document.state, document.identity_match, document.doubts) == ("ACCEPTED", "matched", "")

    def test_one_that_waits_for_a_person_is_held_for_two_once_it_names_another(
        self, story: Story, tmp_path: Path
    ) -> None:
        row_id = story.add_document(ANOTHER, tmp_path).id
        drain("cases")
        as_read_before(row_id, FORMER)
        Document.objects.filter(id=row_id).update(state="PROCESSED", identity_match="name_only", doubts="")
        run_rereadings()
        document = Document.objects.get()
        assert (document.state, Rereading.objects.get().state) == ("MISMATCHED", "DONE")
        assert "name" in document.doubts
        assert not OutboxEntry.objects.filter(name="cases.document.reread.v1").exists()

    def test_two_coordinators_say_that_it_is_the_patient_s(self, asked: Rereading) -> None:
        one, other = make_person("coordinator"), make_person("coordinator")
        with pytest.raises(Invalid):
            workflow.answer_rereading(principal=one, rereading_id=asked.id, belongs=True)
        first = workflow.answer_rereading(principal=one, rereading_id=asked.id, belongs=True, reason="maiden name")
        assert (first.state, first.confirmations) == ("ASKED", 1)
        with pytest.raises(Conflict):
            workflow.answer_rereading(principal=one, rereading_id=asked.id, belongs=True, reason="sure")
        second = workflow.answer_rereading(principal=other, rereading_id=asked.id, belongs=True, reason="asked her")
        assert (second.state, second.confirmations) == ("UPHELD", 2)
        document = Document.objects.get()
        assert (document.state, document.confirmed_by) == ("ACCEPTED", other.user_id)
        # What people have settled is not asked again by the next reader.
        Document.objects.update(reader_version=0)
        Rereading.objects.all().delete()
        run_rereadings()
        assert Rereading.objects.get().state == "DONE"

    def test_refused_it_is_out_of_the_case_and_a_signed_report_goes_to_the_director(
        self, story: Story, asked: Rereading
    ) -> None:
        OpinionFactory(case_id=story.id, state="SIGNED")
        told = workflow.answer_rereading(principal=make_person("coordinator"), rereading_id=asked.id, belongs=False)
        assert told.state == "REFUSED"
        assert Document.objects.get().state == "REJECTED"
        recheck = ReportRecheck.objects.get()
        assert (recheck.cause, recheck.state) == ("another_person", "OPEN")
        told_of = OutboxEntry.objects.filter(name="cases.document.reread.v1").order_by("position").last()
        assert told_of is not None
        assert told_of.payload["state"] == "REJECTED"

    def test_nobody_else_answers(self, story: Story, asked: Rereading) -> None:
        for who in (make_person("nurse"), story.patient):
            with pytest.raises(Forbidden):
                workflow.answer_rereading(principal=who, rereading_id=asked.id, belongs=False)

    def test_staff_see_each_document_s_newest_rereading(self, story: Story, asked: Rereading) -> None:
        (seen,) = workflow.list_rereadings(principal=make_person("coordinator"), case_id=story.id)
        assert (seen.document_id, seen.state) == (asked.document_id, "ASKED")
        with pytest.raises(Forbidden), by(story.patient):
            workflow.list_rereadings(principal=story.patient, case_id=story.id)
