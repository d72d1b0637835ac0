"""Messages between patient and specialist, notes among those who work: who reads, who is told, what stays sealed."""

from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEntry, Case, CaseMessage, CaseNote, OutboxEntry
from cases.services import opinion
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cases.support import Story, by, make_specialist
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story().in_review()


def write(story: Story, who, text: str, **more):
    with by(who):
        return opinion.send_message(principal=who, case_id=story.id, text=text, **more)


def read(story: Story, who, limit: int = 25, before=None):
    with by(who):
        return opinion.read_messages(principal=who, case_id=story.id, limit=limit, before=before)


def told(story: Story) -> list[str]:
    rows = OutboxEntry.objects.filter(name="cases.message.sent.v1", aggregate_id=story.id).order_by("position")
    return [row.payload["user_id"] for row in rows]


class TestMessages:
    def test_each_side_reads_what_the_other_wrote_newest_first(self, story) -> None:
        write(story, story.patient, "May I travel?")
        write(story, story.author, "Where to?")
        mine, theirs = read(story, story.patient), read(story, story.author)
        assert [m.text for m in mine.messages] == ["Where to?", "May I travel?"]
        assert [m.mine for m in mine.messages] == [False, True]
        assert [m.mine for m in theirs.messages] == [True, False]

    def test_unread_is_counted_until_the_other_side_reads(self, story) -> None:
        write(story, story.patient, "One")
        write(story, story.patient, "Two")
        author = story.author
        assert opinion.unread_messages(principal=author, case_ids=[story.id]) == {story.id: 2}
        assert opinion.unread_messages(principal=story.patient, case_ids=[story.id]) == {}
        assert read(story, author).unread == 2
        assert read(story, author).unread == 0
        assert opinion.unread_messages(principal=author, case_ids=[story.id]) == {}

    def test_the_writer_sees_when_it_was_read_and_own_reading_counts_for_nothing(self, story) -> None:
        write(story, story.patient, "One")
        assert read(story, story.patient).messages[0].seen_at is None
        read(story, story.author)
        assert read(story, story.patient).messages[0].seen_at is not None

    def test_the_reader_is_told_once_until_they_have_read(self, story) -> None:
        for text in ("One", "Two", "Three"):
            write(story, story.patient, text)
        specialist = str(story.author.user_id)
        assert told(story) == [specialist]
        read(story, story.author)
        write(story, story.patient, "Four")
        assert told(story) == [specialist, specialist]

    def test_the_event_holds_ids_only(self, story) -> None:
        write(story, story.patient, "Aortic words")
        payload = OutboxEntry.objects.get(name="cases.message.sent.v1").payload
        assert set(payload) == {"aggregate_id", "message_id", "user_id"}

    def test_what_is_written_is_sealed(self, story) -> None:
        write(story, story.patient, "Aortic words")
        assert b"Aortic" not in bytes(CaseMessage.objects.get().body_sealed)

    def test_documents_of_the_case_are_attached_and_others_are_unknown(self, story) -> None:
        own, foreign = story.put_document(), Story().put_document()
        sent = write(story, story.patient, "See page 2", document_ids=[own.id, own.id])
        assert sent.document_ids == (own.id,)
        for wrong in (foreign.id, uuid4()):
            with pytest.raises(Invalid) as refusal:
                write(story, story.patient, "x", document_ids=[own.id, wrong])
            assert refusal.value.errors[0].pointer == "#/document_ids/1"
        assert CaseMessage.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001])
    def test_an_empty_or_endless_message_is_refused(self, story, text) -> None:
        with pytest.raises(Invalid):
            write(story, story.patient, text)

    @pytest.mark.parametrize("state", ["SUBMITTED", "TRIAGE", "MATCHING", "CLOSED", "CANCELLED"])
    def test_nobody_writes_where_nobody_would_read(self, story, state) -> None:
        Case.objects.filter(id=story.id).update(state=state)
        with pytest.raises(Conflict):
            write(story, story.patient, "Hello?")

    @pytest.mark.parametrize("state", ["SIGNED", "DELIVERED", "FOLLOW_UP"])
    def test_messages_go_on_after_the_signature(self, story, state) -> None:
        Case.objects.filter(id=story.id).update(state=state)
        assert write(story, story.patient, "A question about the report").side == "patient"

    def test_a_closed_case_can_still_be_read(self, story) -> None:
        write(story, story.patient, "One")
        Case.objects.filter(id=story.id).update(state="CLOSED")
        assert len(read(story, story.patient).messages) == 1

    @pytest.mark.parametrize("role", ["coordinator", "nurse", "administrator"])
    def test_staff_read_no_messages(self, story, role) -> None:
        write(story, story.patient, "One")
        with pytest.raises(Forbidden):
            read(story, make_person(role))

    @pytest.mark.parametrize("stranger", [make_patient, make_specialist])
    def test_for_strangers_there_is_no_such_case(self, story, stranger) -> None:
        with pytest.raises(NotFound):
            read(story, stranger())

    def test_a_specialist_who_gave_the_case_back_reads_no_more(self, story) -> None:
        former = story.author
        Case.objects.filter(id=story.id).update(assigned_user_id=make_specialist().user_id)
        with pytest.raises(NotFound):
            read(story, former)

    def test_reading_and_writing_leave_audit_rows(self, story) -> None:
        write(story, story.patient, "One")
        read(story, story.author)
        rows = AuditEntry.objects.filter(object_id=story.id, action__startswith="message.")
        assert set(rows.values_list("action", "actor_id")) == {
            ("message.send", story.patient.user_id),
            ("message.read", story.author.user_id),
        }

    def test_pages_follow_each_other_without_gaps(self, story) -> None:
        for number in range(7):
            write(story, story.patient, f"Number {number}")
        found, before = [], None
        while True:
            page = read(story, story.author, limit=3, before=before)
            found += [m.text for m in page.messages]
            before = page.next
            if before is None:
                break
        assert found == [f"Number {number}" for number in range(6, -1, -1)]

    def test_a_page_of_many_costs_what_a_page_of_one_does(self, story) -> None:
        write(story, story.patient, "One")
        read(story, story.author)
        with CaptureQueriesContext(connections["cases"]) as one:
            read(story, story.author)
        for number in range(9):
            write(story, story.patient, str(number))
        with CaptureQueriesContext(connections["cases"]) as many:
            read(story, story.author)
        assert len(many) == len(one)


class TestNotes:
    def test_the_specialist_and_staff_share_them(self, story) -> None:
        coordinator = make_person("coordinator")
        for who, text in ((story.author, "Ask for the echo"), (coordinator, "Asked, comes Monday")):
            with by(who):
                opinion.add_note(principal=who, case_id=story.id, text=text)
        with by(story.author):
            notes = opinion.list_notes(principal=story.author, case_id=story.id)
        assert [(n.author_role, n.text) for n in notes] == [
            ("coordinator", "Asked, comes Monday"),
            ("specialist", "Ask for the echo"),
        ]
        assert b"echo" not in b"".join(bytes(n.body_sealed) for n in CaseNote.objects.all())

    @pytest.mark.parametrize("role", ["support", "privacy_officer"])
    def test_staff_without_a_duty_in_the_case_have_no_part_in_them(self, story, role) -> None:
        who = make_person(role)
        with by(who), pytest.raises(Forbidden):
            opinion.list_notes(principal=who, case_id=story.id)

    def test_the_patient_has_no_part_in_them(self, story) -> None:
        with by(story.patient), pytest.raises(Forbidden):
            opinion.add_note(principal=story.patient, case_id=story.id, text="x")

    def test_every_look_is_recorded(self, story) -> None:
        with by(story.author):
            opinion.list_notes(principal=story.author, case_id=story.id)
        assert AuditEntry.objects.filter(action="note.read", actor_id=story.author.user_id).exists()


class TestOverHttp:
    def test_a_message_is_sent_once_under_its_key(self, story) -> None:
        api, key = ApiClient(story.patient), {"Idempotency-Key": "k" * 20}
        path = f"/cases/{story.id}/messages"
        first = api.post(path, {"text": "May I fly?"}, headers=key)
        assert first.status_code == 201
        assert api.post(path, {"text": "May I fly?"}, headers=key).json() == first.json()
        assert CaseMessage.objects.count() == 1

    def test_the_page_says_how_many_were_unread_and_where_it_goes_on(self, story) -> None:
        path = f"/cases/{story.id}/messages"
        for number in range(3):
            ApiClient(story.patient).post(path, {"text": str(number)})
        page = ApiClient(story.author).get(path, query={"limit": "2"}).json()
        assert page["unread"] == 3
        rest = ApiClient(story.author).get(page["next"]).json()
        assert [m["text"] for m in rest["results"]] == ["0"]
        assert rest["next"] is None

    def test_a_wrong_attachment_is_named_by_its_place(self, story) -> None:
        body = {"text": "See", "document_ids": [str(uuid4())]}
        answer = ApiClient(story.patient).post(f"/cases/{story.id}/messages", body)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "#/document_ids/0"

    def test_a_note_comes_back_in_the_list(self, story) -> None:
        api = ApiClient(story.author)
        assert api.post(f"/cases/{story.id}/notes", {"text": "Check INR"}).status_code == 201
        assert [n["text"] for n in api.get(f"/cases/{story.id}/notes").json()] == ["Check INR"]
