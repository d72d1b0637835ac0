"""Work on the text of others in a process that may die: bounded by processor time, whatever the machine does beside.

The child is a fork: it knows what its parent knew, and starts within milliseconds. What it computes must be pure: it
may not touch the database, nor anything that others wait for.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from config.kernel.processor_time import Watchdog

P = ParamSpec("P")
T = TypeVar("T")
LOOK_SECONDS: Final = 0.5
MEMORY_BYTES: Final = 2048 * 1024 * 1024


class OutOfBounds(Exception):
    """The work was ended: it took more processor time or memory than it may. Trying it again would not help."""


def in_child(seconds: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """``function``'s answer, computed in a child within ``seconds`` of processor time. Raises ``OutOfBounds``.

    An exception of the function is raised here as it was there.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The child runs pure functions only, so that no lock of another thread is ever asked for.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _compute(writing, reading, seconds, lambda: function(*args, **kwargs))
    os.close(writing)
    try:
        answer = _answer(reading, Watchdog(pid))
    finally:
        os.close(reading)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if answer is None:
        raise OutOfBounds(f"{function.__name__} took more than {seconds} s of processor time, or too much memory")
    made, told = answer
    if not made:
        raise told
    result: T = told
    return result


def _compute(writing: int, reading: int, seconds: int, work: Callable[[], Any]) -> None:
    """The child's whole life. It leaves without any tear-down: connections and files are its parent's."""
    status = 1
    try:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + MEMORY_BYTES, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        try:
            told = True, work()
        except MemoryError:
            return
        except Exception as fault:  # whatever it is, the parent raises it
            told = False, fault
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(told, pipe)
        status = 0
    finally:
        os._exit(status)


def _answer(reading: int, watchdog: Watchdog) -> tuple[bool, Any] | None:
    parts: list[bytes] = []
    while not watchdog.stalled():
        ready, _, _ = select.select([reading], [], [], LOOK_SECONDS)
        if not ready:
            continue
        part = os.read(reading, 1 << 20)
        if not part:
            break
        parts.append(part)
    try:
        answer: tuple[bool, Any] = pickle.loads(b"".join(parts))  # noqa: S301  # from ourselves, nobody else holds the pipe
    except (EOFError, pickle.UnpicklingError):
        return None
    return answer


def _address_space() -> int:
    """What the process has mapped already: a limit below that would end it at once."""
    if not sys.platform.startswith("linux"):
        return 0
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
