"""Programs' keys: named scopes, an owner, an end, networks; denied wherever no policy names a scope of theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest

from config.kernel import clock
from config.kernel.api import roles, scopes, signed_in
from config.kernel.auth import Principal, acting_as
from config.kernel.errors import Forbidden, NotFound, Unauthenticated
from identity import services
from identity.models import AuditEntry, ServiceKey, Session, User
from identity.services.sign_in import service_keys
from tests.client import ApiClient
from tests.factories import make_account, make_person
from tests.tooling.moments import later

pytestmark = pytest.mark.django_db
HERE = "127.0.0.1"


@pytest.fixture
def maker() -> Principal:
    return make_person("administrator")


@pytest.fixture(autouse=True)
def _unknown_keys() -> None:
    service_keys._known.clear()


def _made(maker: Principal, **changes: Any) -> services.NewServiceKey:
    fields: dict[str, Any] = {
        "name": "Laboratory bridge",
        "scopes": ["notify"],
        "networks": ["127.0.0.0/8"],
        "expires_at": clock.now() + timedelta(days=30),
    } | changes
    with acting_as(maker):
        return services.create_service_key(principal=maker, **fields)


def _asked(secret: str, path: str = "/sessions", method: str = "GET", **headers: str) -> Any:
    return ApiClient().send(method, path, headers={"Authorization": f"Api-Key {secret}", **headers})


def _refused(secret: str, address: str = HERE) -> bool:
    try:
        services.principal_of_key(secret=secret, address=address)
    except Unauthenticated as error:
        return error.code == "key_invalid"
    return False


def test_a_key_is_made_over_the_api_and_its_secret_shown_once(api: ApiClient, maker: Principal) -> None:
    body = {"name": "x", "scopes": ["notify"], "networks": ["10.0.0.0/8"], "expires_at": "2026-12-24T00:00:00Z"}
    body["expires_at"] = (clock.now() + timedelta(days=3)).isoformat()
    made = api.as_(maker).post("/service-keys", body)
    assert made.status_code == 201
    secret = made.json()["secret"]
    listed = api.as_(maker).get("/service-keys")
    assert listed.json()[0]["hint"] == secret[:8]
    assert secret not in listed.content.decode()
    assert secret not in str(list(ServiceKey.objects.values()))
    assert secret not in repr(_made(maker))


def test_a_key_is_a_service_with_its_scopes_and_no_person(maker: Principal) -> None:
    made = _made(maker, scopes=["notify", f"cases:read:{uuid4()}"])
    principal = services.principal_of_key(secret=made.secret, address=HERE)
    assert (principal.kind, principal.user_id, principal.session_id, principal.roles) == (
        "service",
        None,
        None,
        frozenset(),
    )
    assert principal.scopes == frozenset(made.key.scopes)
    assert not Session.objects.exists()


BAD: dict[str, Callable[[Principal], bool]] = {
    "unknown": lambda maker: _refused("sok_" + "a" * 43),
    "without its mark": lambda maker: _refused(_made(maker).secret.removeprefix("sok_")),
    "changed": lambda maker: _refused(_made(maker).secret[:-1] + "!"),
    "endless": lambda maker: _refused("sok_" + "a" * 10_000),
    "from elsewhere": lambda maker: _refused(_made(maker).secret, "192.0.2.1"),
    "from nowhere": lambda maker: _refused(_made(maker).secret, ""),
    "of an owner who left": lambda maker: _refused(_of_one_who_left(maker)),
}


def _of_one_who_left(maker: Principal) -> str:
    owner = make_account("coordinator")
    secret = _made(maker, owner_id=owner.id).secret
    User.objects.filter(id=owner.id).update(is_active=False)
    return secret


@pytest.mark.parametrize("name", BAD)
def test_a_key_that_is_not_valid_here_is_refused_with_one_text(maker: Principal, name: str) -> None:
    assert BAD[name](maker)


def test_a_key_ends_by_itself(maker: Principal) -> None:
    secret = _made(maker).secret
    assert not _refused(secret)
    with clock.shifted(timedelta(days=30)):
        assert _refused(secret)


def test_an_ended_key_is_refused_within_a_second_in_another_process_too(maker: Principal) -> None:
    made = _made(maker)
    assert not _refused(made.secret)
    elsewhere = dict(service_keys._known)
    with acting_as(maker):
        services.end_service_key(principal=maker, key_id=made.key.id)
    assert _refused(made.secret)
    with mock.patch.object(service_keys, "_known", elsewhere), later(1):
        assert _refused(made.secret)
    with pytest.raises(NotFound):
        services.end_service_key(principal=maker, key_id=made.key.id)


@pytest.mark.parametrize("path", ["/sessions", "/profile/me", "/consents", "/service-keys", "/role-changes"])
def test_what_is_for_people_is_closed_to_keys(maker: Principal, path: str) -> None:
    answer = _asked(_made(maker).secret, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "key_forbidden")


def test_a_wrong_key_is_told_to_sign_in_and_a_token_is_no_key(maker: Principal) -> None:
    assert _asked("sok_wrong").status_code == 401
    assert ApiClient().get("/sessions", headers={"Authorization": "Api-Key"}).status_code == 401
    bearer = {"Authorization": f"Bearer {_made(maker).secret}"}
    assert ApiClient().get("/sessions", headers=bearer).status_code == 401


def test_policies_let_keys_in_by_a_named_scope_only(maker: Principal) -> None:
    key = Principal(kind="service", scopes=frozenset({"notify"}))
    person = make_person("administrator")
    for policy in (roles("administrator", scopes=["notify"]), scopes("notify", "other")):
        policy.check(key)
    for closed in (roles("administrator"), roles("administrator", scopes=["other"]), scopes("other"), signed_in()):
        with pytest.raises(Forbidden):
            closed.check(key)
    roles("administrator", scopes=["notify"]).check(person)
    with pytest.raises(Forbidden):
        scopes("notify").check(person)


def test_making_using_and_ending_are_audited_under_the_right_name(maker: Principal) -> None:
    made = _made(maker)
    for _ in range(3):
        _asked(made.secret)
    with acting_as(maker):
        services.end_service_key(principal=maker, key_id=made.key.id)
    rows = AuditEntry.objects.filter(action__startswith="service_key.").order_by("at")
    assert [(row.action, row.actor_kind, row.actor_id) for row in rows] == [
        ("service_key.create", "user", maker.user_id),
        ("service_key.use", "service", made.key.id),
        ("service_key.end", "user", maker.user_id),
    ]
    assert ServiceKey.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"scopes": ["everything"]}, "#/scopes"),
        ({"scopes": ["cases:read:*"]}, "#/scopes"),
        ({"scopes": ["notify", "cases:read:"]}, "#/scopes"),
        ({"networks": ["0.0.0.0/0"]}, "#/networks"),
        ({"networks": ["::/0"]}, "#/networks"),
        ({"networks": ["home"]}, "#/networks"),
        ({"networks": ["10.0.0.1/8"]}, "#/networks"),
        ({"days": 0}, "#/expires_at"),
        ({"days": 400}, "#/expires_at"),
        ({"owner_id": str(uuid4())}, "#/owner_id"),
    ],
)
def test_a_key_that_is_too_wide_is_not_made(
    api: ApiClient, maker: Principal, changes: dict[str, Any], pointer: str
) -> None:
    expires_at = clock.now() + timedelta(days=changes.pop("days", 9))
    body = {"name": "x", "scopes": ["notify"], "networks": ["10.0.0.0/8"], "expires_at": expires_at.isoformat()}
    answer = api.as_(maker).post("/service-keys", body | changes)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not ServiceKey.objects.exists()


def test_administrators_make_and_end_keys_freshly_proved_and_nobody_else(api: ApiClient, maker: Principal) -> None:
    made = _made(maker)
    body = {"name": "x", "scopes": ["notify"], "networks": ["10.0.0.0/8"], "expires_at": made.key.expires_at}
    for role in ("patient", "professional", "coordinator", "support", "privacy_officer"):
        client = api.as_(make_person(role))
        assert client.post("/service-keys", body).status_code == 403
        assert client.get("/service-keys").status_code == 403
        assert client.delete(f"/service-keys/{made.key.id}").status_code == 403
    stale = api.as_(make_person("administrator", mfa=False))
    for answer in (stale.post("/service-keys", body), stale.delete(f"/service-keys/{made.key.id}")):
        assert answer.json()["code"] == "step_up_required"
    assert api.as_(maker).delete(f"/service-keys/{made.key.id}").status_code == 204
