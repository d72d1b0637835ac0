"""The body of a message by POST: small, there soon, and few of a network at a time."""

import asyncio
from collections.abc import Mapping
from typing import Any

from notifications.realtime.message_limits import MAX_BYTES
from notifications.realtime.network_counts import Counted, NetworkCounts
from notifications.realtime.socketio.answers import Refusal

# 64 kB at 64 kbit/s.
BODY_SECONDS = 10.0
_LARGE = f"Send at most {MAX_BYTES // 1024} kB at once."


class SenderGone(Exception):
    """Nobody waits for an answer any more."""


async def read_body(scope: Mapping[str, Any], receive: Any, counts: NetworkCounts, network: str) -> bytes:
    """The whole body, or a refusal."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    if not told.isdigit() or int(told) > MAX_BYTES:
        raise Refusal(413, "too_large", _LARGE)
    if not counts.begin(Counted.BODY, network):
        raise Refusal(429, "too_many_requests", "Finish what you have begun to send.", {"Retry-After": "1"})
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(receive)
    except TimeoutError:
        raise Refusal(408, "too_slow", f"Send the body within {BODY_SECONDS:.0f} seconds.") from None
    finally:
        counts.end(Counted.BODY, network)


async def _read(receive: Any) -> bytes:
    body, more = bytearray(), True
    while more:
        event = await receive()
        if event["type"] != "http.request":
            raise SenderGone
        body += event.get("body") or b""
        more = event.get("more_body", False)
        if len(body) > MAX_BYTES:
            raise Refusal(413, "too_large", _LARGE)
    return bytes(body)


def with_body(scope: Mapping[str, Any], receive: Any, body: bytes) -> tuple[dict[str, Any], Any]:
    """The request with a body that is there already, and its length."""
    rest = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    begun = False

    async def events() -> Any:
        nonlocal begun
        if begun:
            return await receive()
        begun = True
        return {"type": "http.request", "body": body, "more_body": False}

    return {**scope, "headers": [*rest, (b"content-length", str(len(body)).encode())]}, events
