"""Known identifiers leave a text; what is clinical stays."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.privacy.redaction import REMOVED, identifiers, redacted

MARIA = identifiers(
    full_name="Maria Keller", email="maria@example.org", phone="+49 170 1234567", date_of_birth=date(1961, 4, 17)
)


@pytest.mark.parametrize(
    "text",
    [
        "Maria Keller was seen.",
        "MARIA was seen",
        "Frau Keller, geboren am 17.04.1961",
        "born 1961-04-17",
        "DOB 04/17/1961",
        "geb. 17.4.1961",
        "write to maria@example.org",
        "write to somebody.else@clinic.example",
        "call +49 170 1234567",
        "call (030) 555 01 02 03",
    ],
)
def test_a_known_identifier_is_removed(text):
    clean = redacted(text, MARIA)
    assert REMOVED in clean
    for known in ("maria", "keller", "1961", "1234567", "555"):
        assert known not in clean.lower()


@pytest.mark.parametrize(
    "text", ["Aortic stenosis, gradient 52 mmHg", "Marian trained Kellerman", "Bisoprolol 2.5 mg", "since 2024"]
)
def test_what_is_clinical_stays(text):
    assert redacted(text, MARIA) == text


def test_people_whom_the_patient_names_are_left_out_at_any_depth():
    intake = {"history": "Ill.", "treating_clinician": {"name": "Dr Weber"}, "more": [{"referrer": "Dr Weber"}]}
    assert redacted(intake, MARIA) == {"history": "Ill.", "more": [{}]}


def test_nothing_known_removes_nothing_but_addresses():
    assert redacted({"a": ["Maria", 3, None, True]}, ()) == {"a": ["Maria", 3, None, True]}


def test_a_name_of_one_or_two_letters_is_no_word_to_look_for():
    assert redacted("Li saw Dr O", identifiers(full_name="Li O", email="", phone="", date_of_birth=None)) == (
        "Li saw Dr O"
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_name_survives_whatever_is_around_it(before, after):
    assert "keller" not in redacted(f"{before} Keller {after}", ["Keller"]).lower().split()
