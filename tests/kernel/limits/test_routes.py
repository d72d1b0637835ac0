"""Limits over HTTP: headers, the refusal, the address that counts, and the store going away."""

import random
from typing import Any

import pytest

from tests.client import ApiClient, make_principal

pytestmark = pytest.mark.urls("tests.kernel.sample_urls")
NOWHERE = "redis://127.0.0.1:1/0"


def _from(api: ApiClient, forwarded: str) -> Any:
    return api.get("/limited", headers={"X-Forwarded-For": forwarded})


def test_every_answer_says_where_the_caller_stands(api: ApiClient) -> None:
    answer = api.get("/limited")
    assert answer["RateLimit-Policy"] == '"sample";q=5;w=60, "sample-many";q=50;w=600'
    assert answer["RateLimit"] == '"sample";r=4;t=60, "sample-many";r=49;t=600'


def test_a_refusal_is_a_problem_document_that_names_the_wait(api: ApiClient) -> None:
    answers = [api.get("/limited") for _ in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert answers[5].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[5]["Retry-After"]) <= 60
    assert answers[5]["RateLimit"].startswith('"sample";r=0;t=')


def test_a_made_up_address_before_the_proxys_own_changes_nothing(api: ApiClient) -> None:
    chosen = random.Random(7)
    made_up = [".".join(str(chosen.randrange(1, 255)) for _ in range(4)) for _ in range(1000)]
    taken = sum(_from(api, f"{address}, 198.51.100.9").status_code == 200 for address in made_up)
    assert taken == 5


def test_another_network_has_its_own_count(api: ApiClient) -> None:
    for _ in range(6):
        _from(api, "198.51.100.9")
    assert _from(api, "198.51.100.10").status_code == 200


def test_one_customers_ipv6_addresses_are_one_network(api: ApiClient) -> None:
    taken = [_from(api, f"2001:db8:1:2::{number:x}").status_code for number in range(8)]
    assert taken.count(200) == 5


def test_ordinary_routes_have_a_generous_limit_of_their_own(api: ApiClient) -> None:
    answer = api.as_(make_principal("nurse")).get("/nurses")
    assert answer["RateLimit-Policy"] == '"api";q=1200;w=60'


def test_refused_calls_count_too(api: ApiClient) -> None:
    assert api.get("/nurses")["RateLimit"].startswith('"api";r=1199')
    assert api.get("/nurses")["RateLimit"].startswith('"api";r=1198')


def test_hot_reads_ask_no_store(api: ApiClient) -> None:
    assert "RateLimit" not in api.get("/bytes")


def test_what_one_request_spent_does_not_show_in_the_next(api: ApiClient) -> None:
    api.get("/limited")
    assert api.get("/open")["RateLimit-Policy"] == '"api";q=1200;w=60'


def test_without_the_store_reads_go_on_and_guarded_routes_say_when_to_come_back(api: ApiClient, settings: Any) -> None:
    settings.REDIS_URL = NOWHERE
    for _ in range(8):
        assert api.get("/limited").status_code == 200
    refused = api.post("/guarded", {})
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert refused.json()["code"] == "unavailable"
