"""Guessing is stopped at five, however many guess at once; and the owner still gets in."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connections

from config.kernel import clock
from identity import services
from identity.models import OutboxEntry, User
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code

NOWHERE = "redis://127.0.0.1:1/0"
WRONG = "wrong " + PASSWORD


def _log_in(email: str, password: str = WRONG, network: str = "198.51.100.1", **more: str) -> Any:
    body = {"email": email, "password": password, **more}
    return ApiClient().post("/auth/login", body, headers={"X-Forwarded-For": network})


def _attack(email: str, tries: int, **more: str) -> Counter[int]:
    """Wrong tries, each from a network of its own."""
    networks = (f"203.0.{number // 250}.{number % 250 + 1}" for number in range(tries))
    return Counter(_log_in(email, network=network, **more).status_code for network in networks)


@pytest.fixture
def _cheap_hashes() -> Any:
    """A thousand tries must not take a thousand hashes' time: what is counted here is who is let through."""
    with mock.patch("identity.services.sign_in.sign_in.password_matches", side_effect=_matches):
        yield


def _matches(user: User | None, text: str) -> bool:
    return user is not None and user.is_active and text == PASSWORD


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("trial", range(5))
def test_of_a_hundred_wrong_passwords_at_once_five_are_evaluated(trial: int, known: bool) -> None:
    email = make_account().email if known else f"nobody{trial}@example.org"
    barrier, evaluated, answers = threading.Barrier(100), [], []

    def counted(user: User | None, text: str) -> bool:
        evaluated.append(text)
        return _matches(user, text)

    def run(number: int) -> None:
        barrier.wait(timeout=300)
        answers.append(_log_in(email, network=f"203.0.113.{number + 1}").status_code)
        connections.close_all()

    with mock.patch("identity.services.sign_in.sign_in.password_matches", side_effect=counted):
        threads = [threading.Thread(target=run, args=(number,)) for number in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(evaluated) == 5
    assert Counter(answers) == {401: 5, 429: 95}


@pytest.mark.django_db
@pytest.mark.usefixtures("_cheap_hashes")
class TestAThousandTries:
    def test_made_up_addresses_win_nothing(self) -> None:
        account = make_account()
        spoofed = (f"10.{n % 250}.{n // 250}.7, 198.51.100.1" for n in range(1000))
        answers = Counter(_log_in(account.email, network=network).status_code for network in spoofed)
        assert answers == {401: 5, 429: 995}

    def test_from_a_thousand_networks_still_five_are_evaluated(self) -> None:
        assert _attack(make_account().email, 1000) == {401: 5, 429: 995}

    def test_the_owner_gets_in_by_password_and_second_factor_twenty_times_of_twenty(self) -> None:
        account, start = make_account("nurse"), clock.now()
        services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
        _attack(account.email, 1000, code="000000")
        for number in range(20):
            with clock.frozen(start + timedelta(minutes=number)):
                answer = _log_in(account.email, PASSWORD, f"192.0.2.{number + 1}", code=totp_code())
            assert answer.status_code == 200, answer.content

    def test_the_owner_gets_in_from_a_known_device_twenty_times_of_twenty(self) -> None:
        account = make_account()
        device = _log_in(account.email, PASSWORD, "192.0.2.1").json()["device_token"]
        _attack(account.email, 1000)
        for number in range(20):
            headers = {"X-Forwarded-For": f"192.0.2.{number + 1}", "X-Device-Token": device}
            body = {"email": account.email, "password": PASSWORD}
            assert ApiClient().post("/auth/login", body, headers=headers).status_code == 200

    def test_whoever_resets_the_password_by_mail_gets_in_while_the_attack_goes_on(self) -> None:
        account, new = make_account(), "eleven quiet lighthouses"
        _attack(account.email, 10)
        token = services.issue_email_token(user_id=account.id, purpose="reset")
        device = ApiClient().post("/auth/reset-password", {"token": token, "password": new}).json()["device_token"]
        headers = {"X-Device-Token": device, "X-Forwarded-For": "192.0.2.1"}
        with mock.patch("identity.services.sign_in.sign_in.password_matches", return_value=True):
            assert _log_in(account.email, new, "192.0.2.1").status_code == 429
            answer = ApiClient().post("/auth/login", {"email": account.email, "password": new}, headers=headers)
        assert answer.status_code == 200

    def test_a_device_of_the_attackers_own_account_is_no_known_one(self) -> None:
        account, attacker = make_account(), make_account()
        device = _log_in(attacker.email, PASSWORD, "192.0.2.1").json()["device_token"]
        headers = {"X-Device-Token": device}
        _attack(account.email, 6)
        body = {"email": account.email, "password": WRONG}
        assert ApiClient().post("/auth/login", body, headers=headers).status_code == 429

    def test_the_wait_that_is_named_is_never_longer_than_a_quarter_of_an_hour(self) -> None:
        account = make_account()
        _attack(account.email, 50)
        answer = _log_in(account.email, PASSWORD, "192.0.2.1")
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 15 * 60

    def test_the_owner_is_told_once(self) -> None:
        account = make_account()
        _attack(account.email, 50)
        assert OutboxEntry.objects.filter(name="identity.sign_in.attacked.v1", aggregate_id=account.id).count() == 1

    def test_right_passwords_are_not_counted(self) -> None:
        account = make_account()
        answers = [_log_in(account.email, PASSWORD, f"192.0.2.{number}").status_code for number in range(1, 20)]
        assert answers == [200] * 19


@pytest.mark.django_db
@pytest.mark.usefixtures("_cheap_hashes")
def test_one_network_has_thirty_tries_a_minute_whatever_the_addresses() -> None:
    answers = Counter(_log_in(f"person{number}@example.org").status_code for number in range(60))
    assert answers == {401: 30, 429: 30}


@pytest.mark.django_db
@pytest.mark.usefixtures("_cheap_hashes")
def test_a_locked_account_looks_the_same_known_or_not() -> None:
    known, unknown = make_account().email, "nobody@example.org"
    for email in (known, unknown):
        _attack(email, 6)
    answers = [_log_in(email, network="192.0.2.1", code="123456") for email in (known, unknown)]
    bodies = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in answers]
    assert bodies[0] == bodies[1]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert set(answers[0].headers) == set(answers[1].headers)


@pytest.mark.django_db
def test_while_a_lock_stands_a_wrong_code_costs_one_hash_for_everybody() -> None:
    known, unknown = make_account("nurse"), "nobody@example.org"
    services.seed_totp(user_id=known.id, secret=TOTP_SECRET)
    for email in (known.email, unknown):
        with mock.patch("identity.services.sign_in.sign_in.password_matches", side_effect=_matches):
            _attack(email, 6)
        with mock.patch("identity.services.sign_in.sign_in.password_matches", side_effect=_matches) as matches:
            assert _log_in(email, PASSWORD, "192.0.2.1", code="000000").status_code == 429
        assert [call.args[0] for call in matches.call_args_list] == [None]


@pytest.mark.django_db
def test_without_the_store_nobody_signs_in_and_reads_go_on(settings: Any) -> None:
    account = make_account()
    access = services.open_session(user_id=account.id).access
    settings.REDIS_URL = NOWHERE
    refused = _log_in(account.email, PASSWORD)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert ApiClient().get("/profile/me", headers={"Authorization": f"Bearer {access}"}).status_code == 200
