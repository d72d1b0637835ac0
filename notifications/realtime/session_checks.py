"""What is asked again and again, for all sockets in two questions: may they stay, and did they miss anything?"""

import asyncio
import time
from collections.abc import Collection, Mapping
from uuid import UUID

import structlog
from channels.db import database_sync_to_async

from identity import services as identity
from notifications import services
from notifications.realtime.connections import Seat, Seats

# A session that ends without a ring (an idle one, a lost ring) is noticed within this time and one look: access ends
# within a second, sockets included. All sockets of the process are asked for in two statements.
LOOK_SECONDS = 0.7
HELLO_SECONDS = 10.0
# Whoever cannot be asked whether they may stay does not stay for long.
FAILURES = 12
NOT_SIGNED_IN, IDLE, TRY_LATER = 4401, 4408, 1013
log = structlog.get_logger(__name__)


class Rounds:
    """Looks after the seats of this process."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self._failures = 0

    async def run(self) -> None:
        """Look, rest, look."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look(self._seats.all())

    async def look(self, seats: Collection[Seat]) -> bool:
        """End the seats that may not stay, wake those that missed something; returns whether that could be asked."""
        if not seats:
            return True
        try:
            welcome, latest = await database_sync_to_async(_ask)(seats)
        except Exception as error:  # whatever it was, nobody may stay unasked for ever
            self._failures += 1
            log.warning("sockets_unchecked", error=type(error).__name__, times=self._failures)
            if self._failures >= FAILURES:
                for seat in seats:
                    seat.end(TRY_LATER)
            return False
        self._failures = 0
        silent_since = time.monotonic() - HELLO_SECONDS
        for seat in seats:
            if seat.session_id not in welcome:
                seat.end(NOT_SIGNED_IN)
            elif seat.sequence is None:
                if seat.opened < silent_since:
                    seat.end(IDLE)
            elif latest.get(seat.user_id, 0) > seat.sequence:
                seat.woken.set()
        return True


def _ask(seats: Collection[Seat]) -> tuple[frozenset[UUID], Mapping[UUID, int]]:
    welcome = identity.open_sessions(session_ids={seat.session_id for seat in seats})
    return welcome, services.latest_sequences(user_ids={seat.user_id for seat in seats})
