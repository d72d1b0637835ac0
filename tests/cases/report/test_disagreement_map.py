from __future__ import annotations

from typing import get_args

import pytest

from cases.adapters.report import words
from cases.domain.report.disagreement_map import confidence_drift, disagreement_map
from cases.domain.report.signed_report import DiagnosisAgreement, MalformedReport, TreatmentAgreement
from tests.cases.report.samples import REJECTED_WORDS, full_report


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("agree", "agree"),
        ("refined", "partly"),
        ("major_disagreement", "differ"),
        ("insufficient_information", "unknown"),
    ],
)
def test_each_code_says_how_far_the_opinions_agree(code: str, outcome: str) -> None:
    diagnosis, _ = disagreement_map(full_report(diagnosis_agreement=code))
    assert diagnosis.outcome == outcome


def test_every_code_has_an_outcome() -> None:
    for code in get_args(DiagnosisAgreement):
        disagreement_map(full_report(diagnosis_agreement=code))
    for code in get_args(TreatmentAgreement):
        disagreement_map(full_report(treatment_agreement=code))


def test_the_map_holds_what_each_of_the_four_said() -> None:
    diagnosis, treatment = disagreement_map(full_report())
    assert diagnosis.first_opinion == "Chronic kidney disease (ICD-10 N18.9)"
    assert diagnosis.sealed_read.startswith("Diabetic kidney disease, stage 3b")
    assert diagnosis.final.endswith("(ICD-10 E11.22)")
    assert (diagnosis.peer, treatment.peer) == ("minor_remarks", "minor_remarks")
    assert treatment.first_opinion.startswith("Ramipril 10 mg")


def test_a_reason_that_is_missing_is_said_to_be_missing_only_where_opinions_differ() -> None:
    silent = {"diagnosis_reason": "", "diagnosis_settled_by": ""}
    differing, _ = disagreement_map(full_report(diagnosis_agreement="refined", **silent))
    agreeing, _ = disagreement_map(full_report(diagnosis_agreement="agree", **silent))
    assert [label for label, _ in words.reasons(differing)] == ["Why:", "What would settle it:"]
    assert "not stated" in words.reasons(differing)[0][1]
    assert words.reasons(agreeing) == ()


def test_a_reason_in_the_words_of_a_rejected_finding_is_refused() -> None:
    for field in ("diagnosis_reason", "treatment_settled_by"):
        with pytest.raises(MalformedReport, match="repeats the words"):
            full_report(**{field: f"Because: {REJECTED_WORDS}."})


@pytest.mark.parametrize(
    ("final", "points", "said"), [(82, 7, "rose by 7"), (60, -15, "fell by 15"), (75, 0, "did not")]
)
def test_the_drift_of_confidence_is_counted_and_said(final: int, points: int, said: str) -> None:
    report = full_report(confidence=final)
    assert confidence_drift(report) == points
    assert said in words.drift(report)


def test_without_a_sealed_read_there_is_no_drift() -> None:
    report = full_report(first_read=None)
    assert confidence_drift(report) is None
    assert words.drift(report) == ""
