"""Second factors: which a user has, one verified door for codes, and taking them away."""

from datetime import datetime
from uuid import UUID

from django_otp import match_token

from config.kernel.audit import record
from config.kernel.errors import Unauthenticated
from identity.db import atomic, now
from identity.domain.totp import looks_like_code, plain_code
from identity.models import Passkey, RecoveryDevice, TotpSecret, User
from identity.queries import users_with_second_factor
from identity.services.dto import SecondFactors
from identity.services.sign_in.attempt_limits import code_was_right, may_try_code
from identity.services.sign_in.recovery_codes import recovery_codes_left, tell_code_used
from identity.services.sign_in.totp import WRONG_CODE


def has_second_factor(*, user_id: UUID) -> bool:
    """Whether the user has a confirmed authenticator app, or a passkey."""
    return user_id in users_with_second_factor([user_id])


def second_factors(*, user_id: UUID) -> SecondFactors:
    """What the user has set up, without any secret."""
    return SecondFactors(
        authenticator_app=TotpSecret.objects.filter(user_id=user_id, confirmed=True).exists(),
        passkeys=Passkey.objects.filter(user_id=user_id).count(),
        recovery_codes_left=recovery_codes_left(user_id=user_id),
    )


def verify_second_factor(*, user_id: UUID, code: str, known: str = "") -> datetime:
    """Accept an app's code (±1 step, once) or an unused recovery code; returns the instant, else raises.

    Wrong six-digit codes are counted for the account, and apart from strangers for each ``known`` device or
    session, so that nobody can lock the owner out.
    """
    counted = looks_like_code(plain_code(code))
    if counted:
        _require_database(user_id)
        may_try_code(user_id, known)
    at = take_code(user_id, code)
    if counted:
        code_was_right(user_id, known)
    return at


def _require_database(user_id: UUID) -> None:
    """Before a try is counted: while the database is away no code is looked at, and none is used up."""
    User.objects.filter(id=user_id).exists()


def take_code(user_id: UUID, code: str) -> datetime:
    """``verify_second_factor`` for callers who have counted the try.

    django-otp asks the user's devices, each under its lock, and the user's row is locked before them (as whoever
    changes the devices locks it), so that one code at twenty places at once is taken once. A refused try leaves an
    audit row, hence the raise after the transaction.
    """
    with atomic():
        device = match_token(User.objects.select_for_update().only("id").get(id=user_id), code)
        if isinstance(device, RecoveryDevice):
            tell_code_used(user_id)
        outcome = "success" if device else "denied"
        record(
            context="identity", action="second_factor.verify", outcome=outcome, object_type="user", object_id=user_id
        )
    if device is None:
        raise Unauthenticated(WRONG_CODE, code="code_wrong")
    return now()
