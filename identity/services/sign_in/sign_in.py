"""Signing in: password, then the second factor where the role or the user wants one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.tokens import PlatformToken
from config.kernel.errors import Conflict, TooMany, Unauthenticated
from identity.db import atomic, now
from identity.domain.mail_addresses import plain_address
from identity.domain.passwords import normalise
from identity.domain.roles import needs_second_factor
from identity.models import User
from identity.queries import roles_of
from identity.services.account_reads import get_account
from identity.services.dto import AccountDTO, SecondFactorNeeded, SignIn, TotpEnrolment
from identity.services.sign_in.attempt_limits import (
    begin_password_try,
    begin_try_with_code,
    may_try_own_password,
    may_use_pending,
    own_password_was_right,
    password_was_right,
    password_was_wrong,
)
from identity.services.sign_in.password_hashes import password_matches
from identity.services.sign_in.second_factor import has_second_factor, take_code, verify_second_factor
from identity.services.sign_in.sessions import mark_stepped_up, open_session
from identity.services.sign_in.totp import confirm_totp, enrol_totp

_WRONG = "E-mail address or password is wrong, or the address is not confirmed yet."


class PendingToken(PlatformToken):
    """What a right password gives to those who must show a second factor too: it opens nothing else."""

    token_type = "second_factor_pending"
    lifetime = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Whose password was right; ``mfa_at`` where the second factor was taken with it."""

    account: AccountDTO
    mfa_at: datetime | None = None


def prove(*, email: str, password: str, code: str = "", known: str = "") -> Proof:
    """Check address and password; one password hash is computed for every caller, known or not.

    ``known`` is the id of a device that the account has signed in from before. Raises ``Unauthenticated``, or
    ``TooMany`` when the account's count is full and no right ``code`` opens the way.
    """
    address, text = plain_address(email), normalise(password)
    # A registration that waits is no account yet: its right password is answered like a wrong one.
    user = User.objects.confirmed().filter(email=address).first()
    a_try = begin_password_try(address, known)
    mfa_at = _way_opened_by(code, a_try.refusal, address, user, text) if a_try.refusal else None
    if not password_matches(user, text) or user is None:
        _denied(user.id if user else None)
        password_was_wrong(a_try, user.id if user and user.is_active else None)
        raise Unauthenticated(_WRONG, code="credentials_wrong")
    password_was_right(a_try)
    return Proof(account=get_account(user_id=user.id), mfa_at=mfa_at)


def _way_opened_by(code: str, refusal: TooMany, address: str, user: User | None, text: str) -> datetime:
    if not code:
        raise refusal
    begin_try_with_code(address)
    try:
        if user is not None and user.is_active:
            return take_code(user.id, code)
    except Unauthenticated:
        # Answered below, like an unknown address.
        user = None
    password_matches(None, text)
    raise refusal


def log_in(
    *, email: str, password: str, device: str = "", code: str = "", known: str = "", device_token: str | None = None
) -> SignIn | SecondFactorNeeded:
    """Sign in by password; those with a second factor, or a role that needs one, get a pending token.

    With ``code``, both steps are one; it also lets the owner in while strangers have used up the account's tries.
    """
    proof = prove(email=email, password=password, code=code, known=known)
    account, mfa_at = proof.account, proof.mfa_at
    if code and mfa_at is None and account.mfa_enabled:
        mfa_at = verify_second_factor(user_id=account.id, code=code, known=known)
    if mfa_at is None and (account.mfa_enabled or needs_second_factor(account.roles)):
        pending = PendingToken()
        pending.payload |= {"sub": str(account.id), "device": device[:200], "known": known}
        return SecondFactorNeeded(pending_token=str(pending), enrolment_required=not account.mfa_enabled)
    return open_session(user_id=account.id, device=device, mfa_at=mfa_at, device_token=device_token)


def complete_second_factor(*, pending_token: str, code: str, device_token: str | None = None) -> SignIn:
    """Finish a sign-in with a TOTP or recovery code: five tries for each pending token."""
    pending = read_pending(pending_token)
    mfa_at = verify_second_factor(user_id=pending.user_id, code=code, known=pending.known)
    return open_session(user_id=pending.user_id, device=pending.device, mfa_at=mfa_at, device_token=device_token)


def begin_pending_enrolment(*, pending_token: str) -> TotpEnrolment:
    """Set up the second factor that the role needs, before the first sign-in can finish.

    ``Conflict`` where there is one, of whatever kind: then a password alone adds no other.
    """
    user_id = read_pending(pending_token).user_id
    _require_no_factor(user_id)
    return enrol_totp(user_id=user_id)


def confirm_pending_enrolment(
    *, pending_token: str, code: str, device_token: str | None = None
) -> tuple[SignIn, tuple[str, ...]]:
    """Finish that set-up: signed in, with the recovery codes."""
    pending = read_pending(pending_token)
    with atomic():
        User.objects.select_for_update().only("id").get(id=pending.user_id)
        _require_no_factor(pending.user_id)
        codes = confirm_totp(user_id=pending.user_id, code=code)
    sign_in = open_session(user_id=pending.user_id, device=pending.device, mfa_at=now(), device_token=device_token)
    return sign_in, codes


def _require_no_factor(user_id: UUID) -> None:
    if has_second_factor(user_id=user_id):
        raise Conflict("A second factor is set up already; sign in with it.", code="second_factor_exists")


def step_up(*, principal: Principal, code: str = "", password: str = "") -> str:
    """A fresh proof for a sensitive act: returns an access token that carries it.

    The second factor's code, or the password where no second factor is set up (nor asked for by a role).
    """
    if principal.user_id is None or principal.session_id is None:
        raise Unauthenticated("Sign in first.", code="not_authenticated")
    if has_second_factor(user_id=principal.user_id):
        # Whoever is signed in has proved a second factor or a password on this session: its count is its own.
        at = verify_second_factor(user_id=principal.user_id, code=code, known=str(principal.session_id))
    elif password and not needs_second_factor(principal.roles):
        at = verify_own_password(user_id=principal.user_id, password=password)
    else:
        raise Unauthenticated("Set up a second factor first.", code="second_factor_missing")
    return mark_stepped_up(session_id=principal.session_id, at=at)


def verify_own_password(*, user_id: UUID, password: str) -> datetime:
    """The signed-in user's password, given again; returns the instant, or raises ``Unauthenticated``."""
    user = User.objects.filter(id=user_id).first()
    may_try_own_password(user_id)
    if not password_matches(user, normalise(password)):
        _denied(user_id)
        raise Unauthenticated("This is not your password.", code="password_wrong")
    own_password_was_right(user_id)
    return now()


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A sign-in whose password was right."""

    user_id: UUID
    device: str
    known: str


def read_pending(token: str) -> Pending:
    """The sign-in of a pending token, one of its five tries used; ``Unauthenticated`` when it is not valid."""
    claims = PendingToken.read(token).payload
    user_id = UUID(claims["sub"])
    active = User.objects.confirmed().filter(id=user_id, is_active=True).exists()
    may_use_pending(str(claims["jti"]))
    if not active:
        raise Unauthenticated(_WRONG, code="credentials_wrong")
    return Pending(user_id=user_id, device=str(claims.get("device", "")), known=str(claims.get("known", "")))


def _denied(user_id: UUID | None) -> None:
    with atomic():
        record(context="identity", action="session.open", outcome="denied", object_type="user", object_id=user_id)


def roles_for(*, user_id: UUID) -> frozenset[str]:
    """The roles of a user, fresh from the table."""
    return roles_of([user_id])[user_id]
