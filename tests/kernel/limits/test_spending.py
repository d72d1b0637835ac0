"""Counts hold when everybody asks at once, and say what to do when nobody can count."""

import threading
from typing import Any

import pytest

from config.kernel.audit.records import client_address
from config.kernel.auth import ANONYMOUS
from config.kernel.errors import TooMany, Unavailable
from config.kernel.limits import Limit, give_back, network_of, per_account, per_network, per_subject, spend
from config.kernel.limits.store import TIMEOUT_SECONDS
from config.kernel.valkey import valkey_client
from tests.client import make_principal

FIVE = per_subject("five", 5, minutes=15)
MANY = per_subject("many", 1000, hours=1)
STRICT = per_subject("strict", 5, minutes=1, strict=True)
NOWHERE = "redis://127.0.0.1:1/0"


def _at_once(limit: Limit, times: int) -> list[bool]:
    barrier, taken = threading.Barrier(times), []

    def run() -> None:
        barrier.wait(timeout=300)
        try:
            spend(limit.of("one"))
            taken.append(True)
        except TooMany:
            taken.append(False)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


@pytest.mark.parametrize("trial", range(10))
def test_of_a_hundred_at_once_exactly_the_limit_is_let_through(trial: int) -> None:
    taken = _at_once(FIVE, 100)
    assert (len(taken), sum(taken)) == (100, 5)


def test_a_full_count_names_the_wait() -> None:
    for _ in range(5):
        spend(FIVE.of("one"))
    with pytest.raises(TooMany) as refusal:
        spend(FIVE.of("one"))
    assert 890 <= refusal.value.retry_after <= 900


def test_each_subject_has_its_own_count() -> None:
    for number in range(20):
        assert spend(FIVE.of(number))[0].remaining == 4


def test_a_full_count_leaves_the_others_alone() -> None:
    for _ in range(5):
        spend(FIVE.of("one"))
    with pytest.raises(TooMany):
        spend(MANY.of("one"), FIVE.of("one"))
    assert spend(MANY.of("one"))[0].remaining == 999


def test_what_is_given_back_can_be_spent_again_and_no_more_than_was_spent() -> None:
    give_back(FIVE.of("one"))
    for _ in range(5):
        spend(FIVE.of("one"))
    give_back(FIVE.of("one"))
    assert spend(FIVE.of("one"))[0].remaining == 0
    with pytest.raises(TooMany):
        spend(FIVE.of("one"))


def test_counts_end_by_themselves(settings: Any) -> None:
    spend(FIVE.of("one"), MANY.of("one"))
    client = valkey_client(settings.REDIS_URL, TIMEOUT_SECONDS)
    keys = list(client.scan_iter(f"{settings.LIMITS_PREFIX}*"))
    assert len(keys) == 2
    assert all(0 < client.pttl(key) <= 3_600_000 for key in keys)


def test_keys_hold_no_address(settings: Any) -> None:
    spend(FIVE.of("maria.keller@example.org"))
    keys = b" ".join(valkey_client(settings.REDIS_URL, TIMEOUT_SECONDS).scan_iter(f"{settings.LIMITS_PREFIX}*"))
    assert b"maria" not in keys


def test_without_the_store_strict_limits_refuse_and_others_let_through(settings: Any) -> None:
    settings.REDIS_URL = NOWHERE
    with pytest.raises(Unavailable) as refusal:
        spend(STRICT.of("one"))
    assert refusal.value.retry_after == 5
    assert spend(MANY.of("one")) == ()
    give_back(MANY.of("one"))


def test_a_silent_store_is_not_asked_again_by_every_request(settings: Any, monkeypatch: Any) -> None:
    settings.REDIS_URL = NOWHERE
    spend(MANY.of("one"))

    def asked(*_: object) -> None:
        raise AssertionError("the store was asked")

    monkeypatch.setattr("config.kernel.limits.store._script", asked)
    assert spend(MANY.of("one")) == ()


def test_the_scale_widens_routes_and_never_the_limits_on_guessing(settings: Any) -> None:
    settings.RATE_LIMITS_SCALE = 3.0
    assert spend(per_network("route", 5, minutes=1).of("one"))[0].capacity == 15
    assert spend(FIVE.of("one"))[0].capacity == 5


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb:cccc:dddd:1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        (None, "unknown"),
        ("rubbish", "unknown"),
    ],
)
def test_a_network_is_an_address_or_a_64(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_callers_count_by_account_where_they_are_signed_in_else_by_network() -> None:
    limit, person = per_account("both", 5, minutes=1), make_principal("patient")
    token = client_address.set("192.0.2.7")
    try:
        assert limit.of_caller(person).subject == str(person.user_id)
        assert limit.of_caller(ANONYMOUS).subject == "192.0.2.7/32"
        assert per_network("net", 5, minutes=1).of_caller(person).subject == "192.0.2.7/32"
    finally:
        client_address.reset(token)
