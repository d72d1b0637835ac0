"""How long this process waits for an answer of a database.

A server that takes connections and says nothing (frozen, cut off, its disk away) would otherwise hold a web thread
for ever. Jobs may ask for more than a person waits for.
"""

from collections.abc import Generator
from typing import Any

import psycopg

from config.kernel.conf import setting
from config.kernel.db.circuit import Circuit

_chosen: list[float] = []


def wait_at_most(seconds: float) -> None:
    """Choose the limit of this process; connections that are open keep the server's half of theirs."""
    _chosen[:] = [seconds]


def wait_seconds() -> float:
    """The limit of this process: what it chose, else that of jobs."""
    return _chosen[0] if _chosen else float(setting("DATABASE_WAIT_SECONDS"))


class Unanswered(psycopg.OperationalError):
    """The server was asked, and has been silent for as long as this process waits."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is given up when the server has been silent for ``patience``, or else ``wait_seconds()``.

    With a ``circuit`` it tells of that, and asks nothing while the server is known to be silent.
    """

    patience: float | None = None
    circuit: Circuit | None = None
    opening = 0

    @classmethod
    def under(cls, circuit: Circuit, **parameters: Any) -> "BoundedConnection":
        """Connect, unless the server is known to be silent."""
        circuit.check()
        opening = circuit.openings
        try:
            connection = cls.connect(**parameters)
        except psycopg.errors.ConnectionTimeout:
            circuit.trip()
            raise
        connection.circuit, connection.opening = circuit, opening
        return connection

    @property
    def is_doubtful(self) -> bool:
        """Whether the server has been silent since this connection was opened: it may have been lost unseen."""
        return self.circuit is not None and self.circuit.openings != self.opening

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait as psycopg does, but not for ever; whoever brings a time-out of their own keeps theirs."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        if self.circuit is not None:
            self.circuit.check()
        return super().wait(self._guarded(gen, interval), interval)

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
                    if self.circuit is not None:
                        self.circuit.trip()
                    raise Unanswered("The database did not answer in time.")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value
