"""What people reported of imports (FHIR, C-CDA), tried on this product: each is right, and stays so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.domain.findings import Finding
from analysis.models import AnalysisRun
from analysis.services import insights_for_case
from cases.adapters.reading.media_types import HEAD_BYTES, sniff_head
from cases.adapters.reading.outcome import Refused
from cases.domain.records.health_record import UnfitRecord
from cases.models import Document
from config.kernel.due_work import drain
from tests.analysis.world import make_world
from tests.client import ApiClient
from tests.corpora.imports.reading import Imported, imported

FILES = Path(__file__).parent / "files"


def field_case(name: str) -> Imported:
    return imported(next(FILES.glob(f"{name}.*")).read_bytes())


def criticals(told: Imported) -> list[str]:
    return sorted(one.title for one in told.findings if one.kind == "laboratory" and one.data["critical"])


def of(told: Imported, title: str) -> Finding:
    return next(one for one in told.findings if one.title.startswith(title))


class TestWhatFailed:
    def test_values_of_every_type_are_told_or_counted(self) -> None:
        told = field_case("ccda_03_value_types")
        assert "- ANA titre [LOINC 5206-6]: 1:1280; 2026-11-20; status completed" in told.lines
        assert "- Ferritin [LOINC 2276-4]: >1000 ng/mL; 2026-11-20; status completed" in told.lines
        assert "- CRP [LOINC 1988-5]: <5 mg/L; 2026-11-20; status completed" in told.lines
        assert "- Potassium [LOINC 2823-3]: no value given; 2026-11-20; status completed" in told.lines
        assert "flagged LL" in next(line for line in told.lines if "Sodium" in line)
        assert criticals(told) == ["Sodium 118 mmol/L"]
        assert told.record.left_out["statement of “Results” (a value that cannot be read)"] == 1

    def test_only_what_is_taken_is_current(self) -> None:
        told = field_case("ccda_04_medicine_negated")
        assert told.titles("medicine") == ["ibuprofen"]
        assert told.titles("interaction") == []
        assert next(line for line in told.lines if "Warfarin" in line).startswith("- Not taken: Warfarin 5 MG")
        assert next(line for line in told.lines if "Amiodarone" in line).startswith(
            "- Not current (stopped, ended), not taken: "
        )

    def test_a_value_in_the_narrative_is_found_there(self) -> None:
        told = field_case("ccda_06_reference_to_text")
        (line,) = [line for line in told.lines if "Deep vein" in line]
        assert line.startswith("- Past (ended), history of: Deep vein thrombosis, resolved, ")
        (line,) = [line for line in told.lines if "Pulmonary embolism" in line]
        assert line.startswith("- Negated, ruled out: ")
        assert told.titles("red_flag") == []

    def test_a_refuted_allergy_is_none(self) -> None:
        told = field_case("fhir_01_refuted_allergy")
        assert "- Refuted allergy: Penicillin, refuted" in told.lines
        assert "- Unconfirmed allergy: Latex, active, unconfirmed" in told.lines
        assert "- Past allergy (resolved): Peanut, resolved, confirmed" in told.lines

    @pytest.mark.parametrize("name", ["fhir_03_versioned_reference", "fhir_04_contained_patient"])
    def test_the_patient_is_known_by_every_kind_of_reference(self, name: str) -> None:
        assert criticals(field_case(name)) == ["Potassium 6.4 mmol/L"]
        assert "Patient: Maria Keller" in field_case(name).lines

    def test_codes_count_whatever_the_display_says(self) -> None:
        told = field_case("fhir_06_loinc_display")
        assert criticals(told) == [
            "Hemoglobin 6.1 g/dL",
            "International normalized ratio 7.9",
            "Potassium 6.9 mmol/L",
        ]
        assert len(told.titles("red_flag")) >= 2
        assert of(told, "Potassium 6.9").data["date"] == "2026-11-20"

    def test_what_was_measured_in_urine_is_never_a_value_of_blood(self) -> None:
        told = field_case("fhir_07_loinc_urine")
        assert "- Potassium [LOINC 2828-2]: 45 mmol/L; specimen Urine, random; 2026-11-20; status final" in told.lines
        assert criticals(told) == []
        assert not [one for one in told.findings if one.data.get("loinc") in ("2823-3", "2951-2")]
        assert told.titles("red_flag") == []

    def test_what_is_about_a_place_is_left_out_and_counted(self) -> None:
        told = field_case("fhir_08_location_subject")
        assert criticals(told) == ["Potassium 6.4 mmol/L"]
        assert told.record.left_out["Observation (about a Location)"] == 1
        assert told.record.left_out["Device"] == 1
        (place,) = [one["places"] for one in told.record.not_taken() if one["reason"] == "about a Location"]
        assert place == ["entry 3 (Observation)"]

    def test_the_official_name_counts(self) -> None:
        assert "Patient: Maria Keller" in field_case("fhir_18_name_official_vs_maiden").lines


class TestWhatPassed:
    def test_numbers_keep_their_digits(self) -> None:
        told = field_case("fhir_09_precision")
        assert "- Potassium [LOINC 2823-3]: 7.0 mmol/L; 2026-11-20; status final" in told.lines
        assert "- Platelets [LOINC 777-3]: 250000 /uL; 2026-11-20; status final" in told.lines

    def test_two_results_of_one_id_are_two(self) -> None:
        assert criticals(field_case("fhir_10_duplicate_ids")) == ["Potassium 6.4 mmol/L", "Sodium 118 mmol/L"]

    def test_references_by_urn_are_followed(self) -> None:
        assert criticals(field_case("fhir_11_absolute_and_urn")) == ["Potassium 6.4 mmol/L"]

    def test_what_was_refuted_is_said_and_what_is_not_imported_counted(self) -> None:
        told = field_case("fhir_17_refuted_condition")
        assert "- Refuted, ruled out: Pulmonary embolism, refuted, no date given" in told.lines
        assert (told.record.left_out["FamilyMemberHistory"], told.record.left_out["Immunization"]) == (1, 1)
        assert told.findings == ()

    def test_a_searchset_with_an_outcome_is_taken(self) -> None:
        bundle = json.loads((FILES / "fhir_03_versioned_reference.json").read_bytes()) | {"type": "searchset"}
        issue = {"severity": "information", "code": "informational", "diagnostics": "2 of 3"}
        outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
        bundle["entry"].append({"resource": outcome, "search": {"mode": "outcome"}})
        told = imported(json.dumps(bundle).encode())
        assert criticals(told) == ["Potassium 6.4 mmol/L"]

    def test_mother_and_child_are_two(self) -> None:
        with pytest.raises(UnfitRecord, match="2 Patient"):
            field_case("fhir_21_mother_and_child")

    def test_dates_in_part_are_told_in_part(self) -> None:
        told = field_case("fhir_22_partial_dates")
        assert "Date of birth: 1961" in told.lines
        assert "- Potassium [LOINC 2823-3]: 4.4 mmol/L; 2026-11; status final" in told.lines

    def test_no_known_allergies_are_said_to_be_none(self) -> None:
        told = field_case("ccda_01_no_known_allergies")
        assert any(line.startswith("- No known allergies") for line in told.lines)

    def test_a_negated_allergy_is_refuted(self) -> None:
        told = field_case("ccda_02_negated_penicillin")
        assert any(line.startswith("- NOT, refuted allergy: Penicillin") for line in told.lines)


class TestSentAsADocument:
    @pytest.mark.parametrize(
        ("file", "address"),
        [("ccda_01_no_known_allergies.xml", "imports/ccda"), ("fhir_06_loinc_display.json", "imports/fhir")],
    )
    @pytest.mark.parametrize("declared", ["", "text/xml", "application/json", "text/plain"])
    @pytest.mark.parametrize("ending", ["", ".txt"])
    def test_the_address_that_takes_it_is_named(self, file: str, address: str, declared: str, ending: str) -> None:
        head = (FILES / file).read_bytes()[:HEAD_BYTES]
        for beginning in (head, b"\xef\xbb\xbf\r\n" + head, head.decode().encode("utf-16")[:HEAD_BYTES]):
            with pytest.raises(Refused) as refusal:
                sniff_head(beginning, file + ending, declared)
            assert f"/api/v1/cases/{{case_id}}/{address}" in refusal.value.advice

    def test_fhir_in_xml_is_told_to_come_as_json(self) -> None:
        with pytest.raises(Refused, match="wrong_type") as refusal:
            sniff_head(b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>', "r.xml", "text/xml")
        assert "as JSON" in refusal.value.advice


@pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
@pytest.mark.parametrize(
    ("name", "media_type", "kinds"),
    [
        ("fhir_06_loinc_display.json", "application/fhir+json", {"laboratory": 3}),
        ("ccda_04_medicine_negated.xml", "application/hl7-cda+xml", {"medicine": 1}),
    ],
)
def test_from_the_door_to_the_insights(name: str, media_type: str, kinds: dict[str, int]) -> None:
    world = make_world("Nothing here.")
    world.move_to("DRAFT", assigned_user_id=None)
    api: Any = ApiClient(world.patient)
    kind = name.partition("_")[0]
    answer = api.client.generic(
        "POST",
        f"/api/v1/cases/{world.case_id}/imports/{kind}",
        (FILES / name).read_bytes(),
        content_type=media_type,
        headers=api._headers({}),
    )
    assert answer.status_code == 202, answer.content
    assert answer.json()["not_taken"] == []
    drain()
    document = Document.objects.exclude(id=world.document_id).get()
    assert AnalysisRun.objects.get(document_id=document.id).state == "COMPLETED"
    world.move_to("IN_REVIEW", assigned_user_id=world.specialist.user_id)
    told = insights_for_case(principal=world.specialist, case_id=world.case_id)
    assert {one: told.counts.get(one, 0) for one in (*kinds, "interaction")} == kinds | {"interaction": 0}
    for finding in told.findings:
        if finding.kind == "laboratory":
            assert (finding.data["observed_on"], finding.data["critical"] != "") == ("2026-11-20", True)
