"""A client of Valkey for what must not hold anybody up: whoever asks has a time, and the database is the truth."""

from functools import cache
from typing import Any


@cache
def valkey_client(url: str, seconds: float) -> Any:
    """The process's client of ``url`` that gives up after ``seconds``; its own retries would take many times that."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(
        url,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=30,
    )
