from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, get_args

import pytest

from cases.adapters.report import build_bundle, build_pdf
from cases.adapters.report import words as wording
from cases.domain.report.signed_report import (
    AiDecision,
    ClinicalImpact,
    Diagnosis,
    DiagnosisAgreement,
    LabFlag,
    LabValue,
    PeerOutcome,
    PeerReview,
    PlainLanguage,
    Sex,
    TreatmentAgreement,
)
from tests.cases.report import samples
from tests.cases.report.samples import full_report
from tests.cases.report.test_fhir import section
from tests.cases.report.test_pdf import words_of


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (wording.DIAGNOSIS_AGREEMENT, DiagnosisAgreement),
        (wording.TREATMENT_AGREEMENT, TreatmentAgreement),
        (wording.CLINICAL_IMPACT, ClinicalImpact),
        (wording.PEER_OUTCOME, PeerOutcome),
        (wording.LAB_FLAG, LabFlag),
        (wording.AI_DECISION, AiDecision),
        (wording.SEX, Sex),
    ],
)
def test_every_code_has_words_and_no_two_codes_share_them(words: Mapping[str, str], codes: Any) -> None:
    assert set(words) == set(get_args(codes))
    assert len(set(words.values())) == len(words)
    with pytest.raises(TypeError):
        words["agree"] = "changed"  # type: ignore[index]  # the write is what is tested


@pytest.mark.parametrize("agreement", get_args(DiagnosisAgreement))
def test_the_pdf_and_the_document_say_the_same_of_the_diagnosis(agreement: DiagnosisAgreement) -> None:
    report = full_report(diagnosis_agreement=agreement)
    said = wording.DIAGNOSIS_AGREEMENT[agreement]
    assert said in words_of(build_pdf(report))
    assert said in section(build_bundle(report), "29548-5")["text"]["div"]


@pytest.mark.parametrize("agreement", get_args(TreatmentAgreement))
def test_the_pdf_and_the_document_say_the_same_of_the_treatment(agreement: TreatmentAgreement) -> None:
    report = full_report(treatment_agreement=agreement)
    said = wording.TREATMENT_AGREEMENT[agreement]
    assert said in words_of(build_pdf(report))
    assert said in section(build_bundle(report), "93341-6")["text"]["div"]


@pytest.mark.parametrize("impact", get_args(ClinicalImpact))
def test_the_pdf_and_the_document_say_the_same_of_the_effect_on_care(impact: ClinicalImpact) -> None:
    report = full_report(clinical_impact=impact)
    said = wording.CLINICAL_IMPACT[impact]
    assert f"Effect on care: {said}" in words_of(build_pdf(report))
    assert f"<b>Effect on care:</b> {said}" in section(build_bundle(report), "55110-1")["text"]["div"]


@pytest.mark.parametrize("outcome", get_args(PeerOutcome))
def test_the_peer_reviewers_outcome_is_in_the_pdf(outcome: PeerOutcome) -> None:
    review = PeerReview(reviewer=samples.REVIEWER, outcome=outcome, dissent="")
    printed = words_of(build_pdf(full_report(peer_review=review)))
    assert f"{wording.PEER_OUTCOME[outcome]}. Prof. Jürgen Weiß" in printed
    assert "Dissent" not in printed


def test_an_agreeing_opinion_that_restates_nothing_points_to_the_first() -> None:
    printed = words_of(build_pdf(full_report(diagnosis_agreement="agree", restated_diagnosis=None)))
    assert "as in the first opinion" in printed


def test_days_are_words_so_that_no_country_misreads_them() -> None:
    assert wording.day(date(2026, 3, 4)) == "4 March 2026"
    assert wording.day(None) == "not stated"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (UTC, "4 March 2026, 23:05 UTC"),
        (timezone(timedelta(hours=-8)), "4 March 2026, 23:05 UTC-08:00"),
        (timezone(timedelta(hours=5, minutes=45)), "4 March 2026, 23:05 UTC+05:45"),
    ],
)
def test_moments_name_their_offset(zone: timezone, said: str) -> None:
    assert wording.moment(datetime(2026, 3, 4, 23, 5, tzinfo=zone)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "none yet"),
        (Diagnosis(text=""), "none yet"),
        (Diagnosis(text="Asthma"), "Asthma"),
        (Diagnosis(text="Asthma", icd10="J45.9"), "Asthma (ICD-10 J45.9)"),
    ],
)
def test_a_diagnosis_shows_its_code_when_it_has_one(value: Diagnosis | None, said: str) -> None:
    assert wording.diagnosis(value, otherwise="none yet") == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("3.5", "5.10", "3.5–5.10"),
        ("60", None, "≥ 60"),
        (None, "0.04", "≤ 0.04"),
        ("1E+2", "2E+2", "100–200"),
        ("0", "0", "0–0"),
        (None, None, ""),
    ],
)
def test_reference_ranges_print_as_a_laboratory_prints_them(low: str | None, high: str | None, said: str) -> None:
    lab = LabValue(
        name="A",
        value_text="1",
        reference_low=Decimal(low) if low else None,
        reference_high=Decimal(high) if high else None,
    )
    assert wording.reference_range(lab) == said


def test_a_range_is_told_as_its_sheet_prints_it() -> None:
    lab = LabValue(name="eGFR", value_text="72", reference_low=Decimal(60), reference_text="> 60")
    assert wording.reference_range(lab) == "> 60"


def test_a_very_easy_page_counts_as_grade_one_and_not_below() -> None:
    report = full_report(plain_language=PlainLanguage(text="Go on. Do it. It is ok."))
    assert report.plain_language.reading_grade is not None
    assert report.plain_language.reading_grade < 1
    assert wording.reading_level(report) == "Reading level: about school grade 1.0 (US)."
