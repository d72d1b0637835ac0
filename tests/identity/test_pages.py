"""The pages of the own sign-in: sessions, passkeys, and getting in by a passkey."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from config.kernel import clock
from identity import services
from identity.models import Passkey, RecoveryDevice, Session
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code
from tests.identity.authenticator import ORIGIN, Authenticator

pytestmark = pytest.mark.django_db
NOT_FRESH = timedelta(minutes=6)


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.PUBLIC_URL = ORIGIN


def signed_in(role: str = "professional") -> tuple[Client, services.AccountDTO]:
    account = make_account(role)
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    client = Client()
    entrance = "/dashboard/sign-in" if role == "professional" else "/admin/login/"
    answer = client.post(entrance, {"email": account.email, "password": PASSWORD, "code": totp_code()})
    assert answer.status_code == 302, answer.content
    return client, account


def make_passkey(client: Client, device: Authenticator) -> Any:
    begun = client.post("/account/passkeys/options").json()
    form = {"challenge_id": begun["challenge_id"], "credential": json.dumps(device.create(begun["options"]))}
    return client.post("/account/passkeys", form | {"name": "Office key"})


def enter(client: Client, device: Authenticator, target: str = "/dashboard/") -> Any:
    begun = client.post("/api/v1/auth/passkeys/sign-in/options", "{}", content_type="application/json").json()
    form = {"challenge_id": begun["challenge_id"], "credential": json.dumps(device.get(begun["options"]))}
    return client.post("/account/sign-in/passkey", form | {"next": target})


@pytest.mark.parametrize(("role", "home"), [("professional", "/dashboard/"), ("nurse", "/admin/")])
def test_a_passkey_made_on_the_page_opens_the_part_of_its_role(role: str, home: str) -> None:
    client, account = signed_in(role)
    device = Authenticator()
    assert make_passkey(client, device).status_code in (200, 302)
    assert Passkey.objects.get(user_id=account.id).name == "Office key"
    fresh = Client()
    answer = enter(fresh, device, home)
    assert (answer.status_code, answer["Location"]) == (302, home)
    assert fresh.get("/account/").status_code == 200
    assert Session.objects.filter(user_id=account.id, ended_at=None).count() == 2


def test_a_passkey_opens_no_part_that_its_role_does_not() -> None:
    client, _ = signed_in("nurse")
    device = Authenticator()
    make_passkey(client, device)
    answer = enter(Client(), device, "/dashboard/")
    assert answer.status_code == 401
    assert b"/dashboard/sign-in" in answer.content


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/dashboard//evil.example", "/api/v1/cases"]
)
def test_a_passkey_never_leads_elsewhere(target: str) -> None:
    client, _ = signed_in()
    device = Authenticator()
    make_passkey(client, device)
    answer = enter(Client(), device, target)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/dashboard/")


@pytest.mark.parametrize("form", [{}, {"challenge_id": "x", "credential": "{}"}, {"credential": "[1]"}])
def test_a_form_without_a_passkey_is_refused_with_a_way_back(form: dict[str, str]) -> None:
    answer = Client().post("/account/sign-in/passkey", form | {"next": "/admin/"})
    assert answer.status_code == 400
    assert b"/admin/login/" in answer.content


def test_nothing_changes_without_a_fresh_proof_and_a_code_gives_one() -> None:
    client, account = signed_in()
    device = Authenticator()
    with clock.shifted(NOT_FRESH):
        assert client.post("/account/passkeys/options").status_code in (401, 403)
        assert b"Add a passkey" not in client.get("/account/").content
        assert client.post("/account/prove", {"code": totp_code()}).status_code == 302
        assert b"Add a passkey" in client.get("/account/").content
        make_passkey(client, device)
    with clock.shifted(NOT_FRESH * 2):
        begun = client.post("/account/prove/options").json()
        form = {"challenge_id": begun["challenge_id"], "credential": json.dumps(device.get(begun["options"]))}
        answer = client.post("/account/prove/passkey", form | {"next": "/dashboard/cases/1/sign"})
        assert answer["Location"] == "/dashboard/cases/1/sign"
        (passkey,) = Passkey.objects.filter(user_id=account.id)
        assert client.post(f"/account/passkeys/{passkey.id}/remove").status_code == 302
    assert not Passkey.objects.exists()


def test_the_first_passkey_shows_recovery_codes_once() -> None:
    client, account = signed_in()
    RecoveryDevice.objects.filter(user_id=account.id).delete()
    shown = make_passkey(client, Authenticator())
    assert shown.status_code == 200
    assert shown.content.count(b"<li><code>") == 10
    assert b"<li><code>" not in client.get("/account/").content


def test_other_sessions_are_seen_and_ended_and_strangers_are_not() -> None:
    client, account = signed_in()
    other = services.open_session(user_id=account.id, device="Phone")
    strangers = services.open_session(user_id=make_account().id, device="Strange")
    page = client.get("/account/").content
    assert str(other.session_id).encode() in page
    assert str(strangers.session_id).encode() not in page
    assert client.post(f"/account/sessions/{strangers.session_id}/end").status_code == 404
    assert client.post(f"/account/sessions/{other.session_id}/end").status_code == 302
    services.open_session(user_id=account.id, device="Tablet")
    assert client.post("/account/sessions/end").status_code == 302
    assert Session.objects.filter(user_id=account.id, ended_at=None).count() == 1
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("path", ["", "prove", "sessions/end", "passkeys"])
def test_strangers_are_shown_where_to_sign_in(path: str) -> None:
    client = Client()
    answer = client.get(f"/account/{path}") if not path else client.post(f"/account/{path}")
    assert answer.status_code == (401 if path else 200)
    assert b"Sign in as a specialist" in answer.content


@pytest.mark.parametrize("path", ["/dashboard/sign-in", "/admin/login/"])
def test_both_entrances_offer_the_passkey(path: str) -> None:
    page = Client().get(path).content
    assert b"data-passkey" in page
    assert b"identity/passkeys.js" in page


def test_who_is_not_signed_in_finds_both_doors_and_comes_back_by_either() -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    client = Client()
    page = client.get("/account/")
    assert page.status_code == 200
    assert 'href="/dashboard/sign-in?next=%2Faccount%2F"' in page.content.decode()
    assert 'href="/admin/login/?next=%2Faccount%2F"' in page.content.decode()
    proof = {"email": account.email, "password": PASSWORD, "code": totp_code()}
    answer = client.post("/admin/login/?next=%2Faccount%2F", proof)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert client.get("/account/").status_code == 200
