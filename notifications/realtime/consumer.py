"""The socket of one signed-in person.

Opened with a one-use ticket as sub-protocol, from one of our own pages. The client sends the last sequence it has;
the server replays from the database and goes on. The session is looked at again every few seconds.
Close codes: 4401 not signed in (any more), 4403 foreign origin, 4408 idle, 4429 too much.
"""

import asyncio
import contextlib
from typing import Any
from urllib.parse import urlsplit

import orjson
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from config.kernel import clock
from config.kernel.conf import setting
from identity import services as identity
from notifications import services
from notifications.realtime.bell import bell

PROTOCOL = "sop.v1"
TICKET = "sop.ticket."
MAX_BYTES = 64 * 1024
MAX_PER_SECOND = 20
LOOK_SECONDS = 4.0


class NoticeConsumer(AsyncWebsocketConsumer):
    """Replays and follows the notices of the ticket's holder."""

    async def connect(self) -> None:
        """Check origin and ticket before accepting."""
        self.holder: services.TicketHolder | None = None
        self.follower: asyncio.Task[None] | None = None
        self.window, self.received = 0, 0
        offered = self.scope.get("subprotocols", [])
        ticket = next((p.removeprefix(TICKET) for p in offered if p.startswith(TICKET)), "")
        if not _own_origin(dict(self.scope["headers"])):
            await self._refuse(4403)
            return
        self.holder = await sync_to_async(services.redeem_ticket)(token=ticket) if ticket else None
        if self.holder is None:
            await self._refuse(4401)
            return
        await self.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
        self.sequence: int | None = None
        self.news = bell.attach(str(self.holder.user_id))
        self.follower = asyncio.create_task(self._follow())

    async def disconnect(self, code: int) -> None:
        """Stop following."""
        if self.follower is not None:
            self.follower.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.follower
        if self.holder is not None:
            bell.detach(str(self.holder.user_id), self.news)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """``{"type": "hello", "last_sequence": n}`` begins the replay; anything else is answered with an error."""
        data = text_data.encode() if text_data is not None else bytes_data or b""
        if len(data) > MAX_BYTES or self._too_fast():
            await self.close(code=4429)
            return
        try:
            message = orjson.loads(data)
            last = message["last_sequence"]
            good = message["type"] == "hello" and isinstance(last, int) and not isinstance(last, bool) and last >= 0
        except (orjson.JSONDecodeError, KeyError, TypeError):
            good, last = False, 0
        if not good:
            await self._send({"type": "error", "detail": 'Send {"type": "hello", "last_sequence": 0}.'})
            return
        self.sequence = last
        self.news.set()

    async def _follow(self) -> None:
        """Send what is new whenever the bell rings, and at the latest every few seconds."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), LOOK_SECONDS)
            self.news.clear()
            if not await sync_to_async(self._still_welcome)():
                await self.close(code=4401)
                return
            if self.sequence is not None:
                await self._send_new()

    async def _send_new(self) -> None:
        while True:
            found = await sync_to_async(services.notices_since)(user_id=self._user_id(), sequence=self.sequence or 0)
            for notice in found:
                await self._send({"type": "notice", "notice": notice})
                self.sequence = notice.sequence
            if not found:
                return

    def _still_welcome(self) -> bool:
        if self.holder is None or self.holder.session_id is None:
            return self.holder is not None
        return identity.session_is_open(session_id=self.holder.session_id)

    def _user_id(self) -> Any:
        return self.holder.user_id if self.holder else None

    def _too_fast(self) -> bool:
        second = int(clock.now().timestamp())
        self.received = self.received + 1 if second == self.window else 1
        self.window = second
        return self.received > MAX_PER_SECOND

    async def _send(self, message: dict[str, Any]) -> None:
        await self.send(text_data=orjson.dumps(message, default=str).decode())

    async def _refuse(self, code: int) -> None:
        # Accepted first: a browser cannot read the code of a refused handshake.
        await self.accept()
        await self.close(code=code)


def _own_origin(headers: dict[bytes, bytes]) -> bool:
    """Browsers name the page's origin; it must be ours. Programs without one are let through: they need a ticket."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return True
    allowed = {setting("PUBLIC_URL").rstrip("/"), *(o.rstrip("/") for o in setting("CSRF_TRUSTED_ORIGINS"))}
    return origin in allowed or urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin-1")
