"""Messages through Valkey for those who listen now. A lost message delays news and loses none: rows hold the truth."""

import time
from collections.abc import Iterable

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting
from config.kernel.valkey import valkey_client

TIMEOUT_SECONDS = 0.5
SILENT_SECONDS = 5.0
log = structlog.get_logger(__name__)
_silent_until = 0.0


def publish(channel: str, message: str) -> None:
    """Publish ``message`` to whoever listens to ``channel``. Never fails: a Valkey that is away is logged once."""
    publish_all(channel, (message,))


def publish_all(channel: str, messages: Iterable[str]) -> None:
    """Publish several messages in one round trip; as ``publish``."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with valkey_client(setting("REDIS_URL"), TIMEOUT_SECONDS).pipeline(transaction=False) as together:
            for message in messages:
                together.publish(channel, message)
            together.execute()
    except RedisError as error:
        # A Valkey that does not answer may hold up one message, not each.
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("pubsub_unavailable", error=type(error).__name__)
