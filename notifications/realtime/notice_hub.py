"""One subscription for a whole process: a message names a user, and the pump brings that user's sockets
what is new in the database.

How far jobs are comes by a group of the channel layer, in which the process, and not each socket, has a channel.
"""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from config.kernel.auth.session_store import CHANNEL as SESSIONS_ENDED
from config.kernel.channel_groups import group_messages
from config.kernel.conf import setting
from config.kernel.progress import GROUP as PROGRESS
from config.kernel.progress import heard_progress
from notifications.realtime.close_codes import TRY_LATER
from notifications.realtime.connections import Connection, Connections
from notifications.realtime.notice_pump import NoticePump
from notifications.realtime.presence import CHANNEL as PRESENCE
from notifications.realtime.presence import Presence
from notifications.realtime.session_checks import SessionChecks
from notifications.services.sockets.socket_wakeup import CHANNEL, SESSIONS

log = structlog.get_logger(__name__)
RETRY_SECONDS = 1.0
TELL_SECONDS = 2.0


class NoticeHub:
    """Wakes the sockets of a user; works while the process has any socket."""

    def __init__(self) -> None:
        self.connections = Connections()
        self.pump = NoticePump()
        self.presence = Presence(self._tell_others)
        self._checks = SessionChecks(self.connections, self.pump.wake, self.presence)
        self._client: Any = None
        self._telling: set[asyncio.Task[None]] = set()
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        # The event loop holds tasks weakly: one that is still closing its connection must not be collected.
        self._ending: set[asyncio.Task[None]] = set()

    def attach(self, connection: Connection) -> None:
        """Wake this connection from now on."""
        self.connections.add(connection)
        if not self._tasks or any(task.done() for task in self._tasks):
            self._stop()
            loop = asyncio.get_running_loop()
            work = self._listen(self._subscribe), self._listen(self._follow_progress), self._checks.run()
            self._tasks = tuple(loop.create_task(one) for one in work)

    def detach(self, connection: Connection) -> None:
        """The socket is gone."""
        self.connections.remove(connection)
        self.pump.forget(connection)
        self.presence.leave_all(connection)
        if not self.connections.all():
            self._stop()

    async def admit(self, connection: Connection) -> bool:
        """Whether the connection's session may act, asked now."""
        if not await self._checks.look((connection,)):
            connection.end(TRY_LATER)
        return not connection.close_code

    async def wake(self, message: str) -> None:
        """Wake the named user's sockets, or look at their sessions."""
        connections = self.connections.of(UUID(message.removesuffix(SESSIONS)))
        if message.endswith(SESSIONS):
            await self._checks.look(connections)
            return
        for connection in connections:
            self.pump.wake(connection)

    def progress(self, message: Mapping[str, Any]) -> None:
        """Tell the named users' sockets how far a job is; of several messages on one job the last one counts."""
        try:
            user_ids, about = heard_progress(message)
        except ValueError:
            log.warning("progress_not_understood")
            return
        for user_id in user_ids:
            for connection in self.connections.of(user_id):
                connection.tell(about)

    def _tell_others(self, message: str) -> None:
        """Tell the other processes, if that can be done now: it is said again before it is forgotten."""
        if self._client is not None:
            task = asyncio.get_running_loop().create_task(_published(self._client, message))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        self._tasks = ()

    async def _listen(self, listening: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await listening()
            except (RedisError, OSError, ValueError) as error:
                # The session checks go on without it; whatever is published until it is back comes with them.
                log.warning("notice_hub_disconnected", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _subscribe(self) -> None:
        from redis import asyncio as redis

        client = self._client = redis.from_url(
            setting("REDIS_URL"), socket_connect_timeout=2, client_name=f"sop-hub-{os.getpid()}"
        )
        try:
            async with client.pubsub() as pubsub:
                await pubsub.subscribe(CHANNEL, SESSIONS_ENDED, PRESENCE)
                async with contextlib.aclosing(pubsub.listen()) as messages:
                    async for message in messages:
                        if message["type"] == "message":
                            await self._heard(message["channel"].decode(), message["data"].decode())
        finally:
            self._client = None
            # A message that is on its way would open a connection anew, which nobody closed.
            await asyncio.gather(*self._telling, return_exceptions=True)
            await client.aclose()

    async def _heard(self, channel: str, message: str) -> None:
        if channel == PRESENCE:
            self.presence.hear(message)
            return
        await self.wake(message + (SESSIONS if channel == SESSIONS_ENDED else ""))

    async def _follow_progress(self) -> None:
        async with contextlib.aclosing(group_messages(PROGRESS)) as messages:
            async for message in messages:
                self.progress(message)


async def _published(client: Any, message: str) -> None:
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(TELL_SECONDS):
            await client.publish(PRESENCE, message)


hub = NoticeHub()
