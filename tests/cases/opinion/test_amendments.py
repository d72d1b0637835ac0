"""T26 to T29 over HTTP: a new version supersedes, the patient gets it, and the old one stays readable and says so."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pypdf
import pytest

from cases.domain.report.proof import keys_of, read_status, verify
from cases.domain.report.proof.verification import manifest_in
from cases.models import Case, Opinion
from cases.services import opinion
from cases.services import report as report_service
from config.kernel.due_work import drain
from tests.cases.opinion.amendment_steps import amended, begin_amendment, sign_amendment, told, write_amendment
from tests.cases.support import OPINION, Story, by
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db(databases=("default", "professionals", "cases"))


def proven(api, **proof):
    return told(api.post("/report-verifications", proof))


class TestAmendment:
    def test_a_delivered_opinion_is_amended_and_the_old_report_says_superseded(self, api) -> None:
        story = Story().delivered()
        patient, root = api.as_(story.patient), f"/cases/{story.id}"
        first = patient.get(f"{root}/report.pdf")
        assert (first["Report-Version"], first["Report-Standing"]) == ("1", "valid")
        sha256 = hashlib.sha256(first.content).hexdigest()
        assert proven(api, sha256=sha256)["standing"] == "valid"
        manifest = told(patient.get(f"{root}/report"))["manifest"]
        drain("cases")
        assert story.state == "FOLLOW_UP"

        begin_amendment(api, story, story.author, "T26", "The dose was mistyped.")
        content_hash = write_amendment(api, story, {"summary": "Corrected summary."})
        # Until it is signed and delivered the first version stands.
        with by(story.author):
            opinion.sign_opinion(principal=story.author, case_id=story.id, content_hash=content_hash)
        assert told(patient.get(f"{root}/opinion"))["number"] == 1
        assert patient.get(f"{root}/report.pdf")["Report-Version"] == "1"
        assert len(told(patient.get(f"{root}/opinion/versions"))) == 1
        assert len(told(api.as_(story.author).get(f"{root}/opinion/versions"))) == 2
        assert proven(api, sha256=sha256)["standing"] == "valid"
        drain("cases")
        # The new one was not opened yet: the first reading of the old one does not count for it.
        assert story.state == "DELIVERED"

        second = patient.get(f"{root}/report.pdf")
        assert (second["Report-Version"], second["Report-Standing"]) == ("2", "valid")
        old = patient.get(f"{root}/report.pdf", query={"version": 1})
        assert (old.content, old["Report-Version"], old["Report-Standing"]) == (first.content, "1", "superseded")
        assert patient.get(f"{root}/report.pdf", query={"version": 3}).status_code == 404
        assert patient.get(f"{root}/report.pdf", query={"version": "one"}).status_code == 400
        listed = told(patient.get(f"{root}/reports"))
        assert [(one["opinion_number"], one["standing"]) for one in listed] == [(2, "valid"), (1, "superseded")]
        assert told(patient.get(f"{root}/opinion"))["content"]["summary"] == "Corrected summary."
        drain("cases")
        assert story.state == "FOLLOW_UP"

        # What changed, from one version to the other and back.
        versions = told(patient.get(f"{root}/opinion/versions"))
        assert [(v["number"], v["state"], v["reason"]) for v in versions] == [
            (2, "SIGNED", "The dose was mistyped."),
            (1, "SUPERSEDED", ""),
        ]
        old_text, new_text = OPINION["summary"], "Corrected summary."
        assert told(patient.get(f"{root}/opinion/versions/1"))["content"]["summary"] == old_text
        there, back = (told(patient.get(f"{root}/opinion/versions/{a}/changes/{b}")) for a, b in ((1, 2), (2, 1)))
        (change,) = there["changes"]
        assert (change["field"], change["before"], change["after"]) == ("summary", old_text, new_text)
        assert "".join(part["text"] for part in change["parts"] if part["op"] != "removed") == new_text
        assert (back["changes"][0]["before"], back["changes"][0]["after"]) == (new_text, old_text)
        assert patient.get(f"{root}/opinion/versions/1/changes/3").status_code == 404
        drift = told(patient.get(f"{root}/opinion/drift"))
        assert (drift["version"], drift["impression"], drift["final"]) == (2, "Severe.", new_text)
        assert (drift["sealed_confidence"], drift["final_confidence"], drift["confidence_change"]) == (70, 85, 15)

        # Anybody who holds a file or its code learns the same, and nothing about whose it is.
        answer = proven(api, sha256=sha256)
        assert (answer["standing"], answer["version"], answer["newest_version"]) == ("superseded", 1, 2)
        assert proven(api, manifest=manifest) == answer
        assert proven(api, sha256=hashlib.sha256(second.content).hexdigest())["standing"] == "valid"
        assert str(story.id) not in str(answer)
        assert set(answer) == {"standing", "version", "newest_version", "signed_at", "signer", "licence_place"}

        # The same without the platform: keys and list were fetched once.
        keys = keys_of(api.get("/report-keys").content)
        status = read_status(api.get("/report-status-list").content.decode(), keys)
        assert verify(first.content, keys).standing == "valid"
        assert verify(first.content, keys, status=status).standing == "superseded"
        assert verify(second.content, keys, status=status).standing == "valid"
        newer = manifest_in(second.content, keys)
        assert verify(first.content, keys, others=[newer]).standing == "superseded"
        assert newer.supersedes == manifest_in(first.content, keys).report_id
        fhir = patient.get(f"{root}/report.fhir.json").content
        assert verify(fhir, keys, status=status).standing == "valid"
        assert b'"replaces"' in fhir
        printed = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(second.content)).pages)
        assert "because: The dose was mistyped." in " ".join(printed.split())

    @pytest.mark.parametrize(("step", "state"), [("T27", "DELIVERED"), ("T28", "CLOSED")])
    def test_a_director_may_order_an_amendment_that_the_author_writes(self, api, step: str, state: str) -> None:
        story = Story().delivered()
        Case.objects.filter(id=story.id).update(state=state)
        director, path = make_person("medical_director"), f"/cases/{story.id}/status"
        for wrong, status in ((make_person("nurse"), 403), (make_patient(), 404)):
            refused = api.as_(wrong).patch(path, {"to": step, "reason": "New information."})
            assert refused.status_code == status
        silent = api.as_(director).patch(path, {"to": step})
        assert (silent.status_code, silent.json()["guard"]) == (409, "reason_given")
        amended(api, story, director, step, "New information.", {"confidence": 60})
        assert story.state == "DELIVERED"
        states = Opinion.objects.filter(case=story.id).order_by("number").values_list("state", flat=True)
        assert list(states) == ["SUPERSEDED", "SIGNED"]

    def test_nothing_new_is_no_new_version(self, api) -> None:
        story = Story().delivered()
        begin_amendment(api, story, story.author, "T27", "A mistake.")
        refused = api.as_(story.author).patch(f"/cases/{story.id}/status", {"to": "T29"})
        assert (refused.status_code, refused.json()["guard"]) == (409, "new_version_written")
        content_hash = write_amendment(api, story, {"confidence": 61})
        sign_amendment(api, story, content_hash)
        assert Opinion.objects.filter(case=story.id, state="SIGNED").get().number == 2


class TestPublicProof:
    def test_what_was_never_signed_here_is_changed(self, api) -> None:
        assert proven(api, sha256="0" * 64)["standing"] == "changed"
        assert proven(api, manifest="a.b.c") == proven(api, sha256="0" * 64)

    @pytest.mark.parametrize("proof", [{}, {"sha256": "0" * 63}, {"sha256": "0" * 64, "manifest": "a.b.c"}])
    def test_one_proof_is_asked_for_at_a_time(self, api, proof) -> None:
        assert api.post("/report-verifications", proof).status_code == 400

    def test_it_is_limited_by_network(self, api) -> None:
        answers = [api.post("/report-verifications", {"sha256": "0" * 64}).status_code for _ in range(61)]
        assert answers == [200] * 60 + [429]

    def test_a_case_entered_in_error_withdraws_its_report(self, api) -> None:
        story = Story().delivered()
        report = told(api.as_(story.patient).get(f"/cases/{story.id}/report"))
        Case.objects.filter(id=story.id).update(state="ENTERED_IN_ERROR")
        assert proven(api, sha256=report["pdf_sha256"])["standing"] == "withdrawn"
        assert proven(api, manifest=report["manifest"])["standing"] == "withdrawn"
        # A new key signs what comes; what came before goes on being checked.
        report_service.rotate_report_keys()
        keys = keys_of(api.get("/report-keys").content)
        assert len(keys) == 2
        assert proven(api, manifest=report["manifest"])["standing"] == "withdrawn"
        pdf = api.as_(story.patient).get(f"/cases/{story.id}/report.pdf").content
        status = read_status(api.get("/report-status-list").content.decode(), keys)
        assert verify(pdf, keys, status=status).standing == "withdrawn"
