"""Before there is an account: held together by a secret, safe as any case, claimed once, gone after 72 hours."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Case, Document, RetiredFile, Submission, SubmissionFile
from cases.services import intake
from cases.services.intake import submission_claims
from cases.services.storage.file_resealing import files_by_version
from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import DomainError
from identity import services as identity
from tests.cases.support import INTAKE, by
from tests.cases.workflow.test_concurrency import at_once
from tests.client import ApiClient
from tests.factories import make_patient, make_person
from tests.observations import keys_are_destroyed

pytestmark = pytest.mark.django_db
LETTER = b"Patient: Maria Keller\nDate of birth: 17.04.1961\n\nSevere aortic stenosis.\n"


class Visitor:
    """Somebody in front of a browser, who holds an id and a secret."""

    def __init__(self, **opened: Any) -> None:
        self.id, self.secret = opened["id"], opened["secret"]
        self.path = f"/submissions/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Submission-Secret": self.secret}

    def tell(self, **body: Any) -> Any:
        return ApiClient().patch(self.path, body, headers=self.headers)

    def send(self, content: bytes = LETTER, name: str = "letter.txt", kind: str = "text/plain") -> Any:
        file = SimpleUploadedFile(name, content, content_type=kind)
        return ApiClient().upload(f"{self.path}/documents", {"file": file}, headers=self.headers)

    def read(self) -> Any:
        return ApiClient().get(self.path, headers=self.headers)

    def claim(self, who: Any) -> Any:
        return ApiClient(who).post(f"{self.path}/claim", headers=self.headers)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(**ApiClient().post("/submissions").json())


def expire() -> None:
    submission_claims.expire_submissions(None)  # type: ignore[arg-type]  # it looks at the clock only


class TestPreparing:
    def test_what_was_told_and_sent_is_there_after_the_window_was_closed(self, visitor: Visitor) -> None:
        assert visitor.tell(title="The valve", answers={"general.course": "same"}).status_code == 200
        assert visitor.send().status_code == 201
        again = Visitor(id=visitor.id, secret=visitor.secret).read().json()
        assert again["fields"] == {"title": "The valve"}
        assert again["answers"] == {"general.course": "same"}
        assert [one["name"] for one in again["files"]] == ["letter.txt"]

    def test_the_secret_has_256_bits_is_told_once_and_kept_as_a_hash(self, visitor: Visitor) -> None:
        assert len(visitor.secret) == 43
        assert visitor.secret not in visitor.read().content.decode()
        assert visitor.secret.encode() not in bytes(Submission.objects.get().secret_hash)

    def test_what_it_holds_is_sealed(self, visitor: Visitor, settings: Any) -> None:
        visitor.tell(history="Fontan circulation")
        visitor.send()
        row, file = Submission.objects.get(), SubmissionFile.objects.get()
        assert b"Fontan" not in bytes(row.told_sealed or b"") and b"letter" not in bytes(file.name_sealed)
        stored = (Path(settings.DOCUMENT_STORAGE_DIR) / file.storage_key).read_bytes()
        assert b"stenosis" not in stored

    def test_an_emergency_is_answered_before_anybody_registers(self, visitor: Visitor) -> None:
        told = visitor.tell(language="es", answers={"general.urgent": ["face_arm_speech"]}).json()
        assert told["red_flags"][0]["rule"] == "general.stroke"
        assert "112" in told["red_flags"][0]["text"] and "urgencia" in told["red_flags"][0]["text"]

    def test_wrong_answers_and_fields_are_named(self, visitor: Visitor) -> None:
        wrong = visitor.tell(answers={"general.course": "great"})
        assert wrong.json()["errors"][0]["pointer"] == "#/answers/general.course"
        assert visitor.tell(condition="astrology").status_code == 400

    def test_files_are_inspected_as_anywhere(self, visitor: Visitor, settings: Any) -> None:
        refused = visitor.send(b"MZ\x90\x00" + b"\x00" * 200, "tool.exe", "application/octet-stream")
        assert refused.status_code == 400
        assert not SubmissionFile.objects.exists()
        visitor.send()
        assert visitor.send().json()["code"] == "document_duplicate"
        settings.SUBMISSION_MAX_FILES = 1
        assert visitor.send(LETTER + b"more").json()["code"] == "too_many_documents"
        files = [p for p in Path(settings.DOCUMENT_STORAGE_DIR).rglob("*") if p.is_file()]
        assert len(files) == 1

    def test_strangers_leave_no_more_than_a_bounded_heap(self, visitor: Visitor, settings: Any) -> None:
        settings.SUBMISSION_MAX_BYTES = 2 * len(LETTER) + 5
        codes = [visitor.send(LETTER + bytes([48 + n])).status_code for n in range(3)]
        assert codes == [201, 201, 413]

    def test_nothing_is_read_before_it_belongs_to_a_case(self, visitor: Visitor) -> None:
        visitor.send()
        drain("cases")
        assert not Document.objects.exists()

    def test_beginning_is_limited(self) -> None:
        codes = [ApiClient().post("/submissions").status_code for _ in range(31)]
        assert codes[:30] == [201] * 30 and codes[30] == 429


class TestWhatIsWrongLooksTheSame:
    def test_id_secret_and_time(self, visitor: Visitor) -> None:
        other = Visitor(**ApiClient().post("/submissions").json())
        wrong = [
            Visitor(id=visitor.id, secret=other.secret),
            Visitor(id=visitor.id, secret=""),
            Visitor(id=uuid4(), secret=visitor.secret),
        ]
        patient = make_patient()
        answers = {(one.read().status_code, one.read().json()["detail"]) for one in wrong}
        answers |= {(one.tell(title="x").status_code, one.tell(title="x").json()["detail"]) for one in wrong}
        answers |= {(one.send().status_code, one.send().json()["detail"]) for one in wrong}
        answers |= {(one.claim(patient).status_code, one.claim(patient).json()["detail"]) for one in wrong}
        with clock.frozen(clock.now() + timedelta(hours=72, seconds=1)):
            answers.add((visitor.read().status_code, visitor.read().json()["detail"]))
        assert answers == {(404, "There is no such submission for you.")}

    def test_the_secret_is_not_taken_from_the_address(self, visitor: Visitor) -> None:
        query = {"Submission-Secret": visitor.secret, "secret": visitor.secret}
        assert ApiClient().get(visitor.path, query=query).status_code == 400
        assert ApiClient().get(visitor.path).status_code == 404


class TestClaiming:
    def test_it_becomes_a_draft_case_with_its_documents(self, visitor: Visitor) -> None:
        fields = {name: value for name, value in INTAKE.items() if name != "title"}
        visitor.tell(title="The valve", condition="cardiology", answers={"cardiology.breath": "light"}, **fields)
        visitor.send()
        patient = make_patient()
        claimed = visitor.claim(patient)
        assert claimed.status_code == 201
        case_id = claimed.json()["case_id"]
        drain("cases")
        api = ApiClient(patient)
        page = api.get(f"/cases/{case_id}").json()
        assert (page["state"], page["title"], page["question_count"]) == ("DRAFT", "The valve", 2)
        assert api.get(f"/cases/{case_id}/intake").json()["answers"] == {"cardiology.breath": "light"}
        (document,) = Document.objects.filter(case_id=case_id)
        assert (document.state, document.uploaded_by) == ("ACCEPTED", patient.user_id)
        original = api.get(f"/documents/{document.id}/original")
        assert b"".join(original.streaming_content) == LETTER

    def test_its_own_key_and_files_are_gone_afterwards(self, visitor: Visitor, settings: Any) -> None:
        visitor.send()
        old = SubmissionFile.objects.get().storage_key
        visitor.claim(make_patient())
        drain("cases")
        assert keys_are_destroyed(subject_id=UUID(str(visitor.id)))
        assert not SubmissionFile.objects.exists() and Submission.objects.get().told_sealed is None
        assert RetiredFile.objects.filter(storage_key=old).exists()

    def test_the_winner_who_asks_again_gets_the_same_case_and_others_nothing(self, visitor: Visitor) -> None:
        patient = make_patient()
        first = visitor.claim(patient).json()
        drain("cases")
        assert visitor.claim(patient).json() == first
        assert visitor.claim(make_patient()).status_code == 404
        assert visitor.read().status_code == 404 and visitor.send().status_code == 404
        assert Case.objects.filter(patient_id=patient.user_id).count() == 1

    def test_only_patients_claim(self, visitor: Visitor) -> None:
        assert visitor.claim(make_person("coordinator")).status_code == 403

    def test_a_worker_that_died_in_between_loses_and_doubles_nothing(
        self, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        visitor.send()
        visitor.send(LETTER + b"Second page.\n", "second.txt")
        patient = make_patient()
        case_id = visitor.claim(patient).json()["case_id"]
        retire = submission_claims._retire
        monkeypatch.setattr(
            submission_claims, "_retire", lambda file: (_ for _ in ()).throw(OSError("the worker died"))
        )
        with pytest.raises(OSError, match="the worker died"):
            submission_claims.move_submission(_run(visitor.id))
        monkeypatch.setattr(submission_claims, "_retire", retire)
        submission_claims.move_submission(_run(visitor.id))
        assert Document.objects.filter(case_id=case_id).count() == 2
        assert not SubmissionFile.objects.exists()


class TestEnding:
    def test_after_72_hours_key_rows_and_files_are_gone(self, visitor: Visitor, settings: Any) -> None:
        visitor.tell(history="Fontan circulation")
        visitor.send()
        with clock.frozen(clock.now() + timedelta(hours=71)):
            expire()
        assert visitor.read().status_code == 200
        with clock.frozen(clock.now() + timedelta(hours=73)):
            expire()
            drain("cases")
            expire()
        assert not Submission.objects.exists() and not SubmissionFile.objects.exists()
        assert keys_are_destroyed(subject_id=UUID(str(visitor.id)))
        assert RetiredFile.objects.count() == 1

    def test_files_that_wait_to_be_moved_outlive_the_hour(self, visitor: Visitor) -> None:
        visitor.send()
        case_id = visitor.claim(make_patient()).json()["case_id"]
        with clock.frozen(clock.now() + timedelta(hours=73)):
            expire()
        submission_claims.move_submission(_run(visitor.id))
        assert Document.objects.filter(case_id=case_id).count() == 1


def test_files_follow_a_rotated_key(visitor: Visitor) -> None:
    visitor.send()
    subject = UUID(str(visitor.id))
    identity.rotate_data_key(subject_id=subject)
    drain("identity", "cases")
    assert files_by_version(subject_id=subject) == {2: 1}
    case_id = visitor.claim(make_patient()).json()["case_id"]
    drain("cases")
    assert Document.objects.get(case_id=case_id).state == "ACCEPTED"


def _run(submission_id: Any) -> Any:
    class Run:
        subject_id = UUID(str(submission_id))

        def complete(self) -> None:
            """Nothing is recorded of this run."""

    return Run()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_claim_at_once_one_wins() -> None:
    opened = intake.open_submission()
    patients = [make_patient() for _ in range(20)]

    def claim(who: Any) -> Any:
        with by(who):
            return intake.claim_submission(principal=who, submission_id=opened.id, secret=opened.secret)

    answers = at_once([lambda p=patient: claim(p) for patient in patients])
    won = [one for one in answers if not isinstance(one, DomainError)]
    assert len(won) == 1
    assert {one.code for one in answers if isinstance(one, DomainError)} == {"not_found"}
    assert Case.objects.count() == 1
