"""Page sessions of dashboard and admin: one way in, fresh second factor, ended from anywhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as PageSession
from django.db import connections
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from config.kernel import clock
from config.kernel.auth import current_principal
from config.kernel.errors import Unauthenticated
from config.kernel.jobs.execution import run_job
from config.kernel.ports import SESSION_PRINCIPAL
from identity import services
from identity.models import EmailToken, RefreshToken, Session
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code
from tests.factories.identity import JobFactory, PageSessionFactory

pytestmark = pytest.mark.django_db
PROFESSIONALS = frozenset({"professional"})


def _request(store: SessionStore | None = None) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/dashboard/", headers={"User-Agent": "Firefox"})
    request.session = store or SessionStore()
    request.user = AnonymousUser()
    return request


def _professional(role: str = "professional") -> services.AccountDTO:
    account = make_account(role)
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    return account


def _sign_in(account: services.AccountDTO, **changes: Any) -> HttpRequest:
    request = _request()
    fields = {"email": account.email, "password": PASSWORD, "code": totp_code(), "any_of": PROFESSIONALS} | changes
    services.sign_in_browser(request=request, **fields)
    return request


def _principal(request: HttpRequest) -> Any:
    return SESSION_PRINCIPAL.ask(request)


def test_the_principal_is_there_in_the_same_request_and_in_the_next() -> None:
    account = _professional()
    request = _sign_in(account)
    assert current_principal() == _principal(_request(request.session))
    assert (current_principal().user_id, current_principal().roles) == (account.id, PROFESSIONALS)
    assert current_principal().stepped_up()
    assert Session.objects.get().device == "Firefox"


@pytest.mark.parametrize("role", ["patient", "nurse", "administrator"])
def test_another_role_is_refused_as_if_the_password_were_wrong(role: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        _sign_in(_professional(role))
    with pytest.raises(Unauthenticated) as wrong:
        _sign_in(_professional(), password="wrong")
    assert (caught.value.detail, caught.value.code) == (wrong.value.detail, wrong.value.code)
    assert not Session.objects.exists()


def test_a_wrong_code_opens_nothing() -> None:
    with pytest.raises(Unauthenticated):
        _sign_in(_professional(), code="000000")
    assert not Session.objects.exists()


def test_a_cookie_without_a_session_is_nobody_and_asks_the_database_nothing() -> None:
    with CaptureQueriesContext(connections["default"]) as queries:
        assert _principal(_request()) is None
    assert len(queries) == 0


def test_a_signed_in_page_costs_one_query_for_its_principal() -> None:
    request = _sign_in(_professional())
    with CaptureQueriesContext(connections["default"]) as queries:
        assert _principal(request)
    assert len(queries) == 1, [q["sql"] for q in queries]


def test_a_fresh_second_factor_counts_from_then() -> None:
    request = _sign_in(_professional())
    with clock.shifted(timedelta(minutes=6)):
        assert not _principal(request).stepped_up()
        services.step_up_browser(request=request, code=totp_code(step=1))
        assert _principal(request).stepped_up()
        assert current_principal().stepped_up()


def test_a_wrong_or_used_code_does_not_step_up() -> None:
    account, code = _professional(), totp_code()
    request = _sign_in(account, code=code)
    for given in (code, "000000"):
        with pytest.raises(Unauthenticated):
            services.step_up_browser(request=request, code=given)


def test_nobody_steps_up_without_a_session() -> None:
    with pytest.raises(Unauthenticated):
        services.step_up_browser(request=_request(), code=totp_code())


def test_signing_out_ends_the_row_and_the_cookie() -> None:
    request = _sign_in(_professional())
    old = SessionStore(session_key=request.session.session_key)
    services.sign_out_browser(request=request)
    assert Session.objects.get().end_reason == "logout"
    assert _principal(_request(old)) is None


def test_signing_out_after_the_session_was_ended_elsewhere_works() -> None:
    account = _professional()
    request = _sign_in(account)
    services.end_all_sessions(user_id=account.id, reason="password")
    services.sign_out_browser(request=request)
    assert Session.objects.get().end_reason == "password"


def test_use_is_noted_at_most_once_a_minute() -> None:
    request = _sign_in(_professional())
    first = Session.objects.get().last_used_at
    with clock.frozen(first + timedelta(seconds=59)):
        _principal(request)
        assert Session.objects.get().last_used_at == first
    with clock.frozen(first + timedelta(seconds=60)):
        _principal(request)
    assert Session.objects.get().last_used_at == first + timedelta(seconds=60)


def test_what_has_ended_is_deleted_by_and_by_and_nothing_else() -> None:
    account = _professional()
    _sign_in(account)
    services.open_session(user_id=account.id)
    services.issue_email_token(user_id=account.id, purpose="reset")
    PageSessionFactory(session_key="old")
    _run_housekeeping(timedelta(days=2))
    assert (RefreshToken.objects.count(), EmailToken.objects.count(), Session.objects.count()) == (1, 1, 2)
    assert not PageSession.objects.filter(session_key="old").exists()
    _run_housekeeping(timedelta(days=9))
    assert (RefreshToken.objects.count(), EmailToken.objects.count(), Session.objects.count()) == (0, 0, 2)
    _run_housekeeping(timedelta(days=91))
    assert not Session.objects.exists()


def _run_housekeeping(later: timedelta) -> None:
    row = JobFactory(kind="identity.apply_retention", subject_id=make_account().id, queue="bulk")
    with clock.shifted(later):
        assert run_job("identity", row.id)
    row.refresh_from_db()
    assert row.state == "DONE", row.last_error
