"""Who is served next, on real sockets and one thread that asks."""

import socket
from collections.abc import Iterator

import pytest

from config.runtime.http.readiness import Readiness

Pairs = list[tuple[socket.socket, socket.socket]]


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    made = [socket.socketpair() for _ in range(60)]
    yield made
    for ours, theirs in made:
        ours.close()
        theirs.close()


def test_who_asks_waits_for_one_piece_and_not_for_fifty_answers(pairs: Pairs) -> None:
    ready = Readiness(2)
    for ours, _ in pairs:
        ready.add(ours.fileno())
    readers, (asks, client) = pairs[:50], pairs[50]
    for ours, _ in readers:
        ready.await_reader(ours.fileno())
    for _ in range(3):
        client.send(b"GET")
        served = []
        while asks.fileno() not in served:
            number, takes = ready.next(0)
            assert number is not None
            served.append(number)
            if takes:
                ready.done()
                ready.await_reader(number)
        assert len(served) <= 2
        asks.recv(10)
        ready.await_bytes(asks.fileno())


def test_answers_in_pieces_hold_half_of_the_threads_at_most(pairs: Pairs) -> None:
    ready = Readiness(4)
    for ours, _ in pairs:
        ready.add(ours.fileno())
        ready.await_reader(ours.fileno())
    taken = [ready.next(0) for _ in range(6)]
    assert [number is not None and takes for number, takes in taken] == [True, True, False, False, False, False]
    ready.done()
    number, takes = ready.next(0)
    assert takes
    assert number not in {other for other, _ in taken}
    assert ready.next(0) == (None, False)


def test_answers_are_taken_in_turn_while_others_ask_all_the_time(pairs: Pairs) -> None:
    ready = Readiness(1)
    for ours, theirs in pairs:
        ready.add(ours.fileno())
        theirs.send(b"GET")
    for ours, _ in pairs[:5]:
        ready.await_reader(ours.fileno())
        ours.recv(10)
    found = set()
    for _ in range(400):
        number, takes = ready.next(0)
        if number is None:
            continue
        if takes:
            found.add(number)
            ready.await_reader(number)
            ready.done()
        else:
            ready.await_bytes(number)
    assert found >= {ours.fileno() for ours, _ in pairs[:5]}


def test_who_is_given_to_a_thread_is_given_to_no_other(pairs: Pairs) -> None:
    ready = Readiness(2)
    ours, theirs = pairs[0]
    ready.add(ours.fileno())
    theirs.send(b"GET")
    assert ready.next(0) == (ours.fileno(), False)
    assert ready.next(0) == (None, False)
    ready.await_reader(ours.fileno())
    assert ready.next(0) == (ours.fileno(), True)
    ready.done()
    assert ready.next(0) == (None, False)
    ready.await_bytes(ours.fileno())
    assert ready.next(0) == (ours.fileno(), False)


def test_a_waiting_reader_whose_time_is_over_is_heard(pairs: Pairs) -> None:
    """As ``expire`` and ``give_up`` wake a connection up whose client takes nothing."""
    ready = Readiness(2)
    ours, _ = pairs[0]
    ours.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            ours.send(b"x" * 65_536)
    ready.add(ours.fileno())
    ready.await_reader(ours.fileno())
    assert ready.next(0) == (None, False)
    ours.shutdown(socket.SHUT_RDWR)
    assert ready.next(0) == (ours.fileno(), True)


def test_all_return_when_the_worker_ends() -> None:
    ready = Readiness(2)
    ready.wake()
    assert [ready.next() for _ in range(3)] == [(None, False)] * 3
