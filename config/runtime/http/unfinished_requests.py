"""How many requests of one address, and how many bytes of all, may be on their way at a time."""

import threading
from collections import OrderedDict
from typing import Any

# Of one address, in one worker process: large bodies on their way in, all bodies, answers on their way out.
MAX_LARGE_BODIES = 24
MAX_BODIES = 250
MAX_ANSWERS = 48
# Of everybody: answers on their way out (up to 2 MB each are in memory), and what may lie in spools.
MAX_ANSWERS_OF_ALL = 120
MAX_SPOOLED = 1024 * 1024 * 1024
# Of one address: bodies that may be refused at once, and how many more each second. Others hear of it a moment later.
REFUSALS, REFUSALS_A_SECOND = 10.0, 2.0
PAUSE_SECONDS = 2.0
_MAX_ADDRESSES = 1000


class Unfinished:
    """Counts by address. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bodies: dict[tuple[str, bool], int] = {}
        self._answers: dict[str, OrderedDict[Any, None]] = {}
        # How many refusals an address has left, and since when.
        self._refusals: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.spooled = 0

    def begin_body(self, address: str, *, large: bool) -> bool:
        """Count a body that has begun to come; ``False`` when the address has too many on their way."""
        with self._lock:
            key = (address, large)
            found = self._bodies.get(key, 0)
            if found >= (MAX_LARGE_BODIES if large else MAX_BODIES) or self.spooled > MAX_SPOOLED:
                return False
            self._bodies[key] = found + 1
            return True

    def end_body(self, address: str, *, large: bool) -> None:
        """The body is there, or nobody waits for it any more."""
        with self._lock:
            key = (address, large)
            self._bodies[key] -= 1
            if not self._bodies[key]:
                del self._bodies[key]

    def pause_of_refusal(self, address: str, now: float) -> float:
        """Count a refused body; returns for how many seconds its sender waits for the answer, and comes no sooner."""
        with self._lock:
            left, since = self._refusals.pop(address, (REFUSALS, now))
            left = min(REFUSALS, left + (now - since) * REFUSALS_A_SECOND)
            self._refusals[address] = (max(0.0, left - 1), now)
            if len(self._refusals) > _MAX_ADDRESSES:
                self._refusals.popitem(last=False)
            return 0.0 if left >= 1 else PAUSE_SECONDS

    def spool(self, change: int) -> None:
        """Count bytes in spools."""
        with self._lock:
            self.spooled += change

    def begin_answer(self, address: str, connection: Any) -> Any | None:
        """Count an answer that its reader does not take at once; returns the one to end when they are too many.

        That is the oldest of the address, or, where all have too many together, of the address that has the most.
        """
        with self._lock:
            waiting = self._answers.setdefault(address, OrderedDict())
            waiting[connection] = None
            if sum(map(len, self._answers.values())) > MAX_ANSWERS_OF_ALL:
                waiting = max(self._answers.values(), key=len)
            elif len(waiting) <= MAX_ANSWERS:
                return None
            return waiting.popitem(last=False)[0]

    def end_answer(self, address: str, connection: Any) -> None:
        """The answer was taken, or nobody takes it any more."""
        with self._lock:
            waiting = self._answers.get(address, OrderedDict())
            waiting.pop(connection, None)
            if not waiting:
                self._answers.pop(address, None)
