"""One subscription for a whole process: a ring names a user, and that user's sockets look into the database."""

import asyncio
from collections import defaultdict
from typing import Any

import structlog
from redis.exceptions import RedisError

from config.kernel.conf import setting
from notifications.services.doorbell import CHANNEL

log = structlog.get_logger(__name__)
RETRY_SECONDS = 1.0


class Bell:
    """Wakes the sockets of a user; started by the first socket of the process."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def attach(self, user_id: str) -> asyncio.Event:
        """An event that is set whenever the user has news."""
        event = asyncio.Event()
        self._waiting[user_id].add(event)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())
        return event

    def detach(self, user_id: str, event: asyncio.Event) -> None:
        """The socket is gone."""
        self._waiting[user_id].discard(event)
        if not self._waiting[user_id]:
            del self._waiting[user_id]
        if not self._waiting and self._task is not None:
            self._task.cancel()
            self._task = None

    def ring(self, user_id: str) -> None:
        """Wake the user's sockets."""
        for event in self._waiting.get(user_id, ()):
            event.set()

    async def _listen(self) -> None:
        while True:
            try:
                await self._subscribe()
            except (RedisError, OSError) as error:
                # Sockets also look by themselves; they are told at once after a loss, lest a ring was missed.
                log.warning("bell_lost", exc_info=error)
                for user_id in list(self._waiting):
                    self.ring(user_id)
                await asyncio.sleep(RETRY_SECONDS)

    async def _subscribe(self) -> None:
        from redis import asyncio as redis

        client: Any = redis.from_url(setting("REDIS_URL"), socket_connect_timeout=2)
        try:
            async with client.pubsub() as pubsub:
                await pubsub.subscribe(CHANNEL)
                async for message in pubsub.listen():
                    if message["type"] == "message":
                        self.ring(message["data"].decode())
        finally:
            await client.aclose()


bell = Bell()
