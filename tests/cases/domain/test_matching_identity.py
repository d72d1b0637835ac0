"""Whose document is it: names in any order, dates in any form, and nothing guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.matching_identity import match_identity

BORN = date(1961, 4, 17)
NAME = "Maria Keller"


def match(text: str, **changes) -> str:
    return match_identity(texts=[text], full_name=NAME, date_of_birth=BORN, **changes)


@pytest.mark.parametrize(
    "text",
    [
        "Patient: Maria Keller",
        "Patient: KELLER, Maria",
        "Patient name: Dr. Maria Anna Keller",
        "Dear Mrs Maria Keller,\nyour results:",
        "Name: Mária Keller | Ward 3",
        "Patient: Maria Keller\nDate of birth: 17.04.1961",
        "DOB: 1961-04-17\nHb 9.1 g/dl",
        "geboren am 17.04.1961",
        "born 17 April 1961",
        "Date of birth: 04/17/1961",
    ],
)
def test_the_patients_own_document_is_known(text) -> None:
    assert match(text) == "matched"


@pytest.mark.parametrize(
    "text",
    [
        "Patient: John Smith",
        "Patient: Maria Keller\nDate of birth: 18.04.1961",
        "DOB: 1960-04-17",
        "Patient: Maria Kessler\nDate of birth: 17.04.1961",
        "Patient: Maria Keller\n...\nPatient: John Smith",
    ],
)
def test_somebody_elses_document_is_never_taken_for_the_patients(text) -> None:
    assert match(text) == "mismatched"


@pytest.mark.parametrize("text", ["", "Hb 9.1 g/dl", "Keller wrote this", "Report of 17.04.1961", "Patient: —"])
def test_what_does_not_say_is_left_to_a_person(text) -> None:
    assert match(text) == "unknown"


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        ({"header_name": "KELLER^MARIA"}, "matched"),
        ({"header_name": "SMITH^JOHN"}, "mismatched"),
        ({"header_birth": "19610417"}, "matched"),
        ({"header_name": "KELLER^MARIA", "header_birth": "19600417"}, "mismatched"),
    ],
)
def test_an_images_header_counts_like_its_text(header, verdict) -> None:
    assert match("", **header) == verdict


def test_an_ambiguous_date_fits_when_one_of_its_meanings_does() -> None:
    assert match_identity(texts=["DOB: 04/05/1961"], full_name=NAME, date_of_birth=date(1961, 5, 4)) == "matched"
    assert match_identity(texts=["DOB: 04/05/1961"], full_name=NAME, date_of_birth=date(1961, 4, 5)) == "matched"
    assert match_identity(texts=["DOB: 04/05/1961"], full_name=NAME, date_of_birth=date(1961, 6, 4)) == "mismatched"


def test_without_a_birth_date_on_file_a_birth_date_proves_nothing() -> None:
    assert match_identity(texts=["DOB: 1950-01-01"], full_name=NAME, date_of_birth=None) == "unknown"


names = st.lists(st.text("abcdefghijklmnop", min_size=3, max_size=8), min_size=2, max_size=3, unique=True)


@given(names, names)
def test_a_labelled_name_with_no_part_in_common_never_matches(own: list[str], other: list[str]) -> None:
    if set(own) & set(other):
        return
    found = match_identity(texts=[f"Patient: {' '.join(other)}\nletter"], full_name=" ".join(own), date_of_birth=None)
    assert found == "mismatched"


@given(st.dates(date(1910, 1, 1), date(2020, 12, 31)))
def test_every_written_form_of_the_birth_date_is_found(born: date) -> None:
    for text in (f"{born:%Y-%m-%d}", f"{born:%d.%m.%Y}", f"{born:%d/%m/%Y}", f"{born:%m/%d/%Y}", f"{born:%d %B %Y}"):
        found = match_identity(texts=[f"Date of birth: {text}"], full_name=NAME, date_of_birth=born)
        assert found == "matched", text
