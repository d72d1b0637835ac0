"""Whether requests may be sent here, known before anybody asks.

A thread asks the servers every two seconds and waits two seconds at most, on connections of its own. Whoever asks for
the state gets the last one at once: a database that is silent holds up nobody who only wants to hear that it is.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.db import connections

from config.kernel.conf import setting
from config.kernel.db.schema import all_aliases
from config.kernel.db.timeouts import BoundedConnection
from config.kernel.valkey import valkey_client

RENEWED_SECONDS = 2.0
LIMIT_SECONDS = 2
STALE_SECONDS = 10.0
# Writable: a replica that is asked by mistake answers every read, and would refuse every request's audit row.
_ASK = "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'"
_ADDRESS = frozenset({"host", "port", "dbname", "user", "password"})
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class State:
    """What is away: databases by alias, and what the product goes on without."""

    databases: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether requests can be served."""
        return not self.databases


UNKNOWN = State(databases=("unknown",))


class Readiness:
    """The last known state; ``ask`` and ``clock`` are put in by tests."""

    def __init__(self, ask: Callable[[], State] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask or Servers().ask
        self._clock = clock
        self._known: tuple[State, float] | None = None
        self._first = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def state(self) -> State:
        """What was found a moment ago; the first one who asks waits until something is known."""
        self._begin()
        if self._known is None:
            self._first.wait(LIMIT_SECONDS)
        known = self._known
        # Whoever should have renewed it hangs: nothing is known any more.
        return known[0] if known and self._clock() - known[1] < STALE_SECONDS else UNKNOWN

    def renew(self) -> None:
        """Ask once."""
        state = self._ask()
        before = self._known[0] if self._known else State()
        if state != before:
            log.warning("readiness_changed", state="ready" if state.ready else "not ready", alias=_listed(state))
        self._known = state, self._clock()
        self._first.set()

    def _begin(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._renew_on, name="readiness", daemon=True)
                self._thread.start()

    def _renew_on(self) -> None:
        pause = threading.Event()
        while True:
            try:
                self.renew()
            except Exception as error:  # whatever it was, the next look may find the servers well
                log.error("readiness_failed", exc_info=error)
            pause.wait(RENEWED_SECONDS)


class Servers:
    """Asks every database server that an alias lies on, each once, and Valkey."""

    def __init__(self) -> None:
        self._open: dict[tuple[Any, ...], BoundedConnection] = {}

    def ask(self) -> State:
        """Who does not answer, or takes no writes."""
        away = [alias for alias, well in self._databases().items() if not well]
        return State(tuple(away), () if valkey_answers() else ("valkey",))

    def _databases(self) -> dict[str, bool]:
        found: dict[str, bool] = {}
        answers: dict[tuple[Any, ...], bool] = {}
        for alias in all_aliases():
            given: dict[str, Any] = dict(connections[alias].get_connection_params())
            wanted = {key: value for key, value in given.items() if key in _ADDRESS or key.startswith("ssl")}
            server = tuple(sorted((key, str(value)) for key, value in wanted.items()))
            if server not in answers:
                answers[server] = self._writable(server, wanted)
            found[alias] = answers[server]
        return found

    def _writable(self, server: tuple[Any, ...], wanted: dict[str, Any]) -> bool:
        try:
            connection = self._open.get(server)
            if connection is None or connection.closed:
                connection = BoundedConnection.connect(**wanted, autocommit=True, connect_timeout=LIMIT_SECONDS)
                connection.patience = LIMIT_SECONDS
                self._open[server] = connection
            row = connection.execute(_ASK).fetchone()
        except psycopg.Error:
            if (lost := self._open.pop(server, None)) is not None:
                lost.close()
            return False
        return bool(row and row[0])


def valkey_answers() -> bool:
    """Whether Valkey answers soon. The product goes on without it: rows hold what is true."""
    from redis.exceptions import RedisError

    try:
        return bool(valkey_client(setting("REDIS_URL"), 1.0).ping())
    except RedisError:
        return False


@cache
def readiness() -> Readiness:
    """This process's."""
    return Readiness()


def draining() -> bool:
    """Whether the launcher was told to stop: nothing new may be sent here."""
    return Path(setting("DRAIN_FILE")).exists()


def _listed(state: State) -> str:
    return ",".join((*state.databases, *state.degraded))
