"""What is asked again and again, for all sockets in two questions: may they stay, and did they miss anything?"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

import structlog
from channels.db import database_sync_to_async

from cases.services import opinion
from identity import services as identity
from notifications import services
from notifications.realtime.close_codes import IDLE, NOT_SIGNED_IN, TRY_LATER
from notifications.realtime.connections import Connection, Connections
from notifications.realtime.presence import Presence

# A session that ends without a message (an idle one, a lost message) is noticed within this time and one look: access
# ends within a second, sockets included. All sockets of the process are asked for in two statements.
LOOK_SECONDS = 0.7
HELLO_SECONDS = 10.0
# Whoever cannot be asked whether they may stay does not stay for long.
FAILURES = 12
NOT_FOUND, UNAVAILABLE = 404, 503
log = structlog.get_logger(__name__)


class SessionChecks:
    """Looks after the connections of this process."""

    def __init__(self, connections: Connections, wake: Callable[[Connection], None], presence: Presence) -> None:
        self._connections = connections
        self._wake, self._presence = wake, presence
        self._failures = 0

    async def run(self) -> None:
        """Look, rest, look."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look(self._connections.all())
            await self.look_at_talks()

    async def look_at_talks(self) -> None:
        """Whoever may not be in a talk any more leaves it; one who cannot be asked about, too."""
        joined = self._presence.joined()
        allowed: frozenset[tuple[UUID | None, UUID]] = frozenset()
        status = NOT_FOUND
        if joined:
            asked = [(principal, case_id) for _, principal, case_id in joined]
            try:
                allowed = await database_sync_to_async(opinion.still_in_talk)(joined=asked)
            except Exception as error:  # whatever it was, nobody stays unasked
                log.warning("presence_unchecked", error=type(error).__name__)
                status = UNAVAILABLE
        for connection, principal, case_id in joined:
            if (principal.user_id, case_id) not in allowed:
                self._presence.leave(connection, case_id)
                connection.inform("refused", str(case_id), {"case_id": str(case_id), "status": status})
        self._presence.pass_time()

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
