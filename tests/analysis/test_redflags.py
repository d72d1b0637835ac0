"""Warning signs: fixed wording for what is said of the patient now, and for critical values."""

from __future__ import annotations

import pytest

from analysis.domain.findings import Finding, Severity
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.redflags import limit_rules, red_flag_findings, text_rules
from analysis.domain.scope import Scope
from analysis.domain.subject import Subject
from tests.analysis.pages import LAB, assert_sourced, medicine_scope, pages, scope_of


def read(*texts: str) -> list[Finding]:
    sources = pages(*texts)
    found = red_flag_findings(sources, laboratory_findings(sources, Subject()))
    assert_sourced(found, sources)
    return found


def flags(*texts: str) -> set[str]:
    return {finding.data["rule"] for finding in read(*texts)}


@pytest.mark.parametrize(
    ("text", "rule", "level"),
    [
        ("Crushing chest pain since this morning.", "chest-pain-now", "emergency"),
        ("ECG: ST elevation in V2-V4.", "stemi", "emergency"),
        ("Sudden slurred speech at breakfast.", "stroke-face-arm-speech", "emergency"),
        ("MRI shows an acute ischaemic stroke.", "acute-stroke", "emergency"),
        ("The worst headache of her life.", "thunderclap", "emergency"),
        ("In status epilepticus on arrival.", "seizure-now", "emergency"),
        ("Severe shortness of breath.", "breathless-rest", "emergency"),
        ("Dyspnoea at rest.", "breathless-rest", "emergency"),
        ("Anaphylaxis after penicillin today.", "anaphylaxis", "emergency"),
        ("Unresponsive, GCS 6.", "unconscious", "emergency"),
        ("Coffee-ground vomit twice.", "haematemesis", "emergency"),
        ("Black stools for ten days.", "melaena", "same_day"),
        ("Müdigkeit seit März, Stuhl schwarz.", "melaena", "same_day"),
        ("Massive gastrointestinal bleeding.", "active-bleed", "emergency"),
        ("Septic shock.", "sepsis", "emergency"),
        ("Febrile neutropenia.", "neutropenic-fever", "emergency"),
        ("Saddle anaesthesia since yesterday.", "cord-compression", "emergency"),
        ("Reports suicidal ideation.", "suicidal", "emergency"),
        ("A non-blanching rash on the legs.", "meningitis", "emergency"),
        ("CT: aortic dissection type A.", "aortic", "emergency"),
        ("Acute pulmonary embolism on CT.", "pulmonary-embolism", "emergency"),
        ("Tension pneumothorax.", "tension-pneumothorax", "emergency"),
        ("Suspected testicular torsion.", "testicular-torsion", "emergency"),
        ("Ruptured ectopic.", "ectopic", "emergency"),
        ("Diabetic ketoacidosis.", "dka", "emergency"),
        ("Giant cell arteritis is suspected.", "giant-cell", "same_day"),
        ("Sudden loss of vision in the left eye.", "acute-vision", "emergency"),
        ("DVT of the left leg.", "dvt", "same_day"),
        ("Painless jaundice.", "jaundice", "same_day"),
        ("Passed out in the kitchen.", "syncope", "same_day"),
        ("Haemoptysis for a week.", "haemoptysis", "same_day"),
        ("Rectal bleeding on and off.", "rectal-bleeding", "routine"),
        ("Visible haematuria.", "haematuria", "routine"),
        ("Progressive dysphagia.", "dysphagia", "routine"),
        ("Unexplained weight loss of 8 kg.", "weight-loss", "routine"),
        ("A breast lump on the left.", "breast-lump", "routine"),
        ("Postmenopausal bleeding.", "postmenopausal-bleeding", "routine"),
        ("Rigid abdomen.", "acute-abdomen", "emergency"),
        ("Bowel obstruction on X-ray.", "bowel-obstruction", "same_day"),
    ],
)
def test_each_rule_meets_the_words_it_is_for(text: str, rule: str, level: str) -> None:
    found = {finding.data["rule"]: finding for finding in read(text)}
    assert found[rule].data["level"] == level
    assert found[rule].data["source"]


def test_every_text_rule_has_its_example() -> None:
    examples = {mark[1] for mark in test_each_rule_meets_the_words_it_is_for.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert {rule.id for _, rule in text_rules()} == examples


def test_there_are_as_many_rules_as_promised() -> None:
    assert len(text_rules()) + len(limit_rules()) >= 30


@pytest.mark.parametrize(
    "text",
    [
        "No black stools.",
        "Denies hematemesis or melena.",
        "Gastric ulcer without massive bleeding.",
        "Pulmonary angiogram negative for acute pulmonary embolism.",
        "Acute pulmonary embolism was ruled out.",
        "History of DVT.",
        "Deep vein thrombosis in 2009.",
        "Septic shock three years ago.",
        "Mother had a breast lump.",
        "Family history\nAcute stroke",
        "Past medical history\nDVT",
        "Return if you have chest pain radiating to the arm.",
        "Seek help in case of black stools.",
        "When to seek help\nBlack stools",
        "CT to exclude aortic dissection.",
        "Patient is not suicidal; no suicidal ideation.",
        "Keine schwarzen Stühle.",
        "The garden is rigid.",
    ],
)
def test_negated_past_family_and_hypothetical_signs_raise_nothing(text: str) -> None:
    assert flags(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "No chest pain but severe shortness of breath.",
        "Denies fever. Severe shortness of breath.",
        "History of asthma; now severe shortness of breath.",
        "Not sure if fever; severe shortness of breath.",
        "No improvement: severe shortness of breath.",
    ],
)
def test_a_negation_ends_with_its_clause(text: str) -> None:
    assert flags(text) == {"breathless-rest"}


def test_a_critical_value_raises_its_flag_at_its_place() -> None:
    (finding,) = read(LAB)
    assert finding.data["rule"] == "potassium-high"
    assert finding.severity is Severity.CRITICAL
    assert finding.spans[0].quote == "Potassium  6.4  mmol/L  3.5 - 5.1  H"
    assert finding.data["value"] == "Potassium 6.4 mmol/L"


def test_one_sign_said_twice_is_one_finding_with_two_places() -> None:
    (finding,) = read("Black stools today.\nAgain black stools.")
    assert len(finding.spans) == 2


def test_emergencies_come_first() -> None:
    found = read("Rectal bleeding.\nBlack stools.\nSevere shortness of breath.")
    assert [finding.data["level"] for finding in found] == ["emergency", "same_day", "routine"]


@pytest.mark.parametrize(
    ("text", "phrase", "scope"),
    [
        ("No fever today", "fever", Scope.NEGATED),
        ("Fever was ruled out", "Fever", Scope.NEGATED),
        ("without any fever", "fever", Scope.NEGATED),
        ("history of fever", "fever", Scope.HISTORICAL),
        ("fever two years ago", "fever", Scope.HISTORICAL),
        ("her mother had fever", "fever", Scope.FAMILY),
        ("if fever occurs", "fever", Scope.HYPOTHETICAL),
        ("fever since Monday", "fever", Scope.PRESENT),
        ("No cough. Fever", "Fever", Scope.PRESENT),
        ("no cough but fever", "fever", Scope.PRESENT),
        ("kein Husten, kein fever", "fever", Scope.NEGATED),
    ],
)
def test_the_scope_of_a_phrase_is_that_of_its_clause(text: str, phrase: str, scope: Scope) -> None:
    start = text.index(phrase)
    assert scope_of(text, start, start + len(phrase)) is scope


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("stopped X", Scope.STOPPED),
        ("X was discontinued", Scope.STOPPED),
        ("allergic to X", Scope.STOPPED),
        ("switched from X to Y", Scope.STOPPED),
        ("takes X", Scope.PRESENT),
        ("X goes on; Y stopped", Scope.PRESENT),
    ],
)
def test_a_medicine_that_was_stopped_is_not_taken(text: str, scope: Scope) -> None:
    start = text.index("X")
    assert medicine_scope(text, start, start + 1) is scope
