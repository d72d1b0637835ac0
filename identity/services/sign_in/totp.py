"""Authenticator apps. Their secrets are sealed with the person's data key; the maths is django-otp's."""

import base64
import secrets
from urllib.parse import quote
from uuid import UUID

from config.kernel.audit import record
from config.kernel.crypto import Place, open_bytes, seal_bytes
from config.kernel.db import uuid7
from config.kernel.errors import Conflict, Invalid
from config.kernel.outbox import publish
from identity.adapters.qr import qr_svg
from identity.db import atomic, now
from identity.domain.totp import looks_like_code, matching_step
from identity.events import SecondFactorChanged
from identity.models import TotpSecret, User
from identity.services.dto import TotpEnrolment
from identity.services.keys.data_keys import data_key
from identity.services.sign_in.recovery_codes import new_recovery_codes
from identity.services.sign_in.revocation import revoke_access

ISSUER = "Second Opinion"
SECRET_BYTES = 20
WRONG_CODE = "This code is wrong or was used already; wait for the next one."


def enrol_totp(*, user_id: UUID) -> TotpEnrolment:
    """Begin setting up an authenticator app; it counts once ``confirm_totp`` has seen a code of it."""
    secret = secrets.token_bytes(SECRET_BYTES)
    with atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if TotpSecret.objects.filter(user=user).exclude(confirmed_at=None).exists():
            raise Conflict("A second factor is set up already; remove it first.", code="second_factor_exists")
        TotpSecret.objects.filter(user=user, confirmed_at=None).delete()
        _store(user_id, secret, confirmed=False)
    text = base64.b32encode(secret).decode().rstrip("=")
    label, issuer = quote(f"{ISSUER}:{user.email}", safe=":@"), quote(ISSUER)
    url = f"otpauth://totp/{label}?secret={text}&issuer={issuer}&digits=6&period=30"
    return TotpEnrolment(text, url, qr_svg(url))


def confirm_totp(*, user_id: UUID, code: str, keep_session: UUID | None = None) -> tuple[str, ...]:
    """Finish setting up; other sessions end. Returns ten recovery codes, shown this once."""
    with atomic():
        User.objects.select_for_update().only("id").get(id=user_id)
        row = TotpSecret.objects.filter(user_id=user_id, confirmed_at=None).first()
        step = _step_of(row, code) if row else None
        if row is None or step is None:
            raise Invalid(WRONG_CODE, code="code_wrong")
        TotpSecret.objects.filter(id=row.id).update(confirmed_at=now(), last_step=step)
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


def take_totp_code(user_id: UUID, code: str) -> bool:
    """Whether ``code`` is one of the user's app, not taken before. Call it while the user's row is locked."""
    if not looks_like_code(code):
        return False
    row = TotpSecret.objects.filter(user_id=user_id).exclude(confirmed_at=None).first()
    step = _step_of(row, code) if row else None
    if row is None or step is None:
        return False
    TotpSecret.objects.filter(id=row.id).update(last_step=step)
    return True


def remove_totp(user_id: UUID) -> bool:
    """Forget the user's authenticator app; whether there was one. Call it inside ``atomic()``."""
    removed, _ = TotpSecret.objects.filter(user_id=user_id).delete()
    return removed > 0


def _store(user_id: UUID, secret: bytes, *, confirmed: bool) -> None:
    row_id = uuid7()
    TotpSecret.objects.create(
        id=row_id,
        user_id=user_id,
        secret_sealed=seal_bytes(data_key(subject_id=user_id), _place(row_id), secret),
        confirmed_at=now() if confirmed else None,
    )


def _step_of(row: TotpSecret, code: str) -> int | None:
    if not looks_like_code(code.strip()):
        return None
    secret = open_bytes(data_key(subject_id=row.user_id), _place(row.id), row.secret_sealed)
    return matching_step(secret, code.strip(), at=now(), after=row.last_step)


def _place(row_id: UUID) -> Place:
    return Place("identity_totpsecret", "secret", row_id)
