"""Cookie sessions of the staff's admin and the professionals' dashboard: always with a second factor.

The Django session holds the id of a ``Session`` row, so that ending sessions from anywhere ends pages too.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import login, logout
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest

from config.kernel.audit.records import client_address
from config.kernel.auth import Principal
from config.kernel.auth.context import acting_as, set_principal
from config.kernel.errors import DomainError, NotFound, Unauthenticated
from identity.db import atomic, now
from identity.domain.session_limits import limits_for, reached
from identity.models import RoleGrant, Session, User
from identity.services.account_reads import get_account
from identity.services.dto import AccountDTO
from identity.services.sign_in.passkeys import verify_passkey_sign_in, verify_passkey_step_up
from identity.services.sign_in.revocation import end_session
from identity.services.sign_in.second_factor import verify_second_factor
from identity.services.sign_in.sessions import new_session
from identity.services.sign_in.sign_in import prove

SESSION_KEY = "sop_session"
_TOUCH_EVERY = timedelta(seconds=60)
_WRONG = (
    "Address, password or code is wrong, or the address is not confirmed yet. A code works once; wait for the next one."
)


def sign_in_browser(
    *, request: HttpRequest, email: str, password: str, code: str, any_of: frozenset[str]
) -> AccountDTO:
    """Open a page session for an account that holds one of ``any_of``; the principal is set for this request too.

    Raises ``Unauthenticated`` with one and the same text, whatever was wrong.
    """
    try:
        proof = prove(email=email, password=password, code=code)
        account = proof.account
        if account.roles.isdisjoint(any_of):
            raise Unauthenticated(_WRONG, code="credentials_wrong")
        mfa_at = proof.mfa_at or verify_second_factor(user_id=account.id, code=code)
    except Unauthenticated:
        raise Unauthenticated(_WRONG, code="credentials_wrong") from None
    _begin(request, account, mfa_at)
    return account


def sign_in_browser_by_passkey(
    *, request: HttpRequest, challenge_id: UUID, credential: Mapping[str, Any], any_of: frozenset[str]
) -> AccountDTO:
    """As ``sign_in_browser``, by a passkey that verified the person: no password, no code."""
    user_id, at = verify_passkey_sign_in(challenge_id=challenge_id, credential=credential)
    account = get_account(user_id=user_id)
    if account.roles.isdisjoint(any_of):
        raise Unauthenticated("This passkey opens no page here.", code="credentials_wrong")
    _begin(request, account, at)
    return account


def sign_out_browser(*, request: HttpRequest) -> None:
    """End the page session, in the cookie and in the session list."""
    session_id = _session_id(request)
    user_id = getattr(request.user, "pk", None)
    if session_id and user_id:
        try:
            end_session(user_id=user_id, session_id=session_id)
        except NotFound:
            # Ended from elsewhere already: there is nothing left to end.
            session_id = None
    logout(request)


def step_up_browser(*, request: HttpRequest, code: str) -> datetime:
    """A fresh second factor in a page session, for a signature or another sensitive act; returns its instant."""
    session = _open_session(request)
    return _freshen(request, session, verify_second_factor(user_id=session.user_id, code=code, known=str(session.id)))


def step_up_browser_by_passkey(*, request: HttpRequest, challenge_id: UUID, credential: Mapping[str, Any]) -> datetime:
    """As ``step_up_browser``, by a passkey."""
    session = _open_session(request)
    at = verify_passkey_step_up(user_id=session.user_id, challenge_id=challenge_id, credential=credential)
    return _freshen(request, session, at)


def _open_session(request: HttpRequest) -> Session:
    session_id = _session_id(request)
    session = Session.objects.filter(id=session_id, ended_at=None).first() if session_id else None
    if session is None:
        raise Unauthenticated("Sign in first.", code="not_authenticated")
    return session


def _freshen(request: HttpRequest, session: Session, at: datetime) -> datetime:
    Session.objects.filter(id=session.id, ended_at=None).update(mfa_at=at)
    principal = principal_of_request(request)
    if principal is None:
        raise Unauthenticated("The session has ended; sign in again.", code="session_ended")
    set_principal(principal)
    return at


def principal_of_request(request: HttpRequest) -> Principal | None:
    """The principal of a page's cookie, or ``None``; a session past its limits is ended on the way."""
    session_id = _session_id(request)
    if session_id is None:
        return None
    held = RoleGrant.objects.filter(user_id=OuterRef("user_id")).order_by().values("role")
    found = Session.objects.select_related("user").annotate(held=ArraySubquery(held))
    open_ones = found.filter(ended_at=None, user__is_active=True, user__email_verified_at__isnull=False)
    session = open_ones.filter(id=session_id).first()
    if session is None or session.mfa_at is None or session.version != session.user.session_version:
        return None
    roles = frozenset(session.held)
    principal = _principal(session, roles)
    limit = reached(limits_for(roles), opened=session.created_at, last_used=session.last_used_at, now=now())
    if limit:
        _end_quietly(principal, limit)
        return None
    if now() - session.last_used_at >= _TOUCH_EVERY:
        Session.objects.filter(id=session.id).update(last_used_at=now())
    return principal


def _begin(request: HttpRequest, account: AccountDTO, mfa_at: datetime) -> None:
    user = User.objects.get(id=account.id)
    # A new session key, and another's data dropped: nobody can fix the session beforehand.
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.cycle_key()
    principal = _open(account, mfa_at, request.META.get("HTTP_USER_AGENT", ""))
    request.session[SESSION_KEY] = str(principal.session_id)
    set_principal(principal)


def _open(account: AccountDTO, mfa_at: datetime, device: str) -> Principal:
    with atomic():
        session_id = new_session(user_id=account.id, device=device, mfa_at=mfa_at, address=client_address.get())
        session = Session.objects.select_related("user").get(id=session_id)
    return _principal(session, account.roles)


def _principal(session: Session, roles: frozenset[str]) -> Principal:
    return Principal(
        user_id=session.user_id,
        roles=roles,
        session_id=session.id,
        session_version=session.version,
        mfa_at=session.mfa_at,
        email_verified=session.user.email_verified_at is not None,
    )


def _session_id(request: HttpRequest) -> UUID | None:
    text = request.session.get(SESSION_KEY)
    return UUID(text) if text else None


def _end_quietly(principal: Principal, reason: str) -> None:
    if principal.user_id is None or principal.session_id is None:
        return
    with acting_as(principal):
        try:
            end_session(user_id=principal.user_id, session_id=principal.session_id, reason=reason)
        except DomainError:
            # Another request of the same page ended it first.
            return
