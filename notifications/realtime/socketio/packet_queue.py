"""What the library has yet to send to a client, in a queue that says whether all of it was taken."""

import asyncio
from typing import Any

import socketio


class PacketQueue(asyncio.Queue[Any]):
    """``untaken`` counts what lies here, and what was taken out and is not in the hands of who sends it yet."""

    def __init__(self) -> None:
        super().__init__()
        self.untaken = 0

    def _put(self, item: Any) -> None:
        super()._put(item)
        self.untaken += 1

    def task_done(self) -> None:
        """One is about to be sent."""
        super().task_done()
        self.untaken -= 1


def _queue(*_: Any, **__: Any) -> PacketQueue:
    return PacketQueue()


class Library(socketio.AsyncServer):
    """python-socketio's server, with such queues."""

    def _engineio_server_class(self) -> type[Any]:
        engine: type[Any] = super()._engineio_server_class()
        return type("Engine", (engine,), {"create_queue": _queue})
