"""Waiting for NOTIFY: one listening connection a database server, with the poll as a safety net."""

import select
from typing import Any

import psycopg
from django.db import connections

from config.kernel.db.router import alias_of, context_labels
from config.kernel.db.timeouts import BoundedConnection


class Wakeup:
    """Connections that hear the named channels of every context."""

    def __init__(self, *channels: str) -> None:
        self._channels = channels
        self.connections: list[psycopg.Connection[Any]] = []

    def listen(self) -> None:
        """Open what is not open."""
        if self.connections:
            return
        servers: dict[tuple[Any, ...], dict[str, Any]] = {}
        for context in context_labels():
            parameters = connections[alias_of(context)].get_connection_params()
            place = tuple(parameters.get(key) for key in ("host", "port", "dbname"))
            servers.setdefault(place, parameters)
        for parameters in servers.values():
            wanted = {k: v for k, v in parameters.items() if k in ("host", "port", "dbname", "user", "password")}
            connection = BoundedConnection.connect(**wanted, autocommit=True, connect_timeout=3)
            for channel in self._channels:
                connection.execute(f"LISTEN {channel}")
            self.connections.append(connection)

    def wait(self, seconds: float) -> None:
        """Sleep until a notification, or for so long, whichever is first."""
        try:
            ready, _, _ = select.select([c.fileno() for c in self.connections], [], [], seconds)
            for connection in self.connections if ready else ():
                for _ in connection.notifies(timeout=0):
                    pass
        except (psycopg.Error, OSError):
            self.close()

    def close(self) -> None:
        """Close all; ``listen`` opens new ones."""
        for connection in self.connections:
            connection.close()
        self.connections = []
