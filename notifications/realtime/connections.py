"""The sockets that are open in this process."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from config.kernel.websocket_frames import text_frame

# So many notices are written at once; more, a replay, go through the hands of the follower, who waits for room.
MAX_AT_ONCE = 16
# Of so many jobs at once a socket that is slow to take them hears; the rows hold all.
MAX_JOBS = 200
# Whose notices, and after which sequence.
Mark = tuple[UUID, int]


class Frame:
    """A notice as text, made once for however many sockets it goes to."""

    def __init__(self, sequence: int, notice: str) -> None:
        self.sequence, self._notice = sequence, notice

    @cached_property
    def message(self) -> str:
        """As ``/ws`` says it."""
        return f'{{"type":"notice","notice":{self._notice}}}'

    @cached_property
    def event(self) -> str:
        """As Socket.IO says it: a packet of the kind EVENT."""
        return f'2["notice",{self._notice}]'

    @cached_property
    def framed_message(self) -> bytes:
        """As it goes over the line of ``/ws``."""
        return text_frame(self.message.encode())

    @cached_property
    def framed_event(self) -> bytes:
        """As it goes over a WebSocket of Socket.IO: in a packet of Engine.IO of the kind MESSAGE."""
        return text_frame(f"4{self.event}".encode())


@dataclass(eq=False)
class Connection:
    """One open socket: whose it is, the last notice it was given, and what wakes it.

    ``sequence`` is ``None`` until the client has said what it has; ``close_code`` is set once the socket must end.
    ``frames`` are notices that its client was not sent yet; ``behind``: there are more, to be asked for after these.
    ``jobs`` is how far each job is of which the client was not told yet, ``news`` who is where. ``at_once`` writes to
    the client without a task's turn, or says that there is no room; there while its follower has nothing in hand.
    """

    user_id: UUID
    session_id: UUID
    sequence: int | None = None
    close_code: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    opened: float = field(default_factory=time.monotonic)
    frames: deque[Frame] = field(default_factory=deque)
    behind: bool = False
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    news: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    at_once: Callable[[Sequence[Frame]], bool] | None = None

    @property
    def mark(self) -> Mark:
        """Whose notices this socket follows, and after which sequence."""
        return self.user_id, self.sequence or 0

    def begin(self, last_sequence: int) -> None:
        """The client has said what it has; what it was to be sent before that is no news to it."""
        self.sequence, self.behind = last_sequence, False
        self.frames.clear()

    def bring(self, frames: Sequence[Frame], *, more: bool) -> None:
        """Have the client sent these notices, which follow on what it has."""
        if not frames:
            return
        self.sequence, self.behind = frames[-1].sequence, more
        if more or not self._written(frames):
            self.frames.extend(frames)
            self.woken.set()

    def _written(self, frames: Sequence[Frame]) -> bool:
        """Whether they went at once: nothing waits that was to go before them."""
        if self.at_once is None or len(frames) > MAX_AT_ONCE or self.close_code:
            return False
        return not (self.frames or self.jobs or self.news) and self.at_once(frames)

    def tell(self, about: dict[str, Any]) -> None:
        """Have the client told how far a job is, in place of what it was not told yet."""
        job = str(about.get("document_id", ""))
        if job in self.jobs or len(self.jobs) < MAX_JOBS:
            self.jobs[job] = about
            self.woken.set()

    def inform(self, kind: str, of: str, about: dict[str, Any]) -> None:
        """Have the client told something of a talk, in place of what it was not told yet."""
        self.news[kind, of] = about
        self.woken.set()

    def end(self, code: int) -> None:
        """Have the socket closed with ``code``."""
        self.close_code = self.close_code or code
        self.ended.set()
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
