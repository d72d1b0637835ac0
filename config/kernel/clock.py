"""The platform's clock: one function that tests can hold still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The current instant, timezone-aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(instant: datetime) -> Iterator[datetime]:
    """Hold ``now()`` at ``instant`` inside the block."""
    token = _frozen.set(instant)
    try:
        yield instant
    finally:
        _frozen.reset(token)


@contextmanager
def shifted(delta: timedelta) -> Iterator[datetime]:
    """Hold ``now()`` at the present instant moved by ``delta``."""
    with frozen(now() + delta) as instant:
        yield instant
