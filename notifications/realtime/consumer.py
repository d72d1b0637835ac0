"""The socket of one signed-in person.

Opened with a one-use ticket as sub-protocol, from one of our own pages. The client sends the last sequence it has;
the server replays from the database and goes on. Close codes: 4401 not signed in (any more), 4403 foreign origin,
4408 said nothing, 4429 too much, 1013 try again later.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from config.kernel.websocket_frames import write_in
from notifications import services
from notifications.realtime.close_codes import FOREIGN, NOT_SIGNED_IN, TOO_MUCH
from notifications.realtime.connections import Connection, Frame
from notifications.realtime.follower import follow
from notifications.realtime.hello import Hello
from notifications.realtime.message_limits import MAX_BYTES, MessageLimit
from notifications.realtime.network_counts import Counted, address_of, counts, network_in
from notifications.realtime.notice_hub import hub
from notifications.realtime.origins import own_origin
from notifications.realtime.presence_requests import EVENTS, answer

PROTOCOL = "sop.v1"
TICKET = "sop.ticket."
HELP = 'Send {"type": "hello", "last_sequence": 0}.'


class NoticeConsumer(AsyncWebsocketConsumer):
    """Replays and follows the notices of the ticket's holder."""

    # No channel layer: one subscription serves the whole process (see the hub), not one each socket.
    channel_layer_alias = "none"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket; it counts for its network until nothing of it is left."""
        self.network = network_in(scope)
        self.counted = counts.begin(Counted.SOCKET, self.network)
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.counted:
                counts.end(Counted.SOCKET, self.network)

    async def connect(self) -> None:
        """Check origin, ticket and session; then follow."""
        self.connection: Connection | None = None
        self.follower: asyncio.Task[None] | None = None
        self.limit = MessageLimit()
        if not own_origin(dict(self.scope["headers"])):
            await self._refuse(FOREIGN)
            return
        offered = self.scope.get("subprotocols", [])
        if not self.counted or not counts.begin(Counted.UNPROVEN, self.network):
            await self._refuse(TOO_MUCH)
            return
        try:
            connection = await _connection(next((p.removeprefix(TICKET) for p in offered if p.startswith(TICKET)), ""))
            welcome = connection is not None and await hub.admit(connection)
        finally:
            counts.end(Counted.UNPROVEN, self.network)
        if connection is None or not welcome:
            await self._refuse(NOT_SIGNED_IN if connection is None else connection.close_code)
            return
        await self.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        self.connection = connection
        hub.attach(connection)
        self.follower = asyncio.create_task(follow(connection, _Client(self), hub.pump.wake))

    async def disconnect(self, code: int) -> None:
        """Stop following."""
        if self.follower is not None:
            self.follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.follower
        if self.connection is not None:
            hub.detach(self.connection)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """``{"type": "hello", "last_sequence": n}`` begins the replay; ``watch``, ``unwatch``, ``typing`` name a case
        whose talk somebody is in; anything else is answered with an error.

        A client that keeps its sequence across sign-ins sends the ``epoch`` it was given with it: when that is
        not this user's, the server says so and begins at the beginning. A sequence that does not exist yet is answered
        by ``reset``: the client reads the list, and is told what comes.
        """
        if self.connection is None or self.connection.close_code:
            return
        data = text_data.encode() if text_data is not None else bytes_data or b""
        if len(data) > MAX_BYTES or self.limit.exceeded():
            self.connection.end(TOO_MUCH)
            return
        message = _message(data)
        if message.get("type") in EVENTS:
            event = message["type"]
            about = await answer(self.connection, event, message, address_of(self.scope))
            await self.send_json({"type": event, event: about})
            return
        hello = Hello.of(message) if message.get("type") == "hello" and "last_sequence" in message else None
        if hello is None:
            await self.send_json({"type": "error", "detail": HELP})
            return
        user_id = self.connection.user_id
        if not hello.is_of(user_id):
            await self.send_json({"type": "epoch", "epoch": str(user_id)})
        start = await hello.start_for(user_id)
        if start.reset:
            await self.send_json({"type": "reset", "reset": {"last_sequence": start.sequence}})
        self.connection.begin(start.sequence)
        self.connection.woken.set()
        hub.pump.wake(self.connection)

    async def send_json(self, message: dict[str, Any]) -> None:
        """Send ``message`` as text."""
        await self.send(text_data=orjson.dumps(message, default=str, option=orjson.OPT_UTC_Z).decode())

    async def _refuse(self, code: int) -> None:
        # Accepted first: a browser cannot read the code of a refused handshake.
        await self.accept()
        await self.close(code=code)


class _Client:
    """The browser at the other end."""

    def __init__(self, consumer: NoticeConsumer) -> None:
        self._consumer = consumer
        self._write = write_in(consumer.scope)

    async def say(self, kind: str, about: dict[str, Any]) -> None:
        await self._consumer.send_json({"type": kind, kind: about})

    def at_once(self, frames: Sequence[Frame]) -> bool:
        return self._write is not None and self._write(b"".join(frame.framed_message for frame in frames))

    async def deliver(self, frame: Frame) -> None:
        await self._consumer.send(text_data=frame.message)

    async def room(self) -> None:
        """Each message was taken by the server's connection before the next one was sent."""

    async def close(self, code: int) -> None:
        await self._consumer.close(code=code)


async def _connection(ticket: str) -> Connection | None:
    holder = await database_sync_to_async(services.redeem_ticket)(token=ticket) if ticket else None
    return Connection(holder.user_id, holder.session_id) if holder else None


def _message(data: bytes) -> dict[str, Any]:
    """What a client says; empty when it is none of what it may say."""
    try:
        message = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return message if isinstance(message, dict) and isinstance(message.get("type"), str) else {}
