"""Field cases of names: an account, a paper that bears its birth date, and whether the paper is accepted."""

from datetime import date

import pytest

from cases.domain.documents.identity_match import Known, check_identity

OWN = [
    ("Ana O'Brien-Ñuñez", "1970-03-02", "Patient: Ana Obrien Nunez"),
    ("Pieter van der Berg", "1955-06-01", "Patient: VANDERBERG, PIETER"),
    ("María José García López", "1961-04-17", "Hospital General\nPaciente: Mª José García López"),
    ("María José García López", "1961-04-17", "Patient: Maria Garcia"),
    ("Omar Al-Hassan", "1961-04-17", "Patient: ALHASSAN, OMAR"),
    ("İbrahim Işık", "1961-04-17", "Patient: IBRAHIM ISIK"),
    ("Maria Schmidt", "1961-04-17", "Patientin: Maria Keller, geb. Schmidt"),
    ("Maria Schmidt", "1961-04-17", "Patientin: Keller geb. Schmidt, Maria"),
    ("Suharto", "1961-04-17", "Patient: FNU SUHARTO"),
    ("Suharto", "1961-04-17", "Patient: Suharto"),
    ("Łukasz Wójcik", "1961-04-17", "Patient: LUKASZ WOJCIK"),
    ("Emma Brown", "2026-10-10", "Patient: BABY GIRL BROWN"),
]
OTHERS = [
    ("Clara Byrne", "1988-05-09", "Dublin Clinic\nPatient: Ciara Byrne", ""),
    ("Ian Nguyen", "1990-01-01", "Patient: Lan Nguyen", ""),
    ("Анна Иванова", "1985-01-01", "City Hospital\nPatient: Мария Петрова", ""),
    ("王小东", "1985-01-01", "City Hospital\nPatient: 李大明", ""),
    ("John Smith Jr", "1988-05-09", "Patient: John Smith Sr", ""),
    (
        "Anna Weber",
        "1979-09-09",
        "City Hospital\nWe report on Mr Peter Schmidt, who was admitted with chest pain.",
        "Sincerely,\nDr. Anna Weber",
    ),
]


@pytest.mark.parametrize(("name", "born", "paper"), OWN)
def test_an_own_paper_with_its_birth_date_is_accepted(name, born, paper) -> None:
    found = check_identity(
        texts=[f"{paper}\nDate of birth: {born}\nHb 9.1 g/dl\n"], known=Known(name, date.fromisoformat(born))
    )
    assert (found.match, found.doubts) == ("matched", ())


def test_a_thai_year_is_the_year_it_means() -> None:
    known = Known("Somchai Jaidee", date(1961, 4, 17))
    for birth in ("17/04/2504", "17 เมษายน 2504"):
        assert (
            check_identity(texts=[f"Patient: Somchai Jaidee\nDate of birth: {birth}"], known=known).match == "matched"
        )


@pytest.mark.parametrize(("name", "born", "paper", "end"), OTHERS)
def test_a_strangers_paper_with_the_same_birth_date_is_not_accepted(name, born, paper, end) -> None:
    for birth in (f"Date of birth: {born}\n", ""):
        found = check_identity(texts=[f"{paper}\n{birth}{end}\n"], known=Known(name, date.fromisoformat(born)))
        assert (found.match, found.doubts) == ("mismatched", ("name",))
