"""Resumable uploads by tus 1.0, as raw requests: parts in any quarrel, checksums, crashes, ends, and strangers."""

import base64
import hashlib
import threading
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest

from cases.models import Document, ResumableUpload, RetiredFile, UploadPart
from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.due_work import drain
from tests.cases.support import Story, make_specialist
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
LETTER = b"Patient: Maria Keller\nDate of birth: 17.04.1961\nAll is well.\n"
ADDRESS = "/api/v1/documents/tus"


class Tus:
    """A client of one signed-in person."""

    kind = "application/offset+octet-stream"

    def __init__(self, api, who) -> None:
        self.api = api.as_(who)
        self.url = ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str):
        sent = {"Tus-Resumable": "1.0.0"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.api.client.generic(
            method, path, body, content_type=self.kind if method == "PATCH" else "", headers=self.api._headers(sent)
        )

    def begin(self, story, length: int, name: str = "letter.txt", kind: str = "text/plain"):
        told = {"case_id": str(story.id), "filename": name, "filetype": kind}
        pairs = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        answer = self.ask("POST", ADDRESS, Upload_Length=str(length), Upload_Metadata=pairs)
        self.url = answer.headers.get("Location", "")
        return answer

    def send(self, offset: int, body: bytes, **headers: str):
        return self.ask("PATCH", self.url, body, Upload_Offset=str(offset), **headers)

    def offset(self) -> int:
        return int(self.ask("HEAD", self.url)["Upload-Offset"])


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def tus(api, story) -> Tus:
    return Tus(api, story.patient)


class TestUpload:
    def test_the_bytes_may_come_under_the_name_that_every_program_knows(self, tus, story) -> None:
        tus.kind = "application/octet-stream"
        tus.begin(story, len(LETTER))
        assert tus.send(0, LETTER).status_code == 204
        assert Document.objects.get().sha256 == hashlib.sha256(LETTER).hexdigest()
        tus.kind = "text/plain"
        tus.begin(story, len(LETTER))
        assert tus.send(0, LETTER).status_code == 415

    def test_a_file_in_parts_becomes_a_document_that_is_read(self, tus, story) -> None:
        begun = tus.begin(story, len(LETTER))
        assert (begun.status_code, begun["Tus-Resumable"]) == (201, "1.0.0")
        assert "Upload-Expires" in begun.headers
        for at in range(0, len(LETTER), 20):
            answer = tus.send(at, LETTER[at : at + 20])
            assert (answer.status_code, int(answer["Upload-Offset"])) == (204, min(at + 20, len(LETTER)))
        document = Document.objects.get()
        assert answer["Document-Location"].endswith(str(document.id))
        assert document.sha256 == hashlib.sha256(LETTER).hexdigest()
        drain("cases")
        document.refresh_from_db()
        assert document.state == "ACCEPTED"
        assert not UploadPart.objects.exists()

    def test_what_is_offered_is_told(self, tus) -> None:
        answer = tus.api.client.generic("OPTIONS", ADDRESS, headers=tus.api._headers({}))
        assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
        assert set(answer["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
        assert int(answer["Tus-Max-Size"]) >= 25 * 1024**2

    def test_fifty_shuffled_parts_make_the_right_file_or_are_refused(self, tus, story) -> None:
        content = b"Patient: Maria Keller\nborn 17.04.1961\n" + b"line of text\n" * 200
        tus.begin(story, len(content))
        order = [(seed * 17) % 50 for seed in range(50)]
        size = -(-len(content) // 50)
        while (done := tus.offset()) < len(content):
            for number in order:
                at = number * size
                answer = tus.send(at, content[at : at + size])
                assert answer.status_code == (204 if at == done else 409)
                if answer.status_code == 204:
                    done += size
        assert Document.objects.get().sha256 == hashlib.sha256(content).hexdigest()

    def test_nothing_readable_of_a_part_lies_on_the_disk(self, tus, story, settings) -> None:
        tus.begin(story, len(LETTER))
        tus.send(0, LETTER[:40])
        stored = [p for p in Path(settings.DOCUMENT_STORAGE_DIR).rglob("*") if p.is_file()]
        assert stored
        assert not any(b"Keller" in path.read_bytes() for path in stored)


class TestRefusals:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Tus_Resumable": "0.2.2"}, 412),
            ({"Upload_Offset": "x"}, 400),
            ({"Upload_Checksum": "crc32 AAAA"}, 400),
            ({"Upload_Offset": "7"}, 409),
        ],
    )
    def test_a_request_that_is_not_the_protocols_is_refused_and_keeps_nothing(self, tus, story, headers, status):
        tus.begin(story, len(LETTER))
        sent = {"Upload_Offset": "0"} | headers
        assert tus.ask("PATCH", tus.url, LETTER, **sent).status_code == status
        assert tus.offset() == 0

    def test_bytes_that_changed_on_their_way_are_refused_as_a_whole(self, tus, story) -> None:
        tus.begin(story, len(LETTER))
        wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
        answer = tus.send(0, LETTER, Upload_Checksum=f"sha256 {wrong}")
        assert (answer.status_code, answer.json()["code"], tus.offset()) == (460, "checksum_mismatch", 0)
        assert answer["Content-Type"] == "application/problem+json"
        assert (answer.json()["type"], answer.json()["title"]) == (
            "urn:sop:problem:checksum_mismatch",
            "Checksum mismatch",
        )
        assert answer.json()["request_id"] == answer["X-Request-ID"]
        right = base64.b64encode(hashlib.sha1(LETTER).digest()).decode()
        assert tus.send(0, LETTER, Upload_Checksum=f"sha1 {right}").status_code == 204

    def test_more_than_was_announced_and_more_than_is_allowed_are_refused(self, tus, story, settings) -> None:
        tus.begin(story, 10)
        assert tus.send(0, LETTER).json()["code"] == "upload_too_long"
        assert tus.begin(story, settings.RESUMABLE_MAX_BYTES + 1).status_code == 413

    def test_signs_that_no_column_takes_are_left_out(self, tus, story) -> None:
        assert tus.begin(story, 5, name="a\x00b.txt", kind="text\x00/plain").status_code == 201
        assert ResumableUpload.objects.get().media_type == "text/plain"

    def test_a_file_that_cannot_be_taken_is_refused_with_its_first_bytes_and_forgotten(self, tus, story) -> None:
        content = b"MZ\x90\x00" + bytes(5000)
        tus.begin(story, 3_000_000, name="blob", kind="")
        answer = tus.send(0, content)
        assert (answer.status_code, answer.json()["code"]) == (400, "document_wrong_type")
        assert not ResumableUpload.objects.exists()
        assert not UploadPart.objects.exists()

    def test_a_file_too_large_for_its_kind_is_refused_with_its_first_bytes(self, tus, story) -> None:
        tus.begin(story, 30 * 1024**2, name="scan", kind="image/*")
        assert tus.send(0, b"%PDF-1.7\n" + b"% \n" * 2000).status_code == 413
        assert not ResumableUpload.objects.exists()

    def test_a_small_file_that_cannot_be_taken_is_refused_and_forgotten(self, tus, story) -> None:
        content = b"MZ\x90\x00" + bytes(200)
        tus.begin(story, len(content), name="tool.exe")
        assert tus.send(0, content).status_code == 400
        assert not ResumableUpload.objects.exists()
        assert not Document.objects.exists()

    @pytest.mark.parametrize(
        ("name", "kind", "way"),
        [
            ("visit.mp4", "video/mp4", "pictures"),
            ("export.json", "application/fhir+json", "/imports/fhir"),
            ("setup.exe", "application/x-msdownload", "program"),
        ],
    )
    def test_what_name_and_type_call_unreadable_is_refused_before_its_first_byte(
        self, tus, story, name, kind, way
    ) -> None:
        answer = tus.begin(story, 5000, name=name, kind=kind)
        assert (answer.status_code, answer.json()["code"]) == (400, "document_wrong_type")
        assert way in answer.json()["detail"]
        assert not ResumableUpload.objects.exists()

    def test_a_file_without_a_name_of_a_kind_is_taken(self, tus, story) -> None:
        tus.begin(story, len(LETTER), name="blob", kind="")
        assert tus.send(0, LETTER).status_code == 204
        assert Document.objects.get().media_type == "text/plain"

    def test_the_same_file_twice_names_the_document_that_is_there(self, tus, story) -> None:
        tus.begin(story, len(LETTER))
        tus.send(0, LETTER)
        tus.begin(story, len(LETTER))
        answer = tus.send(0, LETTER)
        assert (answer.status_code, answer.json()["code"]) == (409, "document_duplicate")
        assert answer.json()["document_id"] == str(Document.objects.get().id)


class TestWho:
    def test_strangers_and_staff_find_no_upload_and_begin_none(self, api, tus, story) -> None:
        tus.begin(story, len(LETTER))
        for who, status in ((make_patient(), 404), (make_specialist(), 404), (make_person("coordinator"), 404)):
            other = Tus(api, who)
            assert other.begin(story, 5).status_code == status
            other.url = tus.url
            assert other.send(0, LETTER).status_code == 404
            assert other.ask("HEAD", tus.url).status_code == 404
            assert other.ask("DELETE", tus.url).status_code == 404
        assert tus.offset() == 0

    def test_without_a_token_nothing_is_answered(self, api, tus, story) -> None:
        tus.begin(story, 5)
        for method, path in (("POST", ADDRESS), ("HEAD", tus.url), ("PATCH", tus.url), ("DELETE", tus.url)):
            answer = api.client.generic(method, path, headers={"Tus-Resumable": "1.0.0"})
            assert answer.status_code == 401, method

    def test_a_specialist_whose_assignment_ended_goes_on_with_nothing(self, api) -> None:
        story = Story().in_review()
        client = Tus(api, story.author)
        assert client.begin(story, len(LETTER)).status_code == 201
        story.move(story.author, Transition.END_ASSIGNMENT, reason="I must stop.")
        assert client.send(0, LETTER).status_code == 404


class TestCrashes:
    def test_a_lost_connection_keeps_the_parts_that_came_whole(self, tus, story) -> None:
        from django.http import UnreadablePostError

        content = b"x" * (2 * 1024**2 + 5)
        tus.begin(story, len(content))
        lost = mock.Mock(side_effect=[content[: 1024**2], UnreadablePostError("gone")])
        with mock.patch("django.core.handlers.wsgi.WSGIRequest.read", lost):
            assert tus.send(0, content).status_code == 204
        assert tus.offset() == 1024**2

    def test_a_death_between_the_file_and_its_row_costs_that_part_only(self, tus, story) -> None:
        tus.begin(story, len(LETTER))
        tus.send(0, LETTER[:10])
        died = mock.patch("cases.services.documents.uploads.resumable_uploads._count", side_effect=SystemExit)
        with died, pytest.raises(SystemExit):
            tus.send(10, LETTER[10:])
        assert tus.offset() == 10
        assert RetiredFile.objects.count() == 1
        assert tus.send(10, LETTER[10:]).status_code == 204

    @pytest.mark.parametrize("at", ["_take_in", "kept_parts", "atomic"])
    def test_a_death_at_the_end_loses_and_doubles_nothing(self, tus, story, at) -> None:
        tus.begin(story, len(LETTER))
        died = mock.patch(f"cases.services.documents.uploads.finished_uploads.{at}", side_effect=SystemExit)
        with died, pytest.raises(SystemExit):
            tus.send(0, LETTER)
        answer = tus.ask("HEAD", tus.url)
        assert answer["Document-Location"].endswith(str(Document.objects.get().id))
        assert tus.ask("HEAD", tus.url)["Document-Location"] == answer["Document-Location"]

    def test_an_upload_that_does_not_go_on_is_forgotten_with_its_files(self, tus, story, settings) -> None:
        tus.begin(story, len(LETTER))
        tus.send(0, LETTER[:10])
        with clock.frozen(clock.now() + timedelta(hours=25)):
            assert tus.ask("HEAD", tus.url).status_code == 404
            _run("expire_uploads")
        with clock.frozen(clock.now() + timedelta(hours=26)):
            _run("discard_retired")
        assert not ResumableUpload.objects.exists()
        assert not [p for p in Path(settings.DOCUMENT_STORAGE_DIR).rglob("part/*/*") if p.is_file()]

    def test_who_ends_an_upload_finds_it_no_more(self, tus, story) -> None:
        tus.begin(story, len(LETTER))
        tus.send(0, LETTER[:10])
        assert tus.ask("DELETE", tus.url).status_code == 204
        assert tus.ask("HEAD", tus.url).status_code == 404
        assert not UploadPart.objects.exists()


def _run(name: str) -> None:
    from cases import tasks

    getattr(tasks, name)(mock.Mock())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_part_at_once_one_is_kept(api) -> None:
    story = Story()
    client = Tus(api, story.patient)
    content = b"Kalium 4,4\n" * 6000
    client.begin(story, len(content) * 2)
    answers = []

    def send() -> None:
        from django.db import connections

        answers.append(client.send(0, content).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409, 409, 409]
    assert UploadPart.objects.count() == 1
