"""Records asked of others: who may ask, what a link takes, what its holder learns (nothing), and each reminder once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Document, OutboxEntry, RecordLink, RecordRequest, RecordUpload
from cases.services import records
from cases.services.records.record_links import remind_of_records
from cases.services.records.record_requests import mail_failed
from config.kernel import clock
from config.kernel.auth import SYSTEM
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Invalid
from tests.cases.support import Story, by
from tests.cases.workflow.test_concurrency import at_once
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db
WEST = {"name": "Dr West", "organisation": "Valley Hospital", "email": "records@valley.example"}
LETTER = b"Patient: Maria Keller\nDate of birth: 17.04.1961\n\nAdenocarcinoma, G2.\n"


def ask(story: Story, who: Any = None, **more: Any) -> records.RecordRequestDTO:
    who = who or story.patient
    fields: dict[str, Any] = {"items": ["pathology_report"], "recipient": WEST} | more
    with by(who):
        return records.request_records(principal=who, case_id=story.id, **fields)


def letter(request_id: UUID) -> records.RecordLetter:
    found = records.write_record_letter(request_id=request_id)
    assert found is not None
    return found


def send(token: str, content: bytes = LETTER, name: str = "report.txt") -> Any:
    file = SimpleUploadedFile(name, content, content_type="text/plain")
    return ApiClient().upload("/record-uploads", {"file": file}, headers={"Upload-Token": token})


def remind() -> None:
    remind_of_records(None)  # type: ignore[arg-type]  # it looks at the clock only


def mails(request_id: UUID) -> list[int]:
    """The numbers of the mails that were asked for."""
    rows = OutboxEntry.objects.filter(name="cases.records.requested.v1").order_by("event_id")
    return [row.payload["reminder"] for row in rows if row.payload["request_id"] == str(request_id)]


@pytest.fixture
def story() -> Story:
    return Story(condition="oncology").submitted()


class TestAsking:
    def test_the_mail_is_asked_for_once_and_whom_and_what_is_sealed(self, story: Story) -> None:
        made = ask(story)
        assert made.items[0]["title"] == "the pathology report of the tissue sample"
        assert mails(made.id) == [0]
        row = RecordRequest.objects.get()
        assert b"valley" not in bytes(row.recipient_sealed) and b"pathology" not in bytes(row.items_sealed)
        payload = str(OutboxEntry.objects.get(name="cases.records.requested.v1").payload)
        assert "valley" not in payload and "pathology" not in payload

    def test_without_a_recipient_the_treating_clinician_is_asked(self) -> None:
        treating = WEST | {"email": "treating@valley.example"}
        story = Story(condition="oncology", treating_clinician=treating).submitted()
        assert ask(story, recipient=None).recipient == treating
        bare = Story(condition="oncology", treating_clinician={"name": "Dr No Address"}).submitted()
        with pytest.raises(Invalid):
            ask(bare, recipient=None)

    def test_a_coordinator_asks_nobody_whom_the_patient_does_not_want_to_know(self) -> None:
        story = Story(condition="oncology", treating_clinician={"refused": True}).submitted()
        with pytest.raises(Conflict) as refused:
            ask(story, make_person("coordinator"))
        assert refused.value.code == "contact_refused"
        assert ask(story).state == "OPEN"

    @pytest.mark.parametrize("wrong", [{"items": []}, {"items": ["nonsense"]}, {"days": 15}, {"days": 0}])
    def test_what_is_asked_is_missing_and_due_within_two_weeks(self, story: Story, wrong: dict[str, Any]) -> None:
        with pytest.raises(Invalid):
            ask(story, **wrong)

    def test_no_more_than_five_are_open_at_once(self, story: Story) -> None:
        for _ in range(5):
            ask(story)
        with pytest.raises(Conflict):
            ask(story)

    def test_a_draft_asks_nobody(self) -> None:
        with pytest.raises(Conflict):
            ask(Story(condition="oncology"))

    def test_a_request_repeated_by_a_lost_answer_is_one_request(self, story: Story) -> None:
        api, body = ApiClient(story.patient), {"items": ["pathology_report"], "recipient": WEST}
        told = [
            api.post(f"/cases/{story.id}/record-requests", body, headers={"Idempotency-Key": "once"}).json()["id"]
            for _ in range(2)
        ]
        assert told[0] == told[1] and RecordRequest.objects.count() == 1


class TestTheLink:
    def test_a_file_becomes_a_document_of_the_case_and_ends_the_reminders(self, story: Story) -> None:
        made = ask(story)
        answer = send(letter(made.id).token)
        assert answer.status_code == 201 and set(answer.json()) == {"size", "sha256"}
        document = Document.objects.get(case=story.id)
        assert (document.state, document.uploaded_by) == ("QUARANTINED", made.id)
        drain("cases")
        document.refresh_from_db()
        assert document.state == "ACCEPTED"
        assert RecordRequest.objects.get().state == "RECEIVED"
        assert RecordUpload.objects.get().document_id == document.id

    def test_it_takes_more_than_one_file(self, story: Story) -> None:
        token = letter(ask(story).id).token
        assert [send(token, LETTER + bytes([48 + n])).status_code for n in range(3)] == [201] * 3

    def test_it_does_not_fill_the_case(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cases.services.records.record_links.MAX_FILES", 2)
        token = letter(ask(story).id).token
        codes = [send(token, LETTER + bytes([48 + n])).status_code for n in range(3)]
        assert codes == [201, 201, 409]

    def test_whether_the_case_has_the_file_already_is_not_told(self, story: Story) -> None:
        token = letter(ask(story).id).token
        first, again = send(token), send(token)
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert Document.objects.filter(case=story.id).count() == 1

    def test_it_opens_nothing(self, story: Story) -> None:
        token = letter(ask(story).id).token
        document = story.put_document()
        paths = [f"/cases/{story.id}", f"/cases/{story.id}/checklist", f"/documents/{document.id}/content"]
        for path in [*paths, f"/cases/{story.id}/record-requests", "/cases"]:
            for headers in ({"Upload-Token": token}, {"Authorization": f"Bearer {token}"}):
                assert ApiClient().get(path, headers=headers).status_code == 401, path
        assert ApiClient().get("/record-uploads", headers={"Upload-Token": token}).status_code == 405

    def test_the_token_is_kept_as_a_hash_and_every_mail_has_its_own(self, story: Story) -> None:
        made = ask(story)
        one, other = letter(made.id), letter(made.id)
        assert one.token != other.token
        assert all(one.token.encode() != bytes(row.token_hash) for row in RecordLink.objects.all())
        assert send(one.token).status_code == 201

    def test_a_bad_file_is_refused_as_anywhere(self, story: Story) -> None:
        token = letter(ask(story).id).token
        assert send(token, b"MZ\x90\x00" + b"\x00" * 300, "tool.exe").status_code == 400
        assert not Document.objects.filter(case=story.id).exists()
        assert RecordRequest.objects.get().state == "OPEN"

    def test_what_is_wrong_with_a_link_looks_the_same(self, story: Story) -> None:
        made = ask(story)
        token = letter(made.id).token
        told = {(send("nonsense").status_code, send("nonsense").content), (send("").status_code, send("").content)}
        with clock.frozen(clock.now() + timedelta(days=14, seconds=1)):
            told.add((send(token).status_code, send(token).content))
        with by(story.patient):
            records.cancel_record_request(principal=story.patient, case_id=story.id, request_id=made.id)
        told.add((send(token).status_code, send(token).content))
        assert {status for status, _ in told} == {404} and len({_detail(body) for _, body in told}) == 1

    def test_the_link_of_a_case_that_ended_takes_nothing(self, story: Story) -> None:
        token = letter(ask(story).id).token
        story.move(story.patient, "CANCELLED", reason="I changed my mind")
        assert send(token).status_code == 404
        assert records.write_record_letter(request_id=RecordRequest.objects.get().id) is None


class TestReminders:
    def test_each_goes_out_once_however_often_the_clock_strikes(self, story: Story) -> None:
        made = ask(story, days=10)
        for days, expected in (
            (6, [0]),
            (7, [0, 1]),
            (9, [0, 1]),
            (10, [0, 1, 2]),
            (17, [0, 1, 2, 3]),
            (23, [0, 1, 2, 3]),
        ):
            with clock.frozen(_start(made, 10) + timedelta(days=days, minutes=1)):
                for _ in range(3):
                    remind()
            assert mails(made.id) == expected, days

    def test_a_week_without_a_scheduler_brings_one_mail_and_not_three(self, story: Story) -> None:
        made = ask(story, days=10)
        with clock.frozen(_start(made, 10) + timedelta(days=16)):
            remind()
        assert mails(made.id) == [0, 1]

    def test_after_two_weeks_nobody_waits_any_longer(self, story: Story) -> None:
        made = ask(story, days=10)
        for days in (7, 10, 17, 24):
            with clock.frozen(_start(made, 10) + timedelta(days=days, minutes=1)):
                remind()
        assert RecordRequest.objects.get().state == "LAPSED"

    @pytest.mark.parametrize("how", ["received", "cancelled", "undeliverable", "case ended"])
    def test_what_has_ended_is_not_reminded_of(self, story: Story, how: str) -> None:
        made = ask(story, days=10)
        if how == "received":
            send(letter(made.id).token)
        elif how == "cancelled":
            with by(story.patient):
                records.cancel_record_request(principal=story.patient, case_id=story.id, request_id=made.id)
        elif how == "undeliverable":
            with by(SYSTEM):
                mail_failed(made.id)
        else:
            story.move(story.patient, "CANCELLED", reason="I changed my mind")
        with clock.frozen(_start(made, 10) + timedelta(days=8)):
            remind()
        assert mails(made.id) == [0]
        assert RecordRequest.objects.get().state != "OPEN"


def test_a_file_and_the_note_of_what_it_answers_are_one_transaction(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ask(story)
    token = letter(made.id).token

    def dies(*given: Any) -> None:
        raise RuntimeError("lost in the middle")

    monkeypatch.setattr("cases.services.records.record_links.close", dies)
    before = Document.objects.count()
    assert send(token).status_code == 500
    assert Document.objects.count() == before and not RecordUpload.objects.exists()
    monkeypatch.undo()
    assert send(token).status_code == 201
    row = RecordUpload.objects.get()
    assert Document.objects.get(id=row.document_id).uploaded_by == made.id
    assert RecordRequest.objects.get().state == "RECEIVED"


@pytest.mark.django_db(transaction=True)
def test_ten_schedulers_at_once_send_one_reminder() -> None:
    story = Story(condition="oncology").submitted()
    made = ask(story, days=10)
    RecordRequest.objects.update(next_reminder_at=clock.now() - timedelta(seconds=1))
    at_once([remind] * 10)
    assert mails(made.id) == [0, 1]
    assert RecordRequest.objects.get().reminders == 1


def test_listing_costs_the_same_for_one_and_for_many(story: Story) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _ in range(2):
        ask(story)
        ask(story)
        with CaptureQueriesContext(connections["cases"]) as seen, by(story.patient):
            records.list_record_requests(principal=story.patient, case_id=story.id)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def _start(made: records.RecordRequestDTO, days: int) -> datetime:
    return made.due_at - timedelta(days=days)


def _detail(body: bytes) -> str:
    import orjson

    return str(orjson.loads(body)["detail"])
