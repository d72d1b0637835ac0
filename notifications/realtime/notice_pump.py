"""Brings new notices to the sockets of this process: one statement for all that were woken, one text for each notice.

The first that is woken is served at once; whoever is woken while a statement runs, or within the window after it began,
shares the next one. So a process asks the database at most a hundred times a second, however many sockets it holds.
"""

import asyncio
import time
from collections.abc import Callable, Collection

import orjson
import structlog
from channels.db import database_sync_to_async

from notifications import services
from notifications.realtime.connections import Connection, Frame, Mark

WINDOW_SECONDS = 0.01
# Of each user at a time, and of all together: a thousand sockets that come back at once must not fill the memory.
MAX_EACH, MIN_EACH, MAX_OF_ALL = 200, 20, 4_000
log = structlog.get_logger(__name__)


class NoticePump:
    """Serves the connections that are due, as long as there are any."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: set[Connection] = set()
        self._task: asyncio.Task[None] | None = None
        self._not_before = 0.0

    def wake(self, connection: Connection) -> None:
        """Look what is new for the connection, once its client has said what it has."""
        if connection.sequence is None or connection.close_code:
            return
        if connection.frames:
            # It is slow: what comes waits in the database, and not here.
            connection.behind = True
            return
        self._due.add(connection)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def forget(self, connection: Connection) -> None:
        """The socket is gone."""
        self._due.discard(connection)

    async def _run(self) -> None:
        while self._due:
            # Never less than one turn of the loop: what has arrived with the first is served with it.
            await asyncio.sleep(max(0.0, self._not_before - self._clock()))
            self._not_before = self._clock() + WINDOW_SECONDS
            due, self._due = self._due, set()
            await self._serve([(one, one.mark) for one in due if one.sequence is not None and not one.close_code])

    async def _serve(self, due: Collection[tuple[Connection, Mark]]) -> None:
        seen = {mark for _, mark in due}
        if not seen:
            return
        limit = min(MAX_EACH, max(MIN_EACH, MAX_OF_ALL // len(seen)))
        try:
            found = await database_sync_to_async(_frames_after)(seen, limit)
        except Exception as error:  # whatever it was: the session checks wake those that miss something again
            log.warning("notices_not_fetched", error=type(error).__name__, count=len(seen))
            return
        for connection, mark in due:
            if connection.mark != mark:
                # The client has said anew what it has, and was woken for that.
                continue
            frames = found.get(mark, ())
            connection.bring(frames, more=len(frames) == limit)


def _frames_after(seen: Collection[Mark], limit: int) -> dict[Mark, tuple[Frame, ...]]:
    return {
        mark: tuple(Frame(one.sequence, orjson.dumps(one, option=orjson.OPT_UTC_Z).decode()) for one in notices)
        for mark, notices in services.notices_after(seen=seen, limit=limit).items()
    }
