"""The database wrapper that ``ENGINE`` names."""

import select
import threading
import time
from types import ModuleType
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.kernel.db.backend.idle_connections import watch
from config.kernel.db.backend.server_circuits import circuit_of, server_seconds
from config.kernel.db.timeouts import BoundedConnection


def _connect(**parameters: Any) -> BoundedConnection:
    circuit = circuit_of(parameters)
    return BoundedConnection.under(circuit, **parameters) if circuit else BoundedConnection.connect(**parameters)


class _BoundedDriver(ModuleType):
    """psycopg with connections that do not wait for ever; Django asks its driver for ``connect`` and for errors."""

    def __init__(self) -> None:
        super().__init__(psycopg.__name__)
        self.connect = _connect

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the socket before it asks the server, waits a bounded time, and lets go of what nobody uses.

    A server that ended (restart, failover, kill) closed its side, which makes the socket readable; a quiet socket
    is a living connection. So the health check of each request costs a system call instead of a round trip.
    """

    Database = _BoundedDriver()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn = threading.Lock()
        self._resting_since: float | None = None
        self._in_use = True

    def get_connection_params(self) -> dict[str, Any]:
        """Django's parameters; the server, too, ends what takes longer than this process waits."""
        parameters: dict[str, Any] = super().get_connection_params()
        limit = f"-c statement_timeout={round(server_seconds() * 1000)}"
        return parameters | {"options": f"{parameters.get('options', '')} {limit}".strip()}

    def is_usable(self) -> bool:
        """Whether the connection can be used for the next request."""
        if self.connection is None or self.connection.closed or self.connection.is_doubtful:
            return False
        watch_socket = select.poll()
        watch_socket.register(self.connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
        return not watch_socket.poll(0) or super().is_usable()

    def ensure_connection(self) -> None:
        """Open a connection unless there is one; from now on it is in use."""
        self._wake()
        super().ensure_connection()

    def close_if_health_check_failed(self) -> None:
        """Called before each cursor: from now on the connection is in use."""
        self._wake()
        super().close_if_health_check_failed()

    def close_if_unusable_or_obsolete(self) -> None:
        """Called around each request and each job: from now on the connection rests until it is asked for.

        One that nobody has asked for since the last look is as it was then: a request uses one alias of five.
        """
        if self.connection is None or not self._in_use:
            return
        self._wake()
        super().close_if_unusable_or_obsolete()
        if self.connection is not None:
            with self._turn:
                self._resting_since, self._in_use = time.monotonic(), False
            watch(self)

    def close_rested(self, before: float) -> None:
        """Close the connection if it has been resting since ``before``. Safe to call from another thread."""
        with self._turn:
            if self._resting_since is None or self._resting_since > before or self.connection is None:
                return
            rested, self.connection, self._resting_since = self.connection, None, None
        rested.close()

    def _wake(self) -> None:
        with self._turn:
            self._resting_since, self._in_use = None, True
