"""One client of Engine.IO, from its first request to its last, over however many requests and sockets that takes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from config.kernel.websocket_frames import Write
from notifications.realtime.connections import Connection
from notifications.realtime.message_limits import MessageLimit
from notifications.realtime.network_counts import Counted, NetworkCounts

# In the scope of a request: whom it belongs to.
KEY = "sop.engine_session"


@dataclass(eq=False)
class EngineSession:
    """Whose it is is known once its client has connected, ``connection`` from then on. ``reset``: it named a sequence
    that there is not. ``write``: how to write to its WebSocket at once, while it has one and what the library sends
    there is not on its way.

    ``sid`` is the library's name for it. It counts for its network until it has ended and nothing of it is served any
    more: a client that takes no answer holds a place.
    """

    network: str
    address: str | None
    counts: NetworkCounts
    sid: str = ""
    connection: Connection | None = None
    write: Write | None = None
    follower: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None
    limit: MessageLimit = field(default_factory=MessageLimit)
    asked: bool = False
    reset: bool = False
    upgraded: bool = False
    ended: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    close_code: int = 0
    _unproven: bool = True
    _released: bool = False
    _serving: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, *, network: str, address: str | None, counts: NetworkCounts) -> "EngineSession | None":
        """A new one; ``None`` when the network has too many."""
        if not counts.begin(Counted.SOCKET, network):
            return None
        if not counts.begin(Counted.UNPROVEN, network):
            counts.end(Counted.SOCKET, network)
            return None
        return cls(network=network, address=address, counts=counts)

    def proven(self) -> None:
        """It is known who it is, or it is gone."""
        if self._unproven:
            self._unproven = False
            self.counts.end(Counted.UNPROVEN, self.network)
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def end(self) -> None:
        """The library has let go of it."""
        self.ended = True
        self.gone.set()
        self.proven()
        self._release()

    def serves(self, what: str) -> bool:
        """Whether a request of this kind is being served."""
        return bool(self._serving.get(what))

    @contextmanager
    def serving(self, what: str) -> Iterator[None]:
        """A request of the session is served until the end of the block."""
        self._serving[what] = self._serving.get(what, 0) + 1
        try:
            yield
        finally:
            self._serving[what] -= 1
            if not self.sid:
                # The library never took it.
                self.ended = True
                self.proven()
            self._release()

    def _release(self) -> None:
        if self.ended and not any(self._serving.values()) and not self._released:
            self._released = True
            self.counts.end(Counted.SOCKET, self.network)
