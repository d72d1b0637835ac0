"""Messages to a group of the channel layer, for what may be lost: rows hold the same.

Whoever sends never waits: a thread of the process's own sends, on an event loop and a connection that it keeps (a loop
for each message costs fifteen times the processor). Whoever listens does so once for a whole process.
"""

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any

import structlog
from channels.layers import get_channel_layer

LIMIT_SECONDS = 0.5
SILENT_SECONDS = 5.0
# Of so many messages that wait, the oldest goes.
MAX_WAITING = 200
log = structlog.get_logger(__name__)


class GroupSender:
    """Sends to groups from a thread that begins with the first message."""

    def __init__(self, *, limit: float = LIMIT_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit, clock
        self._silent_until = 0.0
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget thread and messages: in a forked process they are the parent's."""
        self._waiting: deque[tuple[str, dict[str, Any]]] = deque(maxlen=MAX_WAITING)
        self._wake, self._starting = threading.Event(), threading.Lock()
        self._started = self._sending = False

    def send(self, group: str, message: dict[str, Any]) -> None:
        """Have ``message`` sent to whoever listens to ``group``. Never fails and never waits."""
        if self._clock() < self._silent_until:
            return
        self._waiting.append((group, message))
        if not self._started:
            self._start()
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether all that was given has been sent, or given up."""
        return not self._waiting and not self._sending

    def _start(self) -> None:
        with self._starting:
            if not self._started:
                self._started = True
                threading.Thread(target=self._work, name="group-sender", daemon=True).start()

    def _work(self) -> None:
        with asyncio.Runner() as runner:
            while True:
                self._wake.wait()
                self._wake.clear()
                self._sending = True
                runner.run(self._send_waiting())
                self._sending = False

    async def _send_waiting(self) -> None:
        try:
            async with asyncio.timeout(self._limit):
                while self._waiting:
                    await get_channel_layer().group_send(*self._waiting.popleft())
        except Exception as error:  # whatever it was, the thread goes on, and nobody's work depended on it
            # One wait for a silent Valkey is enough; what it would have carried by then is old.
            self._silent_until = self._clock() + SILENT_SECONDS
            self._waiting.clear()
            log.warning("channel_group_unavailable", error=type(error).__name__)


sender = GroupSender()
os.register_at_fork(after_in_child=sender.begin_anew)


async def group_messages(group: str) -> AsyncGenerator[dict[str, Any], None]:
    """What is sent to ``group`` from now on. Raises the layer's error when it cannot listen; ask again then.

    The only listener of its event loop: the loop's part of the layer is made anew when it ends.
    """
    layer = get_channel_layer()
    try:
        channel = await layer.new_channel()
        await layer.group_add(group, channel)
        while True:
            yield await layer.receive(channel)
    finally:
        await layer.flush()
