"""What stands before python-socketio: whose page, how large, how many, how often. The library asks none of it.

A poll is a request that does not end for a while, and a body may come slowly: both are counted for their network, each
client has one of each at a time, and none lasts longer than it must.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from config.kernel.conf import setting
from config.kernel.websocket_frames import Write, write_in
from notifications.realtime.close_codes import FOREIGN, NOT_UNDERSTOOD, TOO_MUCH
from notifications.realtime.message_limits import MAX_BYTES
from notifications.realtime.network_counts import NetworkCounts, address_of, counts, network_in
from notifications.realtime.origins import own_origin
from notifications.realtime.socketio.answers import Answer, Refusal
from notifications.realtime.socketio.bodies import SenderGone, read_body, with_body
from notifications.realtime.socketio.engine_sessions import KEY, EngineSession
from notifications.realtime.socketio.packets import MAX_PACKETS, SEPARATOR, Kind, kind_of
from notifications.realtime.socketio.server import SocketIOServer

# A poll is answered when there is news, and by a ping after 25 seconds; an answer that nobody takes ends with it.
REQUEST_SECONDS = 60.0
MAX_FIELDS = 10
_BAD = "Send EIO=4, transport=polling or websocket, and sid once you have one."


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What stands in the address."""

    version: str
    transport: str
    sid: str
    script: bool

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> "Asked":
        try:
            query = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=MAX_FIELDS)
        except ValueError:
            query = {}
        first = {name: values[0] for name, values in query.items()}
        # A script's answer (JSONP) would be readable for every page.
        return cls(
            version=first.get("EIO", ""),
            transport=first.get("transport", "polling"),
            sid=first.get("sid", ""),
            script="j" in first or "b64" in first,
        )

    def fits(self, transport: str) -> bool:
        """Whether a client of ours asks so."""
        taken = transport in setting("SOCKETIO_TRANSPORTS")
        return taken and self.version == "4" and self.transport == transport and not self.script


class Unfit(Exception):
    """The client said something that we do not take; it is let go of."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class SocketIOGate:
    """The application at ``/socket.io/``."""

    def __init__(self, network_counts: NetworkCounts = counts) -> None:
        self._counts = network_counts
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: SocketIOServer | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request or one WebSocket."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        answer = Answer(send)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                await self._request(scope, receive, answer)
        except Refusal as refusal:
            await answer.refuse(refusal)
        except SenderGone:
            return
        except TimeoutError:
            # Nobody takes the answer: the connection ends with the request.
            raise OSError("a request that did not end") from None

    @property
    def server(self) -> SocketIOServer:
        """The library's part; its tasks belong to an event loop."""
        loop = asyncio.get_running_loop()
        if self._server is None or self._loop is not loop:
            self._loop, self._server = loop, SocketIOServer()
        return self._server

    async def _request(self, scope: Any, receive: Any, answer: Answer) -> None:
        method, asked = scope["method"], Asked.of(scope)
        if not own_origin(dict(scope["headers"])):
            raise Refusal(403, "foreign_origin", "Open the socket from a page of this service.")
        if method not in ("GET", "POST"):
            raise Refusal(405, "method_not_allowed", "Poll by GET, send by POST.", {"Allow": "GET, POST"})
        if not asked.fits("polling") or (method == "POST" and not asked.sid):
            raise Refusal(400, "invalid", _BAD)
        session = self._session(scope, asked)
        if session is None:
            raise Refusal(400, "session_unknown", "Begin anew: this session has ended, or another process has it.")
        if session.serves(method):
            self.server.end(session, NOT_UNDERSTOOD)
            raise Refusal(400, "overlapping", "One poll and one message of a client at a time.")
        with session.serving(method):
            if method == "POST":
                body = await read_body(scope, receive, self._counts, session.network)
                self._take_all(session, body)
                scope, receive = with_body(scope, receive, body)
            await self.server.handle(scope | {KEY: session}, receive, answer.send)

    def _session(self, scope: Any, asked: Asked) -> EngineSession | None:
        """The client's session, a new one when it has none; ``None`` for one that is not here."""
        if asked.sid:
            return self.server.sessions.get(asked.sid)
        session = EngineSession.begin(network=network_in(scope), address=address_of(scope), counts=self._counts)
        if session is None:
            raise Refusal(429, "too_many_sockets", "Close sockets that nobody reads.", {"Retry-After": "5"})
        return session

    def _take_all(self, session: EngineSession, body: bytes) -> None:
        try:
            packets = body.decode().split(SEPARATOR)
            if len(packets) > MAX_PACKETS:
                raise Unfit(TOO_MUCH)
            for packet in packets:
                _take(session, packet, upgrading=False)
        except UnicodeDecodeError:
            self._end_unfit(session, NOT_UNDERSTOOD)
        except Unfit as unfit:
            self._end_unfit(session, unfit.code)

    def _end_unfit(self, session: EngineSession, code: int) -> None:
        self.server.end(session, code)
        if code == TOO_MUCH:
            raise Refusal(429, "too_many_requests", "Send less in a second.", {"Retry-After": "1"})
        raise Refusal(400, "invalid", "Send what the official client sends.")

    async def _socket(self, scope: Any, receive: Any, send: Any) -> None:
        asked = Asked.of(scope)
        if not own_origin(dict(scope["headers"])):
            await _refuse_socket(receive, send, FOREIGN)
            return
        try:
            session = self._session(scope, asked) if asked.fits("websocket") else None
        except Refusal:
            await _refuse_socket(receive, send, TOO_MUCH)
            return
        if session is None or session.upgraded or session.serves("websocket"):
            await _refuse_socket(receive, send, NOT_UNDERSTOOD)
            return
        with session.serving("websocket"):
            line = _Line(self.server, session, receive, send)
            session.write = line.writing(write_in(scope))
            try:
                await self.server.handle(scope | {KEY: session}, line.receive, line.send)
            finally:
                session.write = None


class _Line:
    """A WebSocket of a session: what comes is looked at, and the close code says why."""

    def __init__(self, server: SocketIOServer, session: EngineSession, receive: Any, send: Any) -> None:
        self._server, self._session, self._receive, self._send = server, session, receive, send
        self._closed = self._sending = False

    def writing(self, write: Write | None) -> Write | None:
        """How to write at once, and not before what the library is about to send."""
        if write is None:
            return None
        return lambda frames: not (self._sending or self._closed) and write(frames)

    async def receive(self) -> Any:
        """The next event, for the library."""
        event = await self._receive()
        if event["type"] != "websocket.receive":
            return event
        text = event.get("text")
        try:
            if text is None:
                raise Unfit(NOT_UNDERSTOOD)
            if len(text.encode()) > MAX_BYTES:
                raise Unfit(TOO_MUCH)
            _take(self._session, text, upgrading=True)
        except Unfit as unfit:
            self._server.end(self._session, unfit.code)
            await self.send({"type": "websocket.close", "code": unfit.code})
            return {"type": "websocket.disconnect", "code": unfit.code}
        return event

    async def send(self, event: Any) -> None:
        """What the library sends."""
        if event["type"] != "websocket.close":
            self._sending = True
            await self._send(event)
            self._sending = False
        elif not self._closed:
            self._closed = True
            await self._send({"code": self._session.close_code or 1000} | event)


def _take(session: EngineSession, packet: str, *, upgrading: bool) -> None:
    kind = kind_of(packet)
    if kind is None or (kind is Kind.UPGRADE and (session.upgraded or not upgrading)):
        raise Unfit(NOT_UNDERSTOOD)
    if packet == "5":
        session.upgraded = True
    if kind is Kind.CONNECT:
        if session.asked:
            # One try each: whoever guesses begins anew, and is counted.
            raise Unfit(NOT_UNDERSTOOD)
        session.asked = True
    if session.limit.exceeded():
        raise Unfit(TOO_MUCH)


async def _refuse_socket(receive: Any, send: Any, code: int) -> None:
    # Accepted first: a browser cannot read the code of a refused handshake.
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code})
