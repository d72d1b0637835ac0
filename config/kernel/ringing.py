"""Ringing through Valkey for those who listen now. A lost ring costs time and never news: rows hold what is true."""

import time
from functools import cache
from typing import Any

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting

TIMEOUT_SECONDS = 0.5
SILENT_SECONDS = 5.0
log = structlog.get_logger(__name__)
_silent_until = 0.0


def ring(channel: str, message: str) -> None:
    """Publish ``message`` to whoever listens to ``channel``. Never fails: a Valkey that is away is logged once."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        _client(setting("REDIS_URL")).publish(channel, message)
    except RedisError as error:
        # A Valkey that does not answer may hold up one ring, not each.
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("doorbell_silent", error=type(error).__name__)


def ring_again() -> None:
    """End the silence after a failure (between tests)."""
    global _silent_until
    _silent_until = 0.0


@cache
def _client(url: str) -> Any:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # The client's own retries would hold the caller for seconds.
    return redis.Redis.from_url(
        url,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
