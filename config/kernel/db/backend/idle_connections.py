"""Closes connections that nobody has used for a while.

Five aliases open five connections in each thread that ever needed them all. PostgreSQL keeps a process of some
megabytes for each, so a thread that waits for its next request gives them back.
"""

import os
import threading
import time
import weakref
from typing import Any

from config.kernel.conf import setting

LOOK_SECONDS = 5.0
_lock = threading.Lock()
_watched: "weakref.WeakSet[Any]" = weakref.WeakSet()
_watcher: list[int] = []


def watch(wrapper: Any) -> None:
    """Have ``wrapper.close_rested`` called in this process; a fork starts with nothing to watch."""
    if _watcher == [os.getpid()] and wrapper in _watched:
        # Asked around each request for each connection: most often it is known, which needs no turn.
        return
    with _lock:
        if _watcher != [os.getpid()]:
            _watched.clear()
            _watcher[:] = [os.getpid()]
            threading.Thread(target=_look, name="resting-connections", daemon=True).start()
        _watched.add(wrapper)


def close_rested(now: float) -> None:
    """Close every watched connection that has rested for the time that the settings allow."""
    before = now - float(setting("DATABASE_IDLE_SECONDS"))
    with _lock:
        wrappers = list(_watched)
    for wrapper in wrappers:
        wrapper.close_rested(before)


def _look() -> None:
    pause = threading.Event()
    while not pause.wait(LOOK_SECONDS):
        close_rested(time.monotonic())
