"""The processor time of a process with all that it started, and whether it makes any progress."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

#: A child that uses no processor time for so long waits for something that never comes.
STALLED_SECONDS: Final = 120.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


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


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
