"""The principal of the request or job that is being served, for audit rows and policies."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from config.kernel.auth.principal import ANONYMOUS, Principal

SYSTEM = Principal(kind="system")

_current: ContextVar[Principal] = ContextVar("principal", default=ANONYMOUS)


def current_principal() -> Principal:
    """Who is asking; ``ANONYMOUS`` when nobody has been recognised."""
    return _current.get()


def set_principal(principal: Principal) -> Token[Principal]:
    """Set the caller; the middleware resets it when the request ends."""
    return _current.set(principal)


def reset_principal(token: Token[Principal]) -> None:
    """Undo ``set_principal``."""
    _current.reset(token)


@contextmanager
def acting_as(principal: Principal) -> Iterator[Principal]:
    """Act as ``principal`` inside the block."""
    token = set_principal(principal)
    try:
        yield principal
    finally:
        reset_principal(token)
