"""Whom a campaign reaches: by attributes of accounts alone, and nobody who may not be written to."""

from __future__ import annotations

from typing import Any
from unittest import mock
from uuid import UUID

import pytest

from identity.models import User
from notifications.domain.audience import Audience, audience_faults, audience_of
from notifications.services.campaigns import people
from notifications.services.campaigns.people import count_audience, people_of
from professionals.services import specialty_names
from tests.cases.support import Story
from tests.factories import make_account, make_patient
from tests.factories.identity import DestroyedKeyFactory, ErasureFactory, PatientMergeFactory

pytestmark = pytest.mark.django_db
SPECIALTIES = specialty_names(language="en")


def _faults(**given: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in audience_faults(given, SPECIALTIES)]


def _ids(**attributes: Any) -> set[UUID]:
    return {person.user_id for person in people_of(Audience(**attributes))}


@pytest.mark.parametrize("name", ["diagnosis", "icd10", "condition", "sex", "date_of_birth", "medication"])
def test_nobody_is_chosen_by_what_tells_of_their_health(name: str) -> None:
    assert _faults(**{name: ["x"]}) == [(f"#/audience/{name}", "not_allowed")]


def test_every_fault_is_said_at_once() -> None:
    told = _faults(
        roles=["patient", "king"],
        locales=[],
        countries=["de"],
        zones=["Mars/Base"],
        has_open_case="yes",
        diagnosis=1,
        specialties=["palmistry"],
    )
    assert told == [
        ("#/audience/roles/1", "unknown_choice"),
        ("#/audience/locales", "invalid"),
        ("#/audience/countries/0", "unknown_choice"),
        ("#/audience/zones/0", "unknown_choice"),
        ("#/audience/has_open_case", "invalid"),
        ("#/audience/diagnosis", "not_allowed"),
        ("#/audience/specialties/0", "unknown_choice"),
    ]


def test_what_is_stored_is_what_was_said() -> None:
    audience = Audience(roles=("patient",), has_open_case=False)
    assert audience.as_json() == {"roles": ("patient",), "has_open_case": False}
    assert audience_of({"roles": ["patient"], "has_open_case": False}) == audience


def test_people_are_found_by_each_attribute() -> None:
    german = make_account("patient", locale="de", country="AT").id
    User.objects.filter(id=german).update(time_zone="Europe/Vienna")
    nurse = make_account("nurse", locale="en", country="DE").id
    assert _ids() >= {german, nurse}
    assert _ids(roles=("nurse",)) == {nurse}
    assert german in _ids(locales=("de", "es"))
    assert _ids(countries=("AT",)) == _ids(zones=("Europe/Vienna",)) == {german}
    assert _ids(countries=("AT",), roles=("nurse",)) == set()


def test_whoever_may_not_be_written_to_is_of_no_audience() -> None:
    closed, unconfirmed, erased, asked, joined = (make_account("patient", country="FI") for _ in range(5))
    remains = make_account("patient", country="FI").id
    User.objects.filter(id=closed.id).update(is_active=False)
    User.objects.filter(id=unconfirmed.id).update(email_verified_at=None)
    DestroyedKeyFactory(subject_id=erased.id)
    ErasureFactory(user_id=asked.id)
    PatientMergeFactory(alias_id=joined.id, survivor_id=remains, state="MERGED")
    assert _ids(countries=("FI",)) == {remains}


def test_people_with_an_open_case_and_those_without_one() -> None:
    having, drafting, none = make_patient(), make_patient(), make_patient()
    Story(having).submitted()
    Story(drafting)
    assert _ids(has_open_case=True) == {having.user_id}
    assert {drafting.user_id, none.user_id} <= _ids(has_open_case=False)
    assert having.user_id not in _ids(has_open_case=False)


def test_specialists_are_found_by_what_they_practise(verified_cardiologist: UUID) -> None:
    assert _ids(specialties=("cardiology",)) == {verified_cardiologist}
    assert _ids(specialties=("oncology",)) == set()


def test_pages_hold_everybody_once_and_small_audiences_are_said() -> None:
    accounts = [make_account("patient", country="IS", locale="de").id for _ in range(5)]
    with mock.patch.object(people, "PAGE", 2):
        found = [person.user_id for person in people_of(Audience(countries=("IS",)))]
        counted = count_audience(Audience(countries=("IS",)))
    assert found == sorted(accounts)
    assert (counted.people, counted.small, counted.more) == (5, True, False)
    assert counted.by_locale == {"de": 5}
