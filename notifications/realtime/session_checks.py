"""What is asked again and again, for all sockets in two questions: may they stay, and did they miss anything?"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

import structlog
from channels.db import database_sync_to_async

from identity import services as identity
from notifications import services
from notifications.realtime.close_codes import IDLE, NOT_SIGNED_IN, TRY_LATER
from notifications.realtime.connections import Connection, Connections

# A session that ends without a message (an idle one, a lost message) is noticed within this time and one look: access
# ends within a second, sockets included. All sockets of the process are asked for in two statements.
LOOK_SECONDS = 0.7
HELLO_SECONDS = 10.0
# Whoever cannot be asked whether they may stay does not stay for long.
FAILURES = 12
log = structlog.get_logger(__name__)


class SessionChecks:
    """Looks after the connections of this process."""

    def __init__(self, connections: Connections, wake: Callable[[Connection], None]) -> None:
        self._connections = connections
        self._wake = wake
        self._failures = 0

    async def run(self) -> None:
        """Look, rest, look."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look(self._connections.all())

    async def look(self, connections: Collection[Connection]) -> bool:
        """End the connections that may not stay, wake those that missed something; returns whether that was asked."""
        if not connections:
            return True
        try:
            welcome, latest = await database_sync_to_async(_ask)(connections)
        except Exception as error:  # whatever it was, nobody may stay unasked for ever
            self._failures += 1
            log.warning("sockets_unchecked", error=type(error).__name__, times=self._failures)
            if self._failures >= FAILURES:
                for connection in connections:
                    connection.end(TRY_LATER)
            return False
        self._failures = 0
        silent_since = time.monotonic() - HELLO_SECONDS
        for connection in connections:
            if connection.session_id not in welcome:
                connection.end(NOT_SIGNED_IN)
            elif connection.sequence is None:
                if connection.opened < silent_since:
                    connection.end(IDLE)
            elif latest.get(connection.user_id, 0) > connection.sequence:
                self._wake(connection)
        return True


def _ask(connections: Collection[Connection]) -> tuple[frozenset[UUID], Mapping[UUID, int]]:
    welcome = identity.open_sessions(session_ids={connection.session_id for connection in connections})
    return welcome, services.latest_sequences(user_ids={connection.user_id for connection in connections})
