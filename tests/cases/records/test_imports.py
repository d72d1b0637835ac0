"""FHIR bundles and C-CDA documents become records: what they say, whose they are, and no more than that."""

from __future__ import annotations

import base64
import contextlib
import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.adapters.reading import Limits, pack_record_in_child
from cases.adapters.reading.limits import MIB
from cases.adapters.xml_trees import UnfitXml, xml_tree
from cases.domain.records.ccda_document import read_ccda
from cases.domain.records.fhir_bundle import read_bundle
from cases.domain.records.health_record import UnfitRecord
from cases.domain.records.record_pages import page_of
from cases.models import Document
from cases.services.records import imports
from config.kernel.due_work import drain
from tests.cases.support import Story
from tests.client import ApiClient
from tests.factories import make_person

LOINC = "http://loinc.org"
MARIA = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"family": "Keller", "given": ["Maria"]}],
    "birthDate": "1961-04-17",
    "gender": "female",
}
MINE = {"reference": "Patient/p1"}


def bundle(*resources: dict[str, Any], patient: dict[str, Any] | None = MARIA) -> dict[str, Any]:
    held = [*([patient] if patient else []), *resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in held]}


HAEMOGLOBIN = {
    "resourceType": "Observation",
    "status": "final",
    "subject": MINE,
    "code": {"coding": [{"system": LOINC, "code": "718-7", "display": "Hemoglobin"}]},
    "valueQuantity": {"value": 9.10, "unit": "g/dL"},
    "referenceRange": [{"low": {"value": 12, "unit": "g/dL"}, "high": {"value": 16, "unit": "g/dL"}}],
    "effectiveDateTime": "2026-05-01",
}
LETTER = {
    "resourceType": "DocumentReference",
    "status": "current",
    "subject": MINE,
    "content": [
        {
            "attachment": {
                "contentType": "text/plain",
                "title": "letter.txt",
                "data": base64.b64encode(b"Patient: Maria Keller\nborn 17.04.1961\nAll is well.\n").decode(),
            }
        },
        {"attachment": {"contentType": "application/pdf", "url": "http://198.51.100.1/elsewhere.pdf"}},
    ],
}


def send(who: Any, story: Story, kind: str, body: bytes) -> Any:
    api = ApiClient(who)
    types = {"fhir": "application/fhir+json", "ccda": "application/hl7-cda+xml"}
    path = f"/api/v1/cases/{story.id}/imports/{kind}"
    return api.client.generic("POST", path, body, content_type=types[kind], headers=api._headers({}))


TODAY = date(2026, 11, 20)


def page(*resources: dict[str, Any], patient: dict[str, Any] | None = MARIA) -> str:
    return unfolded(page_of(read_bundle(bundle(*resources, patient=patient), today=TODAY)))


def unfolded(told: str) -> str:
    """A page with each statement on one row."""
    return told.replace("\n… ", " ")


class TestFhir:
    def test_each_kind_says_its_words_codes_units_and_dates(self) -> None:
        told = page(
            HAEMOGLOBIN,
            {
                "resourceType": "Condition",
                "subject": MINE,
                "code": {
                    "text": "Pancreatic cancer",
                    "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "C25.9"}],
                },
                "clinicalStatus": {"coding": [{"code": "active"}]},
                "onsetDateTime": "2026-03",
            },
            {
                "resourceType": "MedicationStatement",
                "status": "active",
                "subject": MINE,
                "medicationReference": {"reference": "#m"},
                "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Apixaban"}}],
                "dosage": [{"text": "5 mg twice a day"}],
            },
            {
                "resourceType": "AllergyIntolerance",
                "patient": MINE,
                "code": {"text": "Penicillin"},
                "reaction": [{"manifestation": [{"text": "Rash"}]}],
            },
            {"resourceType": "Observation", "status": "final", "subject": MINE, "code": {"text": "CA 19-9"},
             "dataAbsentReason": {"text": "not performed"}},
            {"resourceType": "Encounter", "status": "finished", "subject": MINE},
            {"resourceType": "Observation", "status": "entered-in-error", "code": {"text": "Wrong"}, "subject": MINE},
        )  # fmt: skip
        assert "Patient: Maria Keller\nDate of birth: 1961-04-17\nSex: female\n" in told
        assert "- Hemoglobin [LOINC 718-7]: 9.1 g/dL; reference 12 g/dL to 16 g/dL; 2026-05-01; status final" in told
        assert "- Pancreatic cancer [ICD-10 C25.9]; active; 2026-03" in told
        assert "- Apixaban; 5 mg twice a day; no date given; status active" in told
        assert "- Penicillin; Rash" in told
        assert "- CA 19-9: no value: not performed; no date given" in told
        assert "- 1 x Encounter\n" in told
        assert "- 1 x Observation (entered in error)\n" in told
        assert "Wrong" not in told

    def test_what_turns_a_statement_round_is_said_or_left_out(self) -> None:
        medicine = {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": MINE}
        told = page(
            medicine | {"medicationCodeableConcept": {"text": "Metformin"}, "doNotPerform": True},
            medicine | {
                "medicationCodeableConcept": {"text": "Apixaban"},
                "dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": 5, "unit": "mg"}}]}],
            },
            HAEMOGLOBIN | {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]},
            {"resourceType": "Condition", "subject": MINE, "code": {"text": "Gout"},
             "onsetPeriod": {"start": "2020"}},
        )  # fmt: skip
        assert "- NOT TO BE GIVEN, not taken: Metformin, no date given, intent order, status active" in told
        assert "- Apixaban; 5 mg; no date given" in told
        assert "Hemoglobin" not in told
        assert "- 1 x Observation (with a modifier that is not understood)" in told
        assert "- Gout; from 2020\n" in told

    def test_a_code_is_told_with_what_it_is_of(self) -> None:
        local = {"system": "urn:oid:1.2.3", "code": "HB"}
        own = {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
        told = page(
            HAEMOGLOBIN | {"code": {"text": "Hemoglobin", "coding": [local, {"code": "bare"}]}},
            HAEMOGLOBIN | {"code": {"coding": [local]}},
            {
                "resourceType": "Condition",
                "subject": MINE,
                "code": {"text": "Gout"},
                "clinicalStatus": {"coding": [own]},
            },
        )
        assert "- Hemoglobin [urn:oid:1.2.3 HB]: 9.1 g/dL" in told
        assert "- urn:oid:1.2.3 HB: 9.1 g/dL" in told
        assert "- Gout; active; " in told

    def test_a_file_that_nothing_attaches_is_counted_as_left_out(self) -> None:
        attached, alone = (
            {"resourceType": "Binary", "id": name, "contentType": "text/plain", "data": "eA=="} for name in ("b1", "b2")
        )
        letter = LETTER | {"content": [{"attachment": {"contentType": "text/plain", "url": "Binary/b1"}}]}
        record = read_bundle(bundle(letter, attached, alone), today=TODAY)
        assert dict(record.left_out) == {"Binary (nothing in the bundle says what it is)": 1}
        assert [one.content for one in record.attachments] == [b"x"]

    @pytest.mark.parametrize(
        ("given", "word"),
        [
            ([], "Bundle"),
            ({"resourceType": "Patient"}, "Bundle"),
            ({"resourceType": "Bundle", "type": "history", "entry": []}, "type"),
            ({"resourceType": "Bundle", "type": "collection", "entry": [{}]}, "Entry 0"),
            (bundle(HAEMOGLOBIN, patient=None), "0 Patient"),
            (bundle(MARIA | {"id": "p2"}), "2 Patient"),
            (bundle(HAEMOGLOBIN | {"subject": {"reference": "Patient/p2"}}), "more than one patient"),
            (bundle({"resourceType": "Encounter"}), "nothing"),
        ],
    )
    def test_a_bundle_that_cannot_be_taken_over_says_why(self, given: Any, word: str) -> None:
        with pytest.raises(UnfitRecord, match=word):
            read_bundle(given, today=TODAY)

    @settings(max_examples=60, deadline=None)
    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                            st.sampled_from([*HAEMOGLOBIN, *LETTER, "valueString", "component"]), inner, max_size=4),
                        max_leaves=12))  # fmt: skip
    def test_whatever_stands_in_a_resource_is_read_or_refused(self, inside: Any) -> None:
        extra = inside if isinstance(inside, dict) else {"code": inside}
        kinds = ("Observation", "Condition", "MedicationRequest", "AllergyIntolerance", "DocumentReference")
        for kind in kinds:
            with contextlib.suppress(UnfitRecord):
                page_of(read_bundle(bundle(extra | {"resourceType": kind}), today=TODAY))


@pytest.mark.django_db
class TestIntoTheCase:
    def test_a_bundle_becomes_a_page_and_its_attachments_and_is_known_again(self, api: Any) -> None:
        story = Story()
        answer = send(story.patient, story, "fhir", json.dumps(bundle(HAEMOGLOBIN, LETTER)).encode())
        assert answer.status_code == 202, answer.content
        told = answer.json()
        assert told["read"] == {"Observation": 1, "attachment of DocumentReference": 1}
        assert told["left_out"] == {"attachment of DocumentReference (only its address is given)": 1}
        drain("cases")
        later = api.as_(story.patient).get(answer["Location"].removeprefix("/api/v1")).json()
        assert told["not_taken"] == [
            {
                "kind": "attachment of DocumentReference",
                "reason": "only its address is given",
                "count": 1,
                "places": ["entry 2 (DocumentReference)"],
            }
        ]
        assert later["imported"] == {name: told[name] for name in ("read", "left_out", "not_taken")}
        entries = later["entries"]
        assert [(one["path"], one["outcome"]) for one in entries] == [
            ("fhir-record.txt", "TAKEN"),
            ("attachments/01/letter.txt", "TAKEN"),
        ]
        assert set(Document.objects.values_list("state", "identity_match")) == {("ACCEPTED", "matched")}
        again = send(story.patient, story, "fhir", json.dumps(bundle(HAEMOGLOBIN, LETTER)).encode())
        drain("cases")
        entries = api.as_(story.patient).get(again["Location"].removeprefix("/api/v1")).json()["entries"]
        assert {one["outcome"] for one in entries} == {"DUPLICATE"}

    def test_the_record_of_somebody_else_waits_for_two_people(self) -> None:
        story = Story()
        other = MARIA | {"name": [{"family": "Novak", "given": ["Jana"]}], "birthDate": "1990-01-02"}
        assert (
            send(story.patient, story, "fhir", json.dumps(bundle(HAEMOGLOBIN, patient=other)).encode()).status_code
            == 202
        )
        drain("cases")
        assert list(Document.objects.values_list("state", flat=True)) == ["MISMATCHED"]

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("fhir", b""),
            ("fhir", b"\xff\xfe"),
            ("fhir", b"[" * 100_000),
            ("fhir", b'{"a":' * 200 + b"1" + b"}" * 200),
            ("fhir", json.dumps(bundle(LETTER)).replace("UGF0", "%GF0").encode()),
            ("ccda", b"<ClinicalDocument/>"),
            ("ccda", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            ("ccda", b"<a>" * 200_000),
            ("fhir", b'{"resourceType": "Bundle", "type": []}'),
            ("fhir", b'{"a": 1e9999999999999999999999}'),
            ("fhir", json.dumps(bundle(HAEMOGLOBIN | {"valueQuantity": {"value": float("nan")}})).encode()),
            ("fhir", json.dumps(bundle(HAEMOGLOBIN, {"resourceType": "\ud800"})).encode()),
            ("fhir", json.dumps(bundle(LETTER)).replace("letter.txt", "\\u0000.txt").encode()),
            ("ccda", b'<?xml version="1.0" encoding="unheard-of"?><a/>'),
        ],
    )  # fmt: skip
    def test_what_is_no_record_is_answered_with_advice(self, kind: str, body: bytes) -> None:
        story = Story()
        answer = send(story.patient, story, kind, body)
        assert answer.status_code in (400, 415), answer.content
        assert len(answer.json()["detail"]) > 15
        assert not Document.objects.exists()

    def test_more_than_fits_and_strangers_are_refused(self, settings: Any) -> None:
        story = Story()
        settings.DOCUMENT_MAX_BYTES = 100
        assert send(story.patient, story, "fhir", b"{}" + b" " * 200).status_code == 413
        assert send(make_person("patient"), story, "fhir", b"{}").status_code == 404
        assert send(make_person("coordinator"), story, "ccda", b"<a/>").status_code in (403, 404)


@pytest.mark.django_db
class TestAskedInARequest:
    def test_the_asking_process_parses_nothing_and_grows_by_little(self, monkeypatch: Any) -> None:
        story, body = Story(), large_bundle()
        for name in ("json_tree", "read_bundle"):
            monkeypatch.setattr(f"cases.adapters.reading.health_records.{name}", None)
        send(story.patient, story, "fhir", b"{}")
        before = resident(forget_peak=True)
        assert send(story.patient, story, "fhir", body).status_code == 202
        assert resident("VmHWM") - before <= MEGABYTES

    def test_what_takes_too_much_of_the_child_is_refused_with_advice(self, monkeypatch: Any) -> None:
        little = partial(pack_record_in_child, limits=replace(Limits.of_a_record(), memory_bytes=96 * MIB))
        monkeypatch.setattr("cases.services.records.imports.pack_record_in_child", little)
        story = Story()
        answer = send(story.patient, story, "fhir", large_bundle())
        assert (answer.status_code, answer.json()["code"]) == (400, "record_unfit")
        assert "in parts" in answer.json()["detail"]
        assert not Document.objects.exists()

    def test_who_comes_while_as_many_as_may_are_read_is_told_when_to_come_again(self) -> None:
        story, body = Story(), json.dumps(bundle(HAEMOGLOBIN)).encode()
        with ExitStack() as others:
            for _ in range(imports.MAX_AT_ONCE):
                others.enter_context(imports._turns)
            answer = send(story.patient, story, "fhir", body)
            assert (answer.status_code, answer["Retry-After"]) == (429, "5")
        # Also after one that was refused the turn is free again.
        for _ in range(imports.MAX_AT_ONCE):
            assert send(story.patient, story, "fhir", b"[]").status_code == 400
        assert send(story.patient, story, "fhir", body).status_code == 202


#: Beside the 24 MB that the request holds here, which the server has in a file: parts of an upload on their way.
MEGABYTES = 40


def large_bundle() -> bytes:
    """As many statements as are taken, and 20 MB of a letter."""
    statements = [HAEMOGLOBIN | {"note": [{"text": str(number)}]} for number in range(1900)]
    letter = {"contentType": "text/plain", "data": base64.b64encode(b"x" * 15_000_000).decode()}
    return json.dumps(bundle(*statements, LETTER | {"content": [{"attachment": letter}]})).encode()


def resident(what: str = "VmRSS", *, forget_peak: bool = False) -> int:
    """Megabytes of this process."""
    if forget_peak:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) // 1024


CCDA = (Path(__file__).parent / "ccda_example.xml").read_bytes()


@pytest.mark.django_db
def test_a_c_cda_document_may_come_as_plain_bytes() -> None:
    story = Story()
    api, path = ApiClient(story.patient), f"/api/v1/cases/{story.id}/imports/ccda"
    for kind, status in (("application/octet-stream", 202), ("text/plain", 415)):
        sent = api.client.generic("POST", path, CCDA, content_type=kind, headers=api._headers({}))
        assert sent.status_code == status


class TestCcda:
    def test_coded_entries_and_plain_sections_are_taken_over(self) -> None:
        told = unfolded(page_of(read_ccda(xml_tree(CCDA), today=TODAY)))
        assert "Patient: Maria Keller\nDate of birth: 1961-04-17\nSex: female\n" in told
        assert (
            "- Hemoglobin [LOINC 718-7]: 9.1 g/dL; reference 12.0 g/dL to 16.0 g/dL; 2026-05-01; status completed"
            in told
        )
        assert "Malignant tumor of pancreas [SNOMED CT 363418001]" in told
        assert "- Apixaban [RxNorm 1364430]; dose 5 mg; from 2026-04-02; status active" in told
        assert "- Penicillin [RxNorm 70618]: Allergy to substance [SNOMED CT 419199007]" in told
        assert "Social history\n- Never smoked." in told

    def test_a_value_that_is_not_given_is_no_value(self) -> None:
        told = unfolded(page_of(read_ccda(xml_tree(CCDA), today=TODAY)))
        assert "CA 19-9: no value given" in told

    @pytest.mark.parametrize("cut", range(0, len(CCDA), 401))
    def test_a_document_cut_short_is_refused(self, cut: int) -> None:
        with pytest.raises(UnfitXml):
            xml_tree(CCDA[:cut])
