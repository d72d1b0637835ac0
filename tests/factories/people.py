"""People for tests, made through the services that make real ones."""

from datetime import date
from functools import cache
from itertools import count
from typing import Any
from unittest import mock
from uuid import UUID

from config.kernel import clock
from config.kernel.auth import SYSTEM, Principal, acting_as
from identity import services as identity

PASSWORD = "correct horse battery staple"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = count(1)


def password_hash(password: str) -> str:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    return _hash_of_cost(password, Argon2PasswordHasher.memory_cost)


@cache
def _hash_of_cost(password: str, memory_cost: int) -> str:
    from django.contrib.auth.hashers import make_password

    return make_password(password)


def make_account(*roles: str, **changes: Any) -> identity.AccountDTO:
    """An account with verified address; its password is ``PASSWORD`` (hashed once for all)."""
    fields: dict[str, Any] = {
        "email": f"person{next(_numbers)}-{clock.now().timestamp():.0f}@example.org",
        "password": PASSWORD,
        "full_name": "Maria Keller",
        "roles": frozenset(roles or ("patient",)),
        "email_verified": True,
        "date_of_birth": date(1961, 4, 17),
        "sex": "female",
        "country": "DE",
    } | changes
    with acting_as(SYSTEM), mock.patch("identity.services.accounts.accounts.make_password", password_hash):
        return identity.create_account(**fields)


def principal_for(account: identity.AccountDTO, *, mfa: bool = True, session_id: UUID | None = None) -> Principal:
    """The principal that the account's token would carry."""
    return Principal(
        user_id=account.id,
        roles=account.roles,
        session_id=session_id,
        mfa_at=clock.now() if mfa else None,
        email_verified=account.email_verified,
    )


def make_patient(
    *, consents: tuple[str, ...] = ("service", "sharing", "ai_processing", "release"), **changes: Any
) -> Principal:
    """A patient who agreed to ``consents``; returns the principal."""
    account = make_account("patient", **changes)
    with acting_as(principal_for(account)):
        for purpose in consents:
            identity.grant_consent(patient_id=account.id, purpose=purpose, text_version="1")
    return principal_for(account)


def make_person(*roles: str, mfa: bool = True, **changes: Any) -> Principal:
    """An account of these roles; returns the principal."""
    return principal_for(make_account(*roles, **changes), mfa=mfa)


def with_totp(principal: Principal, secret: str = TOTP_SECRET) -> Principal:
    """Give the person an authenticator app that holds ``secret``."""
    assert principal.user_id
    identity.seed_totp(user_id=principal.user_id, secret=secret)
    return principal


def totp_code(secret: str = TOTP_SECRET, *, step: int = 0) -> str:
    """The code that the app shows now, or ``step`` half-minutes later (±1 is accepted, each once)."""
    import base64

    from django_otp.oath import hotp

    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return f"{hotp(key, int(clock.now().timestamp() // 30) + step):06d}"
