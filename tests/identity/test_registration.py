"""Registering: the same answer for every address, a link that works once, a password of some worth."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Invalid, TooMany
from identity import services
from identity.models import EmailToken, MailRequest, OutboxEntry, User
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account
from tests.identity.at_once import at_once
from tests.observations import verify_credentials

pytestmark = pytest.mark.django_db


def _form(**changes: Any) -> dict[str, Any]:
    return {
        "email": "new@example.org",
        "password": PASSWORD,
        "full_name": "Nora Brandt",
        "date_of_birth": "1980-02-29",
        "country": "DE",
    } | changes


def _comparable(response: Any) -> tuple[int, bytes, set[str]]:
    return response.status_code, response.content, set(response.headers)


def _registered(api: ApiClient, **changes: Any) -> Any:
    """Register, and let the job open the account."""
    answer = api.post("/auth/register", _form(**changes))
    drain("identity")
    return answer


def test_a_patient_registers_and_can_sign_in_once_the_address_is_confirmed(api: ApiClient) -> None:
    assert _registered(api).status_code == 202
    event = OutboxEntry.objects.get(name="identity.account.registered.v1")
    token = services.issue_email_token(user_id=event.aggregate_id, purpose="verify")
    assert api.post("/auth/verify-email", {"token": token, "password": PASSWORD}).status_code == 200
    answer = api.post("/auth/login", {"email": "new@example.org", "password": PASSWORD}).json()
    client = ApiClient()
    me = client.get("/profile/me", headers={"Authorization": f"Bearer {answer['access']}"}).json()
    assert (me["full_name"], me["roles"], me["email_verified"]) == ("Nora Brandt", ["patient"], True)


def test_known_and_unknown_addresses_get_the_same_answer(api: ApiClient) -> None:
    make_account(email="known@example.org")
    make_account(email="unconfirmed@example.org", email_verified=False)
    inactive = make_account(email="inactive@example.org")
    User.objects.filter(id=inactive.id).update(is_active=False)
    answers = [
        _comparable(api.post("/auth/register", _form(email=email)))
        for email in (
            "fresh@example.org",
            "known@example.org",
            "KNOWN@example.org",
            "unconfirmed@example.org",
            "inactive@example.org",
        )
    ]
    assert answers == [answers[0]] * 5
    assert answers[0][0] == 202


def test_the_owner_of_a_known_address_is_told_and_nothing_of_the_account_changes(api: ApiClient) -> None:
    account = make_account(email="known@example.org")
    _registered(api, email="known@example.org", password="another fine long phrase", full_name="Eve")
    assert OutboxEntry.objects.get(name="identity.registration.repeated.v1").aggregate_id == account.id
    assert verify_credentials(email="known@example.org", password=PASSWORD) == account


def test_the_event_carries_the_id_and_nothing_of_the_person(api: ApiClient) -> None:
    _registered(api)
    entry = OutboxEntry.objects.get(name="identity.account.registered.v1")
    assert set(entry.payload) == {"aggregate_id", "verified"}
    assert UUID(entry.payload["aggregate_id"]) == User.objects.get(email="new@example.org").id


def test_nothing_of_the_person_is_readable_in_the_table(api: ApiClient) -> None:
    _registered(api)
    user = User.objects.get(email="new@example.org")
    assert b"Nora" not in bytes(user.profile_sealed)
    assert b"1980" not in bytes(user.profile_sealed)
    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("role", ["administrator", "professional", "nurse"])
def test_registering_never_gives_another_role(api: ApiClient, role: str) -> None:
    assert _registered(api, roles=[role], role=role, is_staff=True, email_verified=True).status_code == 400
    assert services.find_account(email="new@example.org") is None
    _registered(api)
    account = services.find_account(email="new@example.org")
    assert account
    assert (account.roles, account.email_verified) == (frozenset({"patient"}), False)
    assert not User.objects.get(id=account.id).is_staff


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"password": "too short"}, "#/password"),
        ({"password": "passwordpassword"}, "#/password"),
        ({"email": "nobody"}, "#/email"),
        ({"full_name": ""}, "#/full_name"),
        ({"date_of_birth": "29.02.1980"}, "#/date_of_birth"),
        ({"country": "Germany"}, "#/country"),
    ],
)
def test_a_wrong_field_is_named(api: ApiClient, changes: dict[str, Any], pointer: str) -> None:
    response = api.post("/auth/register", _form(**changes))
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_a_link_works_once() -> None:
    account = make_account(email_verified=False)
    token = services.issue_email_token(user_id=account.id, purpose="verify")
    assert services.verify_email(token=token, password=PASSWORD).email_verified
    with pytest.raises(Invalid, match="link was used"):
        services.verify_email(token=token, password=PASSWORD)


def test_a_link_ends_after_an_hour() -> None:
    token = services.issue_email_token(user_id=make_account(email_verified=False).id, purpose="verify")
    with clock.shifted(timedelta(minutes=60, seconds=1)), pytest.raises(Invalid):
        services.verify_email(token=token, password=PASSWORD)
    with clock.shifted(timedelta(minutes=59)):
        assert services.verify_email(token=token, password=PASSWORD).email_verified


def test_a_newer_link_ends_the_older_one() -> None:
    account = make_account(email_verified=False)
    older, newer = (services.issue_email_token(user_id=account.id, purpose="verify") for _ in range(2))
    with pytest.raises(Invalid):
        services.verify_email(token=older, password=PASSWORD)
    assert services.verify_email(token=newer, password=PASSWORD).email_verified


def test_a_link_is_for_one_purpose() -> None:
    account = make_account(email_verified=False)
    token = services.issue_email_token(user_id=account.id, purpose="verify")
    with pytest.raises(Invalid):
        services.reset_password(token=token, password="another fine long phrase")
    with pytest.raises(Invalid, match="verify or reset"):
        services.issue_email_token(user_id=account.id, purpose="anything")


def test_a_link_of_an_account_that_changed_is_dead() -> None:
    account = make_account(email_verified=False)
    token = services.issue_email_token(user_id=account.id, purpose="verify")
    User.objects.filter(id=account.id).update(email="moved@example.org")
    with pytest.raises(Invalid):
        services.verify_email(token=token, password=PASSWORD)


def test_the_table_holds_no_usable_link() -> None:
    account = make_account(email_verified=False)
    token = services.issue_email_token(user_id=account.id, purpose="verify")
    row = EmailToken.objects.get(user_id=account.id)
    assert token.encode() not in bytes(row.token_hash) + bytes(row.bound_to)


def test_a_second_account_of_an_address_is_refused_whatever_its_capitals() -> None:
    make_account(email="One@Example.org")
    with pytest.raises(Conflict):
        make_account(email="one@example.ORG")


@pytest.mark.django_db(transaction=True)
def test_registrations_of_one_address_at_once_look_alike_and_one_of_them_becomes_its_account(api: ApiClient) -> None:
    answers, errors = at_once(lambda _: _comparable(ApiClient().post("/auth/register", _form())), 8)
    assert errors == []
    assert answers == [answers[0]] * 8
    assert answers[0][0] == 202
    drain("identity")
    waiting = list(User.objects.waiting().filter(email="new@example.org"))
    assert len(waiting) == 8
    tokens = [services.issue_email_token(user_id=user.id, purpose="verify") for user in waiting[:3]]
    results, errors = at_once(lambda n: services.verify_email(token=tokens[n % 3], password=PASSWORD), 6)
    assert len(results) == 1
    assert {type(error) for error in errors} <= {Invalid, TooMany}
    assert [user.id for user in User.objects.filter(email="new@example.org", is_active=True)] == [results[0].id]


def test_until_the_job_has_run_nothing_of_the_person_is_readable(api: ApiClient) -> None:
    api.post("/auth/register", _form())
    sealed = bytes(MailRequest.objects.get().address_sealed)
    assert not any(word in sealed for word in (b"new@example.org", b"Nora", b"1980", b"argon2"))
    drain("identity")
    assert not MailRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trial", range(3))
def test_a_link_used_twenty_times_at_once_works_once(trial: int) -> None:
    account = make_account(email_verified=False)
    token = services.issue_email_token(user_id=account.id, purpose="verify")
    results, errors = at_once(lambda _: services.verify_email(token=token, password=PASSWORD))
    assert len(results) == 1
    # Passwords beside a link are counted, five at a time.
    assert {type(error) for error in errors} == {Invalid, TooMany}
    assert OutboxEntry.objects.filter(name="identity.email.verified.v1").count() == 1
