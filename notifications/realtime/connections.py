"""The sockets that are open in this process."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

# Of so many jobs at once a socket that is slow to take them hears; the rows hold all.
MAX_JOBS = 200


@dataclass(eq=False)
class Connection:
    """One open socket: whose it is, the last notice it was sent, and what wakes it.

    ``sequence`` is ``None`` until the client has said what it has; ``close_code`` is set once the socket must end.
    ``jobs`` is how far each job is of which the client was not told yet.
    """

    user_id: UUID
    session_id: UUID
    sequence: int | None = None
    close_code: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    opened: float = field(default_factory=time.monotonic)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tell(self, about: dict[str, Any]) -> None:
        """Have the client told how far a job is, in place of what it was not told yet."""
        job = str(about.get("document_id", ""))
        if job in self.jobs or len(self.jobs) < MAX_JOBS:
            self.jobs[job] = about
            self.woken.set()

    def end(self, code: int) -> None:
        """Have the socket closed with ``code``."""
        self.close_code = self.close_code or code
        self.woken.set()


class Connections:
    """Every connection, by user."""

    def __init__(self) -> None:
        self._open: dict[UUID, set[Connection]] = defaultdict(set)

    def add(self, connection: Connection) -> None:
        """A socket was opened."""
        self._open[connection.user_id].add(connection)

    def remove(self, connection: Connection) -> None:
        """It is gone."""
        others = self._open.get(connection.user_id, set())
        others.discard(connection)
        if not others:
            self._open.pop(connection.user_id, None)

    def of(self, user_id: UUID) -> Collection[Connection]:
        """The connections of one user."""
        return tuple(self._open.get(user_id, ()))

    def all(self) -> Collection[Connection]:
        """All of them."""
        return tuple(connection for connections in self._open.values() for connection in connections)
