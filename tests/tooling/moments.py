"""A process in which time has passed: what a promise of seconds is proven by, at any speed of the machine."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def later(seconds: float) -> Iterator[None]:
    """The monotonic clock is ahead for the length of the block."""
    now = time.monotonic

    def ahead() -> float:
        return now() + seconds

    with mock.patch("time.monotonic", ahead):
        yield
