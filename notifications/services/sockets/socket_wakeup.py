"""Waking a user's sockets through Valkey. The database is the truth: a lost message only delays the news."""

from collections.abc import Iterable
from uuid import UUID

from config.kernel import pubsub

CHANNEL = "sop:notices"
# Behind a user's id: not news, but a session of theirs that ended.
SESSIONS = "!"


def wake(user_id: UUID) -> None:
    """Tell the realtime processes that the user has news."""
    pubsub.publish(CHANNEL, str(user_id))


def wake_all(user_ids: Iterable[UUID]) -> None:
    """Tell them of several users at once."""
    pubsub.publish_all(CHANNEL, map(str, user_ids))


def wake_for_sessions(user_id: UUID) -> None:
    """Tell the realtime processes that sessions of the user ended: their sockets close at once."""
    pubsub.publish(CHANNEL, f"{user_id}{SESSIONS}")
