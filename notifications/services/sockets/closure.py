"""Sockets of people whose sessions ended."""

from uuid import UUID

from notifications.db import on_commit
from notifications.services.sockets.socket_wakeup import wake_for_sessions


def close_sockets(*, user_id: UUID) -> None:
    """Have the user's sockets look at their sessions now, and not at the next round."""
    on_commit(lambda: wake_for_sessions(user_id))
