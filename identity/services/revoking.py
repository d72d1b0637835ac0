"""Ending what somebody else may hold: every session of a user but the one that asks."""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.events import SessionsEnded
from identity.models import Session


def end_access(user_id: UUID, *, reason: str, keep: UUID | None = None) -> None:
    """End the user's sessions except ``keep``. Call it in the transaction of the change that it follows."""
    with atomic():
        rows = Session.objects.filter(user_id=user_id, ended_at=None).values_list("id", flat=True)
        ids = [str(row) for row in rows if row != keep]
        Session.objects.filter(id__in=ids).update(ended_at=now(), end_reason=reason)
        record(context="identity", action="session.end_others", object_type="user", object_id=user_id)
        publish(SessionsEnded(aggregate_id=user_id, reason=reason, session_ids=tuple(ids)))
