"""The socket of one signed-in person.

Opened with a one-use ticket as sub-protocol, from one of our own pages. The client sends the last sequence it has;
the server replays from the database and goes on. Close codes: 4401 not signed in (any more), 4403 foreign origin,
4408 said nothing, 4429 too much, 1013 try again later.
"""

import asyncio
import contextlib
from typing import Any

import orjson
import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from config.kernel import clock
from notifications import services
from notifications.realtime.connections import Connection
from notifications.realtime.notice_hub import hub
from notifications.realtime.origins import own_origin
from notifications.realtime.session_checks import NOT_SIGNED_IN

PROTOCOL = "sop.v1"
TICKET = "sop.ticket."
MAX_BYTES = 64 * 1024
MAX_PER_SECOND = 20
MAX_SEQUENCE = 2**53
FOREIGN, TOO_MUCH, BROKEN = 4403, 4429, 1011
HELP = 'Send {"type": "hello", "last_sequence": 0}.'
log = structlog.get_logger(__name__)


class NoticeConsumer(AsyncWebsocketConsumer):
    """Replays and follows the notices of the ticket's holder."""

    # No channel layer: one subscription serves the whole process (see the hub), not one each socket.
    channel_layer_alias = "none"

    async def connect(self) -> None:
        """Check origin, ticket and session; then follow."""
        self.connection: Connection | None = None
        self.follower: asyncio.Task[None] | None = None
        self.window, self.received = 0, 0
        if not own_origin(dict(self.scope["headers"])):
            await self._refuse(FOREIGN)
            return
        offered = self.scope.get("subprotocols", [])
        connection = await _connection(next((p.removeprefix(TICKET) for p in offered if p.startswith(TICKET)), ""))
        if connection is None or not await hub.admit(connection):
            await self._refuse(NOT_SIGNED_IN if connection is None else connection.close_code)
            return
        await self.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        self.connection = connection
        hub.attach(connection)
        self.follower = asyncio.create_task(self._follow(connection))

    async def disconnect(self, code: int) -> None:
        """Stop following."""
        if self.follower is not None:
            self.follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.follower
        if self.connection is not None:
            hub.detach(self.connection)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """``{"type": "hello", "last_sequence": n}`` begins the replay; anything else is answered with an error.

        A client that keeps its sequence across sign-ins sends the ``epoch`` it was given with it: when that is
        not this user's, the server says so and begins at the beginning.
        """
        if self.connection is None or self.connection.close_code:
            return
        data = text_data.encode() if text_data is not None else bytes_data or b""
        if len(data) > MAX_BYTES or self._too_fast():
            self.connection.end(TOO_MUCH)
            return
        hello = _hello(data)
        if hello is None:
            await self._send({"type": "error", "detail": HELP})
            return
        last, epoch = hello
        own = str(self.connection.user_id)
        if epoch is not None and epoch != own:
            await self._send({"type": "epoch", "epoch": own})
            last = 0
        self.connection.sequence = last
        self.connection.woken.set()

    async def _follow(self, connection: Connection) -> None:
        """Send what is new whenever the connection is woken, until it must end."""
        try:
            while not connection.close_code:
                await connection.woken.wait()
                connection.woken.clear()
                await self._send_new(connection)
        except OSError:
            # The peer went away in the middle of a message; its disconnect is on the way.
            return
        except Exception as error:  # whatever it was, the client must learn that nothing more comes
            log.error("socket_failed", exc_info=error)
            connection.close_code = connection.close_code or BROKEN
        with contextlib.suppress(OSError, RuntimeError):
            await self.close(code=connection.close_code)

    async def _send_new(self, connection: Connection) -> None:
        while connection.sequence is not None and connection.jobs and not connection.close_code:
            await self._send({"type": "progress", "progress": connection.jobs.pop(next(iter(connection.jobs)))})
        while connection.sequence is not None and not connection.close_code:
            since = database_sync_to_async(services.notices_since)
            found = await since(user_id=connection.user_id, sequence=connection.sequence)
            for notice in found:
                await self._send({"type": "notice", "notice": notice})
                connection.sequence = notice.sequence
            if not found:
                return

    def _too_fast(self) -> bool:
        second = int(clock.now().timestamp())
        self.received = self.received + 1 if second == self.window else 1
        self.window = second
        return self.received > MAX_PER_SECOND

    async def _send(self, message: dict[str, Any]) -> None:
        await self.send(text_data=orjson.dumps(message, default=str, option=orjson.OPT_UTC_Z).decode())

    async def _refuse(self, code: int) -> None:
        # Accepted first: a browser cannot read the code of a refused handshake.
        await self.accept()
        await self.close(code=code)


async def _connection(ticket: str) -> Connection | None:
    holder = await database_sync_to_async(services.redeem_ticket)(token=ticket) if ticket else None
    return Connection(holder.user_id, holder.session_id) if holder else None


def _hello(data: bytes) -> tuple[int, str | None] | None:
    """The last sequence and the epoch that a client has, or ``None`` when it says something else."""
    try:
        message = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(message, dict) or message.get("type") != "hello":
        return None
    last, epoch = message.get("last_sequence"), message.get("epoch")
    if not isinstance(last, int) or isinstance(last, bool) or not 0 <= last < MAX_SEQUENCE:
        return None
    return (last, epoch) if epoch is None or isinstance(epoch, str) else None
