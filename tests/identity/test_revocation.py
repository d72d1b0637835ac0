"""Access ends within a second of what ends it: in every process, with Valkey away, and when its word is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
import redis
from django.conf import settings as django_settings
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from config.kernel import clock
from config.kernel.auth import Principal, session_store, sessions
from config.kernel.auth.tokens import decode_access
from config.kernel.errors import Unauthenticated, Unavailable
from identity import services
from identity.models import OutboxEntry, Session, User
from tests.client import ApiClient
from tests.factories import make_account
from tests.observations import session_is_open
from tests.platform.waiting import until
from tests.tooling.moments import later

pytestmark = pytest.mark.django_db(transaction=True)
NOWHERE = "redis://127.0.0.1:1/0"


def _opened() -> tuple[services.AccountDTO, services.SignIn, Principal]:
    account = make_account()
    sign_in = services.open_session(user_id=account.id)
    return account, sign_in, decode_access(sign_in.access)


def _refused(principal: Principal) -> bool:
    try:
        sessions.require_open_session(principal)
    except Unauthenticated as error:
        return error.code == "session_ended"
    return False


def _valkey_forgets_in(principal: Principal) -> float:
    assert principal.session_id
    with redis.from_url(django_settings.REDIS_URL) as client:
        return client.pttl(session_store._key(principal.session_id)) / 1000


def _api(access: str) -> int:
    status: int = ApiClient().get("/profile/me", headers={"Authorization": f"Bearer {access}"}).status_code
    return status


END: dict[str, Callable[[UUID, UUID], object]] = {
    "one session": lambda user, session: services.end_session(user_id=user, session_id=session),
    "all sessions": lambda user, _: services.end_all_sessions(user_id=user, reason="logout"),
    "access": lambda user, _: services.revoke_access(user_id=user, reason="password"),
}


@pytest.mark.parametrize("name", END)
def test_the_next_request_is_refused(name: str) -> None:
    account, sign_in, _ = _opened()
    assert _api(sign_in.access) == 200
    END[name](account.id, sign_in.session_id)
    assert _api(sign_in.access) == 401
    with pytest.raises(Unauthenticated):
        services.refresh(refresh_token=sign_in.refresh)


@pytest.mark.parametrize("name", END)
def test_another_process_refuses_within_a_second(name: str) -> None:
    account, sign_in, principal = _opened()
    assert not _refused(principal)
    elsewhere = sessions._known.copy()
    END[name](account.id, sign_in.session_id)
    with mock.patch.object(sessions, "_known", elsewhere), later(1):
        assert _refused(principal)


def test_a_lost_word_to_valkey_costs_less_than_a_second() -> None:
    account, _, principal = _opened()
    assert not _refused(principal)
    elsewhere = sessions._known.copy()
    with mock.patch.object(session_store, "note_end"):
        services.revoke_access(user_id=account.id, reason="password")
    with mock.patch.object(sessions, "_known", elsewhere):
        # What Valkey remembers ends by its own clock, and never later than what a process does.
        assert _valkey_forgets_in(principal) <= sessions.MAX_AGE <= 1
        with later(1):
            until(lambda: _refused(principal), "the session is refused")


def test_valkey_tells_a_process_that_never_asked_without_a_query() -> None:
    _, _, principal = _opened()
    assert not _refused(principal)
    sessions.forget_sessions()
    with CaptureQueriesContext(connections["default"]) as queries:
        assert not _refused(principal)
    assert len(queries) == 0


def test_a_known_session_costs_no_query_and_no_call() -> None:
    _, _, principal = _opened()
    assert not _refused(principal)
    with CaptureQueriesContext(connections["default"]) as queries, mock.patch.object(session_store, "_ask") as asked:
        assert not _refused(principal)
    assert (len(queries), asked.call_count) == (0, 0)


def test_an_end_is_not_overwritten_by_a_reader_who_asked_before_it() -> None:
    account, sign_in, principal = _opened()
    services.end_session(user_id=account.id, session_id=sign_in.session_id)
    session_store.keep(sign_in.session_id, b"1:9999999999.0", 900)
    assert _refused(principal)


def test_without_valkey_the_database_is_asked(settings: Any) -> None:
    settings.REDIS_URL = NOWHERE
    account, sign_in, principal = _opened()
    assert not _refused(principal)
    services.end_session(user_id=account.id, session_id=sign_in.session_id)
    assert _refused(principal)


def test_without_valkey_and_database_nobody_is_let_in(settings: Any) -> None:
    _, sign_in, principal = _opened()
    sessions.forget_sessions()
    settings.REDIS_URL = NOWHERE
    with mock.patch.object(sessions, "SESSION_STATE", mock.Mock(ask=mock.Mock(side_effect=DatabaseError("gone")))):
        with pytest.raises(Unavailable):
            sessions.require_open_session(principal)
        assert _api(sign_in.access) == 503


def test_the_session_that_is_kept_goes_on_with_its_refresh_token() -> None:
    account, kept, _ = _opened()
    other = services.open_session(user_id=account.id)
    assert (_api(kept.access), _api(other.access)) == (200, 200)
    assert services.revoke_access(user_id=account.id, reason="password", except_session=kept.session_id) == 1
    assert (_api(kept.access), _api(other.access)) == (401, 401)
    assert _api(services.refresh(refresh_token=kept.refresh).access) == 200
    with pytest.raises(Unauthenticated):
        services.refresh(refresh_token=other.refresh)


def test_a_newer_token_is_taken_where_an_older_state_is_still_kept() -> None:
    account, sign_in, principal = _opened()
    assert not _refused(principal)
    elsewhere = sessions._known.copy()
    services.revoke_access(user_id=account.id, reason="password", except_session=sign_in.session_id)
    newer = decode_access(services.refresh(refresh_token=sign_in.refresh).access)
    with mock.patch.object(sessions, "_known", elsewhere), mock.patch.object(session_store, "read") as read:
        read.return_value = (b"1:9999999999.0", 500)
        assert not _refused(newer)


def test_a_session_opened_while_access_is_revoked_does_not_survive() -> None:
    account, sign_in, principal = _opened()
    User.objects.filter(id=account.id).update(session_version=2)
    assert _refused(principal)
    assert not session_is_open(session_id=sign_in.session_id)
    with pytest.raises(Unauthenticated):
        services.refresh(refresh_token=sign_in.refresh)
    assert Session.objects.get(id=sign_in.session_id).end_reason == ""


def test_a_token_is_no_good_after_the_longest_time_of_its_session() -> None:
    account, sign_in, _ = _opened()
    Session.objects.filter(user_id=account.id).update(created_at=clock.now() - timedelta(hours=23, minutes=59))
    assert _api(sign_in.access) == 200
    with clock.shifted(timedelta(minutes=2)):
        assert _api(sign_in.access) == 401


@pytest.mark.parametrize("change", [{"is_active": False}, None])
def test_an_account_switched_off_or_gone_is_refused(change: dict[str, Any] | None) -> None:
    account, sign_in, _ = _opened()
    row = User.objects.filter(id=account.id)
    row.update(**change) if change else row.delete()
    assert _api(sign_in.access) == 401


def test_what_ended_and_why_is_published() -> None:
    account, sign_in, _ = _opened()
    services.revoke_access(user_id=account.id, reason="role")
    told = OutboxEntry.objects.get(name="identity.sessions.ended.v1")
    assert (told.payload["reason"], told.payload["session_ids"]) == ("role", [str(sign_in.session_id)])


def test_callers_without_a_session_are_refused_and_keys_are_not_asked_for_one() -> None:
    assert _refused(Principal(user_id=make_account().id, email_verified=True))
    assert not _refused(Principal(kind="service"))
