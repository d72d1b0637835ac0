"""The product's ASGI application behind uvicorn, in a thread, and clients that talk to it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.db import connections
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from config.kernel.auth import Principal
from config.runtime.serving.realtime_worker import SOCKET_OPTIONS
from notifications import services
from tests.platform.waiting import until


class Realtime:
    """Where the sockets are."""

    port = 0

    @contextmanager
    def running(self) -> Iterator[Realtime]:
        """Serve until the end of the block."""
        from config.asgi import application

        config = uvicorn.Config(
            application, host="127.0.0.1", port=0, log_config=None, lifespan="off", **SOCKET_OPTIONS
        )
        server = uvicorn.Server(config)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_until_complete, args=(self._serve(server),), daemon=True)
        thread.start()
        until(lambda: server.started, "the server listens", 20)
        self.port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join(300)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
            assert not thread.is_alive()

    async def _serve(self, server: uvicorn.Server) -> None:
        await server.serve()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        # The thread that queries run in keeps its connections; the test databases cannot be dropped under them.
        await sync_to_async(connections.close_all)()

    @contextmanager
    def open(self, *protocols: str, origin: str | None = None, path: str = "/ws/notifications") -> Iterator[Socket]:
        """A socket with these sub-protocols."""
        url = f"ws://127.0.0.1:{self.port}{path}"
        with connect(url, subprotocols=list(protocols) or None, origin=origin) as connection:  # type: ignore[arg-type]
            yield Socket(connection)

    @contextmanager
    def signed_in(self, principal: Principal, **options: Any) -> Iterator[Socket]:
        """A socket with a ticket of the principal's own."""
        ticket = services.issue_socket_ticket(principal=principal)
        with self.open("sop.v1", f"sop.ticket.{ticket}", **options) as socket:
            yield socket


class Socket:
    """One client."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def hello(self, last: int = 0, **more: Any) -> None:
        """Say what one has."""
        self.say({"type": "hello", "last_sequence": last} | more)

    def say(self, message: Any) -> None:
        self.connection.send(message if isinstance(message, str | bytes) else json.dumps(message))

    def hear(self, seconds: float = 100) -> Any:
        """The next message."""
        return json.loads(self.connection.recv(timeout=seconds))

    def notices(self, count: int, seconds: float = 100) -> list[int]:
        """The sequences of the next ``count`` notices."""
        return [self.hear(seconds)["notice"]["sequence"] for _ in range(count)]

    def hears_nothing(self, seconds: float = 0.3) -> bool:
        try:
            self.connection.recv(timeout=seconds)
        except TimeoutError:
            return True
        return False

    def closed_with(self, seconds: float = 100) -> int:
        """The code that the server closes with, once it does."""
        with pytest.raises(ConnectionClosed) as caught:
            while True:
                self.connection.recv(timeout=seconds)
        assert caught.value.rcvd is not None, "the server went away without a word"
        return caught.value.rcvd.code


def eventually(condition: Callable[[], Any], what: str, seconds: float = 5) -> None:
    """Wait for something that another thread does."""
    until(condition, what, seconds)
