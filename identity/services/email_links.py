"""Links sent by mail: at least 256 random bits, stored hashed, one use, 60 minutes, bound to the account's state."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import F

from config.kernel.audit import record
from config.kernel.errors import Invalid
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.passwords import normalise
from identity.domain.roles import needs_second_factor
from identity.events import EmailVerified, PasswordResetRequested
from identity.models import EmailToken, User
from identity.queries import roles_of
from identity.services.accounts import get_account, require_good_password
from identity.services.dto import AccountDTO
from identity.services.sessions import end_all_sessions

LIFETIME = timedelta(minutes=60)
_BAD_LINK = "This link was used, has ended or is not ours; ask for a new one."


def issue_email_token(*, user_id: UUID, purpose: str) -> str:
    """A new secret for a ``verify`` or ``reset`` link; earlier ones of the same purpose end."""
    if purpose not in ("verify", "reset"):
        raise Invalid("A link is for verify or reset.", code="purpose_unknown")
    token = secrets.token_urlsafe(32)
    with atomic():
        user = User.objects.select_for_update().get(id=user_id)
        EmailToken.objects.filter(user=user, purpose=purpose, used_at=None).update(used_at=now())
        EmailToken.objects.create(
            user=user,
            purpose=purpose,
            token_hash=_hash(token),
            bound_to=_state(user),
            expires_at=now() + LIFETIME,
        )
    return token


def verify_email(*, token: str) -> AccountDTO:
    """Confirm the address that the link was sent to."""
    with atomic():
        user = _redeem(token, "verify")
        User.objects.filter(id=user.id).update(email_verified_at=now(), version=F("version") + 1)
        record(context="identity", action="email.verify", patient_id=user.id, object_type="user", object_id=user.id)
        publish(EmailVerified(aggregate_id=user.id))
    return get_account(user_id=user.id)


def request_password_reset(*, email: str) -> None:
    """Ask for a reset link: the same answer whether or not the address is known."""
    with atomic():
        user = User.objects.filter(email=email.strip().lower(), is_active=True).only("id").first()
        if user is not None:
            publish(PasswordResetRequested(aggregate_id=user.id))


def reset_password(*, token: str, password: str) -> None:
    """Set a new password by a link; every session ends, and the second factor stays as it is."""
    with atomic():
        user = _redeem(token, "reset")
        roles = roles_of([user.id])[user.id]
        require_good_password(password, second_factor=needs_second_factor(roles), about=(user.email,))
        User.objects.filter(id=user.id).update(
            password=make_password(normalise(password)), session_version=F("session_version") + 1
        )
        record(context="identity", action="password.reset", object_type="user", object_id=user.id)
        end_all_sessions(user_id=user.id, reason="password")


def _redeem(token: str, purpose: str) -> User:
    taken = EmailToken.objects.filter(
        token_hash=_hash(token), purpose=purpose, used_at=None, expires_at__gt=now()
    ).update(used_at=now())
    if taken != 1:
        raise Invalid(_BAD_LINK, code="link_invalid")
    row = EmailToken.objects.select_related("user").get(token_hash=_hash(token))
    if bytes(row.bound_to) != _state(row.user) or not row.user.is_active:
        raise Invalid(_BAD_LINK, code="link_invalid")
    return row.user


def _state(user: User) -> bytes:
    return hashlib.sha256(f"{user.id}|{user.email}|{user.password}".encode()).digest()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
