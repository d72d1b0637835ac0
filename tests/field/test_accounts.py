"""Accounts, codes and times as people of the world write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cases.api.intake.serializers_draft import DiagnosisIn
from config.kernel import clock
from config.kernel.limits.consumption import _too_many
from identity.api.serializers import ProfileIn, RegistrationIn
from identity.domain.mail_addresses import plain_address
from identity.domain.totp import looks_like_code, plain_code
from professionals.domain.calendar import Window, free_windows

SUNDAY = Window(datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 3, 28, 12, tzinfo=UTC))


def _registration(**other: Any) -> RegistrationIn:
    given = {"email": "a@example.org", "password": "x", "full_name": "Nora", "date_of_birth": "1970-01-01"}
    registration = RegistrationIn(data=given | other)
    registration.is_valid()
    return registration


@pytest.mark.parametrize("born", ["2130-01-01", "0001-01-01", "1880-05-05"])
def test_nobody_is_born_tomorrow_or_long_dead(born: str) -> None:
    assert "date_of_birth" in _registration(date_of_birth=born).errors
    assert not ProfileIn(data={"date_of_birth": born}).is_valid()


def test_the_old_and_those_born_today_have_accounts() -> None:
    today = clock.now().date()
    for born in (today, date(today.year - 115, 3, 1)):
        assert _registration(date_of_birth=born.isoformat()).errors == {}


@pytest.mark.parametrize("country", ["UK", "EU", "ZZ", "XK"])
def test_a_country_that_is_none_is_refused(country: str) -> None:
    assert "country" in _registration(country=country).errors


def test_the_united_kingdom_is_named() -> None:
    assert "GB" in str(_registration(country="UK").errors["country"][0])
    assert _registration(country="GB").errors == {}
    assert ProfileIn(data={"country": ""}).is_valid()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a@müller.example", "a@xn--mller-kva.example"),
        ("A@MÜLLER.example ", "a@mu\u0308ller.example"),
        ("a@xn--mller-kva.example", "A@XN--MLLER-KVA.EXAMPLE"),
    ],
)
def test_one_mailbox_has_one_spelling(one: str, other: str) -> None:
    assert plain_address(one) == plain_address(other) == "a@müller.example"


def test_a_domain_that_stands_for_nothing_stays() -> None:
    assert plain_address("a@xn--\u007f.example") == "a@xn--\u007f.example"


@pytest.mark.parametrize("code", ["123 456", " 123456 ", "123-456", "١٢٣٤٥٦", "１２３４５６", "123\u00a0456", "१२३४५६"])
def test_a_code_is_taken_however_it_is_typed(code: str) -> None:
    assert plain_code(code) == "123456"


@pytest.mark.parametrize("code", ["12345", "1234567", "①②③④⑤⑥", "12345½", "abcdef"])
def test_what_is_no_code_stays_none(code: str) -> None:
    assert not looks_like_code(plain_code(code))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("I48.9", "I48.9"),
        ("i48.9", "I48.9"),
        ("I48.9 G", "I48.9"),
        ("E10.3†", "E10.3"),
        ("H36.0*", "H36.0"),
        ("Z95.5!", "Z95.5"),
        ("E10.3† G", "E10.3"),
        ("", ""),
    ],
)
def test_a_diagnosis_is_taken_as_its_country_writes_it(written: str, kept: str) -> None:
    given = DiagnosisIn(data={"icd10": written})
    assert given.is_valid(), given.errors
    assert given.validated_data["icd10"] == kept


@pytest.mark.parametrize("written", ["I48.9 V", "C50.9 Z", "I21.9 A", "M17.1 R"])
def test_a_letter_that_changes_the_meaning_is_asked_for_in_words(written: str) -> None:
    given = DiagnosisIn(data={"icd10": written})
    assert not given.is_valid()
    assert "text" in str(given.errors["icd10"][0])


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("02:00", "02:45", []),
        ("02:15", "03:00", []),
        ("02:30", "09:00", [(1, 7)]),
        ("01:00", "02:30", [(0, 1)]),
        ("01:00", "04:00", [(0, 2)]),
        ("03:00", "04:00", [(1, 2)]),
    ],
)
def test_an_hour_that_the_clocks_skip_is_not_offered(start: str, end: str, hours: list[tuple[int, int]]) -> None:
    weekly = [{"weekday": 6, "start": start, "end": end}]
    found = free_windows(weekly, "Europe/Berlin", [], SUNDAY)
    day = SUNDAY.start
    assert [(one.start, one.end) for one in found] == [
        (day + timedelta(hours=begin), day + timedelta(hours=stop)) for begin, stop in hours
    ]


def test_a_page_says_how_long_to_wait() -> None:
    assert _too_many(45).endswith("in 45 seconds.")
    assert _too_many(601).endswith("in 11 minutes.")
