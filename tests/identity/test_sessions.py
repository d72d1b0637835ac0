"""One refresh token makes one successor; a token used twice ends its session; sessions end at their limits."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.auth.tokens import decode_access
from config.kernel.errors import Unauthenticated
from identity import services
from identity.models import AuditEntry, OutboxEntry, RefreshToken, Session, User
from tests.client import ApiClient
from tests.factories import make_account, make_person, principal_for
from tests.factories.identity import RoleGrantFactory
from tests.identity.at_once import at_once
from tests.observations import session_is_open

pytestmark = pytest.mark.django_db


def _refused(token: str) -> bool:
    try:
        services.refresh(refresh_token=token)
    except Unauthenticated as error:
        return error.code == "refresh_invalid"
    return False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trial", range(10))
def test_twenty_equal_refreshes_at_once_make_one_successor(trial: int) -> None:
    """Fifty tokens in all, five in each trial."""
    for _ in range(5):
        first = services.open_session(user_id=make_account().id)
        results, errors = at_once(lambda _, first=first: services.refresh(refresh_token=first.refresh))  # type: ignore[misc]  # bound in the loop
        assert len(results) == 1
        assert {type(error) for error in errors} == {Unauthenticated}
        assert RefreshToken.objects.filter(session_id=first.session_id).count() == 2


def test_fifty_reused_tokens_end_fifty_families_with_a_row_and_an_event_each(api: ApiClient) -> None:
    for _ in range(50):
        account = make_account()
        first = services.open_session(user_id=account.id)
        second = services.refresh(refresh_token=first.refresh)
        headers = {"Authorization": f"Bearer {second.access}"}
        assert api.get("/consents", headers=headers).status_code == 200
        assert _refused(first.refresh)
        assert _refused(second.refresh)
        assert api.get("/consents", headers=headers).status_code == 401
    assert AuditEntry.objects.filter(action="session.reuse", outcome="denied").count() == 50
    told = OutboxEntry.objects.filter(name="identity.sessions.ended.v1", payload__reason="reuse")
    assert told.values("aggregate_id").distinct().count() == 50


@pytest.mark.parametrize("role", ["patient", "professional", "administrator"])
@pytest.mark.parametrize("limit", ["idle", "absolute"])
@pytest.mark.parametrize("before", [True, False])
def test_each_limit_of_each_role_refuses_refresh_and_access_from_its_instant_on(
    role: str, limit: str, before: bool
) -> None:
    account, start = make_account(role), clock.now()
    length = services_limits(role, limit)
    with clock.frozen(start):
        sign_in = services.open_session(user_id=account.id)
    if limit == "absolute":
        Session.objects.filter(id=sign_in.session_id).update(last_used_at=start + length - timedelta(minutes=5))
    at = start + length - timedelta(seconds=2) if before else start + length
    with clock.frozen(at):
        assert session_is_open(session_id=sign_in.session_id) is before
        assert _refused(sign_in.refresh) is not before


def services_limits(role: str, limit: str) -> timedelta:
    """As the reference says: 30 min and 12 h for professionals and staff, 60 min and 24 h for patients."""
    strict = role != "patient"
    if limit == "idle":
        return timedelta(minutes=30 if strict else 60)
    return timedelta(hours=12 if strict else 24)


@pytest.mark.django_db(transaction=True)
def test_refreshing_and_signing_out_at_once_leaves_no_open_session() -> None:
    account = make_account()
    for _ in range(5):
        sign_in = services.open_session(user_id=account.id)

        def act(number: int, sign_in: services.SignIn = sign_in) -> Any:
            if number % 2:
                return services.end_all_sessions(user_id=account.id, reason="logout")
            return services.refresh(refresh_token=sign_in.refresh)

        results, _ = at_once(act, 4)
        successors = [result for result in results if isinstance(result, services.SignIn)]
        assert all(_refused(successor.refresh) for successor in successors)
        assert not session_is_open(session_id=sign_in.session_id)


def test_a_chain_of_refreshes_goes_on_in_one_session() -> None:
    sign_in = services.open_session(user_id=make_account().id)
    session_id = sign_in.session_id
    for _ in range(5):
        sign_in = services.refresh(refresh_token=sign_in.refresh)
        assert sign_in.session_id == session_id
        assert decode_access(sign_in.access).session_id == session_id


@pytest.mark.parametrize("age", [1, 2, 5])
def test_an_old_token_used_again_ends_the_whole_family_and_the_owner_is_told(age: int) -> None:
    account = make_account()
    chain = [services.open_session(user_id=account.id)]
    for _ in range(age):
        chain.append(services.refresh(refresh_token=chain[-1].refresh))
    assert _refused(chain[0].refresh)
    assert _refused(chain[-1].refresh)
    assert Session.objects.get(id=chain[0].session_id).end_reason == "reuse"
    told = OutboxEntry.objects.get(name="identity.sessions.ended.v1")
    assert (told.aggregate_id, told.payload["reason"]) == (account.id, "reuse")
    assert AuditEntry.objects.get(action="session.reuse").outcome == "denied"


def test_one_family_that_ends_leaves_the_others_open() -> None:
    account = make_account()
    stolen, other = (services.open_session(user_id=account.id) for _ in range(2))
    services.refresh(refresh_token=stolen.refresh)
    assert _refused(stolen.refresh)
    assert services.refresh(refresh_token=other.refresh)


@pytest.mark.parametrize("token", ["", "x", "a" * 200, "é", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_token_is_refused(token: str) -> None:
    assert _refused(token)


def test_the_table_holds_no_usable_token() -> None:
    sign_in = services.open_session(user_id=make_account().id)
    assert sign_in.refresh.encode() not in bytes(RefreshToken.objects.get().token_hash)
    assert sign_in.refresh not in repr(sign_in)
    assert sign_in.access not in repr(sign_in)


def test_a_refresh_carries_roles_that_changed_meanwhile() -> None:
    account = make_account()
    sign_in = services.open_session(user_id=account.id)
    RoleGrantFactory(user_id=account.id, role="nurse")
    assert decode_access(services.refresh(refresh_token=sign_in.refresh).access).roles == {"patient", "nurse"}


def test_a_deleted_or_inactive_account_refreshes_nothing(api: ApiClient) -> None:
    gone, inactive = (services.open_session(user_id=make_account().id) for _ in range(2))
    User.objects.filter(id=decode_access(inactive.access).user_id).update(is_active=False)
    User.objects.filter(id=decode_access(gone.access).user_id).delete()
    for sign_in in (gone, inactive):
        assert api.post("/auth/refresh", {"refresh": sign_in.refresh}).status_code == 401


@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [("patient", 60, 24), ("professional", 30, 12), ("nurse", 30, 12), ("administrator", 30, 12)],
)
def test_a_session_ends_when_idle_and_in_any_case_after_its_longest_time(role: str, idle: int, absolute: int) -> None:
    start = clock.now()
    account = make_account(role)
    with clock.frozen(start):
        used, unused = (services.open_session(user_id=account.id) for _ in range(2))
    token, at = used.refresh, start
    while at + timedelta(minutes=idle - 1) < start + timedelta(hours=absolute):
        at += timedelta(minutes=idle - 1)
        with clock.frozen(at):
            token = services.refresh(refresh_token=token).refresh
    with clock.frozen(start + timedelta(minutes=idle)):
        assert _refused(unused.refresh)
    with clock.frozen(start + timedelta(hours=absolute)):
        assert _refused(token)
    assert Session.objects.get(id=unused.session_id).end_reason == "idle"
    assert (
        Session.objects.get(id=used.session_id).ended_at is None
        or Session.objects.get(id=used.session_id).end_reason == "absolute"
    )


def test_a_person_sees_and_ends_only_their_own_sessions(api: ApiClient) -> None:
    mine, theirs = make_account(), make_account()
    own = services.open_session(user_id=mine.id, device="Phone")
    foreign = services.open_session(user_id=theirs.id)
    client = api.as_(principal_for(mine, session_id=own.session_id))
    listed = client.get("/sessions").json()
    assert [(row["id"], row["device"], row["current"]) for row in listed] == [(str(own.session_id), "Phone", True)]
    assert client.delete(f"/sessions/{foreign.session_id}").status_code == 404
    assert session_is_open(session_id=foreign.session_id)
    assert client.delete(f"/sessions/{own.session_id}").status_code == 204
    assert client.delete(f"/sessions/{own.session_id}").status_code == 401
    assert api.as_(principal_for(mine)).delete(f"/sessions/{own.session_id}").status_code == 404


def test_signing_out_everywhere_ends_all_of_them(api: ApiClient) -> None:
    account = make_account()
    sign_ins = [services.open_session(user_id=account.id) for _ in range(3)]
    assert api.as_(principal_for(account)).delete("/sessions").status_code == 204
    assert all(_refused(sign_in.refresh) for sign_in in sign_ins)
    assert api.as_(principal_for(account)).get("/sessions").json() == []


@pytest.mark.parametrize("path", ["/sessions", "/profile/me", "/consents"])
def test_a_stranger_is_told_to_sign_in(api: ApiClient, path: str) -> None:
    assert api.get(path).status_code == 401


def test_the_address_and_device_of_a_sign_in_are_kept(api: ApiClient) -> None:
    account = make_account()
    body = {"email": account.email, "password": "correct horse battery staple", "device": "d" * 200}
    api.post("/auth/login", body, headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    session = Session.objects.get(user_id=account.id)
    assert (session.address, len(session.device)) == ("198.51.100.7", 200)


def test_another_persons_open_session_is_not_reached_by_a_service(api: ApiClient) -> None:
    person = make_person("administrator")
    with pytest.raises(Exception, match="no such open session"):
        other = services.open_session(user_id=make_account().id)
        services.end_session(user_id=person.user_id or make_account().id, session_id=other.session_id)
