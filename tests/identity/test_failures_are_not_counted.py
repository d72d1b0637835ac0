"""What we fail to do uses up nobody's tries, and what we acknowledge is kept; guesses stay counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connections

from config.kernel.due_work import drain
from config.kernel.errors import TooMany
from config.kernel.limits import give_back, give_back_for_failure, per_subject, spend, starting
from identity import services
from identity.events import SignInAttacked
from identity.models import MailRequest, OutboxEntry, User
from identity.services.sign_in.attempt_limits import PASSWORDS
from tests.authorization.world import ALIASES
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account, principal_for, totp_code

pytestmark = pytest.mark.django_db
NEW = {"email": "new@example.org", "password": PASSWORD, "full_name": "Maria Keller", "date_of_birth": "1961-04-17"}


@contextmanager
def _database_away() -> Iterator[None]:
    def refuse(*_: Any) -> Any:
        raise OperationalError("the server closed the connection unexpectedly")

    with ExitStack() as stack:
        for alias in ALIASES:
            stack.enter_context(connections[alias].execute_wrapper(refuse))
        yield


@pytest.fixture
def _few(settings: Any) -> None:
    """Limits of routes are shrunk, so that few requests fill them; the soft lock's and the mails' stay."""
    settings.RATE_LIMITS_SCALE = 0.05


def test_a_registration_after_three_that_failed_is_kept_and_opens_an_account() -> None:
    with _database_away():
        assert [ApiClient().post("/auth/register", NEW).status_code for _ in range(4)] == [503] * 4
    assert ApiClient().post("/auth/register", NEW).status_code == 202
    assert MailRequest.objects.count() == 1
    drain("identity")
    assert User.objects.filter(email=NEW["email"]).exists()


@pytest.mark.usefixtures("_few")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/auth/register", NEW),
        ("/auth/forgot-password", {"email": "new@example.org"}),
        ("/auth/resend-verification", {"email": "new@example.org"}),
        ("/auth/verify-email", {"token": "x" * 43, "password": PASSWORD}),
        ("/auth/reset-password", {"token": "x" * 43, "password": PASSWORD}),
        ("/auth/login", {"email": "new@example.org", "password": PASSWORD}),
        ("/submissions", {}),
    ],
)
def test_a_database_that_is_away_uses_up_no_tries(path: str, body: dict[str, str]) -> None:
    with _database_away():
        told = {ApiClient().post(path, body).status_code for _ in range(8)}
    assert told == {503}
    assert ApiClient().post(path, body).status_code not in (429, 503)


@pytest.mark.usefixtures("_few")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/auth/password", {"current_password": PASSWORD, "new_password": "eleven quiet lighthouses"}),
        ("POST", "/auth/email", {"email": "another@example.org"}),
        ("POST", "/auth/step-up", {"password": PASSWORD}),
        ("GET", "/profile/me", None),
    ],
)
def test_a_database_that_is_away_uses_up_no_tries_of_somebody_signed_in(method: str, path: str, body: Any) -> None:
    account = make_account()
    session = services.open_session(user_id=account.id, device="test")
    client = ApiClient(principal_for(account, session_id=session.session_id))
    with _database_away():
        assert {client.send(method, path, body).status_code for _ in range(8)} == {503}
    assert client.send(method, path, body).status_code < 300


def test_codes_and_pending_sign_ins_are_not_used_up_while_nothing_is_looked_at() -> None:
    account = make_account()
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    begun = services.log_in(email=account.email, password=PASSWORD)
    assert isinstance(begun, services.SecondFactorNeeded)
    with _database_away():
        for _ in range(6):
            with pytest.raises(OperationalError):
                services.complete_second_factor(pending_token=begun.pending_token, code=totp_code())
    signed_in = services.complete_second_factor(pending_token=begun.pending_token, code=totp_code())
    assert signed_in.session_id


def test_a_guess_stays_counted_whatever_fails_after_it_was_looked_at() -> None:
    account = make_account()
    with mock.patch("identity.services.sign_in.sign_in._denied", side_effect=OperationalError("away")):
        told = [
            ApiClient().post("/auth/login", {"email": account.email, "password": "wrong"}).status_code for _ in range(6)
        ]
    assert told == [503] * 5 + [429]


def test_what_a_request_spent_is_given_back_once() -> None:
    room, guesses = per_subject("room", 2, hours=1), per_subject("guesses", 2, hours=1, guessing=True)
    for _ in range(3):
        starting()
        spend(room.of("one"))
        give_back_for_failure()
        give_back_for_failure()
    starting()
    spend(guesses.of("one"))
    spend(guesses.of("one"))
    give_back_for_failure()
    with pytest.raises(TooMany):
        spend(guesses.of("one"))
    assert spend(room.of("one"))[0].remaining == 1


def test_an_owner_who_could_not_be_told_of_an_attack_is_told_later() -> None:
    account = make_account()
    wrong = {"email": account.email, "password": "wrong"}
    with mock.patch("identity.services.sign_in.attempt_limits.publish", side_effect=OperationalError("away")):
        assert [ApiClient().post("/auth/login", wrong).status_code for _ in range(5)] == [401] * 4 + [503]
    give_back(PASSWORDS.of(account.email))
    assert ApiClient().post("/auth/login", wrong).status_code == 401
    assert OutboxEntry.objects.filter(name=SignInAttacked.name).count() == 1
