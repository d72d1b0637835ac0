"""A person's copy holds every row of every table about them and every file; nobody else gets it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest

from cases.domain.workflow.state_machines import UNSAFE_DOCUMENTS
from cases.models import Document
from config.kernel import clock
from config.kernel.auth import Principal, acting_as
from config.kernel.db import context_labels
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, NotFound
from config.kernel.privacy.inventory import every_table_says_whose_it_is, personal_models
from identity import services as identity
from identity.models import AuditEntry, Export, Job
from identity.services.keys.data_keys import data_key
from notifications import services as notifications
from tests.cases.support import OPINION, Story, by
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.EXPORTS_DIR = str(tmp_path / "exports")


def seeded(tmp_path: Path) -> tuple[Principal, Story]:
    """A patient of whom every context holds something."""
    patient = make_patient(full_name="Maria Ptarmigan")
    story = Story(patient, history="Canary-history")
    story.in_review()
    story.add_document("Canary-document text", tmp_path, name="Canary letter.txt")
    drain()
    with by(story.author):
        from cases.services import opinion

        opinion.seal_first_read(principal=story.author, case_id=story.id, impression="Canary-impression", confidence=70)
        opinion.save_draft(principal=story.author, case_id=story.id, content=OPINION | {"summary": "Canary-summary"})
        opinion.send_message(principal=story.author, case_id=story.id, text="Canary-message")
    story.sign(story.submit().content_hash)
    identity.open_session(user_id=patient.require_user_id(), device="Canary phone")
    notifications.set_email_preference(user_id=patient.require_user_id(), email=True)
    drain()
    return patient, story


def ask(patient: Principal) -> identity.ExportDTO:
    with acting_as(patient):
        return identity.request_export(principal=patient, user_id=patient.require_user_id())


def fetched(patient: Principal, export: identity.ExportDTO) -> zipfile.ZipFile:
    with acting_as(patient):
        who: dict[str, Any] = {"principal": patient, "user_id": patient.require_user_id(), "export_id": export.id}
        secret = identity.export_link(**who)
        _, chunks = identity.fetch_export(principal=patient, secret=secret)
        return zipfile.ZipFile(io.BytesIO(b"".join(chunks)))


def archive_of(patient: Principal) -> zipfile.ZipFile:
    export = ask(patient)
    drain()
    return fetched(patient, export)


class TestWhatIsInIt:
    def test_every_table_of_every_context_says_whose_it_is(self) -> None:
        assert every_table_says_whose_it_is() == []

    def test_a_table_that_does_not_is_refused(self) -> None:
        from cases.models import ClockInterval

        with mock.patch.object(ClockInterval, "personal_to", (), create=True):
            told = [problem.msg for problem in every_table_says_whose_it_is()]
        assert [text for text in told if "cases.ClockInterval" in text]

    def test_every_row_of_every_personal_table_is_in_it(self, tmp_path) -> None:
        patient, _ = seeded(tmp_path)
        archive = archive_of(patient)
        held = 0
        for context in context_labels():
            for table in personal_models(context):
                rows = json.loads(archive.read(f"data/{context}/{table.model._meta.model_name}.json"))
                expected = {str(pk) for pk in table.rows_of(patient.require_user_id()).values_list("pk", flat=True)}
                found = {str(row[table.model._meta.pk.attname]) for row in rows}
                # Making and fetching the copy are acts of their own, written down after it was made.
                assert found <= expected, table.model
                if table.model.__name__ not in ("AuditEntry", "Export"):
                    assert found == expected, table.model
                held += len(found)
        assert held > 40

    def test_what_is_sealed_is_readable_in_it(self, tmp_path) -> None:
        patient, _ = seeded(tmp_path)
        archive = archive_of(patient)
        told = "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
        words = ("history", "document", "impression", "summary", "message", " phone", " letter")
        assert not [word for word in words if f"Canary{'' if word[0] == ' ' else '-'}{word}" not in told]
        assert "Maria Ptarmigan" in told

    def test_files_and_fhir_documents_are_in_it_as_they_came(self, tmp_path) -> None:
        patient, story = seeded(tmp_path)
        archive = archive_of(patient)
        (file,) = [name for name in archive.namelist() if name.startswith(f"files/{story.id}/")]
        assert archive.read(file) == b"Canary-document text"
        assert [n for n in archive.namelist() if n.startswith("reports/") and archive.read(n)[:5] == b"%PDF-"]
        (bundle,) = [name for name in archive.namelist() if name.startswith("fhir/")]
        assert json.loads(archive.read(bundle))["resourceType"] == "Bundle"

    @pytest.mark.parametrize("state", sorted(UNSAFE_DOCUMENTS))
    def test_a_file_that_was_refused_or_that_nobody_has_looked_at_is_not(self, tmp_path, state) -> None:
        """An infected file, or one that a coordinator found to be another person's, is given to nobody."""
        patient, story = seeded(tmp_path)
        Document.objects.filter(case=story.id).update(state=state)
        assert not [name for name in archive_of(patient).namelist() if name.startswith("files/")]

    def test_the_manifest_has_the_checksum_of_every_file(self, tmp_path) -> None:
        patient, _ = seeded(tmp_path)
        archive = archive_of(patient)
        manifest = json.loads(archive.read("manifest.json"))
        listed = {entry["path"]: entry for entry in manifest["files"]}
        assert set(listed) == set(archive.namelist()) - {"manifest.json"}
        for path, entry in listed.items():
            content = archive.read(path)
            assert entry["sha256"] == hashlib.sha256(content).hexdigest()
            assert entry["bytes"] == len(content)

    def test_no_secret_and_nobody_elses_words_are_in_it(self, tmp_path) -> None:
        _, story = seeded(tmp_path)
        archive = archive_of(story.author)
        told = "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
        for word in ("Canary", "argon2", "Ptarmigan", "token_hash", "password"):
            assert word not in told
        assert "Clinic" in told

    def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(self, tmp_path, settings) -> None:
        patient, _ = seeded(tmp_path)
        for stored in Path(settings.DOCUMENT_STORAGE_DIR).rglob("original/*/*"):
            stored.unlink()
        names = archive_of(patient).namelist()
        assert [name for name in names if name.endswith(".txt.missing.txt")]


class TestHowItIsMade:
    def test_it_is_a_job_with_progress(self) -> None:
        patient = make_patient()
        export = ask(patient)
        assert (export.state, export.progress) == ("QUEUED", 0)
        seen: list[int] = []
        from identity.services.privacy import exports

        real = exports._show_progress
        with mock.patch.object(exports, "_show_progress", lambda i, share: (seen.append(share), real(i, share))):
            drain()
        assert len(seen) >= 4
        assert seen == sorted(seen)
        row = Export.objects.get(id=export.id)
        assert (row.state, row.progress) == ("READY", 100)

    def test_a_second_one_waits_for_the_first(self) -> None:
        patient = make_patient()
        ask(patient)
        with pytest.raises(Conflict):
            ask(patient)
        drain()
        assert ask(patient).state == "QUEUED"

    def test_one_that_breaks_is_failed_after_three_tries_and_can_be_asked_for_again(self) -> None:
        patient = make_patient()
        export = ask(patient)
        with mock.patch("identity.services.privacy.exports._write", side_effect=OSError):
            for _ in range(3):
                drain()
                Job.objects.filter(state="QUEUED").update(run_after=clock.now())
        assert Export.objects.get(id=export.id).state == "FAILED"
        assert ask(patient).state == "QUEUED"

    def test_one_that_was_given_up_meanwhile_stays_failed_and_leaves_no_archive(self, settings) -> None:
        patient = make_patient()
        export = ask(patient)
        from identity.services.privacy import exports

        real = exports.export_files.put

        def late(*given: Any) -> None:
            # As another process would: the job's tries are used up while this one is still at work.
            identity.export_failed(export_id=export.id)
            real(*given)

        with mock.patch.object(exports.export_files, "put", late):
            identity.build_export(export_id=export.id)
        row = Export.objects.get(id=export.id)
        assert (row.state, row.sha256) == ("FAILED", "")
        assert not list(Path(settings.EXPORTS_DIR).iterdir())

    def test_of_two_tries_that_overlap_the_row_tells_of_the_archive_that_is_kept(self) -> None:
        patient = make_patient()
        export = ask(patient)
        from identity.services.privacy import exports

        real = exports.export_files.put

        def overtaken(*given: Any) -> None:
            # A second try, which took this one for dead, comes to its end first.
            with mock.patch.object(exports.export_files, "put", real), clock.frozen(clock.now() + timedelta(seconds=9)):
                identity.build_export(export_id=export.id)
            real(*given)

        with mock.patch.object(exports.export_files, "put", overtaken):
            identity.build_export(export_id=export.id)
        row = Export.objects.get(id=export.id)
        stored = b"".join(exports.export_files.chunks(data_key(subject_id=patient.require_user_id()), export.id))
        assert (row.state, row.sha256, row.size) == ("READY", hashlib.sha256(stored).hexdigest(), len(stored))

    def test_it_is_sealed_on_disk(self, tmp_path, settings) -> None:
        patient, _ = seeded(tmp_path)
        ask(patient)
        drain()
        (file,) = Path(settings.EXPORTS_DIR).iterdir()
        assert b"Canary" not in file.read_bytes()
        assert b"PK\x03\x04" not in file.read_bytes()[:200]

    def test_it_is_gone_after_a_week(self, settings) -> None:
        patient = make_patient()
        export = ask(patient)
        drain()
        with clock.frozen(clock.now() + timedelta(days=8)):
            identity.forget_exports()
        assert list(Path(settings.EXPORTS_DIR).iterdir()) == []
        assert Export.objects.get(id=export.id).state == "EXPIRED"

    def test_it_ends_with_the_persons_keys(self) -> None:
        patient = make_patient()
        export = ask(patient)
        drain()
        identity.destroy_keys(subject_id=patient.require_user_id())
        with pytest.raises(Exception, match=r"."):
            fetched(patient, export)


class TestWhoGetsIt:
    def test_asking_needs_a_fresh_proof(self) -> None:
        patient = make_patient()
        stale = Principal(user_id=patient.user_id, roles=patient.roles, mfa_at=clock.now() - timedelta(minutes=6))
        with pytest.raises(Forbidden, match="step-up"):
            ask(stale)

    def test_for_others_there_is_none(self) -> None:
        patient, other = make_patient(), make_patient()
        export = ask(patient)
        drain()
        who = patient.require_user_id()
        for call in (
            lambda: identity.request_export(principal=other, user_id=who),
            lambda: identity.get_export(principal=other, user_id=who, export_id=export.id),
            lambda: identity.get_export(principal=other, user_id=other.require_user_id(), export_id=export.id),
            lambda: identity.export_link(principal=other, user_id=who, export_id=export.id),
        ):
            with pytest.raises(NotFound):
                call()

    def test_staff_export_nobody(self) -> None:
        patient = make_patient()
        for role in ("administrator", "privacy_officer", "coordinator"):
            answer = ApiClient(make_person(role)).post(f"/users/{patient.user_id}/export")
            assert answer.status_code == 403

    def test_a_link_works_once_for_its_owner_within_a_minute(self) -> None:
        patient, other = make_patient(), make_patient()
        export = ask(patient)
        drain()
        who: dict[str, Any] = {"principal": patient, "user_id": patient.require_user_id(), "export_id": export.id}
        for attempt in range(20):
            secret = identity.export_link(**who)
            with pytest.raises(NotFound):
                identity.fetch_export(principal=other, secret=secret)
            if attempt % 2:
                with clock.frozen(clock.now() + timedelta(seconds=61)), pytest.raises(NotFound):
                    identity.fetch_export(principal=patient, secret=secret)
            else:
                identity.fetch_export(principal=patient, secret=secret)
                with pytest.raises(NotFound):
                    identity.fetch_export(principal=patient, secret=secret)

    def test_a_new_link_ends_the_one_before(self) -> None:
        patient = make_patient()
        export = ask(patient)
        drain()
        who: dict[str, Any] = {"principal": patient, "user_id": patient.require_user_id(), "export_id": export.id}
        first = identity.export_link(**who)
        identity.export_link(**who)
        with pytest.raises(NotFound):
            identity.fetch_export(principal=patient, secret=first)

    def test_asking_linking_and_fetching_stand_in_the_audit(self) -> None:
        patient = make_patient()
        archive_of(patient)
        acts = set(AuditEntry.objects.filter(patient_id=patient.user_id).values_list("action", flat=True))
        assert {"export.request", "export.ready", "export.link", "export.download"} <= acts


class TestOverHttp:
    def test_the_whole_way(self) -> None:
        patient = make_patient()
        api = ApiClient(patient)
        asked = api.post(f"/users/{patient.user_id}/export")
        assert asked.status_code == 202
        where = asked["Location"]
        assert api.get(where).json()["state"] == "QUEUED"
        assert api.post(where).status_code == 409
        drain()
        assert api.get(where).json()["progress"] == 100
        link = api.post(where).json()["link"]
        looked = api.send("HEAD", link)
        assert (looked.status_code, looked["Allow"]) == (405, "GET, OPTIONS")
        answer = api.get(link)
        content = b"".join(answer.streaming_content)
        assert answer["Content-Type"] == "application/zip"
        assert int(answer["Content-Length"]) == len(content)
        assert hashlib.sha256(content).hexdigest() == api.get(where).json()["sha256"]
        assert api.get(link).status_code == 404

    def test_an_unknown_copy_and_a_made_up_link_are_absent(self) -> None:
        patient = make_patient()
        api = ApiClient(patient)
        assert api.get(f"/users/{patient.user_id}/exports/{uuid4()}").status_code == 404
        assert api.get("/exports/made-up").status_code == 404
