"""How long this process waits for an answer of a database.

A server that takes connections and says nothing (frozen, cut off, its disk away) would otherwise hold a web thread
for ever. Jobs may ask for more than a person waits for.
"""

from collections.abc import Generator
from typing import Any

import psycopg

from config.kernel.conf import setting

_chosen: list[float] = []


def wait_at_most(seconds: float) -> None:
    """Choose the limit of this process; connections that are open keep the server's half of theirs."""
    _chosen[:] = [seconds]


def wait_seconds() -> float:
    """The limit of this process: what it chose, else that of jobs."""
    return _chosen[0] if _chosen else float(setting("DATABASE_WAIT_SECONDS"))


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is given up when the server has been silent for ``patience``, or else ``wait_seconds()``."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait as psycopg does, but not for ever; whoever brings a time-out of their own keeps theirs."""
        return super().wait(gen if timeout is not None else self._guarded(gen, interval), interval, timeout)

    def _guarded(self, gen: Generator[Any, Any, Any], interval: float) -> Generator[Any, Any, Any]:
        # Woken each ``interval``: counting the wake-ups spares a look at the clock for each of many quick answers.
        left = limit = max(1, round((self.patience or wait_seconds()) / interval))
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                left = limit if ready else left - 1
                if left <= 0:
                    # The statement may still run there, so nothing can be said on this connection any more.
                    self.pgconn.finish()
                    raise psycopg.OperationalError("The database did not answer in time.")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value
