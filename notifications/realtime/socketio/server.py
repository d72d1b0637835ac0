"""python-socketio's server on our connections: who connects is asked at CONNECT, and followed as on ``/ws``."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import orjson
import structlog
from channels.db import database_sync_to_async
from socketio.exceptions import ConnectionRefusedError as Refused

from config.kernel.conf import setting
from notifications import services
from notifications.realtime.close_codes import IDLE, NOT_SIGNED_IN, NOT_UNDERSTOOD, TRY_LATER
from notifications.realtime.connections import Connection, Frame
from notifications.realtime.follower import follow
from notifications.realtime.hello import Hello
from notifications.realtime.message_limits import MAX_BYTES
from notifications.realtime.notice_hub import hub
from notifications.realtime.presence_requests import EVENTS, Answer, answer
from notifications.realtime.socketio.engine_sessions import KEY, EngineSession
from notifications.realtime.socketio.packet_queue import Library

# The library waits for ever for a client to say who it is.
CONNECT_SECONDS = 10.0
# After a refusal or a farewell the client has a moment to read it.
LEAVING_SECONDS = 1.0
CLOSING_SECONDS = 5.0
# More waits in the database, and not here. A Python client takes no more than 16 packets in one answer to a poll.
MAX_WAITING, MAX_POLLED = 400, 12
DISCONNECT = "1"
log = structlog.get_logger(__name__)


class SocketIOServer:
    """The clients of one event loop."""

    def __init__(self) -> None:
        self.sessions: dict[str, EngineSession] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._sio = Library(
            async_mode="asgi",
            transports=setting("SOCKETIO_TRANSPORTS"),
            # The gate asks whose page it is, before anything else.
            cors_allowed_origins=[],
            max_http_buffer_size=MAX_BYTES,
            http_compression=False,
            # One message of a client at a time: whoever says much waits for themselves.
            async_handlers=False,
            # Loggers of ours: given none, the library writes to the error stream past them.
            logger=logging.getLogger("socketio"),
            engineio_logger=logging.getLogger("engineio"),
        )
        self._engine = self._sio.eio
        self._library = dict(self._engine.handlers)
        self._engine.on("connect", self._opened)
        self._engine.on("disconnect", self._gone)
        self._sio.on("connect", self._connect)
        self._sio.on("disconnect", self._left)
        for event in EVENTS:
            self._sio.on(event, partial(self._said, event))

    async def handle(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Serve a request that the gate has let through."""
        await self._sio.handle_request(scope, receive, send)

    def end(self, session: EngineSession, code: int) -> None:
        """Have a client told, when it is known, and let go of."""
        session.close_code = session.close_code or code
        if session.connection is not None:
            session.connection.end(code)
        elif session.sid:
            self._later(self._let_go(session))

    async def _opened(self, sid: str, environ: dict[str, Any]) -> Any:
        session: EngineSession = environ["asgi.scope"][KEY]
        session.sid, self.sessions[sid] = sid, session
        session.timer = asyncio.get_running_loop().call_later(CONNECT_SECONDS, self.end, session, IDLE)
        return await self._library["connect"](sid, environ)

    async def _gone(self, sid: str, reason: str) -> None:
        await self._library["disconnect"](sid, reason)
        if (socket := self._engine.sockets.get(sid)) is not None:
            # What the library takes for the end, behind whatever it still sends: a poll that waits is answered, and a
            # WebSocket closed, whatever its client does. It would let both wait for three quarters of a minute.
            asyncio.get_running_loop().call_soon(socket.queue.put_nowait, None)
        session = self.sessions.pop(sid, None)
        if session is None:
            return
        if session.connection is not None:
            hub.detach(session.connection)
        if session.follower is not None and session.follower is not asyncio.current_task():
            session.follower.cancel()
        session.end()

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        session: EngineSession = environ["asgi.scope"][KEY]
        hello = Hello.of(auth)
        if hello is None:
            raise self._refused(session, NOT_UNDERSTOOD, "auth_not_understood")
        try:
            holder = await database_sync_to_async(services.socket_holder)(ticket=hello.ticket, token=hello.token)
        except Exception as error:  # whatever it was, nobody is let in unasked
            log.warning("socket_unchecked", error=type(error).__name__)
            raise self._refused(session, TRY_LATER, "try_later") from None
        if holder is None:
            raise self._refused(session, NOT_SIGNED_IN, "not_signed_in")
        connection = Connection(holder.user_id, holder.session_id)
        if not await hub.admit(connection):
            raise self._refused(session, connection.close_code, "not_signed_in")
        try:
            start = await hello.start_for(connection.user_id)
        except Exception as error:  # as above
            log.warning("socket_unchecked", error=type(error).__name__)
            raise self._refused(session, TRY_LATER, "try_later") from None
        if session.ended:
            raise self._refused(session, TRY_LATER, "gone")
        session.proven()
        session.connection, session.reset = connection, start.reset
        connection.begin(start.sequence)
        hub.attach(connection)
        session.follower = asyncio.create_task(self._follow(session, sid, connection))

    def _refused(self, session: EngineSession, code: int, reason: str) -> Refused:
        """What the client is told; and it is let go of a moment later, if it does not go by itself."""
        if session.timer is not None:
            session.timer.cancel()
            session.timer = asyncio.get_running_loop().call_later(LEAVING_SECONDS, self.end, session, code)
        return Refused(reason, {"code": code})

    async def _left(self, sid: str, reason: str) -> None:
        """The client has left the namespace: there is no other, so the line ends too."""
        eio_sid = self._sio.manager.eio_sid_from_sid(sid, "/")
        session = self.sessions.get(eio_sid or "")
        if session is not None and not session.close_code:
            self._later(self._let_go(session))

    async def _said(self, event: str, sid: str, *about: object) -> Answer:
        """What a client asks about a talk; the answer is its acknowledgement."""
        session = self.sessions.get(self._sio.manager.eio_sid_from_sid(sid, "/") or "")
        if session is None or session.connection is None or session.connection.close_code:
            return {"status": 401}
        return await answer(session.connection, event, about[0] if about else None, session.address)

    async def _follow(self, session: EngineSession, sid: str, connection: Connection) -> None:
        while not self._sio.manager.is_connected(sid, "/"):
            # The answer to CONNECT goes first.
            await asyncio.sleep(0)
            if session.ended:
                return
        client = _Client(self, session)
        await client.emit("epoch", str(connection.user_id))
        if session.reset:
            await client.emit("reset", {"last_sequence": connection.sequence})
        hub.pump.wake(connection)
        await follow(connection, client, hub.pump.wake)

    def at_once(self, session: EngineSession, frames: Sequence[Frame]) -> bool:
        """Write notices to the client's WebSocket, past the library's queue while there is nothing in it."""
        socket = self._engine.sockets.get(session.sid)
        if session.write is None or socket is None or not socket.upgraded or socket.queue.untaken:
            return False
        return session.write(b"".join(frame.framed_event for frame in frames))

    async def send(self, session: EngineSession, packet: str) -> None:
        """Send a packet of Socket.IO."""
        await self._engine.send(session.sid, packet)

    async def room(self, session: EngineSession, connection: Connection) -> None:
        """Wait while much of what was sent lies here, until it is taken or the connection ends."""
        socket = self._engine.sockets.get(session.sid)
        if socket is None or socket.queue.qsize() < (MAX_WAITING if socket.upgraded else MAX_POLLED):
            return
        taken, ended = asyncio.ensure_future(socket.queue.join()), asyncio.ensure_future(connection.ended.wait())
        try:
            await asyncio.wait({taken, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            taken.cancel()
            ended.cancel()

    async def close(self, session: EngineSession, code: int) -> None:
        """Tell the client why. It goes by itself; one that does not is let go of.

        Not at once: an official client that hears of both in one answer forgets the first.
        """
        session.close_code = session.close_code or code
        await self.send(session, _event("closed", {"code": code}))
        await self.send(session, DISCONNECT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVING_SECONDS):
                await session.gone.wait()
        await self._let_go(session)

    async def _let_go(self, session: EngineSession) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._engine.disconnect(session.sid)

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


class _Client:
    """The client at the other end."""

    def __init__(self, server: SocketIOServer, session: EngineSession) -> None:
        self._server, self._session = server, session

    async def emit(self, event: str, about: object) -> None:
        await self._server.send(self._session, _event(event, about))

    async def say(self, kind: str, about: dict[str, Any]) -> None:
        await self.emit(kind, about)

    def at_once(self, frames: Sequence[Frame]) -> bool:
        return self._server.at_once(self._session, frames)

    async def deliver(self, frame: Frame) -> None:
        await self._server.send(self._session, frame.event)
        await self.room()

    async def room(self) -> None:
        if self._session.connection is not None:
            await self._server.room(self._session, self._session.connection)

    async def close(self, code: int) -> None:
        await self._server.close(self._session, code)


def _event(name: str, about: object) -> str:
    return "2" + orjson.dumps([name, about], default=str, option=orjson.OPT_UTC_Z).decode()
