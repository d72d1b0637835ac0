"""The own profile: allow-listed in and out, sealed in the table, guarded by its version."""

from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from config.kernel.crypto import UnreadableSecret
from config.kernel.errors import Invalid, NotFound
from identity import services
from identity.models import AuditEntry, User
from identity.queries import open_profile
from tests.client import ApiClient
from tests.factories import make_account, principal_for

pytestmark = pytest.mark.django_db
FIELDS = {
    "id", "email", "full_name", "date_of_birth", "sex", "phone", "country", "region", "locale", "time_zone",
    "roles", "email_verified", "mfa_enabled",
}  # fmt: skip
PRIVILEGED = [
    "id", "email", "password", "role", "roles", "is_staff", "is_active", "is_superuser", "email_verified",
    "email_verified_at", "mfa_enabled", "session_version", "version", "created_at", "profile_sealed",
]  # fmt: skip


def _client(api: ApiClient, account: services.AccountDTO) -> ApiClient:
    return api.as_(principal_for(account))


@pytest.mark.parametrize("role", ["patient", "professional", "nurse", "administrator"])
def test_everybody_reads_their_own_profile_and_no_more_than_the_named_fields(api: ApiClient, role: str) -> None:
    account = make_account(role)
    answer = _client(api, account).get("/profile/me")
    body = answer.json()
    assert set(body) == FIELDS
    assert (body["id"], body["email"], body["full_name"], body["roles"]) == (
        str(account.id),
        account.email,
        "Maria Keller",
        [role],
    )
    assert (body["date_of_birth"], answer["ETag"]) == ("1961-04-17", '"1"')


def test_allowed_fields_change_and_are_sealed(api: ApiClient) -> None:
    account = make_account()
    changes = {
        "full_name": "Maria Brandt",
        "phone": "+49 30 1234567",
        "country": "AT",
        "time_zone": "Europe/Vienna",
        "locale": "de",
    }
    answer = _client(api, account).put("/profile/me", changes)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in changes} == changes
    row = User.objects.get(id=account.id)
    assert b"Brandt" not in bytes(row.profile_sealed)
    assert b"1234567" not in bytes(row.profile_sealed)
    assert AuditEntry.objects.filter(action="profile.update", patient_id=account.id).count() == 1


@pytest.mark.parametrize("field", PRIVILEGED)
def test_a_privileged_field_is_refused_by_name_and_nothing_changes(api: ApiClient, field: str) -> None:
    account = make_account()
    before = User.objects.filter(id=account.id).values().get()
    answer = _client(api, account).put("/profile/me", {field: "administrator", "full_name": "Changed"})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{field}"]
    assert User.objects.filter(id=account.id).values().get() == before


def test_a_service_refuses_privileged_fields_too() -> None:
    with pytest.raises(Invalid):
        services.update_profile(user_id=make_account().id, changes={"is_staff": True})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Berlin"),
        ("country", "germany"),
        ("sex", "x"),
        ("date_of_birth", "yesterday"),
        ("locale", "xx"),
        ("full_name", "n" * 201),
    ],
)
def test_a_wrong_value_is_named(api: ApiClient, field: str, value: str) -> None:
    answer = _client(api, make_account()).put("/profile/me", {field: value})
    assert (answer.status_code, [e["pointer"] for e in answer.json()["errors"]]) == (400, [f"#/{field}"])


def test_a_profile_that_changed_meanwhile_is_not_overwritten(api: ApiClient) -> None:
    client = _client(api, make_account())
    etag = client.get("/profile/me")["ETag"]
    assert client.put("/profile/me", {"phone": "1"}, headers={"If-Match": etag}).status_code == 200
    assert client.put("/profile/me", {"phone": "2"}, headers={"If-Match": etag}).status_code == 412
    assert client.get("/profile/me").json()["phone"] == "1"


def test_a_body_that_is_no_object_is_a_400(api: ApiClient) -> None:
    for body in ([], "text", 7):
        assert _client(api, make_account()).put("/profile/me", body).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_reading_the_profile_takes_three_queries(api: ApiClient) -> None:
    account = make_account()
    client = _client(api, account)
    client.get("/profile/me")
    with CaptureQueriesContext(connections["default"]) as queries:
        client.get("/profile/me")
    assert len(queries) == 3, [q["sql"] for q in queries]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("remembered", "expected"), [(True, 3), (False, 4)])
def test_reading_ten_accounts_takes_as_many_queries_as_reading_one(remembered: bool, expected: int) -> None:
    ids = [make_account().id for _ in range(10)]
    if not remembered:
        services.forget_keys()
    with CaptureQueriesContext(connections["default"]) as queries:
        assert len(services.get_accounts(user_ids=ids)) == 10
    assert len(queries) == expected, [q["sql"] for q in queries]


def test_a_profile_moved_to_another_row_does_not_open() -> None:
    one, other = make_account(), make_account()
    User.objects.filter(id=one.id).update(profile_sealed=User.objects.get(id=other.id).profile_sealed)
    moved = User.objects.get(id=one.id)
    for owner in (one, other):
        with pytest.raises(UnreadableSecret):
            open_profile(moved, services.data_key(subject_id=owner.id))


def test_an_unknown_account_is_not_found() -> None:
    from uuid import uuid4

    with pytest.raises(NotFound):
        services.get_account(user_id=uuid4())
    assert services.find_account(email="nobody@example.org") is None
    assert services.get_accounts(user_ids=[uuid4()]) == {}


def test_an_account_does_not_show_secrets_in_its_text() -> None:
    account: Any = make_account()
    assert "correct horse" not in repr(account)
    assert account.email not in str(User.objects.get(id=account.id))
