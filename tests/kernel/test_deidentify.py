"""What identifies people does not leave; what is medicine stays, at its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.kernel.privacy.deidentification import Identifiers, NotDeidentified, engine, masked_text, residual, without
from tests.analysis.pages import LAB, LETTER, MEDICATION

KNOWN = Identifiers(
    names=("Maria Keller", "Jörg Müller", "St. Brigid Hospital"),
    dates=(date(1961, 4, 17),),
    codes=("maria.keller@example.org", "+49 30 1234567"),
)


@pytest.mark.parametrize(
    "identifier",
    [
        "Maria Keller",
        "MARIA KELLER",
        "Keller, Maria",
        "maria keller",
        "Ms Keller",
        "Kellar",
        "Maria's",
        "Jörg Müller",
        "Joerg Mueller",
        "Jorg Muller",
        "JÖRG MÜLLER",
        "maria.keller@example.org",
        "somebody.else@clinic.example",
        "+49 30 1234567",
        "+49 (30) 123-4567",
        "1961-04-17",
        "17.04.1961",
        "17/4/61",
        "04/17/1961",
        "Dr. Thomas Oakley",
        "Prof. Anna von Stein",
        "123-45-6789",
        "4471903123",
        "MRN-4471903",
        "https://portal.example/record/1",
        "12 High Street",
        "Lindenstraße 14",
    ],
)
def test_an_identifier_in_the_text_is_masked(identifier: str) -> None:
    masked = masked_text(f"Seen today: {identifier} with anemia.", KNOWN)
    # Titles may stay: they identify nobody.
    words = [word for word in identifier.split() if word not in ("Dr.", "Prof.", "Ms")]
    assert not [word for word in words if word in masked]
    assert "anemia" in masked


@pytest.mark.parametrize(
    "line", ["Patient: Ewa Nowak", "Record number: 88 41 2", "Address: Somewhere 5, Town", "Phone: 555 01"]
)
def test_what_stands_behind_a_label_is_masked_though_nobody_knows_it(line: str) -> None:
    masked = masked_text(line, Identifiers())
    label, _, value = line.partition(": ")
    assert masked.startswith(label)
    assert not [part for part in value.split() if part in masked.split()]


def test_a_facility_is_masked() -> None:
    assert "Northfield" not in masked_text(LAB, Identifiers())


@pytest.mark.parametrize(
    "text", [LETTER, MEDICATION, "Platelets  188  10^9/L  150 - 400", "BP 104/62, HR 96, 2026-09-14"]
)
def test_medicine_stays_as_it_is(text: str) -> None:
    assert masked_text(text, KNOWN) == text


def test_every_result_of_a_report_survives() -> None:
    masked = masked_text(LAB, KNOWN).splitlines()
    assert masked[5:] == LAB.splitlines()[5:]


@example("IV", "Müller")
@given(st.text(max_size=200), st.sampled_from(["Maria Keller", "Müller", "17.04.1961", "maria.keller@example.org"]))
def test_masking_keeps_every_offset_and_leaves_nothing(text: str, identifier: str) -> None:
    whole = f"{text} {identifier} {text}"
    try:
        masked = masked_text(whole, KNOWN)
    except NotDeidentified:
        return
    assert len(masked) == len(whole)
    assert [c.isspace() for c in masked] == [c.isspace() for c in whole]
    assert not residual(masked, KNOWN)
    assert identifier not in masked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("seen: KELLER", "name"),
        ("m a r i a k e l l e r", "name"),
        ("tel 4930-1234567", "code"),
        ("maria.keller@EXAMPLE.org", "name"),
        ("born 17.4.1961", "date"),
        ("nothing here", ""),
    ],
)
def test_the_second_look_finds_what_the_first_left(text: str, kind: str) -> None:
    assert residual(text, KNOWN) == kind


ELSEWHERE = Identifiers(names=("Иван Петров", "王 小明", "יוסף כהן", "Łukasz Müller"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Пациент Иван Петров, анемия", "анемия"),
        ("Осмотр Петрова: анемия", "анемия"),
        ("患者王小明的血红蛋白低", "血红蛋白低"),
        ("小明 anemia", "anemia"),
        ("לכהן יש אנמיה", "אנמיה"),
        ("Lukasz has anemia", "anemia"),
        # As some programs write it: the accent behind its letter.
        ("Mu\u0308ller has anemia", "anemia"),
        ("Пётр и Ива\u0306н: анемия", "анемия"),
    ],
)
def test_a_name_in_another_alphabet_or_spelling_is_masked(text: str, left: str) -> None:
    masked = masked_text(text, ELSEWHERE)
    assert len(masked) == len(text)
    assert left in masked
    for part in ("Иван", "Ива", "Петров", "小明", "כהן", "ukasz", "ller"):
        assert part not in masked


def test_the_second_look_finds_a_name_in_another_alphabet() -> None:
    assert residual("Иван", ELSEWHERE) == "name"
    assert residual("王小明", ELSEWHERE) == "name"


def test_masks_and_words_in_their_place_are_put_at_the_same_places() -> None:
    text = "Maria Keller, 17.04.1961, maria.keller@example.org, seen by Dr. Thomas Oakley: anemia"
    assert without(text, KNOWN, instead="…") == "… …, …, …, seen by Dr. …: anemia"
    assert not residual(without(text, KNOWN, instead="…"), KNOWN)


def test_what_is_left_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for finder in ("known_names", "listed_names"):
        monkeypatch.setattr(engine, finder, lambda *given: ())
    with pytest.raises(NotDeidentified) as stopped:
        masked_text("Her name is Keller", KNOWN)
    assert "Keller" not in str(stopped.value)


def test_a_name_spelled_with_blanks_is_masked() -> None:
    assert masked_text("M a r i a K e l l e r", KNOWN) == "# # # # # # # # # # #"
