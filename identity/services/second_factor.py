"""TOTP and recovery codes, verified through one function that locks the user's devices."""

import base64
import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from config.kernel.audit import record
from config.kernel.errors import Conflict, Invalid, Unauthenticated
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.events import SecondFactorChanged
from identity.models import RecoveryCode, User
from identity.services.dto import TotpEnrolment

CODES = 10
ISSUER = "Second Opinion"
_MAX_FAILURES = 10  # a pause of 2**9 s, under nine minutes
_WRONG = "This code is wrong or was used already; wait for the next one."


def enrol_totp(*, user_id: UUID) -> TotpEnrolment:
    """Begin setting up an authenticator app; it counts once ``confirm_totp`` has seen a code of it."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    with atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
            raise Conflict("A second factor is set up already; remove it first.", code="second_factor_exists")
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        device = TOTPDevice.objects.create(user=user, name="Authenticator app", confirmed=False, tolerance=1)
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    label = f"{ISSUER}:{user.email}".replace(" ", "%20")
    url = f"otpauth://totp/{label}?secret={secret}&issuer={ISSUER.replace(' ', '%20')}&digits=6&period=30"
    return TotpEnrolment(secret, url)


def confirm_totp(*, user_id: UUID, code: str) -> tuple[str, ...]:
    """Finish setting up; returns ten recovery codes, shown this once."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    with atomic():
        device = TOTPDevice.objects.select_for_update().filter(user_id=user_id, confirmed=False).first()
        if device is None or not device.verify_token(code.strip()):
            raise Invalid(_WRONG, code="code_wrong")
        device.confirmed = True
        device.save()
        codes = _new_recovery_codes(user_id)
        _tell(user_id, "enrolled")
    return codes


def seed_totp(*, user_id: UUID, secret: str) -> None:
    """Give an account a known, confirmed TOTP secret (base32). For demonstration accounts only."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    key = base64.b32decode(secret + "=" * (-len(secret) % 8)).hex()
    with atomic():
        TOTPDevice.objects.filter(user_id=user_id).delete()
        TOTPDevice.objects.create(user_id=user_id, name="Demonstration", key=key, confirmed=True, tolerance=1)


def has_second_factor(*, user_id: UUID) -> bool:
    """Whether the user has a confirmed device."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    return TOTPDevice.objects.filter(user_id=user_id, confirmed=True).exists()


def verify_second_factor(*, user_id: UUID, code: str) -> datetime:
    """Accept a TOTP code (±1 step, once) or an unused recovery code; returns the instant, else raises.

    The user's row is locked for the check, so that one code at twenty places at once is taken once. A wrong
    code commits the device's failure count, hence the check of the outcome after the transaction.
    """
    with atomic():
        User.objects.select_for_update().only("id").get(id=user_id)
        accepted = _matches_device(user_id, code.strip()) or _matches_recovery_code(user_id, code)
        outcome = "success" if accepted else "denied"
        record(
            context="identity", action="second_factor.verify", outcome=outcome, object_type="user", object_id=user_id
        )
    if not accepted:
        raise Unauthenticated(_WRONG, code="code_wrong")
    return now()


def _matches_device(user_id: UUID, code: str) -> bool:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    devices = TOTPDevice.objects.select_for_update().filter(user_id=user_id, confirmed=True)
    accepted = any(device.verify_token(code) for device in devices)
    # The library doubles the pause with every wrong code, without end: a stranger could lock the owner out.
    TOTPDevice.objects.filter(user_id=user_id, throttling_failure_count__gt=_MAX_FAILURES).update(
        throttling_failure_count=_MAX_FAILURES
    )
    return accepted


def _matches_recovery_code(user_id: UUID, code: str) -> bool:
    digest = _hash(code)
    used = RecoveryCode.objects.filter(user_id=user_id, code_hash=digest, used_at=None).update(used_at=now())
    if used:
        _tell(user_id, "recovery_code_used")
    return used == 1


def _new_recovery_codes(user_id: UUID) -> tuple[str, ...]:
    codes = tuple(base64.b32encode(secrets.token_bytes(16)).decode()[:25] for _ in range(CODES))
    RecoveryCode.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user_id=user_id, code_hash=_hash(code)) for code in codes)
    return tuple("-".join(code[i : i + 5] for i in range(0, 25, 5)) for code in codes)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.replace("-", "").replace(" ", "").upper().encode()).digest()


def _tell(user_id: UUID, change: str) -> None:
    record(context="identity", action=f"second_factor.{change}", object_type="user", object_id=user_id)
    publish(SecondFactorChanged(aggregate_id=user_id, change=change))
