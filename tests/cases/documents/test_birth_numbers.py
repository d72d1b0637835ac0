"""A number of a country with the day of birth in it is as good as that day; another's, or a wrong one, is not."""

from datetime import date

import pytest

from cases.domain.documents.birth_numbers import births_in
from cases.domain.documents.identity_match import Known, check_identity
from cases.domain.documents.paper_roles import folded

OWN = [
    ("Ioana Ștefănescu", "1985-06-14", "female", "Pacient: STEFANESCU IOANA   CNP 2850614123455"),
    ("Łukasz Wójcik", "1990-07-05", "male", "Lukasz Wojcik   PESEL: 90070512350"),
    ("Kristýna Nováková", "1988-04-12", "female", "Pacientka: Novakova Kristyna\nRČ: 885412/1232"),
    ("Maija Korhonen", "1964-11-27", "female", "KORHONEN MAIJA   Hetu 271164-2263"),
    ("Mario Rossi", "1985-12-10", "male", "Paziente: ROSSI MARIO\nC.F. RSSMRA85T10A562S"),
    ("Marie Lambert", "1976-12-20", "female", "LAMBERT MARIE  NISS 76.12.20-002.11"),
    ("Petra Hofer", "1982-09-05", "female", "Patientin: Hofer Petra\nSV-Nr.: 1231 050982"),
    ("Димитър Иванов", "1959-10-07", "male", "Пациент: Димитър Иванов\nЕГН 5910071240"),
    ("Milica Jovanović", "1977-03-25", "female", "Pacijent: Jovanovic Milica   JMBG 2503977715023"),
    (
        "José Antonio Hernández López",
        "1966-01-28",
        "male",
        "CURP: HELA660128HDFRPN05\nPaciente: José Antonio Hernández L.",
    ),
    ("Rasa Kazlauskienė", "1968-06-18", "female", "KAZLAUSKIENE RASA  a.k. 46806180120"),
    ("Þóra Guðmundsdóttir", "1972-08-08", "female", "THORA GUDMUNDSDOTTIR\nKennitala: 080872-2249"),
    ("Astrid Lindqvist", "1946-05-03", "female", "Namn: Lindqvist Astrid\nPersonnummer 460503-1238"),
]
ASKED = [
    ("Petra Hofer", "1982-09-05", "female", "Neugeborenes\nHofer Petra   SV-Nr.: 1231 050982"),
    ("Łukasz Wójcik", "1990-07-05", "male", "Pacjent: WOJCIK LUKASZ\nNr zlecenia: 90070512350"),
    ("Łukasz Wójcik", "1990-07-05", "male", "Pacjent: WOJCIK LUKASZ\nPESEL: 90070512351"),
    ("Petra Hofer", "1982-09-05", "female", "Patientin: Hofer Petra\nBefundnummer 1231 050982"),
]
STRANGERS = [
    ("Ioana Ștefănescu", "1985-06-14", "female", "Pacient: STEFANESCU IOANA   CNP 2870614123451"),
    ("Łukasz Wójcik", "1990-07-05", "male", "Pacjent: WOJCIK MATEUSZ\nPESEL: 90070512350"),
    ("Łukasz Wójcik", "1990-07-05", "male", "Pacjent: WOJCIK MATEUSZ\nOpiekun: Lukasz Wojcik, PESEL 90070512350"),
    ("Petra Hofer", "1982-09-05", "female", "Patient: Hofer Anton\nHauptversicherte: Hofer Petra SV-Nr.: 1231 050982"),
    ("Milica Jovanović", "1977-03-25", "female", "Pacijent: Jovanovic Milos   JMBG 2503977710021"),
    ("Claire Dubois", "1983-10-02", "female", "Nom de naissance : MARTIN\nPrénom : Claire\nNé(e) le 02/10/1983"),
    ("Claire Dubois", "1983-10-02", "female", "Nom d'usage : DUBOIS\nPrénom : Clara\nNé(e) le 02/10/1983"),
    (
        "Claire Dubois",
        "1983-10-02",
        "female",
        "Mère :\nNom de naissance : DUBOIS\nPrénom : Claire\nNée le 02/10/1983\nNom : PETIT\nPrénom : Léa",
    ),
    (
        "Claire Dubois",
        "1983-10-02",
        "female",
        "Nom de naissance : DUBOIS\nPrénom : Claire\nNée le 02/10/1983\nNom : PETIT\nPrénom : Léa",
    ),
    ("Petra Hofer", "1982-09-05", "female", "Neugeborenes, Mädchen von Hofer Petra   SV-Nr.: 1231 050982"),
    ("Petra Hofer", "1982-09-05", "female", "Patient: Hofer Baby\nMutter: Hofer Petra\ngeb. 05.09.1982"),
    ("Petra Hofer", "1982-09-05", "female", "Tochter von Petra Hofer   SV-Nr.: 1231 050982"),
    ("Petra Hofer", "1982-09-05", "female", "Patient: Hofer Baby\nMutter: Hofer Petra\nSV-Nr.: 1231 050982"),
    ("Petra Hofer", "1982-09-05", "female", "Baby girl of Petra Hofer, SV-Nr.: 1231 050982"),
    ("Pieter van Dijk", "1949-12-01", "male", "Dhr. P. van Dam, geb. 01-12-1949"),
    ("Hans Groß", "1947-11-11", "male", "Patient: Karl Weiß\nOberarzt Dr. Hans Gross\ngeboren am 11.11.1947"),
]
NAMES = [
    (
        "Claire Dubois",
        "1983-10-02",
        "female",
        "Nom de naissance : MARTIN\nNom d'usage : DUBOIS\nPrénom : Claire\nNé(e) le 02/10/1983",
    ),
    (
        "Claire Dubois",
        "1983-10-02",
        "female",
        "Nom : MARTIN\nNom d'usage : DUBOIS\nPrénom : Claire\nNé(e) le 02/10/1983",
    ),
    ("Claire Martin", "1983-10-02", "female", "Madame Claire DUBOIS née MARTIN\nle 02.10.1983 à Lyon"),
    ("Pieter van Dijk", "1949-12-01", "male", "Dhr. P. van Dyk, geb. 01-12-1949"),
    ("Dr. Hans-Peter Groß", "1947-11-11", "male", "Herrn Prof. Dr. med. Hans Peter Gross\ngeboren am 11.11.1947"),
    ("Katarzyna Wiśniewska", "1986-02-14", "female", "Patient: Katarzyna Wisniewski   born 14 Feb 1986"),
]


def match_of(account: tuple[str, str, str, str]) -> str:
    name, born, sex, paper = account
    return check_identity(texts=[f"{paper}\nHb 12,9"], known=Known(name, date.fromisoformat(born), sex)).match


@pytest.mark.parametrize("account", [*OWN, *NAMES], ids=lambda account: account[3][:40])
def test_the_own_paper_is_accepted(account: tuple[str, str, str, str]) -> None:
    assert match_of(account) == "matched"


@pytest.mark.parametrize("account", ASKED, ids=lambda account: account[3][:40])
def test_without_its_label_or_with_a_wrong_sum_a_number_says_nothing(account: tuple[str, str, str, str]) -> None:
    assert match_of(account) == "name_only"


@pytest.mark.parametrize("account", STRANGERS, ids=lambda account: account[3][:40])
def test_no_paper_of_a_stranger_is_accepted(account: tuple[str, str, str, str]) -> None:
    assert match_of(account) not in ("matched", "name_only")


def test_the_printed_birth_weighs_more_than_a_number() -> None:
    """Offices give numbers with another day in them; a paper with the right day printed is not refused for it."""
    paper = "Patientin: Hofer Petra, geb. 05.09.1982\nSV-Nr.: 1239 060982"
    assert match_of(("Petra Hofer", "1982-09-05", "female", paper)) == "matched"


@pytest.mark.parametrize("number", ["pesel 90070512350", "pesel: 900705 12350", "pesel nr 900705-12350"])
def test_a_number_is_found_however_it_is_grouped(number: str) -> None:
    assert [days for *_, days in births_in(folded(number))] == [frozenset({date(1990, 7, 5)})]
