"""How long to wait for a start: as long as it works on it, whatever the speed of the machine."""

import os
import time
from collections.abc import Callable
from pathlib import Path

# Nothing used the processor for so long: it hangs.
IDLE_SECONDS = 120
# So much processor time is thirty times what a first start takes; who is not ready then, starts again and again.
MAX_PROCESSOR_SECONDS = 900
TELL_EVERY_SECONDS = 15


class StartWait:
    """Asked again and again while something starts; ``spent`` gives the processor time that it has used so far."""

    def __init__(self, spent: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        self._spent, self._clock = spent, clock
        self._begun = self._moved = self._told = clock()
        self._last = spent()

    def ends(self) -> str | None:
        """Why to wait no longer; None as long as there is progress."""
        now, spent = self._clock(), self._spent()
        if spent > self._last:
            self._moved, self._last = now, spent
        if now - self._moved > IDLE_SECONDS:
            return f"nothing moved for {IDLE_SECONDS} s"
        if spent > MAX_PROCESSOR_SECONDS:
            return f"it used {spent:.0f} s of the processor and is still not ready"
        return None

    def news(self) -> str | None:
        """A line of progress, now and then."""
        now = self._clock()
        if now - self._told < TELL_EVERY_SECONDS:
            return None
        self._told = now
        return f"still starting after {now - self._begun:.0f} s, {self._last:.0f} s of the processor used"


def tree_seconds(root: int, processes: Path = Path("/proc")) -> float:
    """Processor time of a process and all below it, those that ended and were waited for included."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for path in processes.glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid], ticks[pid] = int(fields[1]), sum(int(field) for field in fields[11:15])
    tree = {root}
    while grown := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= grown
    return sum(ticks.get(pid, 0) for pid in tree) / os.sysconf("SC_CLK_TCK")
