"""Documents that may be somebody else's, or of the other side: who decides, and how many of them."""

import pytest

from cases.models import AuditEntry, Document
from config.kernel.due_work import drain
from tests.cases.documents.test_documents_api import LETTER, OTHER, read
from tests.cases.support import Story
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db


class TestWhoseDocument:
    def test_somebody_elses_letter_waits_for_a_coordinator(self, api) -> None:
        story = Story()
        document_id = read(api, story, OTHER)
        assert Document.objects.get(id=document_id).state == "MISMATCHED"
        story.submitted()
        drain("cases")
        assert story.state == "SUBMITTED"

    def test_the_specialist_does_not_see_it_before(self, api) -> None:
        story = Story().in_review()
        document_id = read(api, story, OTHER)
        response = api.as_(story.author).get(f"/documents/{document_id}/content")
        assert (response.status_code, response.json()["code"]) == (409, "document_unconfirmed")

    def test_a_coordinator_rejects_it(self, api) -> None:
        story = Story()
        document_id = read(api, story, OTHER)
        story.submitted()
        client = api.as_(make_person("coordinator"))
        response = client.post(f"/documents/{document_id}/confirm", {"belongs": False})
        assert response.json()["state"] == "REJECTED"
        assert "another person" in response.json()["advice"]

    def test_two_coordinators_release_it_each_with_a_reason(self, api) -> None:
        story = Story()
        document_id = read(api, story, OTHER)
        story.submitted()
        client, path = api.as_(make_person("coordinator")), f"/documents/{document_id}/confirm"
        assert client.post(path, {"belongs": True}).status_code == 400
        first = client.post(path, {"belongs": True, "reason": "Maiden name."}).json()
        assert (first["state"], first["releases"], first["doubts"]) == ("MISMATCHED", 1, ["name", "birth_date"])
        again = client.post(path, {"belongs": True, "reason": "I am sure."})
        assert (again.status_code, again.json()["code"]) == (409, "second_person_needed")
        drain("cases")
        assert (Document.objects.get(id=document_id).state, story.state) == ("MISMATCHED", "SUBMITTED")
        other = api.as_(make_person("coordinator"))
        second = other.post(path, {"belongs": True, "reason": "Seen the passport."}).json()
        assert (second["state"], second["releases"]) == ("ACCEPTED", 2)
        drain("cases")
        assert story.state == "TRIAGE"
        people = AuditEntry.objects.filter(action="document.release").order_by("id").values_list("detail", flat=True)
        assert [detail["person"] for detail in people] == [1, 2]

    def test_the_second_coordinator_may_refuse_what_the_first_released(self, api) -> None:
        story = Story()
        document_id = read(api, story, OTHER)
        story.submitted()
        path = f"/documents/{document_id}/confirm"
        api.as_(make_person("coordinator")).post(path, {"belongs": True, "reason": "Maiden name."})
        refused = api.as_(make_person("coordinator")).post(path, {"belongs": False}).json()
        assert refused["state"] == "REJECTED"

    def test_a_letter_on_the_other_knee_waits_for_two_people(self, api) -> None:
        story = Story(diagnosis={"text": "Torn meniscus of the left knee"})
        document_id = read(api, story, LETTER + "Examination: MRI of the right knee\n")
        row = Document.objects.get(id=document_id)
        assert (row.state, row.doubts, row.identity_match) == ("MISMATCHED", "side", "matched")
        assert "other side" in row.advice

    def test_a_letter_is_compared_with_those_accepted_before(self, api) -> None:
        story = Story()
        read(api, story, "Valley Hospital\n" + LETTER + "MRN: 551234\nExamination: MRI of the left hip\n")
        for line, doubt in (("MRN: 779999", "record_number"), ("Examination: MRI of the right hip", "side")):
            row = Document.objects.get(id=read(api, story, f"Valley Hospital\n{LETTER}{line}\n"))
            assert (row.state, row.doubts) == ("MISMATCHED", doubt)
        row = Document.objects.get(id=read(api, story, f"Other Hospital\n{LETTER}MRN: 779999\n"))
        assert (row.state, row.doubts) == ("ACCEPTED", "")

    def test_the_kind_house_and_date_of_a_document_are_told(self, api) -> None:
        story = Story()
        text = f"Valley Hospital\nDischarge letter\n{LETTER}Date: 2026-03-02\nAdmitted with chest pain."
        found = api.as_(story.patient).get(f"/documents/{read(api, story, text)}").json()
        assert (found["kind"], found["kind_confidence"] > 0.6) == ("discharge_letter", True)
        assert (found["metadata"]["facility"], found["metadata"]["document_date"]) == ("Valley Hospital", "2026-03-02")

    def test_a_letter_without_a_name_is_confirmed_by_hand(self, api) -> None:
        story = Story()
        document_id = read(api, story, "Gradient 52 mmHg.")
        assert Document.objects.get(id=document_id).state == "PROCESSED"
        story.submitted()
        client = api.as_(make_person("coordinator"))
        assert client.post(f"/documents/{document_id}/confirm", {"belongs": True}).json()["state"] == "ACCEPTED"
        again = client.post(f"/documents/{document_id}/confirm", {"belongs": True})
        assert again.json()["code"] == "document_not_in_doubt"

    @pytest.mark.parametrize(("belongs", "state"), [(True, "ACCEPTED"), (False, "REJECTED")])
    def test_the_patient_says_whose_a_paper_with_only_a_name_is(self, api, belongs, state) -> None:
        story = Story()
        document_id = read(api, story, "Patient: Maria Keller\nGradient 52 mmHg.")
        client, path = api.as_(story.patient), f"/documents/{document_id}"
        asked = client.get(path).json()
        assert (asked["state"], asked["identity_match"], asked["doubts"]) == ("PROCESSED", "name_only", [])
        assert "bears your name" in asked["advice"] and "Is it yours?" in asked["advice"]
        assert client.post(f"{path}/confirm", {"belongs": belongs}).json()["state"] == state

    def test_the_patient_does_not_release_what_names_another_person(self, api) -> None:
        story = Story()
        document_id = read(api, story, "Patient: Maria Keller\nDate of birth: 18.04.1961")
        row = Document.objects.get(id=document_id)
        assert (row.state, row.doubts) == ("MISMATCHED", "birth_date") and "another birth date" in row.advice
        body = {"belongs": True, "reason": "It is mine."}
        assert api.as_(story.patient).post(f"/documents/{document_id}/confirm", body).status_code == 403

    def test_a_number_of_the_same_house_makes_a_mere_name_the_patients(self, api) -> None:
        story = Story()
        read(api, story, "Valley Hospital\n" + LETTER + "MRN: 551234\n")
        row = Document.objects.get(id=read(api, story, "Valley Hospital\nPatient: Maria Keller  MRN: 551234\nHb 9\n"))
        assert (row.state, row.identity_match) == ("ACCEPTED", "matched")

    def test_nobody_else_confirms(self, api) -> None:
        story = Story()
        document_id = read(api, story, OTHER)
        story.submitted()
        body, path = {"belongs": True, "reason": "x"}, f"/documents/{document_id}/confirm"
        assert api.post(path, body).status_code == 401
        assert api.as_(story.patient).post(path, body).status_code == 403
        assert api.as_(make_patient()).post(path, body).status_code == 404
        assert api.as_(make_person("nurse")).post(path, body).status_code == 403
