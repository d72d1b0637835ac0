"""One word in Valkey that changes whenever keys change, so that every process empties its cache within a second."""

import time
from threading import Lock
from uuid import uuid4

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting
from config.kernel.valkey import valkey_client

NAME = "sop:keys:word"
LOOK_SECONDS = 1.0
TIMEOUT_SECONDS = 0.2
log = structlog.get_logger(__name__)
_lock = Lock()
_word: bytes | None = None
_next_look = 0.0


def changed() -> bool:
    """Whether another word stands there than at the last look; looks once a second at most.

    While Valkey is silent nothing is known: what was remembered then lives until its own end (a minute).
    """
    global _word, _next_look
    if time.monotonic() < _next_look:
        return False
    with _lock:
        if time.monotonic() < _next_look:
            return False
        _next_look = time.monotonic() + LOOK_SECONDS
        try:
            word = valkey_client(setting("REDIS_URL"), TIMEOUT_SECONDS).get(NAME)
        except RedisError as error:
            log.warning("key_news_down", error=type(error).__name__)
            return False
        before, _word = _word, word
        return bool(before != word)


def announce() -> None:
    """Have every process forget the keys it remembers."""
    try:
        valkey_client(setting("REDIS_URL"), TIMEOUT_SECONDS).set(NAME, uuid4().hex)
    except RedisError as error:
        log.warning("key_news_down", error=type(error).__name__)


def look_again() -> None:
    """Look at the next question, however lately one did (between tests)."""
    global _next_look
    _next_look = 0.0
