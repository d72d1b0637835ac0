"""How phrases are meant, measured on sentences by somebody who has not read the code (tests/corpora/scope)."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from analysis.domain.medicines import mentions
from analysis.domain.redflags import red_flag_findings
from analysis.domain.scope import Said, Scope, ScopedText
from analysis.domain.sections import Section, paragraphs
from tests.analysis.pages import medicine_scope, pages, scope_of

CORPUS = Path(__file__).parents[1] / "corpora" / "scope" / "sentences.jsonl"
FULL = bool(os.environ.get("SOP_SCOPE"))
FLAGS = ("negated", "historical", "family", "hypothetical")
FLOORS = {"negated": 0.95, "historical": 0.75, "family": 0.75}


def measured(lines: list[str]) -> dict[str, float]:
    """F1 by flag; what careful readers would argue about is not counted."""
    counted: Counter[tuple[str, bool, bool]] = Counter()
    for line in lines:
        row = json.loads(line)
        text = ScopedText(row["text"])
        for each in row["mentions"]:
            said = Said.MEDICINE if each["kind"] == "medicine" else Said.FINDING
            found = text.context(each["start"], each["end"], said)
            for flag in FLAGS:
                if flag not in each.get("unjudged", ()):
                    counted[flag, each[flag], getattr(found, flag)] += 1
    right = {flag: 2 * counted[flag, True, True] for flag in FLAGS}
    return {
        flag: right[flag] / (right[flag] + counted[flag, True, False] + counted[flag, False, True]) for flag in FLAGS
    }


def test_negation_time_and_relatives_are_told_as_well_as_promised() -> None:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    reached = measured(lines if FULL else lines[::9])
    print({flag: round(value, 3) for flag, value in reached.items()})
    assert {flag: value for flag, value in reached.items() if value < FLOORS.get(flag, 0)} == {}


@pytest.mark.parametrize(
    ("text", "phrase", "scope"),
    [
        ("Embolism cannot be excluded.", "Embolism", Scope.PRESENT),
        ("Eine Lungenembolie ist nicht auszuschließen.", "Lungenembolie", Scope.PRESENT),
        ("No se puede descartar una sepsis.", "sepsis", Scope.PRESENT),
        ("Un sepsis ne peut être exclu.", "sepsis", Scope.PRESENT),
        ("No fever,\npresents with chest pain.", "chest pain", Scope.PRESENT),
        ("Denies\nchest pain.", "chest pain", Scope.NEGATED),
        ("Niega disnea, fiebre y tos.", "tos", Scope.NEGATED),
        ("Fieber besteht nicht.", "Fieber", Scope.NEGATED),
        ("Her family doctor treats the gout.", "gout", Scope.PRESENT),
        ("Mother reports fever since Monday.", "fever", Scope.PRESENT),
        ("Fever (mother had measles).", "measles", Scope.FAMILY),
        ("Allergies: none known. Now sepsis.", "sepsis", Scope.PRESENT),
    ],
)
def test_a_trigger_reaches_its_clause_and_no_further(text: str, phrase: str, scope: Scope) -> None:
    start = text.index(phrase)
    assert scope_of(text, start, start + len(phrase)) is scope


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Stopped warfarin, continue bisoprolol.", {"bisoprolol"}),
        ("Warfarin was replaced with apixaban.", {"apixaban"}),
        ("Switched from citalopram to sertraline.", {"sertraline"}),
        ("Statt Citalopram nun Sertraline.", {"sertraline"}),
        ("Se suspende warfarina, continuar bisoprolol.", {"bisoprolol"}),
        ("Arrêt de la warfarine, poursuite du bisoprolol.", {"bisoprolol"}),
        ("Allergies: none known. Meds: warfarin 5 mg daily", {"warfarin"}),
        ("Allergies: none known\nWarfarin 5 mg once daily", {"warfarin"}),
        ("Allergies: aspirin\nWarfarin 5 mg once daily", {"warfarin"}),
        ("She cannot sleep without zopiclone.", {"zopiclone"}),
        ("Warfarin was stopped\nbecause of bleeding.", set()),
    ],
)
def test_stopped_and_replaced_medicines_are_not_taken_and_their_neighbours_are(text: str, taken: set[str]) -> None:
    found, _ = mentions(pages(text))
    names = {one.medicine.generic for one in found}
    assert {name for name in names if name in {"warfarin", "bisoprolol", "apixaban", "aspirin"} | taken} == taken


def test_a_heading_with_content_silences_its_own_line_only() -> None:
    found = list(paragraphs(pages("Medication\nAllergies: none known\nWarfarin 5 mg\nFamily history: stroke\nSepsis")))
    assert [(one.section, one.text) for one in found] == [
        (Section.ALLERGIES, "Allergies: none known"),
        (Section.MEDICATION, "Warfarin 5 mg"),
        (Section.FAMILY, "Family history: stroke"),
        (Section.MEDICATION, "Sepsis"),
    ]


def test_wrapped_lines_are_one_sentence_and_entries_of_a_list_are_not() -> None:
    wrapped = "The patient was seen in the emergency department and denied\nsepsis or haemoptysis at any time."
    assert red_flag_findings(pages(wrapped), []) == []
    (flag,) = red_flag_findings(pages("The patient complains of severe shortness\nof breath since the morning."), [])
    assert flag.spans[0].quote == "severe shortness\nof breath"
    listed, _ = mentions(pages("Warfarin 5 mg daily stopped on 3 May\nBisoprolol 2.5 mg daily"))
    assert [one.medicine.generic for one in listed] == ["bisoprolol"]


def test_a_medicine_and_a_symptom_have_their_own_triggers() -> None:
    text = "Refused metformin for nausea."
    assert medicine_scope(text, 8, 17) is Scope.STOPPED
    assert scope_of(text, 22, 28) is Scope.PRESENT
