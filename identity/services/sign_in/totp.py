"""Authenticator apps: devices of django-otp, whose secrets are sealed with the person's data key."""

import base64
import secrets
from urllib.parse import quote
from uuid import UUID

from django_otp import verify_token

from config.kernel.audit import record
from config.kernel.crypto import seal_bytes
from config.kernel.errors import Conflict, Invalid
from config.kernel.outbox import publish
from identity.adapters.qr import qr_svg
from identity.db import atomic
from identity.events import SecondFactorChanged
from identity.models import TotpSecret, User
from identity.services.dto import TotpEnrolment
from identity.services.keys.data_keys import data_key
from identity.services.sign_in.recovery_codes import new_recovery_codes
from identity.services.sign_in.revocation import revoke_access

ISSUER = "Second Opinion"
NAME = "Authenticator app"
SECRET_BYTES = 20
WRONG_CODE = "This code is wrong or was used already; wait for the next one."


def enrol_totp(*, user_id: UUID) -> TotpEnrolment:
    """Begin setting up an authenticator app; it counts once ``confirm_totp`` has seen a code of it."""
    secret = secrets.token_bytes(SECRET_BYTES)
    with atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if TotpSecret.objects.devices_for_user(user, confirmed=True).exists():
            raise Conflict("A second factor is set up already; remove it first.", code="second_factor_exists")
        TotpSecret.objects.devices_for_user(user, confirmed=False).delete()
        _store(user_id, secret, confirmed=False)
    text = base64.b32encode(secret).decode().rstrip("=")
    label, issuer = quote(f"{ISSUER}:{user.email}", safe=":@"), quote(ISSUER)
    url = f"otpauth://totp/{label}?secret={text}&issuer={issuer}&digits=6&period=30"
    return TotpEnrolment(secret=text, otpauth_url=url, qr_svg=qr_svg(url))


def confirm_totp(*, user_id: UUID, code: str, keep_session: UUID | None = None) -> tuple[str, ...]:
    """Finish setting up; other sessions end. Returns ten recovery codes, shown this once."""
    with atomic():
        user = User.objects.select_for_update().only("id").get(id=user_id)
        row = TotpSecret.objects.devices_for_user(user, confirmed=False).first()
        if row is None or verify_token(user, row.persistent_id, code) is None:
            raise Invalid(WRONG_CODE, code="code_wrong")
        TotpSecret.objects.filter(id=row.id).update(confirmed=True)
        codes = new_recovery_codes(user_id)
        record(context="identity", action="second_factor.enrolled", object_type="user", object_id=user_id)
        publish(SecondFactorChanged(aggregate_id=user_id, change="enrolled"))
        revoke_access(user_id=user_id, reason="second_factor", except_session=keep_session)
    return codes


def seed_totp(*, user_id: UUID, secret: str) -> None:
    """Give an account a known, confirmed TOTP secret (base32). For demonstration accounts only."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    with atomic():
        TotpSecret.objects.filter(user_id=user_id).delete()
        _store(user_id, key, confirmed=True)


def remove_totp(user_id: UUID) -> bool:
    """Forget the user's authenticator app; whether there was one. Call it inside ``atomic()``."""
    removed, _ = TotpSecret.objects.filter(user_id=user_id).delete()
    return removed > 0


def _store(user_id: UUID, secret: bytes, *, confirmed: bool) -> None:
    row = TotpSecret(user_id=user_id, name=NAME, confirmed=confirmed)
    row.secret_sealed = seal_bytes(data_key(subject_id=user_id), row.secret_place, secret)
    row.save(force_insert=True)
