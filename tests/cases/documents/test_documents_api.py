"""Documents over HTTP: taken in, quarantined, read in a child process, matched, shown."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import AuditEntry, Document, DocumentPage, Job, OutboxEntry
from cases.services import documents
from config.kernel.due_work import drain
from tests.cases.support import Story, by
from tests.factories import make_patient, make_person
from tests.tooling import clinical, hostile
from tests.tooling.facts import MARIA

pytestmark = pytest.mark.django_db
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\n\nSevere aortic stenosis, gradient 52 mmHg.\n"
OTHER = "Patient: John Smith\nDate of birth: 02.02.1950\n\nKnee pain.\n"


def send(api, story: Story, content: bytes | str, name: str = "letter.txt", kind: str = "text/plain", who=None):
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data, content_type=kind)
    return api.as_(who or story.patient).upload("/documents/upload", {"case_id": str(story.id), "file": file})


def read(api, story: Story, content: str = LETTER) -> str:
    document_id = send(api, story, content).json()["id"]
    drain("cases")
    return document_id


class TestUploading:
    def test_a_document_is_quarantined_and_queued(self, api) -> None:
        story = Story()
        response = send(api, story, LETTER)
        body = response.json()
        assert response.status_code == 201
        assert response["Location"] == f"/api/v1/documents/{body['id']}"
        assert (body["state"], body["name"], body["size"]) == ("QUARANTINED", "letter.txt", len(LETTER))
        job = Job.objects.get(kind="cases.read_document")
        assert (job.subject_id, job.queue) == (UUID(body["id"]), "documents")
        assert OutboxEntry.objects.filter(name="cases.document.uploaded.v1").count() == 1
        assert AuditEntry.objects.get(action="document.upload").patient_id == story.patient.user_id

    def test_the_stored_bytes_are_sealed_and_open_again(self, api, settings) -> None:
        story = Story()
        document = Document.objects.get(id=send(api, story, LETTER).json()["id"])
        stored = (Path(settings.DOCUMENT_STORAGE_DIR) / document.storage_key).read_bytes()
        assert b"stenosis" not in stored
        assert b"Keller" not in stored
        drain("cases")
        original = api.as_(story.patient).get(f"/documents/{document.id}/original")
        assert b"".join(original.streaming_content) == LETTER.encode()
        assert original["Content-Disposition"].startswith("attachment")
        assert original["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_nobody_and_strangers(self, api) -> None:
        story = Story()
        file = SimpleUploadedFile("a.txt", b"x", content_type="text/plain")
        assert api.upload("/documents/upload", {"case_id": str(story.id), "file": file}).status_code == 401
        assert send(api, story, LETTER, who=make_patient()).status_code == 404
        assert send(api, story, LETTER, who=make_person("professional")).status_code == 404
        assert not Document.objects.exists()

    def test_staff_do_not_upload(self, api) -> None:
        story = Story().submitted()
        assert send(api, story, LETTER, who=make_person("coordinator")).status_code == 403

    @pytest.mark.parametrize("fields", [{}, {"case_id": "x"}, {"case_id": str(uuid4())}])
    def test_a_form_without_case_or_file_says_so(self, api, fields) -> None:
        response = api.as_(make_patient()).upload("/documents/upload", fields)
        assert response.status_code == 400
        assert response.json()["errors"][0]["pointer"] == "#/file"

    def test_a_case_id_that_is_none_is_a_400(self, api) -> None:
        file = SimpleUploadedFile("a.txt", b"hello", content_type="text/plain")
        response = api.as_(make_patient()).upload("/documents/upload", {"case_id": "nonsense", "file": file})
        assert response.json()["errors"][0]["pointer"] == "#/case_id"

    def test_anything_but_a_form_is_a_415(self, api) -> None:
        assert api.as_(make_patient()).post("/documents/upload", {"case_id": "x"}).status_code == 415

    def test_a_broken_form_is_a_400(self, api) -> None:
        response = api.as_(make_patient()).client.post(
            "/api/v1/documents/upload",
            b"--x\r\nbroken",
            content_type="multipart/form-data; boundary=",
            headers=api.as_(make_patient())._headers(None),
        )
        assert response.status_code == 400

    def test_the_same_file_is_taken_once_for_a_case(self, api) -> None:
        story = Story()
        send(api, story, LETTER)
        again = send(api, story, LETTER, name="copy.txt")
        assert (again.status_code, again.json()["code"]) == (409, "document_duplicate")
        assert Document.objects.count() == 1
        assert send(api, Story(story.patient), LETTER).status_code == 201

    def test_a_case_takes_no_more_than_its_limit(self, api, settings) -> None:
        settings.CASE_MAX_DOCUMENTS = 1
        story = Story()
        send(api, story, LETTER)
        response = send(api, story, LETTER + "2")
        assert (response.status_code, response.json()["code"]) == (409, "too_many_documents")

    def test_a_closed_case_takes_nothing(self, api) -> None:
        story = Story().submitted()
        story.move(story.patient, "CANCELLED", reason="No longer needed.")
        assert send(api, story, LETTER).json()["code"] == "case_closed"

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\scans\\a b.txt", "a b.txt"),
            ("line\r\nbreak.txt", "linebreak.txt"),
            ("ü名.txt", "ü名.txt"),
        ],
    )
    def test_a_name_is_a_label_and_never_a_path(self, given, kept) -> None:
        from cases.services.documents.uploads.uploads import safe_name

        assert safe_name(given) == kept

    def test_a_refused_file_leaves_nothing_behind(self, api, settings) -> None:
        story = Story()
        send(api, story, b"")
        files = [p for p in Path(settings.DOCUMENT_STORAGE_DIR).rglob("*") if p.is_file()]
        assert (files, Document.objects.count(), Job.objects.count()) == ([], 0, 0)


class TestHostile:
    def refused(self, response, status: int, code: str) -> str:
        problem = response.json()
        assert response["Content-Type"] == "application/problem+json"
        assert (response.status_code, problem["code"]) == (status, code)
        assert len(problem["detail"]) > 30
        assert not Document.objects.exists()
        return problem["detail"]

    def test_an_empty_file(self, api) -> None:
        assert "Choose the file again" in self.refused(send(api, Story(), b""), 400, "document_empty")

    def test_thirty_megabytes(self, api) -> None:
        detail = self.refused(send(api, Story(), b"\x00" * (30 * 1024**2)), 413, "document_too_large")
        assert "25 MB" in detail

    def test_an_upload_that_lies_about_its_length_is_stopped_at_the_limit(self, api, settings) -> None:
        settings.DOCUMENT_MAX_BYTES = 1000
        self.refused(send(api, Story(), b"x" * 20_000), 413, "document_too_large")

    def test_a_wrong_type(self, api) -> None:
        self.refused(send(api, Story(), b"MZ\x90\x00" + b"\x00" * 100, "tool.exe", "application/x-msdownload"), 400,
                     "document_wrong_type")  # fmt: skip

    def test_a_type_that_is_not_what_the_name_says_is_no_reason(self, api) -> None:
        response = send(api, Story(), b"BMI 31.2 kg/m2\n", "blob", "image/*")
        assert (response.status_code, response.json()["media_type"]) == (201, "text/plain")

    @pytest.mark.parametrize(
        ("content", "way"),
        [
            (b'{"resourceType": "Bundle"}', "/api/v1/cases/{case_id}/imports/fhir"),
            (b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "/api/v1/cases/{case_id}/imports/ccda"),
        ],
    )
    def test_a_record_as_data_is_told_its_address(self, api, content, way) -> None:
        assert way in self.refused(send(api, Story(), content, "record.txt"), 400, "document_wrong_type")

    def test_an_encrypted_pdf(self, api) -> None:
        content = hostile.encrypted_pdf().content
        detail = self.refused(send(api, Story(), content, "a.pdf", "application/pdf"), 400, "document_encrypted_pdf")
        assert "password" in detail

    def test_a_pdf_with_javascript_is_refused_with_a_way_out(self, api) -> None:
        content = hostile.javascript_pdf().content
        detail = self.refused(send(api, Story(), content, "a.pdf", "application/pdf"), 400, "document_active_content")
        assert "Print" in detail

    def test_the_worker_lives_on_after_a_document_that_kills_its_child(self, api) -> None:
        story = Story()
        bad = send(api, story, b"%PDF-1.7\n" + b"garbage " * 500 + b"\n%%EOF", "a.pdf", "application/pdf")
        good = send(api, story, LETTER)
        drain("cases")
        assert Document.objects.get(id=good.json()["id"]).state == "ACCEPTED"
        if bad.status_code == 201:
            document = Document.objects.get(id=bad.json()["id"])
            assert document.state in ("REJECTED", "QUARANTINED")


class TestReading:
    def test_a_letter_with_the_patients_name_is_accepted(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        body = api.as_(story.patient).get(f"/documents/{document_id}").json()
        assert (body["state"], body["verdict"], body["identity_match"]) == ("ACCEPTED", "complete", "matched")
        assert body["page_count"] == 1
        assert "no virus scanner" in body["scanner"]
        event = OutboxEntry.objects.get(name="cases.document.read.v1")
        assert (event.payload["verdict"], event.payload["state"]) == ("complete", "ACCEPTED")

    def test_reading_twice_changes_nothing(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        before = Document.objects.values().get(id=document_id)
        Job.objects.filter(kind="cases.read_document").update(state="QUEUED", tries=0)
        drain("cases")
        assert Document.objects.values().get(id=document_id) == before
        assert DocumentPage.objects.filter(document=document_id).count() == 1

    def test_the_text_comes_with_its_places(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        page = api.as_(story.patient).get(f"/documents/{document_id}/pages/1/text").json()
        assert "gradient 52 mmHg" in page["text"]
        for line in page["lines"]:
            assert page["text"][line["start"] : line["end"]] == line["text"]
            assert all(0 <= edge <= 1 for edge in line["box"])

    def test_the_content_is_text_and_pictures_of_ours(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        response = api.as_(story.patient).get(f"/documents/{document_id}/content")
        body = response.json()
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "gradient" in body["pages"][0]["text"]
        assert body["pages"][0]["image"] == f"/api/v1/documents/{document_id}/pages/1.webp"

    def test_a_picture_of_a_page_is_a_webp(self, api) -> None:
        story = Story(make_patient(full_name=MARIA.full_name, date_of_birth=MARIA.date_of_birth))
        pdf = clinical.discharge_letter().content
        response = send(api, story, pdf, "letter.pdf", "application/pdf")
        assert response.status_code == 201, response.json()
        drain("cases")
        client, base = api.as_(story.patient), f"/documents/{response.json()['id']}/pages"
        picture, small = client.get(f"{base}/1.webp"), client.get(f"{base}/1.thumb.webp")
        assert picture["Content-Type"] == small["Content-Type"] == "image/webp"
        assert picture.content[:4] == small.content[:4] == b"RIFF"
        assert len(small.content) < len(picture.content)
        assert client.get(f"{base}/99.webp").status_code == 404

    def test_quarantine_is_closed_to_everybody(self, api) -> None:
        story = Story()
        document_id = send(api, story, LETTER).json()["id"]
        for path in ("content", "original", "pages/1.webp", "pages/1/text"):
            response = api.as_(story.patient).get(f"/documents/{document_id}/{path}")
            assert (response.status_code, response.json()["code"]) == (409, "document_in_quarantine")
            assert api.as_(make_patient()).get(f"/documents/{document_id}/{path}").status_code == 404

    def test_staff_see_state_without_name_or_text(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        story.submitted()
        client = api.as_(make_person("coordinator"))
        body = client.get(f"/documents/{document_id}").json()
        assert (body["state"], body["name"], body["metadata"]) == ("ACCEPTED", "", {})
        for path in ("content", "original", "pages/1.webp"):
            assert client.get(f"/documents/{document_id}/{path}").status_code == 403

    def test_the_assigned_specialist_reads_pages_but_not_the_original(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        story.in_review()
        client = api.as_(story.author)
        assert client.get(f"/documents/{document_id}/content").status_code == 200
        assert client.get(f"/documents/{document_id}/original").status_code == 403

    def test_each_look_at_a_page_is_recorded(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        api.as_(story.patient).get(f"/documents/{document_id}/pages/1/text")
        entry = AuditEntry.objects.get(action="document.read_page")
        assert (str(entry.object_id), entry.actor_id, entry.detail) == (document_id, story.patient.user_id, {"page": 1})

    def test_the_documents_of_a_case_are_listed(self, api) -> None:
        story = Story()
        ids = [send(api, story, LETTER + str(n)).json()["id"] for n in range(2)]
        assert [d["id"] for d in api.as_(story.patient).get(f"/cases/{story.id}/documents").json()] == ids
        assert api.as_(make_patient()).get(f"/cases/{story.id}/documents").status_code == 404


class TestTakingBack:
    def test_a_document_of_a_draft_can_be_taken_back_and_sent_again(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        client = api.as_(story.patient)
        assert client.delete(f"/documents/{document_id}").status_code == 204
        assert Document.objects.get(id=document_id).state == "WITHDRAWN"
        assert send(api, story, LETTER).status_code == 201

    def test_after_submission_it_stays(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        story.submitted()
        assert api.as_(story.patient).delete(f"/documents/{document_id}").status_code == 409
        assert Document.objects.get(id=document_id).state == "ACCEPTED"

    def test_others_take_nothing_back(self, api) -> None:
        story = Story()
        document_id = read(api, story)
        assert api.as_(make_patient()).delete(f"/documents/{document_id}").status_code == 404
        reviewed = Story().in_review()
        other = read(api, reviewed)
        assert api.as_(reviewed.author).delete(f"/documents/{other}").status_code == 403


def test_a_record_that_was_asked_for_by_name_is_answered_by_what_comes_after_it(api) -> None:
    story = Story()
    read(api, story)
    story.submitted()
    drain("cases")
    assert story.state == "TRIAGE"
    story.move(make_person("nurse"), "COLLECTING_RECORDS", missing_item="the echo report")
    drain("cases")
    assert story.state == "COLLECTING_RECORDS"
    read(api, story, LETTER + "Echo.")
    assert story.state == "TRIAGE"


def test_the_text_for_an_analysis_is_recorded(api) -> None:
    story = Story()
    document_id = UUID(read(api, story))
    found = documents.document_text(document_id=document_id)
    assert (found.case_id, found.patient_id, found.verdict) == (story.id, story.patient.user_id, "complete")
    assert "gradient" in found.pages[0].text
    assert AuditEntry.objects.filter(action="document.analyse", object_id=document_id).count() == 1


def test_waiving_a_record_needs_a_coordinator_and_a_reason(api) -> None:
    story = Story().submitted()
    path, body = f"/cases/{story.id}/checklist/waive", {"code": "medical_record", "reason": "lost in a fire"}
    assert api.as_(story.patient).post(path, body).status_code == 403
    assert api.as_(make_patient()).post(path, body).status_code == 404
    client = api.as_(make_person("coordinator"))
    assert client.post(path, body | {"reason": ""}).status_code == 400
    assert client.post(path, body | {"code": "nothing"}).status_code == 404
    assert client.post(path, body).status_code == 204
    with by(story.patient):
        assert api.as_(story.patient).get(f"/cases/{story.id}").json()["checklist"][0]["waived"] is True
