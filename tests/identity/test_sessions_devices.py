"""Devices: known again by a signed value, bound to their sessions, told about when new; lists say where and what."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.errors import Conflict, Unauthenticated
from identity import services
from identity.domain.device import coarse_network, readable
from identity.models import KnownDevice, OutboxEntry, Session
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account, principal_for
from tests.identity.at_once import at_once
from tests.observations import session_is_open

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


def _told() -> int:
    return OutboxEntry.objects.filter(name="identity.signed_in.new_device.v1").count()


def _log_in(api: ApiClient, account: services.AccountDTO, **headers: str) -> Any:
    return api.post("/auth/login", {"email": account.email, "password": PASSWORD}, headers=headers)


def test_a_sign_in_gives_the_device_a_value_by_cookie_and_body(api: ApiClient) -> None:
    answer = _log_in(api, make_account())
    cookie = answer.cookies["sop_device"]
    assert cookie.value == answer.json()["device_token"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert cookie.value not in str(list(KnownDevice.objects.values()))


@pytest.mark.parametrize("by", ["cookie", "header"])
def test_a_device_is_known_again_and_told_about_once(by: str) -> None:
    account = make_account()
    first = _log_in(ApiClient(), account).json()["device_token"]
    assert _told() == 0
    again = ApiClient()
    if by == "cookie":
        again.client.cookies["sop_device"] = first
    answer = _log_in(again, account, **({"X-Device-Token": first} if by == "header" else {}))
    assert answer.json()["device_token"] == first
    assert _told() == 0
    _log_in(ApiClient(), account)
    assert _told() == 1
    assert KnownDevice.objects.filter(user_id=account.id).count() == 2


@pytest.mark.parametrize("value", ["", "x", "a" * 500, "0" * 32 + "." + "0" * 64, "1f" * 16 + "." + "ab" * 32])
def test_a_value_that_we_did_not_sign_is_no_device(value: str) -> None:
    account = make_account()
    assert services.device_id(device_token=value) is None
    assert services.known_device(email=account.email, device_token=value) == ""
    assert services.remember_device(user_id=account.id, device_token=value).token != value


def test_a_device_is_known_to_its_own_accounts_only() -> None:
    mine, other = make_account(), make_account()
    device = services.remember_device(user_id=mine.id, device_token="")
    assert services.known_device(email=mine.email.upper(), device_token=device.token) == str(device.id)
    assert services.known_device(email=other.email, device_token=device.token) == ""
    assert services.known_device(email="nobody@example.org", device_token=device.token) == ""
    with clock.shifted(timedelta(days=401)):
        assert services.known_device(email=mine.email, device_token=device.token) == ""
    KnownDevice.objects.filter(user_id=mine.id).delete()
    assert services.known_device(email=mine.email, device_token=device.token) == ""


def test_at_most_fifty_devices_are_remembered() -> None:
    account = make_account()
    tokens = [services.remember_device(user_id=account.id, device_token="").token for _ in range(52)]
    assert KnownDevice.objects.filter(user_id=account.id).count() == 50
    assert services.known_device(email=account.email, device_token=tokens[-1])
    assert not services.known_device(email=account.email, device_token=tokens[0])


def _rotated(device: str) -> tuple[services.SignIn, services.SignIn]:
    first = services.open_session(user_id=make_account().id, device_token=device)
    return first, services.refresh(refresh_token=first.refresh, device_token=first.device_token)


def test_the_same_device_repeating_itself_within_ten_seconds_keeps_its_session(api: ApiClient) -> None:
    with clock.frozen(clock.now()) as at:
        first, second = _rotated("")
        with clock.frozen(at + timedelta(seconds=9)):
            headers = {"X-Device-Token": first.device_token}
            answer = api.post("/auth/refresh", {"refresh": first.refresh}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (409, "refresh_rotated")
            assert services.refresh(refresh_token=second.refresh)


@pytest.mark.parametrize("case", ["too late", "another device", "no device", "unbound session"])
def test_any_other_repetition_ends_the_family(case: str) -> None:
    with clock.frozen(clock.now()) as at:
        first, second = _rotated("")
        if case == "unbound session":
            Session.objects.filter(id=first.session_id).update(device_id=None)
        other = services.remember_device(user_id=make_account().id, device_token="").token
        device = {"another device": other, "no device": ""}.get(case, first.device_token)
        with clock.frozen(at + timedelta(seconds=11 if case == "too late" else 1)):
            with pytest.raises(Unauthenticated):
                services.refresh(refresh_token=first.refresh, device_token=device)
            with pytest.raises(Unauthenticated):
                services.refresh(refresh_token=second.refresh, device_token=first.device_token)
    assert Session.objects.get(id=first.session_id).end_reason == "reuse"


@pytest.mark.django_db(transaction=True)
def test_one_device_sending_twenty_equal_refreshes_gets_one_successor_and_stays_signed_in() -> None:
    for _ in range(10):
        first = services.open_session(user_id=make_account().id, device_token="")
        results, errors = at_once(
            lambda _, first=first: services.refresh(  # type: ignore[misc]  # bound in the loop
                refresh_token=first.refresh, device_token=first.device_token
            )
        )
        assert (len(results), {type(error) for error in errors}) == (1, {Conflict})
        assert services.refresh(refresh_token=results[0].refresh, device_token=first.device_token)


def test_the_eleventh_session_ends_the_one_unused_for_longest() -> None:
    account = make_account()
    with clock.frozen(clock.now()) as at:
        opened = []
        for number in range(10):
            with clock.frozen(at + timedelta(seconds=number)):
                opened.append(services.open_session(user_id=account.id))
        with clock.frozen(at + timedelta(seconds=20)):
            services.refresh(refresh_token=opened[0].refresh)
            newest = services.open_session(user_id=account.id)
            ended = [one for one in opened if not session_is_open(session_id=one.session_id)]
            assert ended == [opened[1]]
            assert session_is_open(session_id=newest.session_id)
    assert Session.objects.get(id=opened[1].session_id).end_reason == "too_many"


@pytest.mark.django_db(transaction=True)
def test_twenty_sign_ins_at_once_leave_ten_sessions() -> None:
    account = make_account()
    results, errors = at_once(lambda _: services.open_session(user_id=account.id))
    assert (len(results), errors) == (20, [])
    assert Session.objects.filter(user_id=account.id, ended_at=None).count() == 10


def test_the_list_names_device_coarse_network_and_the_present_one(api: ApiClient) -> None:
    account = make_account()
    for agent in (FIREFOX, PHONE):
        _log_in(api, account, **{"User-Agent": agent, "X-Forwarded-For": "203.0.113.77"})
    present = Session.objects.get(user_id=account.id, device=PHONE)
    listed = api.as_(principal_for(account, session_id=present.id)).get("/sessions").json()
    assert [(row["device"], row["network"], row["current"]) for row in listed] == [
        ("Safari on iPhone", "203.0.113.0/24", True),
        ("Firefox on Linux", "203.0.113.0/24", False),
    ]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
            "Safari on Mac",
        ),
        ("My phone", "My phone"),
        ("", "Unknown device"),
        ("x" * 200, "x" * 40),
    ],
)
def test_devices_have_readable_names(agent: str, name: str) -> None:
    assert readable(agent) == name


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48"), (None, ""), ("nowhere", "")],
)
def test_networks_are_coarse(address: str | None, network: str) -> None:
    assert coarse_network(address) == network
