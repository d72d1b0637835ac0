"""Sessions and their refresh tokens: one token makes one successor; a token used twice ends its family."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from config.kernel.audit import record
from config.kernel.audit.records import client_address
from config.kernel.auth import Principal
from config.kernel.auth.tokens import encode_access
from config.kernel.conf import setting
from config.kernel.crypto import token_hash
from config.kernel.errors import Conflict, Unauthenticated
from identity.db import atomic, now
from identity.domain.device import coarse_network, readable
from identity.domain.session_limits import limits_for, reached
from identity.models import RefreshToken, Session, User
from identity.queries import roles_of
from identity.services.dto import SessionDTO, SignIn
from identity.services.sign_in.devices import RememberedDevice, device_id, remember_device
from identity.services.sign_in.revocation import announce_end, end_session

MAX_SESSIONS = 10
# A client that lost the answer repeats its request within this time, from the same device.
GRACE = timedelta(seconds=10)
_SIGN_IN_AGAIN = "The session has ended; sign in again."


def open_session(
    *, user_id: UUID, device: str = "", mfa_at: datetime | None = None, device_token: str | None = None
) -> SignIn:
    """Start a session for a user who has just proved who they are.

    ``device_token`` is the signed value that the device keeps (empty: it has none yet), to which the session is
    bound; ``None`` where there is no device to know again.
    """
    with atomic():
        known = None if device_token is None else remember_device(user_id=user_id, device_token=device_token)
        session_id = new_session(
            user_id=user_id, device=device, mfa_at=mfa_at, address=client_address.get(), known=known
        )
        return _sign_in(Session.objects.get(id=session_id), known.token if known else "")


def new_session(
    *,
    user_id: UUID,
    device: str,
    mfa_at: datetime | None,
    address: str | None,
    known: RememberedDevice | None = None,
) -> UUID:
    """A session's row and its audit row; call it inside ``atomic()``. The oldest ones beyond ten end."""
    # Locked, so that ten sign-ins at once count each other, and a version raised meanwhile is the one that is read.
    user = User.objects.select_for_update().only("id", "session_version", "email_verified_at").get(id=user_id)
    if user.email_verified_at is None:
        # Every way to sign in ends here: nobody acts in an account whose address nobody has confirmed.
        raise Unauthenticated("Confirm your e-mail address first.", code="email_unverified")
    session = Session.objects.create(
        user_id=user_id,
        version=user.session_version,
        device=device[:200],
        device_id=known.id if known else None,
        address=address,
        mfa_at=mfa_at,
    )
    record(context="identity", action="session.open", object_type="session", object_id=session.id)
    others = Session.objects.filter(user_id=user_id, ended_at=None).exclude(id=session.id)
    surplus = tuple(others.order_by("-last_used_at").values_list("id", flat=True)[MAX_SESSIONS - 1 :])
    if surplus:
        Session.objects.filter(id__in=surplus).update(ended_at=now(), end_reason="too_many")
        announce_end(user_id, surplus, "too_many")
    return session.id


def refresh(*, refresh_token: str, device_token: str = "") -> SignIn:
    """Trade a refresh token for new tokens. Used a second time, it ends the session (somebody stole one).

    ``Conflict`` (``refresh_rotated``) when the same device repeats itself within ten seconds: it has, or had, the
    newer token. ``Unauthenticated`` for anything else that is no unused token of an open session.
    """
    digest = token_hash(refresh_token)
    with atomic():
        # One table, no join: PostgreSQL re-checks exactly these columns after waiting for a twin's row lock.
        unused = RefreshToken.objects.filter(token_hash=digest, used_at=None, expires_at__gt=now())
        taken = unused.update(used_at=now()) == 1
        sign_in = _successor(digest) if taken else None
    if sign_in is not None:
        return sign_in
    if not taken:
        _repeated(digest, device_token)
    raise Unauthenticated(_SIGN_IN_AGAIN, code="refresh_invalid")


def list_sessions(*, principal: Principal) -> tuple[SessionDTO, ...]:
    """The caller's open sessions, newest first."""
    rows = Session.objects.filter(user_id=principal.require_user_id(), ended_at=None).order_by("-last_used_at")[:50]
    return tuple(
        SessionDTO(
            id=row.id,
            device=readable(row.device),
            network=coarse_network(row.address),
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            current=row.id == principal.session_id,
        )
        for row in rows
    )


def open_sessions(*, session_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the sessions that may still act: neither ended, nor past their limits, nor of a deactivated account."""
    found = [
        session
        for session in Session.objects.select_related("user")
        .only("id", "version", "created_at", "last_used_at", "user_id", "user__session_version")
        .filter(id__in=list(session_ids), ended_at=None, user__is_active=True, user__email_verified_at__isnull=False)
        if session.version == session.user.session_version
    ]
    roles, at = roles_of([session.user_id for session in found]), now()
    return frozenset(
        session.id
        for session in found
        if not reached(
            limits_for(roles[session.user_id]), opened=session.created_at, last_used=session.last_used_at, now=at
        )
    )


def mark_stepped_up(*, session_id: UUID, at: datetime) -> str:
    """Record a fresh second factor on the session; returns a new access token that carries it."""
    with atomic():
        session = Session.objects.select_for_update().filter(id=session_id, ended_at=None).first()
        if session is None:
            raise Unauthenticated(_SIGN_IN_AGAIN, code="session_ended")
        session.mfa_at = at
        session.save(update_fields=["mfa_at", "updated_at"])
        record(context="identity", action="session.step_up", object_type="session", object_id=session_id)
        return encode_access(principal_of(session))[0]


def session_principal(*, session_id: UUID) -> Principal | None:
    """Who acts in a session now; ``None`` when it may not act any more."""
    if session_id not in open_sessions(session_ids=[session_id]):
        return None
    return principal_of(Session.objects.get(id=session_id))


def principal_of(session: Session) -> Principal:
    """The principal that a session's tokens carry."""
    user = User.objects.get(id=session.user_id)
    return Principal(
        user_id=user.id,
        roles=roles_of([user.id])[user.id],
        session_id=session.id,
        session_version=session.version,
        mfa_at=session.mfa_at,
        email_verified=user.email_verified_at is not None,
    )


def _successor(digest: bytes) -> SignIn | None:
    """New tokens for the one just taken, if its session may go on."""
    used = RefreshToken.objects.only("id", "session_id").get(token_hash=digest)
    session = Session.objects.select_for_update().get(id=used.session_id)
    if not _may_go_on(session):
        return None
    session.last_used_at = now()
    session.save(update_fields=["last_used_at", "updated_at"])
    return _sign_in(session, parent=used)


def _sign_in(session: Session, device_token: str = "", parent: RefreshToken | None = None) -> SignIn:
    token = secrets.token_urlsafe(32)
    expires_at = session.created_at + setting("REFRESH_TOKEN_LIFETIME")
    RefreshToken.objects.create(session=session, parent=parent, token_hash=token_hash(token), expires_at=expires_at)
    access, lifetime = encode_access(principal_of(session))
    return SignIn(access=access, refresh=token, expires_in=lifetime, session_id=session.id, device_token=device_token)


def _may_go_on(session: Session) -> bool:
    """Open, of an active account and its version, and inside its limits; past a limit, the session ends here."""
    current = User.objects.confirmed().filter(id=session.user_id, is_active=True, session_version=session.version)
    if session.ended_at is not None or not current.exists():
        return False
    limits = limits_for(roles_of([session.user_id])[session.user_id])
    limit = reached(limits, opened=session.created_at, last_used=session.last_used_at, now=now())
    if limit:
        end_session(user_id=session.user_id, session_id=session.id, reason=limit)
    return limit is None


def _repeated(digest: bytes, device_token: str) -> None:
    """A used token came back: the same device within its grace is told so; anybody else ends the family."""
    row = RefreshToken.objects.select_related("session").filter(token_hash=digest).first()
    if row is None or row.used_at is None or row.session.ended_at is not None:
        return
    bound_to = row.session.device_id
    if bound_to and now() - row.used_at <= GRACE and device_id(device_token=device_token) == bound_to:
        raise Conflict(
            "This token was traded a moment ago by this device; go on with the newer one.", code="refresh_rotated"
        )
    with atomic():
        ended = Session.objects.filter(id=row.session_id, ended_at=None).update(ended_at=now(), end_reason="reuse")
        if not ended:
            return
        record(
            context="identity",
            action="session.reuse",
            outcome="denied",
            object_type="session",
            object_id=row.session_id,
        )
        announce_end(row.session.user_id, (row.session_id,), "reuse")
