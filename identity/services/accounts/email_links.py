"""Links sent by mail: at least 256 random bits, stored hashed, one use, 60 minutes, bound to the account's state."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from config.kernel.crypto import token_hash
from config.kernel.errors import Invalid
from identity.db import atomic, now
from identity.models import EmailToken, User

LIFETIME = timedelta(minutes=60)
BAD_LINK = "This link was used, has ended or is not ours; ask for a new one."


def issue_email_token(*, user_id: UUID, purpose: str, about: UUID | None = None) -> str:
    """A new secret for a ``verify``, ``reset`` or ``change`` link; earlier ones of the same purpose end.

    ``about`` names the change of address that a ``change`` link confirms.
    """
    if purpose not in ("verify", "reset", "change") or (purpose == "change") != (about is not None):
        raise Invalid("A link is for verify or reset, or for the change that it is about.", code="purpose_unknown")
    token = secrets.token_urlsafe(32)
    with atomic():
        user = User.objects.select_for_update().get(id=user_id)
        EmailToken.objects.filter(user=user, purpose=purpose, used_at=None).update(used_at=now())
        EmailToken.objects.create(
            user=user,
            purpose=purpose,
            about=about,
            token_hash=token_hash(token),
            bound_to=_state(user),
            expires_at=now() + LIFETIME,
        )
    return token


def find_link(token: str, purpose: str) -> EmailToken:
    """A link that is good, not used up by this; ``Invalid`` when it was used, ended, or the account changed since."""
    row = EmailToken.objects.select_related("user").filter(
        token_hash=token_hash(token), purpose=purpose, used_at=None, expires_at__gt=now()
    )
    return _good(row.first())


def redeem(token: str, purpose: str) -> EmailToken:
    """Use a link up; ``Invalid`` as ``find_link``. Inside ``atomic()``."""
    taken = EmailToken.objects.filter(
        token_hash=token_hash(token), purpose=purpose, used_at=None, expires_at__gt=now()
    ).update(used_at=now())
    rows = EmailToken.objects.select_related("user").filter(token_hash=token_hash(token))
    return _good(rows.first() if taken == 1 else None)


def _good(row: EmailToken | None) -> EmailToken:
    if row is None or bytes(row.bound_to) != _state(row.user) or not row.user.is_active:
        raise Invalid(BAD_LINK, code="link_invalid")
    return row


def _state(user: User) -> bytes:
    return hashlib.sha256(f"{user.id}|{user.email}|{user.password}".encode()).digest()
