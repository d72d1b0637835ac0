"""Waiting for another process, which has no clock to inject."""

import threading
import time
from collections.abc import Callable


def until(condition: Callable[[], object], what: str, seconds: float = 180) -> None:
    """Ask again and again until ``condition`` holds; fail with ``what`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"After {seconds} s it does not hold that {what}."
        pause.wait(0.1)
