"""What a handshake at an address without a socket gets."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

_Receive = Callable[[], Awaitable[Mapping[str, Any]]]
_Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def no_such_socket(scope: Mapping[str, Any], receive: _Receive, send: _Send) -> None:
    """Refuse the handshake by 404."""
    await receive()
    await send({"type": "websocket.http.response.start", "status": 404, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})
    # uvicorn calls it an error of ours when we return before the connection has ended. It says so twice: once when the
    # answer is sent, and once when the connection is gone.
    for _ in range(2):
        await receive()
