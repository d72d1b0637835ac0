"""What Valkey knows of sessions: open ones for the rest of a second, ended ones for as long as a token may live."""

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting
from config.kernel.valkey import valkey_client

PREFIX = "sop:session:"
# Whoever holds sockets open listens here: the id of a user some of whose sessions ended.
CHANNEL = "sop:sessions-ended"
ENDED = b"-"
# Longer than any access token, whatever its end: then the token itself has ended.
ENDED_SECONDS = 600
TIMEOUT_SECONDS = 0.25
SILENT_SECONDS = 2.0
log = structlog.get_logger(__name__)
_silent_until = 0.0


def read(session_id: UUID) -> tuple[bytes | None, int]:
    """What is kept of a session, and for how many more milliseconds; ``(None, 0)`` when that is nothing."""
    answer = _ask(lambda client: client.pipeline(transaction=False).get(_key(session_id)).pttl(_key(session_id)))
    return (answer[0], int(answer[1])) if answer and answer[0] is not None else (None, 0)


def keep(session_id: UUID, value: bytes, milliseconds: int) -> None:
    """Keep an open session's state for others; it never takes the place of an end that was noted meanwhile."""
    _ask(lambda client: client.pipeline(transaction=False).set(_key(session_id), value, px=milliseconds, nx=True))


def note_end(user_id: UUID, ended: Iterable[UUID], changed: Iterable[UUID] = ()) -> None:
    """Note that sessions of a user ended (``changed`` ones are only to be asked for again), and wake their sockets."""

    def commands(client: Any) -> Any:
        pipeline = client.pipeline(transaction=False)
        for session_id in ended:
            pipeline.set(_key(session_id), ENDED, ex=ENDED_SECONDS)
        for session_id in changed:
            pipeline.delete(_key(session_id))
        return pipeline.publish(CHANNEL, str(user_id))

    _ask(commands)


def ask_again() -> None:
    """End the silence after a failure (between tests)."""
    global _silent_until
    _silent_until = 0.0


def _ask(commands: Any) -> list[Any] | None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return None
    try:
        answer: list[Any] = commands(valkey_client(setting("REDIS_URL"), TIMEOUT_SECONDS)).execute()
    except RedisError as error:
        # The database is asked instead: it is the truth. Nobody waits for Valkey again before the silence has ended.
        _silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("session_store_down", error=type(error).__name__)
        return None
    return answer


def _key(session_id: UUID) -> str:
    return f"{PREFIX}{session_id.hex}"
