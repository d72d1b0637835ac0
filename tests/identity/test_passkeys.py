"""Passkeys, driven by a software authenticator: made, used, removed; everything bent is refused."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.auth.tokens import decode_access
from config.kernel.errors import DomainError, Invalid
from identity import services
from identity.models import AuditEntry, OutboxEntry, Passkey, PasskeyChallenge, TotpSecret, User
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account, principal_for, totp_code
from tests.identity.at_once import at_once
from tests.identity.authenticator import ORIGIN, Authenticator, decode, encode
from tests.observations import session_is_open

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.PUBLIC_URL = ORIGIN


def _register(person: Principal, device: Authenticator | None = None) -> Authenticator:
    device = device or Authenticator()
    begun = services.begin_passkey(principal=person)
    services.add_passkey(
        principal=person, challenge_id=begun.challenge_id, credential=device.create(dict(begun.options)), name="Laptop"
    )
    return device


def _owner(role: str = "professional") -> tuple[services.AccountDTO, Authenticator]:
    account = make_account(role)
    return account, _register(principal_for(account))


def _signed_in(device: Authenticator, api: ApiClient | None = None) -> Any:
    api = api or ApiClient()
    begun = api.post("/auth/passkeys/sign-in/options", {}).json()
    body = {"challenge_id": begun["challenge_id"], "credential": device.get(begun["options"])}
    return api.post("/auth/passkeys/sign-in", body)


def test_a_passkey_is_made_listed_and_removed(api: ApiClient) -> None:
    account = make_account("nurse")
    mine, device = api.as_(principal_for(account)), Authenticator()
    begun = mine.post("/auth/passkeys/options").json()
    assert begun["options"]["rp"]["id"] == "opinion.example"
    assert begun["options"]["authenticatorSelection"]["residentKey"] == "required"
    body = {"challenge_id": begun["challenge_id"], "credential": device.create(begun["options"]), "name": "Laptop"}
    made = mine.post("/auth/passkeys", body)
    assert made.status_code == 201
    assert len(made.json()["recovery_codes"]) == 10
    (listed,) = mine.get("/auth/passkeys").json()
    assert (listed["name"], listed["last_used_at"]) == ("Laptop", None)
    assert services.has_second_factor(user_id=account.id)
    assert mine.delete(f"/auth/passkeys/{listed['id']}").status_code == 204
    assert mine.get("/auth/passkeys").json() == []
    changes = OutboxEntry.objects.filter(name="identity.second_factor.changed.v1").order_by("position")
    assert [row.payload["change"] for row in changes] == ["passkey_added", "passkey_removed"]


def test_making_and_removing_ask_for_a_fresh_proof(api: ApiClient) -> None:
    stale = api.as_(principal_for(make_account("nurse"), mfa=False))
    assert stale.post("/auth/passkeys/options").status_code == 403
    assert stale.post("/auth/passkeys", {"challenge_id": str(uuid4()), "credential": {}}).status_code == 403
    assert stale.delete(f"/auth/passkeys/{uuid4()}").status_code == 403


@pytest.mark.parametrize("role", ["professional", "nurse", "administrator", "patient"])
def test_people_sign_in_without_a_password(role: str) -> None:
    account, device = _owner(role)
    principal = decode_access(_signed_in(device).json()["access"])
    assert principal.user_id == account.id
    assert principal.stepped_up()


def test_without_a_password_the_person_must_be_verified() -> None:
    _, device = _owner()
    device.verifies = False
    assert _signed_in(device).status_code == 401


def test_a_passkey_is_the_second_step_after_a_password(api: ApiClient) -> None:
    account, device = _owner()
    device.verifies = False
    pending = api.post("/auth/login", {"email": account.email, "password": PASSWORD}).json()
    assert (pending["second_factor_required"], pending["enrolment_required"]) == (True, False)
    token = {"pending_token": pending["pending_token"]}
    begun = api.post("/auth/passkeys/sign-in/options", token).json()
    assert [decode(c["id"]) for c in begun["options"]["allowCredentials"]] == [device.credential_id]
    body = token | {"challenge_id": begun["challenge_id"], "credential": device.get(begun["options"])}
    assert decode_access(api.post("/auth/passkeys/sign-in", body).json()["access"]).stepped_up()


def test_another_ones_passkey_is_no_second_step(api: ApiClient) -> None:
    account, _ = _owner()
    _, theirs = _owner()
    pending = api.post("/auth/login", {"email": account.email, "password": PASSWORD}).json()["pending_token"]
    begun = api.post("/auth/passkeys/sign-in/options", {"pending_token": pending}).json()
    body = {"challenge_id": begun["challenge_id"], "credential": theirs.get(begun["options"]), "pending_token": pending}
    assert api.post("/auth/passkeys/sign-in", body).status_code == 401
    assert AuditEntry.objects.filter(action="passkey.verify", outcome="denied").count() == 1


def test_a_passkey_steps_up(api: ApiClient) -> None:
    account, device = _owner()
    access = services.open_session(user_id=account.id).access
    headers = {"Authorization": f"Bearer {access}"}
    begun = api.post("/auth/passkeys/step-up/options", headers=headers).json()
    body = {"challenge_id": begun["challenge_id"], "credential": device.get(begun["options"])}
    fresh = api.post("/auth/passkeys/step-up", body, headers=headers).json()["access"]
    assert decode_access(fresh).stepped_up()


def test_a_counter_that_goes_back_or_stands_still_is_refused() -> None:
    _, device = _owner()
    assert _signed_in(device).status_code == 200
    copied = copy.copy(device)
    assert _signed_in(device).status_code == 200
    assert _signed_in(copied).status_code == 401
    device.counts = False
    assert _signed_in(device).status_code == 401


def test_authenticators_without_a_counter_work() -> None:
    account = make_account("nurse")
    device = _register(principal_for(account), Authenticator(counts=False))
    assert [_signed_in(device).status_code for _ in range(3)] == [200] * 3


def test_a_challenge_is_answered_once_and_within_five_minutes() -> None:
    _, device = _owner()
    begun = services.begin_passkey_sign_in()
    answer = device.get(dict(begun.options))
    with clock.shifted(timedelta(minutes=5, seconds=1)), pytest.raises(Invalid):
        services.sign_in_by_passkey(challenge_id=begun.challenge_id, credential=answer)
    assert services.sign_in_by_passkey(challenge_id=begun.challenge_id, credential=answer)
    with pytest.raises(Invalid):
        services.sign_in_by_passkey(challenge_id=begun.challenge_id, credential=answer)


@pytest.mark.django_db(transaction=True)
def test_one_answer_at_ten_places_at_once_signs_in_once() -> None:
    _, device = _owner()
    begun = services.begin_passkey_sign_in()
    answer = device.get(dict(begun.options))
    results, errors = at_once(
        lambda _: services.sign_in_by_passkey(challenge_id=begun.challenge_id, credential=answer), 10
    )
    assert len(results) == 1
    assert len(errors) == 9


def test_a_challenge_serves_the_purpose_and_the_person_it_was_made_for() -> None:
    account, device = _owner()
    person = principal_for(account, session_id=services.open_session(user_id=account.id).session_id)
    step_up = services.begin_passkey_step_up(principal=person)
    with pytest.raises(Invalid):
        services.sign_in_by_passkey(challenge_id=step_up.challenge_id, credential=device.get(dict(step_up.options)))
    other = principal_for(make_account("nurse"), session_id=uuid4())
    with pytest.raises(Invalid):
        services.step_up_by_passkey(
            principal=other, challenge_id=step_up.challenge_id, credential=device.get(dict(step_up.options))
        )


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _bent(answer: dict[str, Any], how: str) -> dict[str, Any]:
    response = answer["response"]
    if how == "signature":
        response["signature"] = encode(_flipped(decode(response["signature"])))
    elif how == "challenge":
        response["clientDataJSON"] = encode(
            decode(response["clientDataJSON"]).replace(b'"challenge": "', b'"challenge": "A')
        )
    elif how == "data":
        response["authenticatorData"] = encode(decode(response["authenticatorData"])[:-1] + b"\xff")
    elif how == "handle":
        response["userHandle"] = encode(uuid4().bytes)
    elif how == "id":
        answer["id"] = answer["rawId"] = encode(b"another credential")
    elif how == "empty":
        return {}
    elif how == "types":
        return {"id": 1, "rawId": [], "response": "x", "type": None}
    elif how == "parts":
        response.clear()
    return answer


@pytest.mark.parametrize("how", ["signature", "challenge", "data", "handle", "id", "empty", "types", "parts"])
def test_a_bent_answer_is_refused(api: ApiClient, how: str) -> None:
    _, device = _owner()
    begun = api.post("/auth/passkeys/sign-in/options", {}).json()
    credential = _bent(device.get(begun["options"]), how)
    refused = api.post("/auth/passkeys/sign-in", {"challenge_id": begun["challenge_id"], "credential": credential})
    assert (refused.status_code, refused.json()["code"]) == (401, "passkey_refused")


@pytest.mark.parametrize(
    "device",
    [
        Authenticator(origin="https://evil.example"),
        Authenticator(rp_id="evil.example"),
        Authenticator(origin="http://opinion.example"),
    ],
    ids=["origin", "rp", "scheme"],
)
def test_another_site_can_neither_make_nor_use_a_passkey(device: Authenticator) -> None:
    with pytest.raises(Invalid):
        _register(principal_for(make_account("nurse")), device)
    _, good = _owner()
    good.origin, good.rp_id = device.origin, device.rp_id
    assert _signed_in(good).status_code == 401


def test_a_credential_is_registered_once_by_one_person() -> None:
    _, device = _owner()
    with pytest.raises(DomainError) as refusal:
        _register(principal_for(make_account("nurse")), device)
    assert refusal.value.code == "passkey_known"


def test_of_ten_passkeys_none_more_is_begun() -> None:
    account = make_account("nurse")
    for _ in range(10):
        _register(principal_for(account))
    with pytest.raises(DomainError) as refusal:
        services.begin_passkey(principal=principal_for(account))
    assert refusal.value.code == "passkeys_too_many"


def test_a_closed_account_has_no_way_in() -> None:
    account, device = _owner()
    User.objects.filter(id=account.id).update(is_active=False)
    assert _signed_in(device).status_code == 401


def test_a_change_of_passkeys_ends_the_other_sessions() -> None:
    account = make_account("nurse")
    mine, other = (services.open_session(user_id=account.id).session_id for _ in range(2))
    _register(principal_for(account, session_id=mine))
    assert session_is_open(session_id=mine)
    assert not session_is_open(session_id=other)


def test_what_is_stored_signs_nothing() -> None:
    _, device = _owner()
    row, private = Passkey.objects.get(), device.key.private_numbers().private_value.to_bytes(32, "big")
    assert private not in bytes(row.credential_data)
    assert PasskeyChallenge.objects.exclude(used_at=None).count() == 1


def test_a_password_alone_adds_no_authenticator_beside_a_passkey(api: ApiClient) -> None:
    account = make_account("professional")
    before = api.post("/auth/login", {"email": account.email, "password": PASSWORD}).json()
    assert before["enrolment_required"]
    begun = api.post("/auth/totp", {"pending_token": before["pending_token"]}).json()
    _register(principal_for(account))
    # Neither begun before the passkey was there, nor after it.
    body = {"pending_token": before["pending_token"], "code": totp_code(begun["secret"])}
    assert api.post("/auth/totp/confirm", body).status_code == 409
    pending = api.post("/auth/login", {"email": account.email, "password": PASSWORD}).json()
    assert not pending["enrolment_required"]
    answer = api.post("/auth/totp", {"pending_token": pending["pending_token"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "second_factor_exists")
    assert not TotpSecret.objects.filter(user_id=account.id, confirmed=True).exists()
