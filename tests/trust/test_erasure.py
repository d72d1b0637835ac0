"""An erased patient is in no row, no file, no index and no dump; the chain still verifies, others are untouched."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
import redis
from django.apps import apps

from cases.models import Case, Document, Opinion
from cases.services import casefile, opinion
from config.kernel import clock
from config.kernel.audit.chain import seal, verify
from config.kernel.auth import Principal, acting_as
from config.kernel.conf import setting
from config.kernel.db import context_labels
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, NotFound
from identity import services as identity
from identity.models import Erasure, OutboxEntry, Session, User
from tests.cases.support import OPINION, Story, by
from tests.client import ApiClient
from tests.factories import make_patient, make_person
from tests.observations import keys_are_destroyed

pytestmark = pytest.mark.django_db
WORDS = 200


class Canaries:
    """Words that mean this patient and nobody else."""

    def __init__(self, stem: str) -> None:
        self.stem, self.count = stem, 0

    def __call__(self) -> str:
        self.count += 1
        return f"{self.stem}{self.count:03}q"


def life_of(word: Canaries, folder: Path) -> tuple[Principal, Story]:
    """A patient with words of their own in every field and file."""
    patient = make_patient(full_name=f"{word()} {word()}", email=f"{word().lower()}@example.org")
    who = patient.require_user_id()
    identity.update_profile(user_id=who, changes={"phone": word()})
    story = Story(
        patient,
        title=word(),
        history=" ".join(word() for _ in range(20)),
        questions=[word() for _ in range(4)],
        medicines=[{"name": word(), "dose": word(), "frequency": word()} for _ in range(20)],
        allergies=[{"substance": word(), "reaction": word()} for _ in range(20)],
        preferences=word(),
    ).in_review()
    story.add_document(" ".join(word() for _ in range(65)), folder, name=f"{word()}.txt")
    drain()
    with by(story.author):
        opinion.seal_first_read(principal=story.author, case_id=story.id, impression=word(), confidence=70)
        answers = [{"question": number, "answer": word()} for number in range(1, 5)]
        opinion.save_draft(
            principal=story.author, case_id=story.id, content=OPINION | {"summary": word(), "answers": answers}
        )
        opinion.send_message(principal=story.author, case_id=story.id, text=word())
        opinion.add_note(principal=story.author, case_id=story.id, text=word())
    story.sign(story.submit().content_hash)
    identity.open_session(user_id=who, device=word())
    drain()
    return patient, story


def erase(patient: Principal) -> identity.ErasureDTO:
    with acting_as(patient):
        return identity.request_erasure(principal=patient, user_id=patient.require_user_id())


def dump() -> str:
    """Every cell of every table of the five contexts, as whoever reads a dump sees it."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label in context_labels():
            for row in model._default_manager.values():
                found += [
                    bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else repr(v) for v in row.values()
                ]
    return "\n".join(found).lower()


def files() -> str:
    kept = [Path(setting("DOCUMENT_STORAGE_DIR")), Path(setting("EXPORTS_DIR"))]
    stored = [path for folder in kept if folder.exists() for path in folder.rglob("*") if path.is_file()]
    return "".join(path.read_bytes().decode("latin-1") for path in stored).lower()


def valkey() -> str:
    with redis.from_url(setting("REDIS_URL")) as client:
        names = list(client.scan_iter(count=1000))
        values = [client.get(name) for name in names if client.type(name) == b"string"]
    return repr((names, values)).lower()


def rest_of_the_world(but: UUID) -> str:
    """A hash of what is held about everybody else."""
    digest = hashlib.sha256()
    for model in (User, Case, Document, Opinion):
        path = {User: "id", Opinion: "case__patient_id"}.get(model, "patient_id")
        for row in model._default_manager.exclude(**{path: but}).order_by("pk").values():
            digest.update(repr({k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}).encode())
    return digest.hexdigest()


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.EXPORTS_DIR = str(tmp_path / "exports")


class TestWhatIsLeft:
    def test_no_canary_is_left_in_rows_files_valkey_or_search(self, tmp_path) -> None:
        word, other = Canaries("Gannet"), Canaries("Puffin")
        patient, _ = life_of(word, tmp_path)
        neighbour, kept = life_of(other, tmp_path)
        with acting_as(patient):
            identity.request_export(principal=patient, user_id=patient.require_user_id())
        drain()
        assert word.count >= WORDS
        assert "gannet" in dump()
        before = rest_of_the_world(patient.require_user_id())

        erase(patient)
        drain()
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            drain()

        assert Erasure.objects.get(user_id=patient.user_id).state == "DONE"
        for place, text in {"rows": dump(), "files": files(), "valkey": valkey()}.items():
            assert "gannet" not in text, place
        assert rest_of_the_world(patient.require_user_id()) == before
        with by(neighbour):
            assert "Puffin" in casefile.case_page(principal=neighbour, case_id=kept.id)["title"]

    def test_its_files_are_deleted(self, tmp_path, settings) -> None:
        patient, _ = life_of(Canaries("Gannet"), tmp_path)
        folder = Path(settings.DOCUMENT_STORAGE_DIR)
        assert [path for path in folder.rglob("*") if path.is_file()]
        erase(patient)
        drain()
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            from cases.services.storage.file_resealing import discard_retired

            discard_retired(mock.Mock())
        assert [path for path in folder.rglob("*") if path.is_file()] == []

    def test_a_tombstone_says_that_a_signed_case_was_there_and_not_what_was_in_it(self, tmp_path) -> None:
        patient, story = life_of(Canaries("Gannet"), tmp_path)
        content_hash = Opinion.objects.get(case=story.id).content_hash
        erase(patient)
        drain()
        case = Case.objects.get(id=story.id)
        assert bytes(case.title_sealed) == b""
        assert Opinion.objects.get(case=case).content_hash == content_hash
        assert User.objects.get(id=patient.user_id).email == f"erased-{patient.user_id}@invalid"

    def test_its_specialist_reads_that_it_is_erased(self, tmp_path) -> None:
        patient, story = life_of(Canaries("Gannet"), tmp_path)
        author = story.author
        erase(patient)
        drain()
        answer = ApiClient(author).get(f"/cases/{story.id}")
        assert answer.status_code in (404, 410)
        assert ApiClient(author).get("/cases").status_code == 200

    def test_every_audit_chain_still_verifies(self, tmp_path) -> None:
        patient, _ = life_of(Canaries("Gannet"), tmp_path)
        erase(patient)
        drain()
        for context in context_labels():
            seal(context)
            assert verify(context) is None

    def test_a_draft_case_goes_too(self) -> None:
        patient = make_patient(full_name="Gannet Gannet")
        Story(patient, title="Gannet draft")
        erase(patient)
        drain()
        assert "gannet" not in dump()


class TestHowItGoes:
    def test_the_account_is_closed_at_once(self) -> None:
        patient = make_patient()
        who = patient.require_user_id()
        identity.open_session(user_id=who, device="phone")
        erase(patient)
        assert not User.objects.get(id=who).is_active
        assert not Session.objects.filter(user_id=who, ended_at=None).exists()

    def test_unsigned_cases_end(self) -> None:
        story = Story().in_review()
        erase(story.patient)
        drain()
        assert story.state == "CANCELLED"
        assert story.row.assigned_user_id is None

    def test_it_is_done_when_the_last_context_has_answered_and_not_before(self) -> None:
        patient = make_patient()
        who = patient.require_user_id()
        assert set(erase(patient).waiting_for) == set(context_labels()) - {"identity"}
        for context in ("cases", "analysis", "cases", "notifications"):
            identity.context_erased(context=context, user_id=who)
            assert Erasure.objects.get(user_id=who).state == "RUNNING"
            assert not keys_are_destroyed(subject_id=who)
        identity.context_erased(context="professionals", user_id=who)
        assert Erasure.objects.get(user_id=who).state == "DONE"
        assert keys_are_destroyed(subject_id=who)

    def test_a_context_that_breaks_is_asked_again_until_it_answers(self) -> None:
        patient = make_patient()
        with mock.patch("analysis.handlers.erase_rows", side_effect=OSError):
            erase(patient)
            drain()
        assert Erasure.objects.get(user_id=patient.user_id).waiting_for == ["analysis"]
        # As after eight tries: the event itself is given up.
        OutboxEntry.objects.filter(status="PENDING").update(status="DEAD")
        with clock.frozen(clock.now() + timedelta(minutes=11)):
            assert identity.ask_again() == 1
            assert identity.ask_again() == 0
            drain()
        assert Erasure.objects.get(user_id=patient.user_id).state == "DONE"

    def test_asked_twice_it_is_one(self) -> None:
        patient = make_patient()
        assert erase(patient) == erase(patient)
        assert OutboxEntry.objects.filter(name="identity.erasure.requested.v1").count() == 1

    def test_every_context_answers_however_often_it_is_asked(self) -> None:
        patient = make_patient()
        erase(patient)
        drain()
        identity.ask_again()
        drain()
        assert Erasure.objects.get(user_id=patient.user_id).state == "DONE"


class TestWhatStandsAgainstIt:
    def test_a_legal_hold_refuses_it_until_it_ends(self) -> None:
        patient, officer = make_patient(), make_person("privacy_officer")
        who = patient.require_user_id()
        with acting_as(officer):
            identity.place_legal_hold(principal=officer, user_id=who, reason="A dispute.")
            with pytest.raises(Conflict):
                identity.place_legal_hold(principal=officer, user_id=who, reason="Again.")
        with pytest.raises(Conflict, match="legal hold"):
            erase(patient)
        assert User.objects.get(id=who).is_active
        with acting_as(officer):
            identity.end_legal_hold(principal=officer, user_id=who)
            with pytest.raises(NotFound):
                identity.end_legal_hold(principal=officer, user_id=who)
        assert erase(patient).state == "RUNNING"

    def test_no_hold_is_placed_on_what_is_being_erased(self) -> None:
        patient, officer = make_patient(), make_person("privacy_officer")
        erase(patient)
        with acting_as(officer), pytest.raises(Conflict):
            identity.place_legal_hold(principal=officer, user_id=patient.require_user_id(), reason="Late.")

    @pytest.mark.parametrize("role", ["professional", "administrator", "nurse"])
    def test_whoever_signs_is_not_erased(self, role) -> None:
        person = make_person(role)
        with pytest.raises(Conflict, match="closed, not erased"):
            erase(person)

    def test_an_administrator_erases_on_a_patients_wish_and_others_do_not(self) -> None:
        patient = make_patient()
        who = patient.require_user_id()
        for role in ("coordinator", "support", "privacy_officer"):
            person = make_person(role)
            with acting_as(person), pytest.raises(Forbidden):
                identity.request_erasure(principal=person, user_id=who)
        stranger = make_patient()
        with pytest.raises(NotFound):
            identity.request_erasure(principal=stranger, user_id=who)
        administrator = make_person("administrator")
        with acting_as(administrator):
            assert identity.request_erasure(principal=administrator, user_id=who).state == "RUNNING"
