"""Signing in: password, then the second factor where the role or the user wants one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.tokens import decode, encode
from config.kernel.errors import Unauthenticated
from identity.db import atomic, now
from identity.domain.passwords import normalise
from identity.domain.roles import needs_second_factor
from identity.models import User
from identity.queries import roles_of
from identity.services.accounts import get_account
from identity.services.dto import AccountDTO, SecondFactorNeeded, SignIn, TotpEnrolment
from identity.services.second_factor import confirm_totp, enrol_totp, has_second_factor, verify_second_factor
from identity.services.sessions import mark_stepped_up, open_session

PENDING = "second_factor_pending"
PENDING_LIFETIME = timedelta(minutes=5)
_WRONG = "E-mail address or password is wrong."


def verify_credentials(*, email: str, password: str) -> AccountDTO:
    """The account of address and password. One password hash is computed for every caller, known or not."""
    user = User.objects.filter(email=email.strip().lower()).first()
    text = normalise(password)
    if user is None:
        make_password(text)
        good = False
    else:
        good = check_password(text, user.password) and user.is_active
    if not good or user is None:
        _denied(user.id if user else None)
        raise Unauthenticated(_WRONG, code="credentials_wrong")
    return get_account(user_id=user.id)


def log_in(*, email: str, password: str, device: str = "") -> SignIn | SecondFactorNeeded:
    """Sign in by password; those with a second factor, or a role that needs one, get a pending token."""
    account = verify_credentials(email=email, password=password)
    if account.mfa_enabled or needs_second_factor(account.roles):
        claims = {"sub": str(account.id), "device": device[:200]}
        token = encode(PENDING, claims, PENDING_LIFETIME)
        return SecondFactorNeeded(pending_token=token, enrolment_required=not account.mfa_enabled)
    return open_session(user_id=account.id, device=device)


def complete_second_factor(*, pending_token: str, code: str) -> SignIn:
    """Finish a sign-in with a TOTP or recovery code."""
    user_id, device = _pending(pending_token)
    return open_session(user_id=user_id, device=device, mfa_at=verify_second_factor(user_id=user_id, code=code))


def begin_pending_enrolment(*, pending_token: str) -> TotpEnrolment:
    """Set up the second factor that the role needs, before the first sign-in can finish."""
    user_id, _ = _pending(pending_token)
    return enrol_totp(user_id=user_id)


def confirm_pending_enrolment(*, pending_token: str, code: str) -> tuple[SignIn, tuple[str, ...]]:
    """Finish that set-up: signed in, with the recovery codes."""
    user_id, device = _pending(pending_token)
    codes = confirm_totp(user_id=user_id, code=code)
    return open_session(user_id=user_id, device=device, mfa_at=now()), codes


def step_up(*, principal: Principal, code: str = "", password: str = "") -> str:
    """A fresh proof for a sensitive act: returns an access token that carries it.

    The second factor's code, or the password where no second factor is set up (nor asked for by a role).
    """
    if principal.user_id is None or principal.session_id is None:
        raise Unauthenticated("Sign in first.", code="not_authenticated")
    if has_second_factor(user_id=principal.user_id):
        at = verify_second_factor(user_id=principal.user_id, code=code)
    elif password and not needs_second_factor(principal.roles):
        at = verify_own_password(user_id=principal.user_id, password=password)
    else:
        raise Unauthenticated("Set up a second factor first.", code="second_factor_missing")
    return mark_stepped_up(session_id=principal.session_id, at=at)


def verify_own_password(*, user_id: UUID, password: str) -> datetime:
    """The signed-in user's password, given again; returns the instant, or raises ``Unauthenticated``."""
    user = User.objects.filter(id=user_id, is_active=True).only("id", "password").first()
    if user is None or not check_password(normalise(password), user.password):
        _denied(user_id)
        raise Unauthenticated("This is not your password.", code="password_wrong")
    return now()


def _pending(token: str) -> tuple[UUID, str]:
    claims = decode(PENDING, token)
    user_id = UUID(claims["sub"])
    if not User.objects.filter(id=user_id, is_active=True).exists():
        raise Unauthenticated(_WRONG, code="credentials_wrong")
    return user_id, str(claims.get("device", ""))


def _denied(user_id: UUID | None) -> None:
    with atomic():
        record(context="identity", action="session.open", outcome="denied", object_type="user", object_id=user_id)


def roles_for(*, user_id: UUID) -> frozenset[str]:
    """The roles of a user, fresh from the table."""
    return roles_of([user_id])[user_id]
