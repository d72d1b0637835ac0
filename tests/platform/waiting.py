"""Waiting for another process, which has no clock to inject.

``seconds`` guard against waiting for ever: what is awaited takes a tenth of them on an idle machine, and a test that
promises a time proves it by counts, by processor time or by a clock of its own.
"""

import threading
import time
from collections.abc import Callable

# A machine that does eight other things as well is still waited for.
GUARD = 10


def until(condition: Callable[[], object], what: str, seconds: float = 180) -> None:
    """Ask again and again until ``condition`` holds; fail with ``what`` after ``seconds``."""
    deadline = time.monotonic() + seconds * GUARD
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"After {seconds * GUARD} s it does not hold that {what}."
        pause.wait(0.1)
