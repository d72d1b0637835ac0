"""A notice is framed once and written to every socket that has room; whoever has none is sent it in its turn."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from websockets.asyncio.client import connect as connected
from websockets.sync.client import connect

from config.kernel.auth.tokens import encode_access
from config.kernel.websocket_frames import text_frame, write_in
from config.runtime.serving.realtime_worker import SOCKET_OPTIONS
from config.runtime.serving.socket_protocol import SocketProtocol
from notifications.realtime.connections import MAX_AT_ONCE, Connection, Frame
from notifications.realtime.follower import follow
from notifications.realtime.notice_hub import hub
from notifications.realtime.routing import socketio as gate
from notifications.realtime.socketio.packet_queue import PacketQueue
from tests.factories import make_account
from tests.notifications.realtime import Realtime
from tests.notifications.socketio.official import write_notices
from tests.notifications.support import signed_in
from tests.platform.waiting import until


def _frames(*sequences: int) -> list[Frame]:
    return [Frame(one, f'{{"sequence":{one}}}') for one in sequences]


class Recorded:
    """A client that remembers what it was told, and how; it can be without room."""

    def __init__(self, *, room: bool = True) -> None:
        self.has_room, self.told = room, list[tuple[str, int]]()
        self.taking = asyncio.Event()
        self.taking.set()

    def at_once(self, frames: Sequence[Frame]) -> bool:
        if self.has_room:
            self.told += [("at once", one.sequence) for one in frames]
        return self.has_room

    async def say(self, kind: str, about: dict[str, Any]) -> None:
        self.told.append((kind, 0))

    async def deliver(self, frame: Frame) -> None:
        await self.taking.wait()
        self.told.append(("in turn", frame.sequence))

    async def room(self) -> None:
        await self.taking.wait()

    async def close(self, code: int) -> None:
        self.told.append(("closed", code))


async def _turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def connection() -> Connection:
    one = Connection(uuid4(), uuid4())
    one.begin(0)
    return one


def _followed(connection: Connection, client: Recorded) -> asyncio.Task[None]:
    return asyncio.create_task(follow(connection, client, lambda _: None))


def test_a_socket_with_room_is_written_to_without_waking_its_task(connection: Connection) -> None:
    async def story() -> Recorded:
        client = Recorded()
        task = _followed(connection, client)
        await _turns()
        connection.bring(_frames(1, 2), more=False)
        assert not connection.woken.is_set()
        assert connection.sequence == 2
        connection.end(4401)
        connection.bring(_frames(3), more=False)
        await task
        return client

    assert asyncio.run(story()).told == [("at once", 1), ("at once", 2), ("closed", 4401)]


def test_whoever_has_no_room_is_sent_it_in_turn_and_what_comes_meanwhile_behind_it(connection: Connection) -> None:
    async def story() -> Recorded:
        client = Recorded(room=False)
        client.taking.clear()
        task = _followed(connection, client)
        await _turns()
        connection.bring(_frames(1), more=False)
        await _turns()
        # It has room again, and its task, which has the first in hand, does not know it yet.
        client.has_room = True
        connection.bring(_frames(2), more=False)
        client.taking.set()
        connection.bring(_frames(3), more=False)
        await _turns()
        connection.bring(_frames(4), more=False)
        connection.end(4401)
        await task
        return client

    told = asyncio.run(story()).told
    assert told == [("in turn", 1), ("in turn", 2), ("in turn", 3), ("at once", 4), ("closed", 4401)]


def test_a_replay_waits_for_room_and_a_notice_waits_for_what_is_before_it(connection: Connection) -> None:
    async def story() -> Recorded:
        client = Recorded()
        task = _followed(connection, client)
        await _turns()
        connection.bring(_frames(*range(1, MAX_AT_ONCE + 2)), more=False)
        await _turns()
        connection.tell({"document_id": "d"})
        connection.bring(_frames(50), more=False)
        await _turns()
        connection.bring(_frames(51), more=True)
        connection.bring(_frames(52), more=False)
        await _turns()
        connection.end(1000)
        await task
        return client

    told = asyncio.run(story()).told
    expected = [("in turn", one) for one in range(1, MAX_AT_ONCE + 2)]
    assert told == [*expected, ("progress", 0), *(("in turn", one) for one in (50, 51, 52)), ("closed", 1000)]


def test_a_frame_is_made_once_however_many_it_goes_to() -> None:
    (frame,) = _frames(7)
    assert frame.framed_message is frame.framed_message
    assert frame.framed_event is frame.framed_event
    # RFC 6455: final, text, unmasked, its length.
    said = b'{"type":"notice","notice":{"sequence":7}}'
    assert frame.framed_message == bytes([0x81, len(said)]) + said
    assert frame.framed_event[2:] == b'42["notice",{"sequence":7}]'


def test_what_the_library_has_in_hand_is_not_overtaken() -> None:
    """On Python 3.11 its task is given a packet a turn of the loop before it sends it, and the queue is empty then."""

    async def story() -> None:
        queue = PacketQueue()
        taking = asyncio.create_task(asyncio.wait_for(queue.get(), 1_000))
        await _turns()
        queue.put_nowait("packet")
        assert queue.untaken == 1
        await taking
        assert (queue.empty(), queue.untaken) == (True, 1)
        queue.task_done()
        assert queue.untaken == 0

    asyncio.run(story())


def test_the_server_writes_until_there_is_no_room_and_never_to_a_socket_that_closes() -> None:
    """A client that takes nothing is written no more than its line and one buffer hold; then it takes all, in order."""
    text = b"%06d" + b"x" * 16_000

    async def story() -> None:
        written, refused, ended = 0, asyncio.Event(), asyncio.Event()

        async def application(scope: Any, receive: Any, send: Any) -> None:
            nonlocal written
            write = write_in(scope)
            assert write is not None
            await receive()
            assert not write(text_frame(b"before it is accepted"))
            await send({"type": "websocket.accept"})
            while write(text_frame(text % written)):
                written += 1
                await asyncio.sleep(0)
            refused.set()
            assert not write(text_frame(b"no room"))
            assert (await receive())["type"] == "websocket.receive"
            await send({"type": "websocket.close"})
            assert not write(text_frame(b"closed"))
            ended.set()

        config = uvicorn.Config(application, port=0, log_config=None, lifespan="off", **SOCKET_OPTIONS)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.connect(server.servers[0].sockets[0].getsockname())
        line.setblocking(False)
        async with connected("ws://localhost/", sock=line, compression=None, max_queue=1) as client:
            await refused.wait()
            assert written > 0
            heard = [int((await client.recv())[:6]) for _ in range(written)]
            assert heard == list(range(written))
            await client.send("all taken")
            await ended.wait()
        server.should_exit = True
        await serving

    asyncio.run(story())


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What went to sockets at once."""
    found: list[bytes] = []
    real = SocketProtocol.write

    def write(self: SocketProtocol, frames: bytes) -> bool:
        found.append(frames)
        return real(self, frames)

    monkeypatch.setattr(SocketProtocol, "write", write)
    return found


@pytest.fixture
def rested() -> Callable[[int], None]:
    """Wait until nothing is on its way to ``count`` sockets."""

    def wait(count: int) -> None:
        def at_rest() -> bool:
            queues = [one.queue.untaken for one in gate._server._engine.sockets.values()] if gate._server else []
            open_now = hub.connections.all()
            return len(open_now) == count and all(one.at_once for one in open_now) and not any(queues)

        until(at_rest, "nothing is on its way")

    return wait


@pytest.mark.django_db(transaction=True)
def test_a_notice_goes_at_once_to_both_kinds_of_sockets(
    realtime: Realtime, written: list[bytes], rested: Callable[[int], None]
) -> None:
    who = signed_in(make_account("patient"))
    url = f"ws://127.0.0.1:{realtime.port}/socket.io/?EIO=4&transport=websocket"
    with realtime.signed_in(who) as first, realtime.signed_in(who) as second, connect(url) as third:
        for one in (first, second):
            one.hello()
        third.send("40" + json.dumps({"token": encode_access(who)[0]}))
        assert "epoch" in [third.recv(timeout=600) for _ in range(3)][-1]
        rested(3)
        write_notices(who.require_user_id(), 1)
        assert first.notices(1) == second.notices(1) == [1]
        event = third.recv(timeout=600)
        assert json.loads(event[2:])[1]["sequence"] == 1
    assert len(written) == 3
    messages = [one for one in written if b'"type":"notice"' in one]
    assert len(messages) == 2 and messages[0] == messages[1]
