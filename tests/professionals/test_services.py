"""Registering, verifying, watching and matching specialists on real rows."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections

from config.kernel import clock
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from identity import services as identity
from professionals import services
from professionals.models import AuditEntry, Licence, OutboxEntry, Professional
from professionals.services import licences
from tests.factories import make_patient, make_person
from tests.factories.professionals import VerificationDecisionFactory
from tests.observations import session_is_open
from tests.professionals.conftest import licence, register, verify

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def test_a_new_profile_waits_for_credentials_and_is_announced() -> None:
    profile, principal = register()
    assert (profile.state, profile.licence_places) == ("PENDING", ())
    assert principal.has("professional")
    assert OutboxEntry.objects.get().name == "professionals.professional.registered.v1"


def test_a_taken_address_is_refused_to_us_and_looks_like_any_other_to_strangers() -> None:
    patient = make_patient()
    email = identity.get_account(user_id=patient.require_user_id()).email
    with pytest.raises(Conflict):
        register(email=email)
    _, stranger = register(email=email, email_verified=False)
    with pytest.raises(Unauthenticated):
        identity.open_session(user_id=stranger.require_user_id())


def test_a_registration_that_broke_off_is_finished_by_sending_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise IntegrityError("lost connection")

    with monkeypatch.context() as patch:
        patch.setattr(Professional.objects, "create", fail)
        with pytest.raises(Conflict):
            register(email="again@example.org", email_verified=False)
    broken_off = identity.find_account(email="again@example.org")
    assert broken_off
    profile, _ = register(email="again@example.org", email_verified=False)
    assert (profile.state, profile.user_id) == ("PENDING", broken_off.id)
    other, _ = register(email="again@example.org", password="another long password here", email_verified=False)
    assert other.user_id != broken_off.id


def test_an_unknown_specialty_is_refused_with_the_list() -> None:
    with pytest.raises(Invalid, match="cardiology"):
        register(specialty="astrology")


def test_licence_numbers_are_sealed_and_found_again_when_registered_twice() -> None:
    profile, principal = register()
    services.submit_credentials(principal=principal, licences=[licence(number="BERLIN-77-4711")])
    row = Licence.objects.get()
    assert b"4711" not in bytes(row.number_sealed) + bytes(row.number_index)
    (shown,) = services.list_licences(principal=principal, professional_id=profile.id)
    assert shown.number_ending == "…711"
    _, other = register()
    with pytest.raises(Conflict, match="registered already"):
        services.submit_credentials(principal=other, licences=[licence(number=" berlin-77-4711 ")])


@pytest.mark.parametrize("place", ["US", "CA"])
def test_a_us_or_canadian_licence_needs_its_region(place: str) -> None:
    _, principal = register()
    with pytest.raises(Invalid, match="regional"):
        services.submit_credentials(principal=principal, licences=[licence(place)])


def test_a_licence_that_ends_before_it_begins_is_refused() -> None:
    _, principal = register()
    with pytest.raises(Invalid, match="after valid_from"):
        services.submit_credentials(principal=principal, licences=[licence(days=-600)])


def test_verification_takes_two_people_who_are_not_the_specialist() -> None:
    profile, principal = register()
    services.submit_credentials(principal=principal, licences=[licence()])
    first = make_person("administrator")
    with pytest.raises(Conflict, match="prepared"):
        services.decide_verification(principal=first, professional_id=profile.id, approve=True)
    services.prepare_verification(principal=first, professional_id=profile.id, evidence="register")
    with pytest.raises(Forbidden, match="Another person"):
        services.decide_verification(principal=first, professional_id=profile.id, approve=True)
    decided = services.decide_verification(
        principal=make_person("administrator"), professional_id=profile.id, approve=True
    )
    assert (decided.state, decided.licence_places) == ("VERIFIED", ("DE",))


def test_the_database_itself_refuses_one_person_in_both_places() -> None:
    profile, _ = register()
    person = uuid4()
    with pytest.raises(IntegrityError):
        VerificationDecisionFactory(professional_id=profile.id, prepared_by=person, decided_by=person)


def test_a_rejection_leaves_the_licence_unverified() -> None:
    profile, principal = register()
    services.submit_credentials(principal=principal, licences=[licence()])
    services.prepare_verification(principal=make_person("administrator"), professional_id=profile.id, evidence="no")
    decided = services.decide_verification(
        principal=make_person("administrator"), professional_id=profile.id, approve=False
    )
    assert (decided.state, decided.licence_places) == ("REJECTED", ())


@pytest.mark.parametrize("role", ["patient", "coordinator", "nurse", "professional"])
def test_other_roles_do_not_verify(role: str) -> None:
    profile, _ = register()
    with pytest.raises(Forbidden):
        services.prepare_verification(principal=make_person(role), professional_id=profile.id, evidence="x")


@pytest.mark.django_db(transaction=True)
def test_two_deciders_at_once_make_one_decision() -> None:
    profile, principal = register()
    services.submit_credentials(principal=principal, licences=[licence()])
    services.prepare_verification(principal=make_person("administrator"), professional_id=profile.id, evidence="ok")
    deciders = [make_person("administrator") for _ in range(6)]
    outcomes: list[str] = []

    def decide(who: Any) -> None:
        try:
            services.decide_verification(principal=who, professional_id=profile.id, approve=True)
            outcomes.append("decided")
        except Conflict:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(who,)) for who in deciders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided"] + ["refused"] * 5
    assert OutboxEntry.objects.filter(name="professionals.professional.verified.v1").count() == 1


def test_fitness_names_the_rule_and_the_reason(verified: Make) -> None:
    profile, _ = verified()
    good = services.assess_fitness(professional_id=profile.id, place="DE-BY", specialty="cardiology")
    assert good.allowed
    other_place = services.assess_fitness(professional_id=profile.id, place="US-CA", specialty="cardiology")
    assert (other_place.allowed, other_place.reasons) == (False, ("no licence for US-CA",))
    other_field = services.assess_fitness(professional_id=profile.id, place="DE", specialty="oncology")
    assert not other_field.allowed
    with pytest.raises(NotFound):
        services.assess_fitness(professional_id=uuid4(), place="DE", specialty="")


def test_a_suspended_specialist_is_unfit_at_once(verified: Make) -> None:
    profile, _ = verified()
    with pytest.raises(Forbidden):
        services.suspend(principal=make_person("coordinator"), professional_id=profile.id, reason="x")
    session = identity.open_session(user_id=profile.user_id).session_id
    services.suspend(principal=make_person("medical_director"), professional_id=profile.id, reason="sanction")
    assert not session_is_open(session_id=session)
    fitness = services.assess_fitness(professional_id=profile.id, place="DE", specialty="cardiology")
    assert (fitness.allowed, fitness.reasons) == (False, ("credentials are suspended",))


@pytest.mark.parametrize("days", [90, 30, 7])
def test_the_end_of_a_licence_is_told_in_time(verified: Make, days: int) -> None:
    profile, _ = verified(days=400)
    with clock.shifted(timedelta(days=400 - days)):
        services.watch_expiry()
        services.watch_expiry()
    names = list(OutboxEntry.objects.filter(name__contains="expiring").values_list("payload", flat=True))
    assert names[0]["days"] == days
    assert Professional.objects.get(id=profile.id).state == "EXPIRING"


def test_the_nearer_end_of_two_licences_is_told_while_the_other_stands(verified: Make) -> None:
    profile, principal = verified(days=400)
    services.submit_credentials(principal=principal, licences=[licence("IT", days=20)])
    verify(profile.id)
    services.watch_expiry()
    services.watch_expiry()
    told = OutboxEntry.objects.filter(name__contains="expiring").values_list("payload__days", flat=True)
    assert list(told) == [20]
    assert Professional.objects.get(id=profile.id).state == "VERIFIED"


def test_a_check_older_than_three_years_ends_a_licence_and_is_told_before(verified: Make) -> None:
    profile, _ = verified(days=5000)
    with clock.shifted(timedelta(days=3 * 365 - 29)):
        services.watch_expiry()
    assert OutboxEntry.objects.get(name__contains="expiring").payload["days"] == 29
    with clock.shifted(timedelta(days=3 * 365 + 1)):
        services.watch_expiry()
    assert Professional.objects.get(id=profile.id).state == "EXPIRED"


def test_a_specialist_whose_last_licence_ended_is_expired(verified: Make) -> None:
    profile, _ = verified(days=400)
    with clock.shifted(timedelta(days=401)):
        services.watch_expiry()
        assert Professional.objects.get(id=profile.id).state == "EXPIRED"
        assert not services.assess_fitness(professional_id=profile.id, place="DE", specialty="cardiology").allowed


def test_a_suspension_that_comes_while_the_licences_are_counted_stands(verified: Make, monkeypatch) -> None:
    """The nightly look read the profile before; what it writes must not bring the specialist back."""
    profile, _ = verified(days=30)
    counted, director = licences._counts_until, make_person("medical_director")

    def counting(licence: Any) -> Any:
        services.suspend(principal=director, professional_id=profile.id, reason="A complaint.")
        return counted(licence)

    monkeypatch.setattr(licences, "_counts_until", counting)
    services.watch_expiry()
    assert Professional.objects.get(id=profile.id).state == "SUSPENDED"
    assert not services.assess_fitness(professional_id=profile.id, place="DE", specialty="cardiology").allowed


def _candidates(**changes: Any) -> services.Matching:
    fields: dict[str, Any] = {
        "specialty": "cardiology",
        "place": "DE",
        "language": "en",
        "excluded_user_ids": frozenset(),
        "open_cases": {},
    }
    return services.find_candidates(**(fields | changes))


def test_candidates_are_licensed_free_and_of_the_field(verified: Make) -> None:
    good, _ = verified()
    far, _ = verified(places=("US-CA",))
    busy, _ = verified()
    verified(specialty="oncology")
    register()
    found = _candidates(open_cases={busy.id: busy.capacity})
    assert [c.professional_id for c in found.candidates] == [good.id]
    reasons = {e.professional_id: e.reason for e in found.excluded}
    assert "no licence for DE" in reasons[far.id]
    assert "open cases" in reasons[busy.id]


def test_whoever_is_away_is_not_a_candidate_until_back(verified: Make) -> None:
    profile, principal = verified()
    back = clock.now().date() + timedelta(days=3)
    services.set_availability(principal=principal, changes={"out_of_office_until": back})
    assert not _candidates().candidates
    with clock.shifted(timedelta(days=4)):
        assert [c.professional_id for c in _candidates().candidates] == [profile.id]


def test_matching_costs_the_same_queries_for_one_and_for_many(verified: Make, django_assert_num_queries: Any) -> None:
    verified()
    patient = (services.Party(role="patient", name="Ada Example"),)
    with django_assert_num_queries(9, using="professionals"):
        _candidates(parties_of_case=patient)
    for _ in range(4):
        verified()
    with django_assert_num_queries(9, using="professionals"):
        assert len(_candidates(parties_of_case=patient).candidates) == 5


def test_every_change_leaves_an_audit_row(verified: Make) -> None:
    verified()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"professional.register", "credentials.submit", "credentials.prepare", "credentials.decide"} <= actions


def test_new_licences_bring_a_verified_specialist_back_to_the_check(verified: Make) -> None:
    profile, principal = verified()
    again = services.submit_credentials(principal=principal, licences=[licence("IT")])
    assert again.state == "PENDING"
    verify(profile.id)
    assert services.get_professional(professional_id=profile.id).licence_places == ("DE", "IT")
