"""Waking a user's sockets through Valkey. The database is the truth: a lost ring only delays the news."""

import time
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting

CHANNEL = "sop:notices"
# Behind a user's id: not news, but a session of theirs that ended.
SESSIONS = "!"
TIMEOUT_SECONDS = 0.5
SILENT_SECONDS = 5.0
log = structlog.get_logger(__name__)
_silent_until = 0.0


def ring(user_id: UUID) -> None:
    """Tell the realtime processes that the user has news."""
    _publish(str(user_id))


def ring_sessions(user_id: UUID) -> None:
    """Tell the realtime processes that sessions of the user ended: their sockets close at once."""
    _publish(f"{user_id}{SESSIONS}")


def _publish(message: str) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        _client().publish(CHANNEL, message)
    except RedisError as error:
        # Sockets look by themselves every few seconds, so this costs time and not news; and a Valkey that does
        # not answer may hold up one notice, not each.
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("doorbell_silent", error=type(error).__name__)


@cache
def _client() -> Any:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # The client's own retries would hold the caller for seconds.
    return redis.Redis.from_url(
        setting("REDIS_URL"),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
