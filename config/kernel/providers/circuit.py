"""A circuit for each provider: after five faults in a row nobody waits for it, and one call probes it later."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import pybreaker

FAULTS = 5
PROBE_AFTER_SECONDS = 15
T = TypeVar("T")


class CircuitOpen(ConnectionError):
    """The provider failed several times in a row and is not asked for now."""


def circuit(name: str, call: Callable[[], T], *, counts: Callable[[BaseException], bool]) -> T:
    """Run ``call`` through the circuit of ``name``; ``counts`` says which errors are the provider's being down."""
    try:
        return _guarded(_breaker(name), call, counts)
    except pybreaker.CircuitBreakerError:
        raise CircuitOpen(f"{name} failed {FAULTS} times in a row and is left alone for a while") from None


def close_circuits() -> None:
    """Forget all faults (between tests, and after a provider's settings changed)."""
    _breaker.cache_clear()


class _Uncounted(Exception):
    """Carries an error past the breaker that says nothing about the provider's health."""


def _guarded(breaker: pybreaker.CircuitBreaker, call: Callable[[], T], counts: Callable[[BaseException], bool]) -> T:
    def attempt() -> T:
        try:
            return call()
        except Exception as error:  # sorted into those that count and those that do not
            if counts(error):
                raise
            raise _Uncounted from error

    try:
        result: T = breaker.call(attempt)
    except _Uncounted as carried:
        raise carried.__cause__ or carried from None
    return result


@cache
def _breaker(name: str) -> pybreaker.CircuitBreaker:
    return pybreaker.CircuitBreaker(
        fail_max=FAULTS,
        reset_timeout=PROBE_AFTER_SECONDS,
        exclude=[_Uncounted],
        throw_new_error_on_trip=False,
        name=name,
    )
