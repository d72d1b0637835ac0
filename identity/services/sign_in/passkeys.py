"""Passkeys (WebAuthn): registered after a fresh proof; a second factor, a sign-in without password, a step-up.

Challenges are made here, kept here, used once, and end after five minutes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.errors import Conflict, Invalid, NotFound, Unauthenticated
from config.kernel.outbox import publish
from identity.adapters import webauthn
from identity.adapters.webauthn import PasskeyRefused
from identity.db import atomic, now
from identity.events import SecondFactorChanged
from identity.models import Passkey, PasskeyChallenge, RecoveryDevice, User
from identity.services.dto import PasskeyDTO, PasskeyOptions, SignIn
from identity.services.sign_in.recovery_codes import new_recovery_codes
from identity.services.sign_in.revocation import revoke_access
from identity.services.sign_in.sessions import mark_stepped_up, open_session
from identity.services.sign_in.sign_in import read_pending

LIFETIME = timedelta(minutes=5)
MAX_PASSKEYS = 10
_REFUSED = "The passkey was not accepted; try again, or sign in another way."


def list_passkeys(*, user_id: UUID) -> tuple[PasskeyDTO, ...]:
    """The user's passkeys, newest first."""
    return tuple(_dto(row) for row in Passkey.objects.filter(user_id=user_id))


def begin_passkey(*, principal: Principal) -> PasskeyOptions:
    """Options for making a passkey; asks for a fresh proof. ``Conflict`` beyond ten of them."""
    user_id = fresh_second_factor(principal)
    user = User.objects.get(id=user_id)
    existing = _credentials(user_id)
    if len(existing) >= MAX_PASSKEYS:
        raise Conflict(f"There are {MAX_PASSKEYS} passkeys already; remove one first.", code="passkeys_too_many")
    options, state = webauthn.creation_options(user_handle=user_id.bytes, name=user.email, existing=existing)
    return _challenge("register", user_id, options, state)


def add_passkey(
    *, principal: Principal, challenge_id: UUID, credential: Mapping[str, Any], name: str
) -> tuple[PasskeyDTO, tuple[str, ...]]:
    """Keep a new passkey. Recovery codes come with it (else ``()``) where the user had none."""
    user_id = fresh_second_factor(principal)
    state = _take("register", challenge_id, user_id)
    try:
        found = webauthn.attested(state, credential)
    except PasskeyRefused:
        raise Invalid(_REFUSED, code="passkey_refused") from None
    with atomic():
        User.objects.select_for_update().only("id").get(id=user_id)
        if Passkey.objects.filter(credential_id=found.credential_id).exists():
            raise Conflict("This passkey is registered already.", code="passkey_known")
        row = Passkey.objects.create(
            user_id=user_id,
            name=name.strip()[:60] or "Passkey",
            credential_id=found.credential_id,
            credential_data=found.credential_data,
            sign_count=found.sign_count,
        )
        had_codes = RecoveryDevice.objects.filter(user_id=user_id).exists()
        codes = () if had_codes else new_recovery_codes(user_id)
        _tell(user_id, "passkey_added")
        revoke_access(user_id=user_id, reason="second_factor", except_session=principal.session_id)
    return _dto(row), codes


def remove_passkey(*, principal: Principal, passkey_id: UUID) -> None:
    """Remove one of the caller's passkeys; asks for a fresh proof, ends other sessions."""
    user_id = fresh_second_factor(principal)
    with atomic():
        removed, _ = Passkey.objects.filter(id=passkey_id, user_id=user_id).delete()
        if not removed:
            raise NotFound("There is no such passkey of yours.")
        _tell(user_id, "passkey_removed")
        revoke_access(user_id=user_id, reason="second_factor", except_session=principal.session_id)


def begin_passkey_sign_in(*, pending_token: str = "") -> PasskeyOptions:
    """Options for signing in: without a password (the person is verified), or as second step of a pending sign-in."""
    if not pending_token:
        options, state = webauthn.request_options(existing=None, verification=webauthn.REQUIRED)
        return _challenge("sign_in", None, options, state)
    user_id = read_pending(pending_token).user_id
    options, state = webauthn.request_options(existing=_credentials(user_id), verification=webauthn.PREFERRED)
    return _challenge("second_step", user_id, options, state)


def sign_in_by_passkey(
    *,
    challenge_id: UUID,
    credential: Mapping[str, Any],
    pending_token: str = "",
    device: str = "",
    device_token: str | None = None,
) -> SignIn:
    """Finish ``begin_passkey_sign_in``: signed in, with a fresh second factor."""
    if not pending_token:
        user_id, at = verify_passkey_sign_in(challenge_id=challenge_id, credential=credential)
        return open_session(user_id=user_id, device=device, mfa_at=at, device_token=device_token)
    pending = read_pending(pending_token)
    _, at = _verify("second_step", pending.user_id, challenge_id, credential)
    return open_session(user_id=pending.user_id, device=pending.device, mfa_at=at, device_token=device_token)


def begin_passkey_step_up(*, principal: Principal) -> PasskeyOptions:
    """Options for a fresh proof by one of the caller's passkeys."""
    user_id = principal.require_user_id()
    options, state = webauthn.request_options(existing=_credentials(user_id), verification=webauthn.PREFERRED)
    return _challenge("step_up", user_id, options, state)


def step_up_by_passkey(*, principal: Principal, challenge_id: UUID, credential: Mapping[str, Any]) -> str:
    """A fresh proof by passkey; returns an access token that carries it."""
    user_id = principal.require_user_id()
    if principal.session_id is None:
        raise Unauthenticated("Sign in first.", code="not_authenticated")
    at = verify_passkey_step_up(user_id=user_id, challenge_id=challenge_id, credential=credential)
    return mark_stepped_up(session_id=principal.session_id, at=at)


def verify_passkey_sign_in(*, challenge_id: UUID, credential: Mapping[str, Any]) -> tuple[UUID, datetime]:
    """Whose passkey answered ``begin_passkey_sign_in``, and the instant; ``Unauthenticated`` for every refusal."""
    return _verify("sign_in", None, challenge_id, credential)


def verify_passkey_step_up(*, user_id: UUID, challenge_id: UUID, credential: Mapping[str, Any]) -> datetime:
    """The instant at which one of the user's passkeys answered ``begin_passkey_step_up``."""
    return _verify("step_up", user_id, challenge_id, credential)[1]


def _verify(
    purpose: str, user_id: UUID | None, challenge_id: UUID, credential: Mapping[str, Any]
) -> tuple[UUID, datetime]:
    """Check an answer; whose it is, and the instant. Every refusal reads the same and leaves an audit row."""
    state = _take(purpose, challenge_id, user_id)
    row = None
    try:
        claim = webauthn.assertion(credential)
        row = Passkey.objects.select_related("user").filter(credential_id=claim.credential_id).first()
        if row is None or (user_id is not None and row.user_id != user_id):
            raise PasskeyRefused("unknown credential")
        if claim.user_handle and claim.user_handle != row.user_id.bytes:
            raise PasskeyRefused("another user's handle")
        count = webauthn.verified_count(state, bytes(row.credential_data), credential)
        if not row.user.is_active or row.user.email_verified_at is None or not _advance(row, count):
            raise PasskeyRefused("counter went back, or the account is closed or not confirmed")
    except PasskeyRefused:
        with atomic():
            _record(row.user_id if row else user_id, "denied")
        raise Unauthenticated(_REFUSED, code="passkey_refused") from None
    with atomic():
        _record(row.user_id, "success")
    return row.user_id, now()


def _advance(row: Passkey, count: int) -> bool:
    """Take the new counter; ``False`` when it did not grow (a copy of the key signs). Keys without one send 0."""
    mine = Passkey.objects.filter(id=row.id)
    moved = mine.filter(sign_count=0) if count == 0 else mine.filter(sign_count__lt=count)
    return moved.update(sign_count=count, last_used_at=now()) == 1


def _challenge(purpose: str, user_id: UUID | None, options: dict[str, Any], state: dict[str, Any]) -> PasskeyOptions:
    with atomic():
        row = PasskeyChallenge.objects.create(
            user_id=user_id, purpose=purpose, state=state, expires_at=now() + LIFETIME
        )
    return PasskeyOptions(challenge_id=row.id, options=options)


def _take(purpose: str, challenge_id: UUID, user_id: UUID | None) -> dict[str, Any]:
    with atomic():
        rows = PasskeyChallenge.objects.filter(id=challenge_id, purpose=purpose, expires_at__gt=now(), used_at=None)
        mine = rows.filter(user_id=user_id) if user_id else rows.filter(user_id__isnull=True)
        if mine.update(used_at=now()) != 1:
            raise Invalid("This challenge was used or has ended; begin again.", code="challenge_invalid")
        state: dict[str, Any] = PasskeyChallenge.objects.values_list("state", flat=True).get(id=challenge_id)
    return state


def _credentials(user_id: UUID) -> list[bytes]:
    return [bytes(data) for data in Passkey.objects.filter(user_id=user_id).values_list("credential_data", flat=True)]


def _record(user_id: UUID | None, outcome: str) -> None:
    record(context="identity", action="passkey.verify", outcome=outcome, object_type="user", object_id=user_id)


def _tell(user_id: UUID, change: str) -> None:
    record(context="identity", action=f"second_factor.{change}", object_type="user", object_id=user_id)
    publish(SecondFactorChanged(aggregate_id=user_id, change=change))


def _dto(row: Passkey) -> PasskeyDTO:
    return PasskeyDTO(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at)
