"""What a thief may hold of a session × what ends it: afterwards none of it opens anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from config.kernel.auth import Principal
from config.kernel.auth.sessions import forget_sessions
from config.kernel.auth.tokens import encode_access
from identity import services as identity
from identity.models import EmailChange, User
from tests.client import ApiClient, signed_token
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_person, principal_for, totp_code

pytestmark = pytest.mark.django_db
NEW = "eleven quiet lighthouses"


class Stolen:
    """A copy of everything that a signed-in client holds; the owner has another session."""

    def __init__(self) -> None:
        self.account = make_account("patient")
        signed_in = identity.open_session(user_id=self.account.id, device_token="")
        self.access, self.refresh = signed_in.access, signed_in.refresh
        self.session_id = signed_in.session_id
        own = identity.open_session(user_id=self.account.id).session_id
        self.owner = principal_for(self.account, session_id=own)

    def opens(self) -> dict[str, int]:
        """The status of each thing's use."""
        bearer = {"Authorization": f"Bearer {self.access}"}
        export = f"/users/{self.account.id}/export"
        return {
            "read": ApiClient().get("/profile/me", headers=bearer).status_code,
            "write": ApiClient().put("/profile/me", {"phone": "+49 1"}, headers=bearer).status_code,
            "export": ApiClient().post(export, headers=bearer).status_code,
            "socket": ApiClient().post("/realtime/ticket", headers=bearer).status_code,
            "refresh": ApiClient().post("/auth/refresh", {"refresh": self.refresh}).status_code,
        }


def _reset(stolen: Stolen) -> None:
    token = identity.issue_email_token(user_id=stolen.account.id, purpose="reset")
    identity.reset_password(token=token, password=NEW)


def _other_address(stolen: Stolen) -> None:
    identity.request_email_change(principal=stolen.owner, email="new@example.org")
    about = EmailChange.objects.get(user_id=stolen.account.id).id
    token = identity.issue_email_token(user_id=stolen.account.id, purpose="change", about=about)
    identity.confirm_email_change(token=token, password=PASSWORD)


def _factor(stolen: Stolen) -> None:
    identity.enrol_totp(user_id=stolen.account.id)
    from identity.models import TotpSecret

    TotpSecret.objects.filter(user_id=stolen.account.id).delete()
    identity.seed_totp(user_id=stolen.account.id, secret=TOTP_SECRET)
    identity.remove_second_factor(principal=stolen.owner, user_id=stolen.account.id)


def _unconfirmed(stolen: Stolen) -> None:
    """As an account stands whose mailbox nobody has proved."""
    User.objects.filter(id=stolen.account.id).update(email_verified_at=None)
    forget_sessions()
    from config.kernel.auth.sessions import note_ended_sessions

    note_ended_sessions(stolen.account.id, (), (stolen.session_id,))


ENDS: dict[str, Callable[[Stolen], object]] = {
    "sign-out": lambda it: identity.end_session(user_id=it.account.id, session_id=it.session_id),
    "sign-out everywhere": lambda it: identity.end_all_sessions(user_id=it.account.id, reason="logout"),
    "another password": lambda it: identity.change_password(
        principal=it.owner, new_password=NEW, current_password=PASSWORD
    ),
    "a reset": _reset,
    "another address": _other_address,
    "another factor": _factor,
    "a closed account": lambda it: identity.deactivate_account(
        principal=make_person("administrator"), user_id=it.account.id
    ),
    "an erasure": lambda it: identity.request_erasure(principal=it.owner, user_id=it.account.id),
    "an address that nobody confirmed": _unconfirmed,
}


@pytest.mark.parametrize("end", ENDS)
def test_after_the_end_nothing_that_was_stolen_opens_anything(
    end: str, django_capture_on_commit_callbacks: Any
) -> None:
    stolen = Stolen()
    before = stolen.opens()
    assert (before["read"], before["socket"], before["refresh"]) == (200, 201, 200), before
    stolen = Stolen()
    with django_capture_on_commit_callbacks(using="default", execute=True):
        ENDS[end](stolen)
    assert set(stolen.opens().values()) == {401}


@pytest.mark.parametrize(
    "change",
    [
        {"roles": frozenset({"administrator"}), "session_version": 2},
        {"session_version": 0},
        {"email_verified": False},
    ],
)
def test_a_token_that_we_signed_for_another_state_opens_nothing(change: dict[str, Any]) -> None:
    stolen = Stolen()
    who = Principal(
        user_id=stolen.account.id, roles=frozenset({"patient"}), session_id=stolen.session_id, email_verified=True
    )
    access, _ = encode_access(replace(who, **change))
    assert ApiClient().get("/profile/me", headers={"Authorization": f"Bearer {access}"}).status_code == 401


def test_a_pending_sign_in_is_no_token_and_completes_nothing_for_another() -> None:
    from datetime import timedelta

    victim, thief = make_account("nurse"), make_account("nurse")
    for account in (victim, thief):
        identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    pending = identity.log_in(email=thief.email, password=PASSWORD)
    assert isinstance(pending, identity.SecondFactorNeeded)
    bearer = {"Authorization": f"Bearer {pending.pending_token}"}
    assert ApiClient().get("/profile/me", headers=bearer).status_code == 401
    forged = signed_token("second_factor", {"sub": str(victim.id)}, timedelta(minutes=5))
    answer = ApiClient().post("/auth/second-factor", {"pending_token": forged, "code": totp_code()})
    assert answer.status_code == 401
    stale = signed_token("second_factor_pending", {"sub": str(victim.id)}, timedelta(seconds=-1))
    answer = ApiClient().post("/auth/second-factor", {"pending_token": stale, "code": totp_code()})
    assert answer.status_code == 401
