"""The servers that ``sockets.py`` compares, each a process of its own: the product's, a bare one, Socket.IO's."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from typing import Any

CHANNEL = "bench:raw"


def main(name: str) -> None:
    """Serve on a free port, which is the first line of the output."""
    if name == "raw":
        asyncio.run(_raw())
        return
    import uvicorn

    from config.runtime.serving.realtime_worker import SOCKET_OPTIONS

    application = _adapter() if name == "adapter" else _product()
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(application, log_config=None, lifespan="off", **SOCKET_OPTIONS)
    uvicorn.Server(config).run(sockets=[listener])


def _product() -> Any:
    from config.asgi import application

    return application


def _adapter() -> Any:
    """python-socketio with its Redis manager, which does what Socket.IO's Redis adapter does: one room."""
    import socketio

    manager = socketio.AsyncRedisManager(os.environ["REDIS_URL"])
    server = socketio.AsyncServer(async_mode="asgi", client_manager=manager, cors_allowed_origins=[])

    @server.event
    async def connect(sid: str, environ: Any, auth: Any) -> None:
        await server.enter_room(sid, "everybody")

    return socketio.ASGIApp(server)


async def _raw() -> None:
    """Nothing but ``websockets``: what is published goes to every socket."""
    from redis import asyncio as redis
    from websockets.asyncio.server import serve

    open_now: set[Any] = set()

    async def handler(one: Any) -> None:
        open_now.add(one)
        try:
            await one.wait_closed()
        finally:
            open_now.discard(one)

    async with serve(handler, "127.0.0.1", 0, compression=None, backlog=2048) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        client = redis.from_url(os.environ["REDIS_URL"])
        async with client.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            async for message in pubsub.listen():
                if message["type"] == "message":
                    text = message["data"].decode()
                    for one in tuple(open_now):
                        await one.send(text)


if __name__ == "__main__":
    main(sys.argv[1])
