"""One id that ties a request to its logs, events, jobs and audit rows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

# Hexadecimal only: in a free name somebody would put a patient's.
_ACCEPTED = re.compile(r"^[0-9a-fA-F-]{16,64}$")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """The present id, or an empty string outside any request or job."""
    return _current.get()


def accepted_or_new(offered: str | None) -> str:
    """The caller's id when it is harmless in a log line, else a new one."""
    return offered if offered and _ACCEPTED.match(offered) else uuid4().hex


@contextmanager
def correlated(value: str) -> Iterator[str]:
    """Carry ``value`` (or a new id, if empty) inside the block."""
    token = _current.set(value or uuid4().hex)
    try:
        yield _current.get()
    finally:
        _current.reset(token)
