"""Eight things that end access × access token, refresh token, open socket: all refused within a second."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from config.kernel.auth import Principal, acting_as, sessions
from config.kernel.auth.tokens import decode_access
from identity import services as identity
from notifications.realtime.session_checks import LOOK_SECONDS
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_person, principal_for
from tests.notifications.realtime import Realtime
from tests.tooling.moments import later

pytestmark = pytest.mark.django_db(transaction=True)
NEW_PASSWORD = "nine quiet lighthouses of stone"


@dataclass(frozen=True)
class Person:
    """Somebody with two sessions: the one that acts, and the one that is watched."""

    account: identity.AccountDTO
    acting: Principal
    watched: identity.SignIn


def _person() -> Person:
    account = make_account("patient")
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    own = identity.open_session(user_id=account.id).session_id
    return Person(account, principal_for(account, session_id=own), identity.open_session(user_id=account.id))


def _logout(who: Person) -> None:
    identity.end_session(user_id=who.account.id, session_id=who.watched.session_id)


def _change_of_role(who: Person) -> None:
    asker, second = make_person("administrator"), make_person("administrator")
    change = identity.request_role_change(
        principal=asker, user_id=who.account.id, role="nurse", granted=True, reason="joins the nursing team"
    )
    identity.decide_role_change(principal=second, change_id=change.id, approve=True)


def _deletion(who: Person) -> None:
    from identity.models import User

    identity.revoke_access(user_id=who.account.id, reason="deleted")
    User.objects.filter(id=who.account.id).delete()


def _reset(who: Person) -> None:
    token = identity.issue_email_token(user_id=who.account.id, purpose="reset")
    identity.reset_password(token=token, password=NEW_PASSWORD)


TRIGGERS: dict[str, Callable[[Person], object]] = {
    "logout": _logout,
    "logout everywhere": lambda who: identity.end_all_sessions(user_id=who.account.id, reason="logout"),
    "password change": lambda who: identity.change_password(
        principal=who.acting, new_password=NEW_PASSWORD, current_password=PASSWORD
    ),
    "password reset": _reset,
    "second factor": lambda who: identity.remove_second_factor(principal=who.acting, user_id=who.account.id),
    "role": _change_of_role,
    "deactivation": lambda who: identity.deactivate_account(
        principal=make_person("administrator"), user_id=who.account.id
    ),
    "deletion": _deletion,
}


def _refused_a_second_later(path: str, access: str) -> bool:
    """Also in a process that knew the session a moment before it ended."""
    with later(1):
        return ApiClient().get(path, headers={"Authorization": f"Bearer {access}"}).status_code == 401


def _remembering(session_id: UUID, access: str) -> None:
    """Have this process know the session as open, as another process would that was not told of the end."""
    sessions.keep_known(session_id, sessions.SessionState(decode_access(access).session_version, 2e9), 0.9)


@pytest.mark.parametrize("name", TRIGGERS)
def test_all_access_ends_within_a_second(realtime: Realtime, name: str) -> None:
    who = _person()
    watched = replace(principal_for(who.account), session_id=who.watched.session_id)
    with realtime.signed_in(watched) as socket:
        socket.hello()
        _remembering(who.watched.session_id, who.watched.access)
        known = sessions._known[who.watched.session_id]
        with acting_as(who.acting):
            TRIGGERS[name](who)
        sessions._known[who.watched.session_id] = known
        assert socket.closed_with() == 4401
    assert _refused_a_second_later("/profile/me", who.watched.access)
    answer = ApiClient().post("/auth/refresh", {"refresh": who.watched.refresh})
    assert (answer.status_code, answer.json()["code"]) == (401, "refresh_invalid")


def test_the_session_that_changes_its_password_keeps_its_refresh_token(realtime: Realtime) -> None:
    account = make_account("patient")
    mine = identity.open_session(user_id=account.id)
    with acting_as(decode_access(mine.access)) as me:
        identity.change_password(principal=me, new_password=NEW_PASSWORD, current_password=PASSWORD)
    assert _refused_a_second_later("/profile/me", mine.access)
    fresh = identity.refresh(refresh_token=mine.refresh)
    with realtime.signed_in(decode_access(fresh.access)) as socket:
        socket.hello()
        assert socket.hears_nothing()


def test_a_socket_closes_within_a_second_even_when_nobody_rings(
    realtime: Realtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = _person()
    watched = replace(principal_for(who.account), session_id=who.watched.session_id)
    with realtime.signed_in(watched) as socket:
        socket.hello()
        monkeypatch.setattr("config.kernel.auth.session_store.note_end", lambda *_: None)
        _logout(who)
        assert socket.closed_with() == 4401
    # Nobody rang: the next round saw it.
    assert LOOK_SECONDS < 1
