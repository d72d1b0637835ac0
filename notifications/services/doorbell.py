"""Waking a user's sockets through Valkey. The database is the truth: a lost ring only delays the news."""

from functools import cache
from typing import Any
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting

CHANNEL = "sop:notices"
log = structlog.get_logger(__name__)


def ring(user_id: UUID) -> None:
    """Tell the realtime processes that the user has news."""
    try:
        _client().publish(CHANNEL, str(user_id))
    except RedisError as error:
        # Sockets look by themselves every few seconds, so this costs time and not news.
        log.warning("doorbell_silent", exc_info=error)


@cache
def _client() -> Any:
    import redis

    return redis.Redis.from_url(setting("REDIS_URL"), socket_timeout=1, socket_connect_timeout=1)
