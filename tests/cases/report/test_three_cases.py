"""Three reports as they are delivered, of three cases: an independent validator finds no error, and each is proven."""

from __future__ import annotations

import json

import pytest

from cases.adapters.report_keys import report_keys
from cases.domain.report.proof import verify
from cases.services.workflow import Transition
from tests.cases.opinion.amendment_steps import amended
from tests.cases.report.validator import errors_of
from tests.cases.support import Story, by
from tests.observations import report_fhir

pytestmark = pytest.mark.django_db(databases=("default", "professionals", "cases"))

DIFFERS = {
    "diagnosis_agreement": "major_disagreement",
    "restated_diagnosis": {"text": "Amyloid heart disease", "icd10": "E85.4"},
    "diagnosis_reason": "Low voltage beside a thick wall.",
    "diagnosis_settled_by": "A bone scan.",
    "treatment_agreement": "alternative",
    "clinical_impact": "major",
    "further_tests": "Bone scan\nFree light chains",
    "red_flags": "Fainting",
    "alternatives": [{"title": "Wait", "description": "For the scan <i>first</i>."}],
    "references": "ESC 2021.",
}


def delivered(story: Story) -> bytes:
    with by(story.patient):
        return report_fhir(principal=story.patient, case_id=story.id)


def test_the_documents_of_three_cases_are_valid_fhir_and_proven(api) -> None:
    from fhir.resources.R4B.bundle import Bundle

    agrees = Story().delivered()
    differs = Story(
        medicines=[], allergies=[], history="", diagnosis={"none_yet": True}, title="Dicke Herzwand", language="de"
    ).delivered(**DIFFERS)
    corrected = Story(title="A third look").delivered(confidence=0)
    amended(
        api,
        corrected,
        corrected.author,
        Transition.AMEND_DELIVERED,
        "A page was missing.",
        {"summary": "Corrected & signed <again>."},
    )
    files = [delivered(story) for story in (agrees, differs, corrected)]
    bundles = [json.loads(file) for file in files]
    assert errors_of(bundles) == [[], [], []]
    assert len({bundle["id"] for bundle in bundles}) == 3
    for file, bundle in zip(files, bundles, strict=True):
        assert Bundle.model_validate_json(file).signature.sigFormat == "application/jose"
        assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
        assert verify(file, report_keys()).standing == "valid"
    assert bundles[2]["entry"][0]["resource"]["relatesTo"][0]["code"] == "replaces"
    assert "What would settle it" in files[1].decode()
    # The validator would have seen a fault of the signature.
    del bundles[0]["signature"]["who"]
    bundles[1]["signature"]["seen"] = True
    first, second, third = errors_of(bundles)
    assert first and second and not third
