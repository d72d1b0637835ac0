"""Sensitive acts want a proof of the last five minutes, whoever does them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from tests.authorization.rows import ROWS
from tests.authorization.test_matrix import ask, client_of
from tests.authorization.world import World, filled, undone
from tests.client import ApiClient

pytestmark = pytest.mark.django_db
BY_NAME = {row.name: row for row in ROWS}
# Rows of the matrix, and the role that may do them; then acts on oneself that the matrix does not list.
LISTED = {
    "I6 ask to give PO a role": "SA",
    "I6 decide on it": "SA",
    "I9 remove PO's second factor": "PO",
    "I9 approve it": "SA",
    "I10 export": "PO",
    "C23 add a delegate": "PO",
}
OWN: dict[str, tuple[str, str, Any]] = {
    "change the address": ("POST", "/auth/email", {"email": "another@example.org"}),
    "change the password": ("POST", "/auth/password", {"new_password": "a wholly other long phrase"}),
    "new recovery codes": ("POST", "/auth/recovery-codes", {}),
    "begin a passkey": ("POST", "/auth/passkeys/options", {}),
    "replace the authenticator": ("POST", "/auth/totp", {}),
}


def stale(client: ApiClient, minutes: float = 5.1) -> ApiClient:
    assert client.principal is not None
    return ApiClient(replace(client.principal, mfa_at=clock.now() - timedelta(minutes=minutes)))


@pytest.mark.parametrize("name", LISTED)
def test_a_proof_older_than_five_minutes_is_not_enough(name: str) -> None:
    row, world = BY_NAME[name], World()
    client = client_of(world, LISTED[name])
    path, body = filled(row.path, world), filled(row.body, world)
    with undone():
        refused = ask(stale(client), row.method, path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    assert "step-up" in refused.json()["detail"]
    with undone():
        assert ask(stale(client, minutes=4.9), row.method, path, body).status_code < 300


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("role", ["PO", "PA", "SS"])
def test_acts_on_ones_own_account_want_it_too(name: str, role: str) -> None:
    method, path, body = OWN[name]
    client = client_of(World(), role)
    with undone():
        refused = ask(stale(client), method, path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required"), refused.content
    with undone():
        fresh = ask(client, method, path, body)
    assert fresh.status_code != 403, fresh.content


def test_somebody_who_never_gave_one_is_refused_as_well() -> None:
    world = World()
    client = client_of(world, "PO")
    assert client.principal is not None
    never = ApiClient(replace(client.principal, mfa_at=None))
    assert never.post(f"/users/{world['po']}/export").json()["code"] == "step_up_required"


def test_a_signature_wants_it() -> None:
    world = World()
    story = world.story
    assert world["c"]
    from tests.cases.support import by

    with by(world.author):
        opinion = story.submit()
    client = client_of(world, "PA")
    body = {"action": "sign", "content_hash": opinion.content_hash}
    refused = stale(client).post(f"/cases/{story.id}/opinion", body)
    assert refused.status_code in (401, 403, 409)
    assert "second factor" in refused.content.decode().lower() or "step" in refused.content.decode()
    assert story.state == "READY_TO_SIGN"
    assert client.post(f"/cases/{story.id}/opinion", body).status_code == 200
