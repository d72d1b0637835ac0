from __future__ import annotations

import base64
import copy
import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from pydantic import ValidationError

from cases.adapters.report import build_bundle
from cases.domain.report.signed_report import Allergy, LabValue, PeerReview, QuestionAnswer, ReportPatient
from tests.cases.report import samples
from tests.cases.report.samples import full_report, uid
from tests.cases.report.validator import errors_of

Json = dict[str, Any]
BARE: Json = {
    "peer_review": None,
    "first_read": None,
    "red_flags": (),
    "further_tests": (),
    "limitations": (),
    "references": (),
    "medicines": (),
    "allergies": (),
    "laboratory": (),
    "documents_relied_on": (),
    "documents_not_seen": (),
    "ai_items": (),
    "questions": (QuestionAnswer(number=1, question="Why?", answer="So."),),
    "first_opinion_diagnosis": None,
    "history": "",
}


def resources(bundle: Json, kind: str) -> list[Json]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def only(bundle: Json, kind: str) -> Json:
    (found,) = resources(bundle, kind)
    return found


def section(bundle: Json, code: str) -> Json:
    sections = only(bundle, "Composition")["section"]
    return next(s for s in sections if s["code"]["coding"][0]["code"] == code)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def test_an_independent_validator_finds_no_error() -> None:
    bundles = [
        build_bundle(full_report()),
        build_bundle(full_report(**BARE)),
        build_bundle(full_report(supersedes=uid(9), amendment_reason="A page was missing")),
    ]
    assert errors_of(bundles) == [[], [], []]


def spoil_status(bundle: Json) -> None:
    only(bundle, "Composition")["status"] = "finalx"


def spoil_gender(bundle: Json) -> None:
    only(bundle, "Patient")["gender"] = "f"


def spoil_property(bundle: Json) -> None:
    only(bundle, "Patient")["nickname"] = "M"


def spoil_title(bundle: Json) -> None:
    del only(bundle, "Composition")["title"]


def spoil_observation(bundle: Json) -> None:
    resources(bundle, "Observation")[0]["status"] = "done"


SPOILERS: list[tuple[Callable[[Json], None], str]] = [
    (spoil_status, "finalx"),
    (spoil_gender, "gender"),
    (spoil_property, "nickname"),
    (spoil_title, "title"),
    (spoil_observation, "done"),
]


@pytest.mark.parametrize(("spoil", "named"), SPOILERS)
def test_the_validator_would_have_found_an_error(spoil: Callable[[Json], None], named: str) -> None:
    bundle = copy.deepcopy(build_bundle(full_report()))
    spoil(bundle)
    (errors,) = errors_of([bundle])
    assert any(named in error for error in errors), errors


def test_a_second_model_of_fhir_reads_the_bundle() -> None:
    from fhir.resources.R4B.bundle import Bundle

    bundle = build_bundle(full_report())
    read = Bundle.model_validate_json(json.dumps(bundle))
    assert len(read.entry) == len(bundle["entry"])


def test_the_second_model_would_have_found_a_wrong_date() -> None:
    from fhir.resources.R4B.bundle import Bundle

    bundle = build_bundle(full_report())
    only(bundle, "Patient")["birthDate"] = "14.03.1961"
    with pytest.raises(ValidationError, match="birthDate"):
        Bundle.model_validate_json(json.dumps(bundle))


def test_it_is_a_document_that_starts_with_its_composition() -> None:
    bundle = build_bundle(full_report())
    assert bundle["type"] == "document"
    assert bundle["timestamp"] == "2026-11-23T06:30:05Z"
    assert bundle["identifier"]["value"].startswith("urn:uuid:")
    first = bundle["entry"][0]["resource"]
    assert first["resourceType"] == "Composition"
    assert first["type"]["coding"] == [{"system": "http://loinc.org", "code": "85208-7"}]
    assert first["status"] == "final"
    assert first["title"] == "Second medical opinion, case SO-2026-000123, version 2"


def test_it_holds_each_kind_of_resource() -> None:
    counted = Counter(e["resource"]["resourceType"] for e in build_bundle(full_report())["entry"])
    assert counted == {
        "Composition": 1,
        "Patient": 1,
        "Practitioner": 2,
        "PractitionerRole": 2,
        "Organization": 2,
        "ServiceRequest": 3 + 2,
        "Observation": 3 + 3 + 4,
        "AllergyIntolerance": 1,
        "MedicationStatement": 3,
        "DocumentReference": 2,
        "Condition": 2,
        "CarePlan": 3,
        "Provenance": 1,
    }


def test_every_reference_finds_its_entry_and_every_entry_is_referred_to() -> None:
    bundle = build_bundle(full_report())
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    assert all(e["fullUrl"] == f"urn:uuid:{e['resource']['id']}" for e in bundle["entry"])
    referred = set(references(bundle))
    assert referred <= set(urls)
    provenance = f"urn:uuid:{only(bundle, 'Provenance')['id']}"
    assert set(urls) - referred == {provenance}


def test_sections_come_with_the_agreed_codes_and_a_narrative_that_is_well_formed() -> None:
    composition = only(build_bundle(full_report()), "Composition")
    assert [s["code"]["coding"][0]["code"] for s in composition["section"]] == [
        "29299-5",
        "11329-0",
        "48765-2",
        "10160-0",
        "30954-2",
        "47045-0",
        "29548-5",
        "55110-1",
        "80615-8",
        "93341-6",
    ]
    every = [*composition["section"], *(p for s in composition["section"] for p in s.get("section", []))]
    for part in every:
        root = ElementTree.fromstring(part["text"]["div"])
        assert root.tag == "{http://www.w3.org/1999/xhtml}div"
        assert "".join(root.itertext()).strip()


def test_questions_and_answers_belong_together() -> None:
    bundle = build_bundle(full_report())
    asked = {f"urn:uuid:{r['id']}": r["reasonCode"][0]["text"] for r in resources(bundle, "ServiceRequest")[:3]}
    answers = [o for o in resources(bundle, "Observation") if o["code"]["text"].startswith("Answer to question")]
    pairs = [(asked[o["basedOn"][0]["reference"]], o) for o in answers]
    assert [question for question, _ in pairs] == [q.question for q in samples.QUESTIONS]
    assert pairs[1][1]["valueString"] == samples.QUESTIONS[1].answer
    assert "valueString" not in pairs[2][1]
    assert pairs[2][1]["dataAbsentReason"]["text"] == samples.QUESTIONS[2].cannot_answer_reason


def test_the_narrative_names_each_question_with_its_answer() -> None:
    text = " ".join(ElementTree.fromstring(section(build_bundle(full_report()), "55110-1")["text"]["div"]).itertext())
    flat = " ".join(text.split())
    for q in samples.QUESTIONS:
        assert q.question in flat
        assert " ".join((q.answer or q.cannot_answer_reason).split()) in flat


def test_laboratory_values_keep_number_unit_range_flag_and_source() -> None:
    bundle = build_bundle(full_report())
    potassium = next(o for o in resources(bundle, "Observation") if o["code"].get("text") == "Potassium")
    assert potassium["valueQuantity"] == {
        "value": 5.6,
        "unit": "mmol/L",
        "system": "http://unitsofmeasure.org",
        "code": "mmol/L",
    }
    assert potassium["code"]["coding"] == [{"system": "http://loinc.org", "code": "2823-3"}]
    assert potassium["interpretation"][0]["coding"][0]["code"] == "H"
    assert potassium["referenceRange"][0]["low"]["value"] == 3.5
    creatinine = next(o for o in resources(bundle, "Observation") if o["code"].get("text") == "Creatinine")
    assert creatinine["referenceRange"][0]["text"] == "0.7 - 1.3"
    assert potassium["effectiveDateTime"] == "2026-10-02"
    assert potassium["derivedFrom"] == [{"reference": f"urn:uuid:{samples.LAB_DOCUMENT}"}]
    assert potassium["note"][0]["text"] == "Page 1 of the document. Read by software and accepted by the author."


@pytest.mark.parametrize(
    ("lab", "value"),
    [
        (LabValue(name="A", value_text="<0.01", value=Decimal("0.01"), unit="µg/L"), ("<", 0.01)),
        (LabValue(name="A", value_text=">= 90", value=Decimal("90"), unit="mL/min"), (">=", 90)),
        (LabValue(name="A", value_text="7.10", value=Decimal("7.10")), (None, 7.1)),
    ],
)
def test_a_number_keeps_its_comparator(lab: LabValue, value: tuple[str | None, float]) -> None:
    bundle = build_bundle(full_report(laboratory=(lab,)))
    found = next(o for o in resources(bundle, "Observation") if o["code"].get("text") == "A")
    assert (found["valueQuantity"].get("comparator"), found["valueQuantity"]["value"]) == value
    assert errors_of([bundle]) == [[]]


def test_a_result_that_is_no_number_and_nobody_judged_stays_words() -> None:
    lab = LabValue(name="Culture", value_text="no growth")
    bundle = build_bundle(full_report(laboratory=(lab,)))
    found = next(o for o in resources(bundle, "Observation") if o["code"].get("text") == "Culture")
    assert found["valueString"] == "no growth"
    for absent in ("valueQuantity", "interpretation", "referenceRange", "effectiveDateTime", "derivedFrom", "note"):
        assert absent not in found


@pytest.mark.parametrize(
    ("flag", "code"), [("critical_low", "LL"), ("low", "L"), ("normal", "N"), ("high", "H"), ("critical_high", "HH")]
)
def test_flags_become_hl7_interpretations(flag: Any, code: str) -> None:
    lab = dataclasses.replace(samples.LABORATORY[2], flag=flag)
    bundle = build_bundle(full_report(laboratory=(lab,)))
    found = next(o for o in resources(bundle, "Observation") if o["code"].get("text") == "Troponin T")
    assert found["interpretation"][0]["coding"][0]["code"] == code


def test_a_document_is_named_by_its_sha256_and_never_by_the_sha1_field() -> None:
    document = resources(build_bundle(full_report()), "DocumentReference")[0]
    name = document["identifier"][0]["value"]
    assert name.startswith("ni:///sha-256;")
    digest = base64.urlsafe_b64decode(name.partition(";")[2] + "=").hex()
    assert digest == "0f" * 32
    assert "hash" not in document["content"][0]["attachment"]


def test_the_provenance_signs_the_composition_with_the_signed_hash() -> None:
    bundle = build_bundle(full_report())
    provenance, composition = only(bundle, "Provenance"), only(bundle, "Composition")
    assert provenance["target"] == [{"reference": f"urn:uuid:{composition['id']}"}]
    (signature,) = provenance["signature"]
    assert base64.b64decode(signature["data"]).hex() == "ab" * 32
    assert signature["who"] == composition["author"][0]
    assert [a["who"] for a in provenance["agent"][1:]] == [{"display": "local engine 1.0"}]


def test_an_engine_whose_items_were_all_rejected_took_no_part() -> None:
    bundle = build_bundle(full_report(ai_items=samples.AI_ITEMS[2:], laboratory=(), questions=BARE["questions"]))
    assert len(only(bundle, "Provenance")["agent"]) == 1


def test_both_diagnoses_say_whose_they_are() -> None:
    first, restated = resources(build_bundle(full_report()), "Condition")
    assert first["code"]["coding"][0] == {"system": "http://hl7.org/fhir/sid/icd-10", "code": "N18.9"}
    assert "asserter" not in first
    assert restated["code"]["coding"][0]["code"] == "E11.22"
    assert "asserter" in restated


def test_coded_agreement_and_confidence_are_readable_by_machines() -> None:
    by_title = {o["code"].get("text"): o for o in resources(build_bundle(full_report()), "Observation")}
    agreement = by_title["Agreement with the first diagnosis"]["valueCodeableConcept"]["coding"][0]
    assert agreement == {"system": "urn:x-second-opinion:diagnosis-agreement", "code": "refined"}
    assert by_title["Confidence, 0 to 100"]["valueInteger"] == 82


def test_confidence_zero_is_a_value_and_not_a_gap() -> None:
    by_title = {o["code"].get("text"): o for o in resources(build_bundle(full_report(confidence=0)), "Observation")}
    assert by_title["Confidence, 0 to 100"]["valueInteger"] == 0


def test_plans_hold_the_proposal_and_every_option() -> None:
    plans = resources(build_bundle(full_report()), "CarePlan")
    assert [(p["intent"], p["title"]) for p in plans] == [
        ("proposal", "Proposed plan"),
        ("option", "Halve ramipril"),
        ("option", "Change nothing"),
    ]


def test_a_correction_replaces_the_earlier_report() -> None:
    bundle = build_bundle(full_report(supersedes=uid(9), amendment_reason="A page was missing"))
    composition = only(bundle, "Composition")
    assert composition["status"] == "amended"
    assert composition["relatesTo"][0]["targetIdentifier"]["value"] == f"urn:uuid:{uid(9)}"


def test_a_peer_who_disagrees_attests_nothing_but_is_heard() -> None:
    review = PeerReview(reviewer=samples.REVIEWER, outcome="major_disagreement", dissent="I see it otherwise.")
    bundle = build_bundle(full_report(peer_review=review))
    assert [a["mode"] for a in only(bundle, "Composition")["attester"]] == ["legal"]
    assert "I see it otherwise." in json.dumps(section(bundle, "47045-0"))


def test_empty_sections_give_their_reason() -> None:
    bundle = build_bundle(full_report(**BARE))
    for code in ("11329-0", "48765-2", "10160-0", "30954-2", "80615-8"):
        part = section(bundle, code)
        assert part["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert "entry" not in part
    assert "emptyReason" not in section(build_bundle(full_report()), "48765-2")


def test_markup_and_control_characters_are_data() -> None:
    hostile = "<script>alert(1)</script> & </div> ]]> \x00\x0b🙂 שלום"
    report = full_report(
        patient=ReportPatient(id=uid(5), name=hostile),
        questions=(QuestionAnswer(number=1, question=hostile, answer=hostile),),
        summary=hostile,
        allergies=(Allergy(substance=hostile, reaction=hostile),),
    )
    bundle = build_bundle(report)
    assert errors_of([bundle]) == [[]]
    assert only(bundle, "Patient")["name"][0]["text"] == hostile.replace("\x00\x0b", "")
    div = section(bundle, "55110-1")["text"]["div"]
    assert "<script>" not in div
    assert "<script>alert(1)</script>" in "".join(ElementTree.fromstring(div).itertext())


def test_no_string_list_or_object_is_empty() -> None:
    def empties(value: Any) -> Iterator[Any]:
        if value in ("", [], {}, None):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from empties(inner)

    for report in (full_report(), full_report(**BARE)):
        assert not list(empties(build_bundle(report)))


def test_the_same_report_gives_the_same_bundle_and_another_report_other_ids() -> None:
    bundle = build_bundle(full_report())
    assert json.dumps(bundle) == json.dumps(build_bundle(full_report()))
    other = build_bundle(full_report(report_id=uid(8)))
    assert other["id"] != bundle["id"]


def test_author_and_reviewer_of_one_house_share_its_entry() -> None:
    reviewer = dataclasses.replace(samples.REVIEWER, organisation=samples.AUTHOR.organisation)
    bundle = build_bundle(full_report(peer_review=PeerReview(reviewer=reviewer, outcome="agrees")))
    assert only(bundle, "Organization")["name"] == "Harbour Kidney Centre"


def test_an_author_without_an_organisation_still_makes_a_valid_document() -> None:
    author = dataclasses.replace(samples.AUTHOR, organisation="")
    bundle = build_bundle(full_report(author=author, peer_review=None))
    assert not resources(bundle, "Organization")
    assert errors_of([bundle]) == [[]]
