"""Roles are given and taken by two administrators, never by or for themselves, and take effect at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from config.kernel import clock
from config.kernel.auth import Principal, acting_as
from config.kernel.auth.tokens import decode_access
from config.kernel.errors import Conflict, Forbidden, Unauthenticated
from identity import services
from identity.db import atomic
from identity.models import AuditEntry, OutboxEntry, RoleChange, RoleGrant, User
from tests.client import ApiClient
from tests.factories import make_account, make_person, principal_for
from tests.identity.at_once import at_once
from tests.observations import session_is_open

pytestmark = pytest.mark.django_db
WHY = "joins the nursing team"


@pytest.fixture
def asker() -> Principal:
    return make_person("administrator")


@pytest.fixture
def second() -> Principal:
    return make_person("administrator")


def _asked(asker: Principal, user_id: UUID, role: str = "nurse", *, granted: bool = True) -> services.RoleChangeDTO:
    with acting_as(asker):
        return services.request_role_change(principal=asker, user_id=user_id, role=role, granted=granted, reason=WHY)


def _decided(second: Principal, change_id: UUID, *, approve: bool = True) -> services.RoleChangeDTO:
    with acting_as(second):
        return services.decide_role_change(principal=second, change_id=change_id, approve=approve)


def test_two_administrators_give_a_role_over_the_api(api: ApiClient, asker: Principal, second: Principal) -> None:
    user = make_account("patient")
    body = {"role": "nurse", "granted": True, "reason": WHY}
    asked = api.as_(asker).post(f"/users/{user.id}/roles", body)
    assert (asked.status_code, asked.json()["state"]) == (202, "open")
    assert services.roles_for(user_id=user.id) == {"patient"}
    path = f"/role-changes/{asked.json()['id']}/decision"
    assert api.as_(asker).post(path, {"approve": True}).status_code == 403
    decided = api.as_(second).post(path, {"approve": True})
    assert (decided.status_code, decided.json()["state"]) == (200, "approved")
    assert services.roles_for(user_id=user.id) == {"patient", "nurse"}
    assert User.objects.get(id=user.id).is_staff
    assert RoleGrant.objects.get(user_id=user.id, role="nurse").granted_by == second.user_id


def test_a_role_is_taken_the_same_way(asker: Principal, second: Principal) -> None:
    user = make_account("patient", "nurse")
    _decided(second, _asked(asker, user.id, granted=False).id)
    assert services.roles_for(user_id=user.id) == {"patient"}
    assert not User.objects.get(id=user.id).is_staff


def test_the_change_is_published_audited_and_ends_the_sessions(asker: Principal, second: Principal) -> None:
    user = make_account("patient")
    sign_in = services.open_session(user_id=user.id)
    _decided(second, _asked(asker, user.id).id)
    told = OutboxEntry.objects.get(name="identity.role.changed.v1")
    assert (told.aggregate_id, told.payload["role"], told.payload["granted"]) == (user.id, "nurse", True)
    rows = AuditEntry.objects.filter(action__startswith="role.").order_by("at")
    assert [(row.action, row.actor_id, row.patient_id) for row in rows] == [
        ("role.request", asker.user_id, user.id),
        ("role.approve", second.user_id, user.id),
    ]
    assert not session_is_open(session_id=sign_in.session_id)
    with pytest.raises(Unauthenticated):
        services.refresh(refresh_token=sign_in.refresh)


def test_a_refused_change_changes_nothing(asker: Principal, second: Principal) -> None:
    user = make_account("patient")
    sign_in = services.open_session(user_id=user.id)
    assert _decided(second, _asked(asker, user.id).id, approve=False).state == "refused"
    assert services.roles_for(user_id=user.id) == {"patient"}
    assert session_is_open(session_id=sign_in.session_id)
    assert not OutboxEntry.objects.filter(name="identity.role.changed.v1").exists()


@pytest.mark.parametrize("granted", [True, False])
def test_nobody_changes_their_own_roles(asker: Principal, granted: bool) -> None:
    with pytest.raises(Forbidden, match="own roles"):
        _asked(asker, asker.require_user_id(), "medical_director" if granted else "administrator", granted=granted)


def test_the_user_does_not_decide_about_themselves(asker: Principal) -> None:
    other = make_person("administrator")
    change = _asked(asker, other.require_user_id(), "medical_director")
    with pytest.raises(Forbidden, match="Another administrator"):
        _decided(other, change.id)


def test_the_database_itself_refuses_one_person_in_both_places(asker: Principal) -> None:
    user = make_account("patient")
    change = _asked(asker, user.id)
    for wrong in (asker.user_id, user.id):
        with pytest.raises(IntegrityError), atomic():
            RoleChange.objects.filter(id=change.id).update(decided_by=wrong)
    with pytest.raises(IntegrityError), atomic():
        RoleChange.objects.filter(id=change.id).update(requested_by=user.id)
    with pytest.raises(IntegrityError), atomic():
        RoleChange.objects.filter(id=change.id).update(approved=True, decided_at=clock.now())


@pytest.mark.parametrize("act", ["ask", "decide"])
def test_both_prove_themselves_afresh(api: ApiClient, asker: Principal, act: str) -> None:
    user = make_account("patient")
    stale = make_person("administrator", mfa=False)
    path = f"/users/{user.id}/roles" if act == "ask" else f"/role-changes/{_asked(asker, user.id).id}/decision"
    body: Any = {"role": "nurse", "granted": True, "reason": WHY} if act == "ask" else {"approve": True}
    answer = api.as_(stale).post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert services.roles_for(user_id=user.id) == {"patient"}


@pytest.mark.parametrize("role", ["patient", "professional", "nurse", "coordinator", "support", "medical_director"])
def test_nobody_but_administrators_asks_decides_or_lists(api: ApiClient, asker: Principal, role: str) -> None:
    user, caller = make_account("patient"), make_person(role)
    change = _asked(asker, user.id)
    body = {"role": "administrator", "granted": True, "reason": WHY}
    assert api.as_(caller).post(f"/users/{caller.user_id}/roles", body).status_code == 403
    assert api.as_(caller).post(f"/users/{user.id}/roles", body).status_code == 403
    assert api.as_(caller).post(f"/role-changes/{change.id}/decision", {"approve": True}).status_code == 403
    assert api.as_(caller).get("/role-changes").status_code == 403
    with pytest.raises(Forbidden):
        _asked(caller, user.id, "support")
    with pytest.raises(Forbidden):
        _decided(caller, change.id)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "king", "granted": True, "reason": WHY}, "#/role"),
        ({"role": "nurse", "granted": True, "reason": "short"}, "#/reason"),
        ({"role": "nurse", "reason": WHY}, "/granted"),
    ],
)
def test_a_wrong_wish_names_its_field(api: ApiClient, asker: Principal, body: Any, pointer: str) -> None:
    answer = api.as_(asker).post(f"/users/{make_account().id}/roles", body)
    assert answer.status_code == 400
    assert any(error["pointer"].endswith(pointer.lstrip("#")) for error in answer.json()["errors"])


def test_what_would_change_nothing_or_is_asked_already_is_refused(api: ApiClient, asker: Principal) -> None:
    user = make_account("nurse")
    with pytest.raises(Conflict):
        _asked(asker, user.id)
    _asked(asker, user.id, "support")
    with pytest.raises(Conflict):
        _asked(asker, user.id, "support")
    body = {"role": "nurse", "granted": True, "reason": WHY}
    assert api.as_(asker).post(f"/users/{uuid4()}/roles", body).status_code == 404


def test_a_wish_ends_after_a_week_and_can_be_asked_anew(asker: Principal, second: Principal) -> None:
    user = make_account("patient")
    first = _asked(asker, user.id)
    with clock.shifted(timedelta(days=7, seconds=1)):
        fresh = principal_for(services.get_account(user_id=second.require_user_id()))
        with pytest.raises(Conflict):
            _decided(fresh, first.id)
        again = _asked(principal_for(services.get_account(user_id=asker.require_user_id())), user.id)
        _decided(fresh, again.id)
    assert services.roles_for(user_id=user.id) == {"patient", "nurse"}


@pytest.mark.django_db(transaction=True)
def test_ten_decisions_at_once_are_one() -> None:
    asker, user = make_person("administrator"), make_account("patient")
    change = _asked(asker, user.id)
    deciders = [make_person("administrator") for _ in range(10)]
    results, errors = at_once(lambda number: _decided(deciders[number], change.id, approve=number % 2 == 0), 10)
    assert (len(results), {type(error) for error in errors}) == (1, {Conflict})
    assert ("nurse" in services.roles_for(user_id=user.id)) == (results[0].state == "approved")


SEEN: dict[str, Callable[[Any], bool]] = {
    "patient": lambda answer: answer.status_code == 404,
    "professional": lambda answer: answer.status_code == 404,
    "nurse": lambda answer: answer.status_code == 404,
    "coordinator": lambda answer: answer.json()["full_name"] is None and "…@" in answer.json()["email"],
    "administrator": lambda answer: answer.json()["full_name"] is None and "…@" in answer.json()["email"],
}


@pytest.mark.parametrize("role", SEEN)
def test_staff_see_others_masked_and_the_rest_sees_nobody(api: ApiClient, role: str) -> None:
    user = make_account("patient")
    assert SEEN[role](api.as_(make_person(role)).get(f"/users/{user.id}"))


def test_one_sees_oneself_in_full_and_reading_is_audited(api: ApiClient) -> None:
    user = make_account("patient")
    own = api.as_(principal_for(user)).get(f"/users/{user.id}").json()
    assert (own["email"], own["full_name"], own["roles"]) == (user.email, user.full_name, ["patient"])
    api.as_(make_person("support")).get(f"/users/{user.id}")
    assert AuditEntry.objects.filter(action="user.read", patient_id=user.id).count() == 2


def test_an_account_is_switched_off_and_on_by_an_administrator(asker: Principal) -> None:
    user = make_account("patient")
    sign_in = services.open_session(user_id=user.id)
    services.deactivate_account(principal=asker, user_id=user.id)
    assert not session_is_open(session_id=sign_in.session_id)
    with pytest.raises(Conflict):
        services.deactivate_account(principal=asker, user_id=user.id)
    services.reactivate_account(principal=asker, user_id=user.id)
    assert services.get_account(user_id=user.id).active
    assert not session_is_open(session_id=sign_in.session_id)
    with pytest.raises(Forbidden):
        services.deactivate_account(principal=asker, user_id=asker.require_user_id())
    with pytest.raises(Forbidden):
        services.deactivate_account(principal=make_person("support"), user_id=user.id)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("coordinator", 204),
        ("support", 204),
        ("administrator", 204),
        ("patient", 404),
        ("professional", 404),
        ("nurse", 404),
    ],
)
def test_staff_end_the_sessions_of_a_user_and_others_do_not(api: ApiClient, role: str, status: int) -> None:
    user = make_account("patient")
    sign_in = services.open_session(user_id=user.id)
    assert api.as_(make_person(role)).delete(f"/users/{user.id}/sessions").status_code == status
    assert session_is_open(session_id=sign_in.session_id) == (status == 404)


@pytest.mark.parametrize("path", ["/auth/logout-all", "/users/{}/sessions"])
def test_one_signs_oneself_out_everywhere(api: ApiClient, path: str) -> None:
    user = make_account("patient")
    mine, other = (services.open_session(user_id=user.id) for _ in range(2))
    caller = api.as_(decode_access(mine.access))
    method = "POST" if path.endswith("all") else "DELETE"
    assert caller.send(method, path.format(user.id)).status_code == 204
    assert not any(session_is_open(session_id=one.session_id) for one in (mine, other))
