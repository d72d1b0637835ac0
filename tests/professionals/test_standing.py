"""Credentials beside licences, register checks, re-verification, notices of ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.crypto import open_text
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from identity import services as identity
from professionals import services
from professionals.domain.numbers import number_fault
from professionals.models import Credential, Licence, OutboxEntry, Professional
from professionals.queries import number_place
from tests.factories import make_person
from tests.professionals.conftest import licence, register, verify

Make = Callable[..., Any]
HERE = {"place": "DE", "specialty": "cardiology"}


@pytest.mark.parametrize(
    ("country", "number", "good"),
    [
        ("GB", "7012345", True), ("GB", "701234", False), ("NL", "19012345601", True), ("NL", "1901234560", False),
        ("FR", "10000000018", False), ("FR", "10000000009", True), ("AU", "MED0001234567", True),
        ("AU", "12345", False),
        ("CH", "7601000000002", True), ("CH", "7601000000003", False), ("US", "NPI 1234567893", True),
        ("US", "NPI1234567890", False), ("US", "A12345", True), ("DE", "B-77", True),
    ],
)  # fmt: skip
def test_numbers_are_checked_by_the_format_of_their_country(country: str, number: str, good: bool) -> None:
    assert (number_fault(country, number) is None) is good


@pytest.mark.django_db
def test_a_number_that_its_country_cannot_have_is_refused() -> None:
    _, principal = register()
    with pytest.raises(Invalid, match="GMC"):
        services.submit_credentials(principal=principal, licences=[licence("GB", number="12")])


@pytest.mark.django_db
def test_a_standing_sanction_suspends_at_once_and_only_administrators_record_one(verified: Make) -> None:
    profile, principal = verified()
    fields = {"kind": "sanction", "title": "Practice restricted", "body": "Chamber"}
    with pytest.raises(Forbidden):
        services.add_credential(principal=principal, professional_id=profile.id, **fields)
    administrator = make_person("administrator")
    with pytest.raises(Invalid, match="source"):
        services.add_credential(principal=administrator, professional_id=profile.id, **fields)
    over = {"valid_to": clock.now().date() - timedelta(days=1)}
    services.add_credential(principal=administrator, professional_id=profile.id, evidence="register", **fields, **over)
    assert services.assess_fitness(professional_id=profile.id, **HERE).allowed
    services.add_credential(principal=administrator, professional_id=profile.id, evidence="register", **fields)
    assert Professional.objects.get(id=profile.id).state == "SUSPENDED"
    assert OutboxEntry.objects.filter(name="professionals.professional.suspended.v1").count() == 1


@pytest.mark.django_db
def test_what_a_specialist_states_is_unchecked_until_an_administrator_records_it(verified: Make) -> None:
    profile, principal = verified()
    fields = {"kind": "insurance", "title": "Liability", "body": "Insurer", "evidence": "trust me"}
    mine = services.add_credential(principal=principal, professional_id=profile.id, **fields)
    assert (mine.checked_on, mine.evidence) == (None, "")
    with pytest.raises(NotFound):
        services.list_credentials(principal=register()[1], professional_id=profile.id)
    assert Credential.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "allowed"), [("restricted", True), ("suspended", False), ("revoked", False)])
def test_what_the_register_says_of_a_licence_counts_at_once(verified: Make, status: str, allowed: bool) -> None:
    profile, _ = verified()
    row = Licence.objects.get()
    who = make_person("administrator")
    services.check_licence(
        principal=who, professional_id=profile.id, licence_id=row.id, status=status, evidence="the register, page 2"
    )
    row.refresh_from_db()
    assert (row.status, row.checked_on, row.check_evidence) == (status, clock.now().date(), "the register, page 2")
    assert services.assess_fitness(professional_id=profile.id, **HERE).allowed is allowed
    assert OutboxEntry.objects.filter(name="professionals.licence.withdrawn.v1").exists() is not allowed


@pytest.mark.django_db
def test_a_check_of_more_than_three_years_ago_counts_no_more_until_it_is_done_again(verified: Make) -> None:
    profile, principal = verified(days=3000)
    with clock.shifted(timedelta(days=3 * 365 + 1)):
        assert not services.assess_fitness(professional_id=profile.id, **HERE).allowed
        services.watch_expiry()
        assert Professional.objects.get(id=profile.id).state == "EXPIRED"
        number = (
            f"N-{int(services.list_licences(principal=principal, professional_id=profile.id)[0].number_ending[1:]):06}"
        )
        services.submit_credentials(principal=principal, licences=[licence(number=number)])
        assert Licence.objects.count() == 1
        verify(profile.id)
        assert services.assess_fitness(professional_id=profile.id, **HERE).allowed


@pytest.mark.django_db
def test_each_mark_before_an_end_is_told_once_even_when_days_went_by_without_a_run(verified: Make) -> None:
    verified(days=400)
    for days in (91, 90, 89, 88, 29, 28, 7, 6, 0):
        with clock.shifted(timedelta(days=400 - days)):
            services.watch_expiry()
    told = OutboxEntry.objects.filter(name="professionals.licence.expiring.v1").order_by("position")
    assert [row.payload["days"] for row in told] == [90, 29, 7]


@pytest.mark.django_db
def test_another_specialist_cannot_take_a_number_that_is_registered(verified: Make) -> None:
    verified()
    _, other = register()
    row = Licence.objects.get()
    with pytest.raises(Conflict):
        services.submit_credentials(principal=other, licences=[licence(number=f"N-{_number(row):06}")])


def _number(row: Licence) -> int:

    key = identity.data_key(subject_id=row.professional.user_id)
    return int(open_text(key, number_place(row.id), row.number_sealed)[2:])
