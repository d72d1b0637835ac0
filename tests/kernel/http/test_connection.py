"""One connection at the worker's end, on a real pair of sockets and a clock that the test turns."""

import select
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from config.runtime.http.connection import CLOSED, HELD, READ, STEP, WRITE, Connection, Surroundings
from config.runtime.http.readiness import Readiness
from config.runtime.http.unfinished_requests import (
    MAX_ANSWERS,
    MAX_ANSWERS_OF_ALL,
    MAX_LARGE_BODIES,
    PAUSE_SECONDS,
    REFUSALS,
    Unfinished,
)

HEAD = b"POST /%b HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\nContent-Length: %d\r\n\r\n"


class Door:
    wanted = True
    parts = False
    asked: list[bytes]

    def __init__(self) -> None:
        self.asked = []

    def wants_body(self, environ: dict[str, Any], beginning: bytes) -> bool:
        self.asked.append(beginning)
        return self.wanted

    def keeps_parts(self, environ: dict[str, Any]) -> bool:
        return self.parts

    def opens_file(self, environ: dict[str, Any]) -> bool:
        return environ["PATH_INFO"] == "/file"

    def address_of(self, environ: dict[str, Any]) -> str:
        return environ["HTTP_X_FORWARDED_FOR"]


class World:
    """A worker of one thread, without the thread."""

    def __init__(self) -> None:
        self.now = 0.0
        self.door = Door()
        self.unfinished = Unfinished()
        self.requests: list[tuple[str, int]] = []
        self.closed = 0
        self.left: list[int] = []
        self.pieces = iter([b"x" * 1_000_000] * 30)
        self.pulled = 0
        self.surroundings = Surroundings(
            application=self.answer,
            door=self.door,
            unfinished=self.unfinished,
            stopping=lambda: False,
            answered=lambda: None,
            leaving=self.left.append,
            clock=lambda: self.now,
        )
        self.open: list[socket.socket] = []

    def answer(self, environ: dict[str, Any], start: Any) -> Any:
        read = 0
        try:
            while piece := environ["wsgi.input"].read(50_000):
                read += len(piece)
        except OSError:
            read = -1
        self.requests.append((environ["PATH_INFO"], read))
        start("200 OK", [("Content-Type", "text/plain")])
        return self.stream() if environ["PATH_INFO"] == "/large" else [str(read).encode()]

    def stream(self) -> Iterator[bytes]:
        try:
            for piece in self.pieces:
                self.pulled += 1
                yield piece
        finally:
            self.closed += 1

    def connect(self) -> tuple[Connection, socket.socket]:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.settimeout(600)
        self.open += [ours, theirs]
        return Connection(ours, "", self.surroundings), theirs


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    for one in made.open:
        one.close()


def test_requests_follow_one_another_on_a_connection(world: World) -> None:
    connection, client = world.connect()
    for number in range(3):
        client.sendall(HEAD % (b"up", 3) + b"abc")
        assert connection.step() == READ
        assert client.recv(1000).endswith(b"\r\n\r\n3")
        assert len(world.requests) == number + 1


def test_a_slow_line_arrives_however_long_it_takes(world: World) -> None:
    """10 MB at 1 Mbit/s: 80 seconds of a clock that nothing waits for."""
    connection, client = world.connect()
    client.sendall(HEAD % (b"up", 10_000_000))
    assert connection.step() == READ
    for _ in range(80):
        world.now += 1
        client.sendall(b"x" * 125_000)
        assert connection.step() == READ
        assert connection.deadline is None or connection.deadline > world.now
    assert world.requests == [("/up", 10_000_000)]
    assert client.recv(1000).endswith(b"10000000")


@pytest.mark.parametrize(("length", "sent"), [(10_000_000, 400), (50_000, 0), (1000, 10)])
def test_who_hardly_moves_is_told_so_and_let_go(world: World, length: int, sent: int) -> None:
    connection, client = world.connect()
    client.sendall(HEAD % (b"up", length))
    connection.step()
    for _ in range(int(STEP)):
        world.now += 1
        client.sendall(b"x" * sent if sent * world.now < length else b"")
        if sent and sent * world.now < length:
            connection.step()
    world.now += 1
    assert connection.deadline is not None
    assert connection.deadline <= world.now
    connection.expire()
    assert connection.step() == READ
    assert client.recv(1000).startswith(b"HTTP/1.1 408 ")
    assert world.requests == []
    client.close()
    assert connection.step() == CLOSED


def test_a_large_body_is_asked_for_before_it_comes_and_when_it_begins(world: World) -> None:
    connection, client = world.connect()
    client.sendall(HEAD % (b"up", 1_000_000))
    connection.step()
    assert world.door.asked == [b""]
    client.sendall(b"b" * 40_000)
    connection.step()
    assert world.door.asked == [b"", b"b" * 40_000]
    client.sendall(b"b" * 100_000)
    connection.step()
    assert len(world.door.asked) == 2


def test_a_body_that_is_not_wanted_is_answered_without_it(world: World) -> None:
    world.door.wanted = False
    connection, client = world.connect()
    client.sendall(HEAD % (b"up", 1_000_000) + b"b" * 1000)
    assert connection.step() == READ
    assert world.requests == [("/up", -1)]
    answer = client.recv(1000)
    assert b"Connection: close\r\nX-Body-Unread: 1" in answer
    client.sendall(HEAD % (b"up", 3) + b"abc")
    connection.step()
    assert len(world.requests) == 1


def test_who_is_refused_again_and_again_hears_of_it_after_a_pause(world: World) -> None:
    world.door.wanted = False

    def send(address: bytes = b"192.0.2.7") -> tuple[Connection, socket.socket, str]:
        connection, client = world.connect()
        client.sendall(HEAD.replace(b"192.0.2.7", address) % (b"up", 1_000_000) + b"b" * 1000)
        return connection, client, connection.step()

    for _ in range(int(REFUSALS)):
        assert send()[2] == READ
    (first, client, wish), (second, _, also) = send(), send()
    assert (wish, also, len(world.requests)) == (HELD, HELD, REFUSALS)
    assert send(b"192.0.2.8")[2] == READ, "others are answered at once"
    answered = len(world.requests)
    world.now += PAUSE_SECONDS
    for one in (first, second):
        assert one.deadline is not None
        assert one.deadline <= world.now
        assert one.release()
        assert one.deadline > world.now, "nobody cuts it while it waits for its turn"
        assert not one.release()
    assert (first.step(), second.step()) == (READ, READ)
    assert len(world.requests) == answered + 2
    assert b"X-Body-Unread: 1" in client.recv(1000)
    # Time gives it back; who may send is never held up.
    world.now += 60
    assert send()[2] == READ
    world.door.wanted = True
    for _ in range(int(REFUSALS) * 2):
        connection, _, wish = send()
        assert wish == READ
        connection.close()


def test_of_many_who_begin_files_at_once_whoever_asks_for_a_page_waits_for_one(world: World) -> None:
    ready, open_ = Readiness(2), {}
    for path in [b"file"] * 30 + [b"page"]:
        connection, client = world.connect()
        client.sendall(b"GET /%b HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n" % path)
        open_[connection.number] = connection
        ready.add(connection.number)
    while len(world.requests) < 31:
        number, takes = ready.next(0)
        assert number is not None
        if open_[number].step() == WRITE:
            ready.await_reader(number)
        if takes:
            ready.done()
    order = [path for path, _ in world.requests]
    assert order.index("/page") <= 2
    assert order.count("/file") == 30


def test_a_small_body_is_taken_without_asking(world: World) -> None:
    connection, client = world.connect()
    client.sendall(HEAD % (b"up", 50_000))
    connection.step()
    client.sendall(b"b" * 50_000)
    connection.step()
    assert (world.door.asked, world.requests) == ([], [("/up", 50_000)])


def test_a_body_in_chunks_has_its_length_when_it_is_there(world: World) -> None:
    connection, client = world.connect()
    client.sendall(b"POST /up HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(30):
        client.sendall(b"%x\r\n%b\r\n" % (5000, b"b" * 5000))
        connection.step()
    client.sendall(b"0\r\n\r\n")
    connection.step()
    assert world.requests == [("/up", 150_000)]
    assert len(world.door.asked) == 2


@pytest.mark.parametrize(("parts", "requests"), [(True, [("/up", 300_000)]), (False, [])])
def test_what_came_of_a_body_that_breaks_off_is_used_where_it_is_of_use(
    world: World, parts: bool, requests: list[tuple[str, int]]
) -> None:
    world.door.parts = parts
    connection, client = world.connect()
    client.sendall(HEAD % (b"up", 1_000_000))
    for _ in range(3):
        client.sendall(b"b" * 100_000)
        connection.step()
    client.close()
    connection.step()
    assert world.requests == requests
    assert world.unfinished.begin_body("192.0.2.7", large=True)


def test_an_address_has_only_so_many_large_bodies_on_their_way(world: World) -> None:
    connections = [world.connect() for _ in range(MAX_LARGE_BODIES + 1)]
    for connection, client in connections:
        client.sendall(HEAD % (b"up", 1_000_000))
        connection.step()
    assert connections[-1][1].recv(1000).startswith(b"HTTP/1.1 429 ")
    other, client = world.connect()
    client.sendall(HEAD.replace(b"192.0.2.7", b"192.0.2.8") % (b"up", 1_000_000) + b"b" * 100)
    assert other.step() == READ
    connections[0][0].close()
    again, client = world.connect()
    client.sendall(HEAD % (b"up", 1_000_000))
    assert again.step() == READ
    assert len(world.door.asked) == MAX_LARGE_BODIES + 2


def test_an_answer_is_made_only_as_fast_as_it_is_taken(world: World) -> None:
    connection, client = world.connect()
    client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
    assert connection.step() == WRITE
    assert world.pulled < 5
    size, wish = 0, WRITE
    client.setblocking(False)
    while wish == WRITE:
        try:
            size += len(client.recv(1_000_000))
        except BlockingIOError:
            wish = connection.step()
    assert wish == READ
    assert (world.pulled, world.closed) == (30, 1)
    client.setblocking(True)
    while not client.recv(1_000_000).endswith(b"0\r\n\r\n"):
        pass


def test_of_too_many_answers_that_an_address_does_not_take_the_oldest_ends(world: World) -> None:
    connections = []
    for _ in range(MAX_ANSWERS + 1):
        connection, client = world.connect()
        world.pieces = iter([b"x" * 1_000_000] * 3)
        client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
        assert connection.step() == WRITE
        connections.append(connection)
    assert connections[0].step() == CLOSED
    assert connections[1].step() == WRITE
    for connection in connections:
        connection.close()


def test_of_too_many_answers_of_all_the_address_with_the_most_loses_one() -> None:
    unfinished = Unfinished()
    for number in range(MAX_ANSWERS_OF_ALL - 10):
        assert unfinished.begin_answer(f"192.0.2.{number}", number) is None
    for number in range(10):
        assert unfinished.begin_answer("198.51.100.1", 1000 + number) is None
    assert unfinished.begin_answer("192.0.2.200", 5000) == 1000


def test_a_reader_who_leaves_ends_the_making_of_the_answer(world: World) -> None:
    connection, client = world.connect()
    client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
    connection.step()
    client.close()
    assert connection.step() == CLOSED
    assert world.closed == 1


@pytest.mark.parametrize("end", ["expire", "give_up"])
def test_an_answer_that_nobody_takes_ends_though_nothing_else_happens(world: World, end: str) -> None:
    connection, client = world.connect()
    client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
    while connection.step() == WRITE and not _is_full(connection.sock):
        pass
    ready = select.poll()
    ready.register(connection.sock, select.POLLOUT)
    assert not ready.poll(0)
    getattr(connection, end)()
    assert ready.poll(0)
    assert connection.step() == CLOSED
    assert world.closed == 1


def _is_full(sock: socket.socket) -> bool:
    return not select.select([], [sock], [], 0)[1]


def test_an_answer_cannot_carry_a_header_that_its_name_does_not_say(world: World) -> None:
    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("X-A", "b\r\nSet-Cookie: c")])
        return [b""]

    world.surroundings = Surroundings(
        application, world.door, world.unfinished, lambda: False, lambda: None, world.left.append, lambda: world.now
    )
    connection, client = world.connect()
    client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    connection.step()
    answer = client.recv(1000)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"Cookie" not in answer


def test_a_thread_that_takes_a_connection_while_deadlines_are_looked_at_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline is there at the first look and gone at the second, as when a thread came between."""
    from config.runtime.http.worker import expired

    connection, _ = world.connect()
    looks = iter([1.0])
    monkeypatch.setattr(Connection, "deadline", property(lambda self: next(looks, None)), raising=False)
    assert expired(connection, now=2.0)
    assert not expired(connection, now=2.0)


def test_a_connection_is_forgotten_before_its_number_is_free_and_only_once(world: World) -> None:
    connection, client = world.connect()
    number = connection.sock.fileno()
    taken: list[bool] = []
    world.surroundings = replace(
        world.surroundings, leaving=lambda gone: taken.append(connection.sock.fileno() == gone == number)
    )
    connection._surroundings = world.surroundings
    client.close()
    assert connection.step() == CLOSED
    connection.close()
    assert taken == [True]
