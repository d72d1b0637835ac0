"""Known identifiers leave a text; what is clinical stays."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.privacy import redaction
from cases.domain.privacy.case_people import identifiers_of, with_labels
from cases.domain.privacy.redaction import REMOVED, redacted, to_call
from config.kernel.privacy.deidentification import Identifiers, places
from tests.analysis.pages import LAB, LETTER, MEDICATION


@dataclass(frozen=True)
class Account:
    full_name: str = ""
    email: str = ""
    phone: str = ""
    date_of_birth: date | None = None


PATIENT = Account("Maria Keller", "maria@example.org", "+49 170 1234567", date(1961, 4, 17))
MARIA = identifiers_of(patient=PATIENT, intake={}, specialists=())


@pytest.mark.parametrize(
    "text",
    [
        "Maria Keller was seen.",
        "MARIA was seen",
        "Frau Keller, geboren am 17.04.1961",
        "born 1961-04-17",
        "DOB 04/17/1961",
        "geb. 17.4.1961",
        "born 17-04-61",
        "write to maria@example.org",
        "write to somebody.else@clinic.example",
        "call +49 170 1234567",
        "call (030) 555 01 02 03",
        "Mrs Kellar was seen",
    ],
)
def test_a_known_identifier_is_removed(text):
    clean = redacted(text, MARIA)
    assert REMOVED in clean
    for known in ("maria", "keller", "kellar", "1961", "-61", "1234567", "555"):
        assert known not in clean.lower()


@pytest.mark.parametrize(
    "text", ["Aortic stenosis, gradient 52 mmHg", "Mariane trained Kellermann", "Bisoprolol 2.5 mg", "since 2024"]
)
def test_what_is_clinical_stays(text):
    assert redacted(text, MARIA) == text


def test_people_whom_the_patient_names_are_left_out_at_any_depth():
    intake = {"history": "Ill.", "treating_clinician": {"name": "Dr Weber"}, "more": [{"referrer": "Dr Weber"}]}
    assert redacted(intake, MARIA) == {"history": "Ill.", "more": [{}]}


def test_nothing_known_removes_nothing_but_addresses():
    assert redacted({"a": ["Maria", 3, None, True]}, Identifiers()) == {"a": ["Maria", 3, None, True]}


def test_a_name_of_two_letters_is_looked_for_as_names_are_written():
    short = identifiers_of(patient=Account("Li O"), intake={}, specialists=())
    assert redacted("Li saw no doctor", short) == "[removed] saw no doctor"
    assert redacted("Li 0.8 mmol/L, o li", short) == "Li 0.8 mmol/L, o li"


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_name_survives_whatever_is_around_it(before, after):
    known = Identifiers(names=("Keller",))
    assert "keller" not in redacted(f"{before} Keller {after}", known).lower().split()


INTAKE = {
    "treating_clinician": {
        "name": "Dr. Jan Kowal",
        "organisation": "Praxis Nord",
        "email": "jan@nord.example",
        "phone": "+49 30 1234567",
    },
    "involved": [
        {"role": "referrer", "name": "Ana Ruiz", "organisation": "Heart Center South", "email": "ana@south.example"},
        {"role": "payer", "name": "Krankenkasse Nordwest"},
    ],
    "diagnosis": {"text": "Aortic stenosis", "given_by": "Dr. Paul Brandt"},
    "first_opinion": {"reasoning": "r", "given_by": "Vera Stahl"},
}


def test_one_set_of_identifiers_holds_what_each_of_three_held():
    known = identifiers_of(patient=PATIENT, intake=INTAKE, specialists=["Dr. Ada Berg"])
    labelled = with_labels(known, ["Patient: Marie Kehler\nMRN: A-4471903\nSankt Anna Klinik"])
    # The peer reviewer's copy, the copy of a document, and what is masked before a text leaves.
    for name in ("Maria Keller", "Dr. Jan Kowal", "Praxis Nord", "Dr. Ada Berg"):
        assert name in known.names
    assert {"Ana Ruiz", "Dr. Paul Brandt", "Vera Stahl"} <= set(known.names)
    assert known.dates == (date(1961, 4, 17),)
    codes = {"maria@example.org", "+49 170 1234567", "jan@nord.example", "+49 30 1234567", "ana@south.example"}
    assert codes <= set(known.codes)
    assert set(known.names) < set(labelled.names)
    assert set(known.codes) < set(labelled.codes)
    assert any("sankt anna" in name.lower() for name in labelled.codes)


def test_a_house_is_removed_by_its_name_and_its_words_stay():
    known = identifiers_of(patient=PATIENT, intake=INTAKE, specialists=())
    assert redacted("heart failure, seen at Heart  Center-South", known) == f"heart failure, seen at {REMOVED}"


def test_a_field_may_hold_one_person_several_or_a_name_alone():
    intake = {"referrer": "Ana Ruiz", "contacts": [{"name": "Tom Keller", "phone": "0170 5550123"}, "Eva Lang"]}
    known = identifiers_of(patient=Account(), intake=intake, specialists=())
    assert known.names == ("Ana Ruiz", "Tom Keller", "Eva Lang")
    assert known.codes == ("0170 5550123",)


# The engine that this copy had of its own.
_FORMER_MAIL = re.compile(r"[\w.+-]{1,64}+@[\w-]+\.[\w.]+")
_PIECES = st.lists(
    st.sampled_from(
        [
            *("Maria Keller", "MARIA", "Keller,", " maria ", "Kellermann", "17.04.1961", "1961-04-17", "04/17/1961"),
            *("17.4.1961", "4/17/1961", "maria@example.org", "a.b@c.example", "+49 170 1234567", "(030) 555 01 02 03"),
            *(" ", "\n", ", ", "and ", "pain since 2024", "12", "-", "x", "ü", "52 mmHg", "Dr ", "Name: ", LAB, LETTER),
        ]
    ),
    max_size=10,
).map("".join)


def _former(text: str) -> set[int]:
    born = ("1961-04-17", "17.04.1961", "17/04/1961", "04/17/1961", "17.4.1961", "4/17/1961")
    terms = sorted(("Maria Keller", "Maria", "Keller", PATIENT.email, PATIENT.phone, *born), key=len, reverse=True)
    known = re.compile("|".join(rf"(?<!\w){re.escape(term)}(?!\w)" for term in terms), re.IGNORECASE)
    # It took ranges of results and plain dates for numbers to call, and removed them.
    called = (one for one in redaction._PHONE.finditer(text) if to_call(one[0]))
    found = chain(known.finditer(text), _FORMER_MAIL.finditer(text), called)
    return {at for one in found for at in range(*one.span()) if not text[at].isspace() and text[at].isalnum()}


@given(_PIECES)
def test_all_that_was_removed_before_is_removed(text):
    called = (one.span() for one in redaction._PHONE.finditer(text) if to_call(one[0]))
    spans = chain(places(text, MARIA), called)
    assert _former(text) <= {at for span in spans for at in range(*span)}


@pytest.mark.parametrize("text", ["5550 1234", "0170 - 1234567", "030/123456-78", "+49 170 1234567"])
def test_a_number_to_call_is_removed_though_nobody_knows_it(text):
    assert redacted(f"call {text} today", Identifiers()) == f"call {REMOVED} today"


@pytest.mark.parametrize("text", ["12.0 - 16.0", "2026-09-14", "120/80, 130/85", "140 - 400"])
def test_results_dates_and_pressures_are_no_numbers_to_call(text):
    assert redacted(f"it was {text} then", Identifiers()) == f"it was {text} then"


@pytest.mark.parametrize("text", [LAB, LETTER, MEDICATION])
def test_results_and_medicines_stay_in_the_copy(text):
    lines = [line for line in text.splitlines() if "mg" in line or "g/dL" in line]
    clean = redacted("\n".join(lines), MARIA)
    assert clean == "\n".join(lines)
