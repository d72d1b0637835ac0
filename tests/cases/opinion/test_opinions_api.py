"""Offers, first read, opinion and report over HTTP: nobody, a stranger, a wrong body, the right one."""

import hashlib
import json
from uuid import uuid4

import pytest

from cases.domain.eligibility.conflict_of_interest import QUESTIONS
from cases.models import AuditEntry, Offer, Opinion
from config.kernel.due_work import drain
from tests.cases.support import CLEAR, OPINION, Story, make_specialist, profile_id
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
# Where there is no draft yet.
BEGINS = {"If-Match": '"1"'}


class TestOffers:
    def test_a_coordinator_offers_a_case_once_for_one_key(self, api) -> None:
        story, specialist = Story().in_matching(), make_specialist()
        client, headers = api.as_(make_person("coordinator")), {"Idempotency-Key": "k1"}
        body = {"professional_id": str(profile_id(specialist))}
        first = client.post(f"/cases/{story.id}/assign", body, headers=headers)
        second = client.post(f"/cases/{story.id}/assign", body, headers=headers)
        assert first.status_code == second.status_code == 201
        assert first.json() == second.json()
        assert Offer.objects.count() == 1

    @pytest.mark.parametrize("body", [{}, {"professional_id": "x"}, {"professional_id": None}])
    def test_a_wrong_body_is_a_400(self, api, body) -> None:
        story = Story().in_matching()
        assert api.as_(make_person("coordinator")).post(f"/cases/{story.id}/assign", body).status_code == 400

    def test_an_unknown_specialist_is_a_404(self, api) -> None:
        story = Story().in_matching()
        body = {"professional_id": str(uuid4())}
        assert api.as_(make_person("coordinator")).post(f"/cases/{story.id}/assign", body).status_code == 404

    def test_the_candidates_come_with_reasons(self, api) -> None:
        story, near = Story().in_matching(), make_specialist()
        body = api.as_(make_person("coordinator")).get(f"/cases/{story.id}/candidates").json()
        assert [c["professional_id"] for c in body["candidates"]] == [str(profile_id(near))]
        assert body["candidates"][0]["reasons"]
        assert api.get(f"/cases/{story.id}/candidates").status_code == 401

    def test_an_offer_is_accepted_with_every_question_answered(self, api) -> None:
        story = Story().offered()
        client = api.as_(story.author)
        half = dict.fromkeys(list(CLEAR)[:3], False)
        refused = client.post(f"/cases/{story.id}/accept", {"coi_attestation": half})
        assert refused.status_code == 400
        assert "#/coi_attestation/therapy_maker" in [e["pointer"] for e in refused.json()["errors"]]
        accepted = client.post(f"/cases/{story.id}/accept", {"coi_attestation": CLEAR})
        assert accepted.json() == {"state": "IN_REVIEW"}

    def test_a_declared_conflict_is_a_409_that_names_it(self, api) -> None:
        story = Story().offered()
        body = {"coi_attestation": CLEAR | {"treated_patient": True}}
        problem = api.as_(story.author).post(f"/cases/{story.id}/accept", body).json()
        assert (problem["guard"], problem["status"]) == ("coi_clear", 409)
        assert QUESTIONS["treated_patient"] in problem["detail"]

    def test_an_offer_is_declined_and_gone(self, api) -> None:
        story = Story().offered()
        client = api.as_(story.author)
        assert client.post(f"/cases/{story.id}/decline").status_code == 204
        assert client.get(f"/cases/{story.id}").status_code == 404
        assert client.post(f"/cases/{story.id}/decline").status_code == 404
        assert api.post(f"/cases/{story.id}/decline").status_code == 401


class TestOpinion:
    def test_the_whole_way_over_http(self, api) -> None:
        story = Story().in_review()
        client, base = api.as_(story.author), f"/cases/{story.id}"
        sealed = client.post(f"{base}/first-read", {"impression": "Severe.", "confidence": 70})
        assert sealed.status_code == 201
        saved = client.put(f"{base}/opinion/draft", OPINION, headers=BEGINS)
        assert saved.status_code == 200
        finished = client.post(f"{base}/opinion", {"action": "submit"}).json()
        assert finished["state"] == "APPROVED"
        signed = client.post(f"{base}/opinion", {"action": "sign", "content_hash": finished["content_hash"]})
        assert signed.json()["state"] == "SIGNED"
        assert api.as_(story.patient).get(f"{base}/opinion").status_code == 404
        drain("cases")
        shown = api.as_(story.patient).get(f"{base}/opinion").json()
        assert shown["content"]["summary"] == OPINION["summary"]
        assert AuditEntry.objects.filter(action="opinion.read", actor_id=story.patient.user_id).count() == 1

    def test_two_windows_do_not_overwrite_each_other(self, api) -> None:
        story = Story().in_review()
        client, path = api.as_(story.author), f"/cases/{story.id}/opinion/draft"
        etag = client.put(path, {"summary": "One."}, headers=BEGINS)["ETag"]
        assert client.put(path, {"summary": "Two."}, headers={"If-Match": etag}).status_code == 200
        assert client.put(path, {"summary": "Three."}, headers={"If-Match": etag}).status_code == 412
        assert client.get(path).json()["content"]["summary"] == "Two."

    def test_whatever_is_there_is_nothing_where_there_is_no_draft(self, api) -> None:
        story = Story().in_review()
        client, path = api.as_(story.author), f"/cases/{story.id}/opinion/draft"
        refused = client.put(path, {"summary": "One."}, headers={"If-Match": "*"})
        assert (refused.status_code, refused.json()["code"]) == (412, "version_mismatch")
        assert not Opinion.objects.exists()
        assert client.put(path, {"summary": "One."}, headers=BEGINS).status_code == 200
        assert client.put(path, {"summary": "Two."}, headers={"If-Match": "*"}).status_code == 200

    def test_saving_merges_what_is_sent_and_keeps_the_rest(self, api) -> None:
        story = Story().in_review()
        client, path = api.as_(story.author), f"/cases/{story.id}/opinion/draft"
        client.put(path, {"summary": "One.", "confidence": 10}, headers=BEGINS)
        client.put(path, {"confidence": 20})
        assert client.get(path).json()["content"] == {"summary": "One.", "confidence": 20}

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"confidence": 101}, "#/confidence"),
            ({"confidence": "much"}, "#/confidence"),
            ({"diagnosis_agreement": "yes"}, "#/diagnosis_agreement"),
            ({"clinical_impact": ""}, "#/clinical_impact"),
            ({"answers": [{"question": 11, "answer": "x"}]}, "#/answers/0/question"),
            ({"restated_diagnosis": {"text": "x", "icd10": "??"}}, "#/restated_diagnosis/icd10"),
        ],
    )
    def test_a_wrong_value_is_named(self, api, change, pointer) -> None:
        story = Story().in_review()
        response = api.as_(story.author).put(f"/cases/{story.id}/opinion/draft", change)
        assert response.status_code == 400
        assert pointer in [error["pointer"] for error in response.json()["errors"]]
        assert not Opinion.objects.exists()

    def test_signing_without_a_hash_or_a_fresh_factor_is_refused(self, api) -> None:
        from config.kernel.auth import Principal

        story = Story()
        approved = story.finished()
        path = f"/cases/{story.id}/opinion"
        assert api.as_(story.author).post(path, {"action": "sign"}).status_code == 400
        assert api.as_(story.author).post(path, {"action": "sign", "content_hash": "zz"}).status_code == 400
        stale = Principal(user_id=story.author.user_id, roles=story.author.roles, email_verified=True)
        refused = api.as_(stale).post(path, {"action": "sign", "content_hash": approved.content_hash})
        assert (refused.status_code, refused.json()["guard"]) == (409, "fresh_second_factor")

    @pytest.mark.parametrize("body", [{}, {"impression": "", "confidence": 5}, {"impression": "x", "confidence": 101}])
    def test_a_first_read_needs_words_and_a_confidence(self, api, body) -> None:
        story = Story().in_review()
        assert api.as_(story.author).post(f"/cases/{story.id}/first-read", body).status_code == 400

    def test_a_draft_is_its_authors_alone(self, api) -> None:
        story = Story().written()
        path = f"/cases/{story.id}/opinion/draft"
        for who in (story.patient, make_patient(), make_specialist(), make_person("coordinator")):
            assert api.as_(who).get(path).status_code == 404
        assert api.get(path).status_code == 401


class TestReport:
    def test_both_files_have_the_hashes_that_are_told(self, api) -> None:
        story = Story().delivered()
        client, base = api.as_(story.patient), f"/cases/{story.id}"
        told = client.get(f"{base}/report").json()
        pdf, fhir = client.get(f"{base}/report.pdf"), client.get(f"{base}/report.fhir.json")
        assert hashlib.sha256(pdf.content).hexdigest() == told["pdf_sha256"]
        assert hashlib.sha256(fhir.content).hexdigest() == told["fhir_sha256"]
        assert (pdf["Content-Type"], fhir["Content-Type"]) == ("application/pdf", "application/fhir+json")
        assert pdf["Cache-Control"] == "private, no-store"
        assert pdf["Content-Disposition"].startswith("attachment")

    def test_the_document_answers_each_question(self, api) -> None:
        story = Story().delivered()
        bundle = json.loads(api.as_(story.patient).get(f"/cases/{story.id}/report.fhir.json").content)
        told = json.dumps(bundle)
        for text in ("Do I need the operation?", "Yes, soon.", "May I fly?", "Not before the operation."):
            assert text in told

    def test_before_delivery_there_is_none(self, api) -> None:
        story = Story().signed()
        assert api.as_(story.patient).get(f"/cases/{story.id}/report.pdf").status_code == 404
        assert api.as_(story.patient).get(f"/cases/{story.id}").json()["report_ready"] is False

    def test_strangers_and_nobody_get_none(self, api) -> None:
        story = Story().delivered()
        for name in ("report", "report.pdf", "report.fhir.json"):
            assert api.get(f"/cases/{story.id}/{name}").status_code == 401
            assert api.as_(make_patient()).get(f"/cases/{story.id}/{name}").status_code == 404
            assert api.as_(make_person("coordinator")).get(f"/cases/{story.id}/{name}").status_code == 403

    def test_reading_by_the_author_does_not_count_as_opened(self, api) -> None:
        story = Story().delivered()
        api.as_(story.author).get(f"/cases/{story.id}/report.pdf")
        drain("cases")
        assert story.state == "DELIVERED"
        api.as_(story.patient).get(f"/cases/{story.id}/report.pdf")
        drain("cases")
        assert story.state == "FOLLOW_UP"

    def test_what_was_uploaded_after_the_opinion_was_not_relied_on(self, api) -> None:
        story = Story()
        before = story.put_document()
        story.finished()
        after = story.put_document()
        story.sign(Opinion.objects.get(case=story.id).content_hash)
        drain("cases")
        told = api.as_(story.patient).get(f"/cases/{story.id}/report.fhir.json").content.decode()
        assert before.sha256 in told or str(before.id) in told
        assert after.sha256 not in told
        assert str(after.id) not in told
