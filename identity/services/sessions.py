"""Sessions and their refresh tokens: one token makes one successor; a token used twice ends its family."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from config.kernel.audit import record
from config.kernel.audit.recording import client_address
from config.kernel.auth import Principal
from config.kernel.auth.tokens import encode_access
from config.kernel.conf import setting
from config.kernel.errors import NotFound, Unauthenticated
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.session_limits import limits_for, reached
from identity.events import SessionsEnded
from identity.models import RefreshToken, Session, User
from identity.queries import roles_of
from identity.services.dto import SessionDTO, SignIn

_SIGN_IN_AGAIN = "The session has ended; sign in again."


def open_session(*, user_id: UUID, device: str = "", mfa_at: datetime | None = None) -> SignIn:
    """Start a session for a user who has just proved who they are."""
    with atomic():
        session_id = new_session(user_id=user_id, device=device, mfa_at=mfa_at, address=client_address.get())
        return _sign_in(Session.objects.get(id=session_id))


def new_session(*, user_id: UUID, device: str, mfa_at: datetime | None, address: str | None) -> UUID:
    """A session's row and its audit row; call it inside ``atomic()``."""
    session = Session.objects.create(user_id=user_id, device=device[:200], address=address, mfa_at=mfa_at)
    record(context="identity", action="session.open", object_type="session", object_id=session.id)
    return session.id


def refresh(*, refresh_token: str) -> SignIn:
    """Trade a refresh token for new tokens. Used a second time, it ends the session (somebody stole one)."""
    digest = _hash(refresh_token)
    with atomic():
        # One table, no join: PostgreSQL re-checks exactly these columns after waiting for a twin's row lock.
        unused = RefreshToken.objects.filter(token_hash=digest, used_at=None, expires_at__gt=now())
        if unused.update(used_at=now()) == 1:
            session_id = RefreshToken.objects.values_list("session_id", flat=True).get(token_hash=digest)
            session = Session.objects.select_for_update().get(id=session_id)
            if _may_go_on(session):
                session.last_used_at = now()
                session.save(update_fields=["last_used_at", "updated_at"])
                return _sign_in(session)
    _end_family_of_reused(digest)
    raise Unauthenticated(_SIGN_IN_AGAIN, code="refresh_invalid")


def end_session(*, user_id: UUID, session_id: UUID, reason: str = "logout") -> None:
    """End one session of a user; ``NotFound`` when it is not theirs or has ended."""
    with atomic():
        ended = Session.objects.filter(id=session_id, user_id=user_id, ended_at=None).update(
            ended_at=now(), end_reason=reason
        )
        if not ended:
            raise NotFound("There is no such open session.")
        record(context="identity", action="session.end", object_type="session", object_id=session_id)
        publish(SessionsEnded(aggregate_id=user_id, reason=reason, session_ids=(str(session_id),)))


def end_all_sessions(*, user_id: UUID, reason: str) -> int:
    """End every session of a user; returns how many were open."""
    with atomic():
        open_ones = [
            str(i) for i in Session.objects.filter(user_id=user_id, ended_at=None).values_list("id", flat=True)
        ]
        Session.objects.filter(id__in=open_ones).update(ended_at=now(), end_reason=reason)
        record(context="identity", action="session.end_all", object_type="user", object_id=user_id)
        publish(SessionsEnded(aggregate_id=user_id, reason=reason, session_ids=tuple(open_ones)))
    return len(open_ones)


def list_sessions(*, principal: Principal) -> tuple[SessionDTO, ...]:
    """The caller's open sessions, newest first."""
    rows = Session.objects.filter(user_id=principal.require_user_id(), ended_at=None).order_by("-last_used_at")[:50]
    return tuple(
        SessionDTO(r.id, r.device, r.address, r.created_at, r.last_used_at, r.id == principal.session_id) for r in rows
    )


def session_is_open(*, session_id: UUID) -> bool:
    """Whether the session may still act: neither ended nor of a deactivated account."""
    return Session.objects.filter(id=session_id, ended_at=None, user__is_active=True).exists()


def open_sessions(*, session_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the sessions that may still act: neither ended, nor past their limits, nor of a deactivated account."""
    found = list(Session.objects.filter(id__in=list(session_ids), ended_at=None, user__is_active=True))
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


def principal_of(session: Session) -> Principal:
    """The principal that a session's tokens carry."""
    user = User.objects.get(id=session.user_id)
    return Principal(
        user_id=user.id,
        roles=roles_of([user.id])[user.id],
        session_id=session.id,
        mfa_at=session.mfa_at,
        email_verified=user.email_verified_at is not None,
    )


def _sign_in(session: Session) -> SignIn:
    token = secrets.token_urlsafe(32)
    expires_at = session.created_at + setting("REFRESH_TOKEN_LIFETIME")
    RefreshToken.objects.create(session=session, token_hash=_hash(token), expires_at=expires_at)
    access, lifetime = encode_access(principal_of(session))
    return SignIn(access=access, refresh=token, expires_in=lifetime, session_id=session.id)


def _may_go_on(session: Session) -> bool:
    """Open, of an active account, and inside its limits; past a limit, the session ends here."""
    if session.ended_at is not None or not User.objects.filter(id=session.user_id, is_active=True).exists():
        return False
    limits = limits_for(roles_of([session.user_id])[session.user_id])
    limit = reached(limits, opened=session.created_at, last_used=session.last_used_at, now=now())
    if limit:
        end_session(user_id=session.user_id, session_id=session.id, reason=limit)
    return limit is None


def _end_family_of_reused(digest: bytes) -> None:
    row = RefreshToken.objects.select_related("session").filter(token_hash=digest).first()
    if row is None or row.used_at is None or row.session.ended_at is not None:
        return
    with atomic():
        Session.objects.filter(id=row.session_id, ended_at=None).update(ended_at=now(), end_reason="reuse")
        record(
            context="identity",
            action="session.reuse",
            outcome="denied",
            object_type="session",
            object_id=row.session_id,
        )
        publish(SessionsEnded(aggregate_id=row.session.user_id, reason="reuse", session_ids=(str(row.session_id),)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
