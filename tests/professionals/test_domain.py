"""Licences, legal rules and matching, as pure functions."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from professionals.domain.credentials import CREDENTIALS, CredentialState, npi_is_valid
from professionals.domain.legal_rules import LicenceFact, licence_at_place
from professionals.domain.match_score import CandidateFact, Wanted, match
from professionals.domain.specialties import SPECIALTIES

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
LICENCES = st.lists(
    st.builds(
        LicenceFact,
        place=st.sampled_from(["DE", "DE-BY", "US-CA", "US-NY", "FR"]),
        valid_from=DAYS,
        valid_to=DAYS,
        verified=st.booleans(),
    ),
    max_size=5,
)


# 1234567893 is the worked example of the CMS check digit paper.
@pytest.mark.parametrize(("number", "good"), [("1234567893", True), ("1234567890", False), ("123456789", False)])
def test_the_npi_check_digit_is_checked(number: str, good: bool) -> None:
    assert npi_is_valid(number) is good


@pytest.mark.parametrize("number", ["", "12345678A3", "１２３４５６７８９３", "12345678933"])
def test_what_is_not_ten_digits_is_no_npi(number: str) -> None:
    assert not npi_is_valid(number)


@given(LICENCES, st.sampled_from(["DE", "DE-BY", "US-CA", "FR", "IT"]))
def test_nobody_is_allowed_without_a_verified_licence_that_is_valid_there_today(
    licences: list[LicenceFact], place: str
) -> None:
    ruling = licence_at_place(licences, place, TODAY)
    country = place.split("-")[0]
    fitting = [
        x
        for x in licences
        if x.verified
        and x.valid_from <= TODAY <= x.valid_to
        and (x.place == place or (country not in ("US", "CA") and x.place == country))
    ]
    assert ruling.allowed == bool(fitting)
    assert ruling.reasons
    assert ruling.rule_id.startswith("licence-at-patients-place/")


def test_a_licence_of_a_us_state_does_not_cover_another() -> None:
    here = LicenceFact("US-NY", TODAY - timedelta(1), TODAY + timedelta(1), verified=True)
    assert not licence_at_place([here], "US-CA", TODAY).allowed
    assert licence_at_place([here], "US-NY", TODAY).allowed


def test_a_countrys_licence_covers_its_regions() -> None:
    here = LicenceFact("DE", TODAY - timedelta(1), TODAY + timedelta(1), verified=True)
    assert licence_at_place([here], "DE-BY", TODAY).allowed


def test_an_unknown_place_is_refused() -> None:
    assert not licence_at_place([LicenceFact("DE", TODAY, TODAY, verified=True)], "", TODAY).allowed


@pytest.mark.parametrize("offset", [0, 1])
def test_the_last_day_of_a_licence_counts_and_the_next_does_not(offset: int) -> None:
    licence = LicenceFact("DE", TODAY - timedelta(9), TODAY, verified=True)
    assert licence_at_place([licence], "DE", TODAY + timedelta(offset)).allowed is (offset == 0)


def test_only_credentials_that_were_sent_in_anew_are_verified_again() -> None:
    assert CREDENTIALS.sources(CredentialState.VERIFIED) == (CredentialState.PENDING, CredentialState.EXPIRING)


def test_specialty_codes_are_nucc_codes_and_differ() -> None:
    assert all(len(code) == 10 and code.endswith("X") for code in SPECIALTIES.values())
    assert len(set(SPECIALTIES.values())) == len(SPECIALTIES) >= 25


def _fact(**changes: object) -> CandidateFact:
    fields: dict[str, object] = {
        "professional_id": uuid4(),
        "user_id": uuid4(),
        "display_name": "Dr. A",
        "specialty": "cardiology",
        "languages": ("en",),
        "organisation": "Praxis",
        "practising": True,
        "accepting": True,
        "licensed": True,
        "licence_reason": "licensed at DE",
        "capacity": 5,
        "open_cases": 0,
    }
    return CandidateFact(**(fields | changes))  # type: ignore[arg-type]


WANTED = Wanted("cardiology", "en", frozenset(), frozenset({"City Hospital"}))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"practising": False}, "verified"),
        ({"licensed": False, "licence_reason": "no licence for DE"}, "no licence"),
        ({"specialty": "oncology"}, "Oncology"),
        ({"accepting": False}, "no cases now"),
        ({"open_cases": 5}, "5 open cases"),
        ({"organisation": " city hospital "}, "treating organisation"),
    ],
)
def test_whoever_cannot_have_the_case_is_named_with_the_reason(changes: dict[str, object], word: str) -> None:
    fact = _fact(**changes)
    good, bad = match([fact], WANTED)
    assert good == ()
    assert bad[0][0] == fact.professional_id
    assert word in bad[0][2]


def test_the_patient_and_earlier_specialists_are_excluded() -> None:
    fact = _fact()
    _, bad = match([fact], Wanted("cardiology", "en", frozenset({fact.user_id}), frozenset()))
    assert len(bad) == 1


@given(
    st.lists(
        st.tuples(st.uuids(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 6)), unique_by=lambda x: x[0]
    ),
    st.randoms(),
)
def test_matching_is_deterministic_and_loses_nobody(
    rows: list[tuple[UUID, bool, bool, bool, int]], shuffle: object
) -> None:
    facts = [
        _fact(professional_id=i, practising=p, licensed=lic, languages=("en",) if en else ("de",), open_cases=n)
        for i, p, lic, en, n in rows
    ]
    first = match(facts, WANTED)
    shuffle.shuffle(facts)  # type: ignore[attr-defined]
    again = match(facts, WANTED)
    assert [s.fact.professional_id for s in first[0]] == [s.fact.professional_id for s in again[0]]
    assert len(first[0]) + len(first[1]) == len(facts)
    assert all(s.fact.practising and s.fact.licensed and s.fact.open_cases < 5 for s in first[0])
    scores = [s.score for s in first[0]]
    assert scores == sorted(scores, reverse=True)


def test_a_score_is_explained_factor_by_factor() -> None:
    (scored,), _ = match([_fact(open_cases=1)], WANTED)
    assert scored.score == pytest.approx(30 + 15 + 15 * 4 / 5)
    assert any("language" in reason for reason in scored.reasons)


def test_expertise_turnaround_and_the_patients_wish_earn_points_and_are_told() -> None:
    plain = CandidateFact(uuid4(), uuid4(), "Dr Plain", "cardiology", ("en",), "", True, True, True, "licensed", 5, 0)
    wanted = Wanted("cardiology", "en", frozenset(), frozenset(), "Valve replacement", "I would like DR PLAIN")
    able = replace(plain, expertise=("valve_replacement",), turnaround_days=7.0)
    ((lesser,), _), ((better,), _) = match([plain], wanted), match([able], wanted)
    assert better.score - lesser.score == 25
    assert "expertise Valve replacement: 20" in better.reasons
    assert "turnaround 7.0 days: 5" in better.reasons
    assert "turnaround unknown: 0" in lesser.reasons
    assert "asked for by the patient: 10" in lesser.reasons
