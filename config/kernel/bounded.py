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
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
LOOK_SECONDS: Final = 0.5
#: A child that uses no processor time for so long waits for something that never comes.
STALLED_SECONDS: Final = 120.0
MEMORY_BYTES: Final = 2048 * 1024 * 1024
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class OutOfBounds(Exception):
    """The work was ended: it took more processor time or memory than it may. Trying it again would not help."""


class Watchdog:
    """Says when a process has made no progress for too long: neither it nor its children used the processor."""

    def __init__(self, pid: int, patience: float = STALLED_SECONDS) -> None:
        self._pid, self._patience = pid, patience
        self._used, self._since = -1.0, time.monotonic()

    def stalled(self) -> bool:
        """To be asked again and again while the process runs."""
        used = processor_seconds(self._pid)
        if used != self._used:
            self._used, self._since = used, time.monotonic()
        return time.monotonic() - self._since > self._patience


def processor_seconds(pid: int) -> float:
    """What a process and those that it started have used so far; 0 where the system does not tell."""
    used, waiting, seen = 0.0, {pid}, set[int]()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            below = {int(word) for path in Path(f"/proc/{one}/task").glob("*/children") for word in _words(path)}
        except OSError:
            continue
        # utime, stime, and the same of the children that it waited for.
        used += sum(int(field) for field in fields[11:15]) / _TICKS
        waiting |= below - seen
    return used


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
        # From ourselves, over a pipe that nobody else holds.
        answer: tuple[bool, Any] = pickle.loads(b"".join(parts))  # noqa: S301
    except (EOFError, pickle.UnpicklingError):
        return None
    return answer


def _address_space() -> int:
    """What the process has mapped already: a limit below that would end it at once."""
    if not sys.platform.startswith("linux"):
        return 0
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
