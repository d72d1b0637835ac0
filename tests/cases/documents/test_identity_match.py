"""Whose document is it: names in any order, dates in any form, and nothing guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.documents import paper_evidence
from cases.domain.documents.identity_match import Known, check_identity

BORN = date(1961, 4, 17)
NAME = "Maria Keller"


def check(text: str, header=None, **changes):
    known = Known(**({"full_name": NAME, "date_of_birth": BORN} | changes))
    return check_identity(texts=[text], known=known, header=header)


def match(text: str, header=None, **changes) -> str:
    return check(text, header, **changes).match


NAMES = [
    "Patient: Maria Keller",
    "Patient: KELLER, Maria",
    "Patient name: Dr. Maria Anna Keller",
    "Dear Mrs Maria Keller,\nyour results:",
    "Name: Mária Keller | Ward 3",
    "Patient: Maria KeI1er",
    "Name: Keller\nVorname: Maria\nGeschlecht: weiblich",
    "Patient: denies chest pain\nMaria Keller",
]
BIRTHS = [
    "DOB: 1961-04-17",
    "Date of birth: 17.04.1961",
    "geboren am 17.04.1961",
    "born 17 April 1961",
    "Date of birth: 04/17/1961",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("birth", BIRTHS)
def test_a_name_with_its_birth_date_is_the_patients(name, birth) -> None:
    head, _, rest = name.partition("\n")
    assert match(f"{head}  {birth}\n{rest}" if not rest else f"{head}\n{rest}\n{birth}") == "matched"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_alone_is_asked_about(name) -> None:
    assert match(name) == "name_only"


@pytest.mark.parametrize("birth", BIRTHS)
def test_a_birth_date_without_a_name_is_left_to_a_person(birth) -> None:
    assert match(f"{birth}\nHb 9.1 g/dl") == "unknown"


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
        ({"patient_name": "KELLER^MARIA"}, "name_only"),
        ({"patient_name": "KELLER^MARIA", "patient_birth_date": "19610417"}, "matched"),
        ({"patient_name": "SMITH^JOHN"}, "mismatched"),
        ({"patient_birth_date": "19610417"}, "unknown"),
        ({"patient_name": "KELLER^MARIA", "patient_birth_date": "19600417"}, "mismatched"),
    ],
)
def test_an_images_header_counts_like_its_text(header, verdict) -> None:
    assert match("", header) == verdict


def test_an_ambiguous_date_fits_when_one_of_its_meanings_does() -> None:
    text = "Patient: Maria Keller  DOB: 04/05/1961"
    assert match(text, date_of_birth=date(1961, 5, 4)) == "matched"
    assert match(text, date_of_birth=date(1961, 4, 5)) == "matched"
    assert match(text, date_of_birth=date(1961, 6, 4)) == "mismatched"


def test_without_a_birth_date_on_file_a_birth_date_proves_nothing() -> None:
    assert match("DOB: 1950-01-01", date_of_birth=None) == "unknown"


names = st.lists(st.text("bcdfgh", min_size=3, max_size=8), min_size=2, max_size=3, unique=True)


@given(names, names)
def test_a_labelled_name_with_no_part_in_common_never_matches(own: list[str], other: list[str]) -> None:
    if set(own) & set(other):
        return
    found = match(f"Patient: {' '.join(other).title()}\nletter", full_name=" ".join(own), date_of_birth=None)
    assert found == "mismatched"


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Patient: Maria Keller\nSex: M", ("sex",)),
        ("Patientin: Maria Keller  Geschlecht: männlich", ("sex",)),
        ("Nom: Keller\nPrénom: Julie", ("name",)),
        ("Apellidos: García López\nNombre: Ana\nFecha de nacimiento: 3 de mayo de 1970", ("name", "birth_date")),
        ("Valley Hospital\nPatient: Maria Keller   MRN: 99-1234", ("record_number",)),
    ],
)
def test_each_thing_that_speaks_against_the_patient_is_named(text, doubts) -> None:
    found = check(text, sex="female", numbers={"valley hospital": frozenset({"551234"})})
    assert (found.match, found.doubts) == ("mismatched", doubts)


@pytest.mark.parametrize(
    "text",
    [
        "Other Hospital\nPatient: Maria Keller   MRN: 99-1234\nDOB: 17.04.1961",
        "Valley Hospital\nPatient: Maria Keller   MRN: 55.1234",
        "Patientin: Frau Keller\ngeb. 17.04.61",
        "Patient: Maria Keller, born 17 April 1961, female",
    ],
)
def test_what_is_written_otherwise_raises_no_doubt(text) -> None:
    assert match(text, sex="female", numbers={"valley hospital": frozenset({"551234"})}) == "matched"


def test_a_name_alone_on_a_line_counts_over_pictures_only() -> None:
    known = Known("Maria Keller", BORN)
    burned = ["SMITH, JOHN\n045Y M"]
    assert check_identity(texts=burned, known=known, over_pictures=True).doubts == ("name",)
    assert check_identity(texts=burned, known=known).match == "unknown"


@given(st.dates(date(1910, 1, 1), date(2020, 12, 31)))
def test_every_written_form_of_the_birth_date_is_found(born: date) -> None:
    for text in (f"{born:%Y-%m-%d}", f"{born:%d.%m.%Y}", f"{born:%d/%m/%Y}", f"{born:%m/%d/%Y}", f"{born:%d %B %Y}"):
        found = match(f"Patient: Maria Keller\nDate of birth: {text}", date_of_birth=born)
        assert found == "matched", text


def test_a_page_that_shows_how_it_writes_dates_says_which_birth_it_means() -> None:
    known = Known("Maria Keller", date(1971, 5, 8), "female")
    paper = "Patient: Maria Keller\nDOB: 05/08/1971\nPrinted: {}"
    assert check_identity(texts=[paper.format("15/06/2026")], known=known).doubts == ("birth_date",)
    assert not check_identity(texts=[paper.format("06/15/2026")], known=known).doubts
    assert not check_identity(texts=[paper.format("15.06.2026")], known=known).doubts
    assert not check_identity(texts=[paper.format("05/06/2026"), "Printed: 15/06/2026"], known=known).doubts


@pytest.mark.parametrize(
    ("full_name", "text"),
    [
        ("वर्मा सुनीता", "Name: Sunita Verma\nDOB: 1961-04-17"),
        ("Sunita Verma", "नाम: सुनीता वर्मा\nजन्म तिथि: 17/04/1961"),
        ("Olga Orlov", "Patient: 0lga 0rlov  DOB: 17.04.1961"),
        ("Otto Olsen", "PATIENT: 0TTO 0LSEN  DOB: 17.04.1961"),
        ("Maria Keller", "Nume: Keller Maria\nData nașterii: 17.04.1961"),
        ("Maria Keller", "Nume: Keller Maria\nData na\u015fterii: 17.04.1961"),
    ],
)
def test_the_own_name_and_birth_are_known_as_papers_write_them(full_name: str, text: str) -> None:
    assert match(text, full_name=full_name) == "matched"


@pytest.mark.parametrize("written", ["nașterii", "na\u015fterii", "nasterii"])
def test_another_birth_on_a_romanian_paper_is_a_doubt(written: str) -> None:
    assert check(f"Nume: Maria Keller\nData {written}: 18.04.1961").doubts == ("birth_date",)


REPEATED = [
    "Patient: Thomas Huber",
    "Maria Keller, geb. 17.04.1961",
    "17.04.1961 12 3.5 2020-01-02",
    "Mutter: Eva Roth\nMaria Keller\nDOB: 12.03.1990",
]


@pytest.mark.parametrize("lines", REPEATED)
def test_what_a_paper_repeats_is_weighed_once_and_says_the_same(lines: str, monkeypatch) -> None:
    read: list[str] = []
    whole = paper_evidence.dates_in
    monkeypatch.setattr(paper_evidence, "dates_in", lambda line, **how: read.append(line) or whole(line, **how))
    few = check(f"{lines}\n" * 5)
    once = len(read)
    many = check(f"{lines}\n" * 500)
    assert (few, len(read)) == (many, 2 * once)
    assert once == len(lines.splitlines())
