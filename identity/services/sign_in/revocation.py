"""Ending access at once: sessions end in the database, and every process is told as soon as that is committed."""

from collections.abc import Sequence
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth.sessions import note_ended_sessions
from config.kernel.errors import NotFound
from config.kernel.outbox import publish
from identity.db import atomic, now, on_commit
from identity.events import SessionsEnded
from identity.models import Session, User


def end_session(*, user_id: UUID, session_id: UUID, reason: str = "logout") -> None:
    """End one session of a user; ``NotFound`` when it is not theirs or has ended."""
    with atomic():
        ended = Session.objects.filter(id=session_id, user_id=user_id, ended_at=None).update(
            ended_at=now(), end_reason=reason
        )
        if not ended:
            raise NotFound("There is no such open session.")
        record(context="identity", action="session.end", object_type="session", object_id=session_id)
        announce_end(user_id, (session_id,), reason)


def revoke_access(*, user_id: UUID, reason: str, except_session: UUID | None = None) -> int:
    """Raise the user's session version and end their sessions, but ``except_session``; returns how many ended.

    Call it in the transaction of the change that it follows. Access tokens, sockets and pages of the ended sessions
    are refused within a second of the commit; so are access tokens of the kept session, which refreshes them.
    """
    with atomic():
        user = User.objects.select_for_update().only("id", "session_version").filter(id=user_id).first()
        if user is None:
            raise NotFound("There is no such account.")
        version = user.session_version + 1
        User.objects.filter(id=user_id).update(session_version=version)
        open_ones = Session.objects.filter(user_id=user_id, ended_at=None)
        kept = (except_session,) if except_session else ()
        open_ones.filter(id__in=kept).update(version=version)
        ids = tuple(open_ones.exclude(id__in=kept).values_list("id", flat=True))
        Session.objects.filter(id__in=ids).update(ended_at=now(), end_reason=reason[:20])
        record(
            context="identity",
            action="session.end_all",
            object_type="user",
            object_id=user_id,
            detail={"reason": reason, "ended": len(ids)},
        )
        announce_end(user_id, ids, reason, changed=kept)
    return len(ids)


def end_all_sessions(*, user_id: UUID, reason: str) -> int:
    """End every session of a user; returns how many were open."""
    return revoke_access(user_id=user_id, reason=reason)


def announce_end(user_id: UUID, ids: Sequence[UUID], reason: str, changed: Sequence[UUID] = ()) -> None:
    """Publish that sessions ended, and have every process refuse them. Call it inside ``atomic()``."""
    publish(SessionsEnded(aggregate_id=user_id, reason=reason, session_ids=tuple(str(i) for i in ids)))
    # Asked for again already now, in case the word after the commit gets lost.
    note_ended_sessions(user_id, (), (*ids, *changed))
    on_commit(lambda: note_ended_sessions(user_id, ids, changed))
