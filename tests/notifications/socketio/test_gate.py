"""What stands before Socket.IO: whose page, how large, how many, how often; and what is said of it in the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from config.kernel.auth.tokens import encode_access
from notifications import services
from notifications.models import SocketTicket
from notifications.realtime import network_counts
from notifications.realtime.message_limits import MAX_BYTES, MAX_PER_SECOND
from notifications.realtime.network_counts import Counted, NetworkCounts, counts
from notifications.realtime.routing import socketio as gate
from notifications.realtime.socketio import bodies, server
from tests.factories import make_account
from tests.notifications.realtime import Realtime
from tests.notifications.socketio.official import write_notices
from tests.notifications.socketio.polling import PATH, Poller, status_of
from tests.notifications.support import signed_in
from tests.platform.waiting import until

GOING_AWAY = 1001
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def poller(realtime: Realtime) -> Poller:
    return Poller(realtime.port)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Whatever was refused or ended is counted no longer; what a test left open ends here, and not by its timer."""
    before = +counts._counts
    yield
    if gate._loop is not None and not gate._loop.is_closed():
        gate._loop.call_soon_threadsafe(_end_all)
    until(
        lambda: counts._counts[Counted.UNPROVEN, "127.0.0.1/32"] <= before[Counted.UNPROVEN, "127.0.0.1/32"], "let go"
    )


def _end_all() -> None:
    for session in tuple(gate.server.sessions.values()):
        gate.server.end(session, GOING_AWAY)


@pytest.fixture
def most(monkeypatch: pytest.MonkeyPatch) -> dict[Counted, int]:
    """The limits, to be lowered."""
    lowered = dict(network_counts.MAX_COUNTS)
    monkeypatch.setattr(network_counts, "MAX_COUNTS", lowered)
    return lowered


def _ws(port: int, query: str = "EIO=4&transport=websocket", **options: Any) -> Any:
    return connect(f"ws://127.0.0.1:{port}/socket.io/?{query}", **options)


def _close_code(socket: Any) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=100)
    return closed.value.rcvd.code if closed.value.rcvd else 0


def test_the_handshake_says_what_the_client_needs_and_nobody_keeps_it(poller: Poller) -> None:
    status, headers, body = poller.ask("GET")
    opened = json.loads(body[1:])
    assert (status, opened["upgrades"], opened["maxPayload"]) == (200, ["websocket"], MAX_BYTES)
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert not {"access-control-allow-origin", "access-control-allow-credentials", "set-cookie"} & set(headers)


UNFIT = {
    "a foreign page": ("GET", PATH, {"Origin": "https://evil.example"}, 403, "foreign_origin"),
    "no page at all": ("GET", PATH, {"Origin": "null"}, 403, "foreign_origin"),
    "a foreign page's preflight": ("OPTIONS", PATH, {"Origin": "https://evil.example"}, 403, "foreign_origin"),
    "a preflight": ("OPTIONS", PATH, {}, 405, "method_not_allowed"),
    "another method": ("PUT", PATH, {}, 405, "method_not_allowed"),
    "an older protocol": ("GET", PATH.replace("EIO=4", "EIO=3"), {}, 400, "invalid"),
    "no protocol": ("GET", "/socket.io/", {}, 400, "invalid"),
    "a script's request": ("GET", PATH + "&j=0", {}, 400, "invalid"),
    "a long address": ("GET", PATH + "&a=1" * 100, {}, 400, "invalid"),
    "binary as text": ("GET", PATH + "&b64=1", {}, 400, "invalid"),
    "an unknown transport": ("GET", PATH.replace("polling", "carrier"), {}, 400, "invalid"),
    "a WebSocket without one": ("GET", PATH.replace("polling", "websocket"), {}, 400, "invalid"),
    "a message of nobody": ("POST", PATH, {}, 400, "invalid"),
    "a session that is not ours": ("GET", PATH + "&sid=x", {}, 400, "session_unknown"),
    "a message of a session that is not ours": ("POST", PATH + "&sid=x", {}, 400, "session_unknown"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_what_no_client_of_ours_asks_gets_a_problem_document(poller: Poller, what: str) -> None:
    method, path, headers, status, code = UNFIT[what]
    answered, said, body = poller.ask(method, path, **headers)
    assert (answered, said["content-type"]) == (status, "application/problem+json")
    assert json.loads(body)["code"] == code


def test_a_foreign_page_gets_no_socket_and_keeps_no_place(realtime: Realtime) -> None:
    with _ws(realtime.port, origin=Origin("https://evil.example")) as socket:
        assert _close_code(socket) == 4403


@pytest.mark.parametrize("query", ["EIO=3&transport=websocket", "EIO=4&transport=websocket&sid=x", "EIO=4", "j=1"])
def test_a_socket_that_no_client_of_ours_opens_is_closed(realtime: Realtime, query: str) -> None:
    with _ws(realtime.port, query) as socket:
        assert _close_code(socket) == 1008


MALFORMED = ["", "x", '42["connect",{},{}]', '451-["watch"]', "bAAAA", "40/admin,", "\x1e", b"\xff\xfe", "3\x1e" * 20]


@pytest.mark.parametrize("body", MALFORMED)
def test_a_malformed_message_ends_the_session_and_is_no_fault_of_ours(
    poller: Poller, caplog: pytest.LogCaptureFixture, body: str | bytes
) -> None:
    poller.open()
    assert poller.post(body) in (400, 429)
    until(lambda: poller.ask("GET", poller.path)[0] == 400, "the session has ended")
    assert not [row for row in caplog.records if row.levelno >= logging.ERROR]


@pytest.mark.parametrize("message", ["x", '42["connect",{},{}]', '451-["watch"]', b"\x00\x01"])
def test_a_malformed_message_ends_the_socket(realtime: Realtime, message: str | bytes) -> None:
    with _ws(realtime.port) as socket:
        socket.send(message)
        assert _close_code(socket) == 1008


def test_a_message_that_is_too_large_is_refused_before_it_is_read(poller: Poller, realtime: Realtime) -> None:
    poller.open()
    line = poller.begin_post(MAX_BYTES + 1)
    assert status_of(line) == 413
    line.close()
    assert poller.ask("POST", poller.path, iter([b"4" * MAX_BYTES, b"4"]))[0] == 413
    with _ws(realtime.port) as socket:
        socket.send("4" * (MAX_BYTES + 1))
        assert _close_code(socket) == 4429


def test_too_many_messages_in_a_second_end_it(realtime: Realtime, poller: Poller) -> None:
    with _ws(realtime.port) as socket:
        # It may be closed before all of them are sent.
        with suppress(ConnectionClosed):
            for _ in range(3 * MAX_PER_SECOND):
                socket.send("3")
        assert _close_code(socket) == 4429
    poller.open()
    statuses = [poller.post("\x1e".join(["3"] * 16)) for _ in range(6)]
    assert 429 in statuses


def test_who_does_not_say_who_they_are_is_let_go_of(
    realtime: Realtime, poller: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.CONNECT_SECONDS == 10
    monkeypatch.setattr(server, "CONNECT_SECONDS", 0.2)
    with _ws(realtime.port) as socket:
        assert _close_code(socket) == 4408
    poller.open()
    until(lambda: poller.ask("GET", poller.path)[0] == 400, "the poller is let go of")


def test_one_connection_has_one_try(realtime: Realtime) -> None:
    with _ws(realtime.port) as socket:
        socket.send('40{"ticket":"made-up"}')
        assert "not_signed_in" in "".join(socket.recv(timeout=60) for _ in range(2))
        socket.send('40{"ticket":"made-up"}')
        assert _close_code(socket) == 1008


@pytest.mark.parametrize(
    "auth", ["[]", '{"last_sequence":-1}', '{"last_sequence":true}', '{"ticket":1}', '{"epoch":2}']
)
def test_what_no_client_of_ours_says_of_itself_is_refused_and_no_fault_of_ours(
    realtime: Realtime, caplog: pytest.LogCaptureFixture, auth: str
) -> None:
    with _ws(realtime.port) as socket:
        socket.recv(timeout=60)
        socket.send("40" + auth)
        assert _close_code(socket) == 1008
    assert not [row for row in caplog.records if row.levelno >= logging.ERROR]


def test_a_ticket_opens_one_and_a_foreign_page_does_not_use_it_up(poller: Poller) -> None:
    ticket = services.issue_socket_ticket(principal=signed_in(make_account("patient")))
    assert poller.ask("GET", Origin="https://evil.example")[0] == 403
    assert SocketTicket.objects.get().used_at is None
    assert poller.connect(ticket=ticket).startswith("40{")
    assert poller.connect(ticket=ticket).startswith("44{")


def test_a_sequence_that_there_is_not_is_answered_by_a_reset(poller: Poller) -> None:
    who = signed_in(make_account("patient"))
    write_notices(who.require_user_id(), 2)
    poller.open()
    assert poller.post("40" + json.dumps({"token": encode_access(who)[0], "last_sequence": 4711})) == 200
    told = _events(poller, 2)
    assert told == [["epoch", str(who.user_id)], ["reset", {"last_sequence": 2}]]
    write_notices(who.require_user_id(), 1)
    assert _events(poller, 1)[0][1]["sequence"] == 3


def _events(poller: Poller, count: int) -> list[Any]:
    found: list[Any] = []
    while len(found) < count:
        found += [json.loads(one[2:]) for one in poller.poll() if one.startswith("42")]
    return found


def test_one_poll_and_one_message_of_a_client_at_a_time(poller: Poller) -> None:
    poller.connect(token=encode_access(signed_in(make_account("patient")))[0])
    poller.settle()
    with poller.begin_poll() as first, poller.begin_poll() as second:
        assert 400 in {status_of(first), status_of(second)}
    until(lambda: poller.ask("GET", poller.path)[0] == 400, "the session has ended")
    poller.open()
    slow = poller.begin_post(1000)
    until(lambda: counts.of("127.0.0.1/32").get(Counted.BODY), "the body is awaited")
    assert poller.post("3") == 400
    slow.close()


def test_a_poll_that_waits_is_answered_when_its_client_leaves(poller: Poller) -> None:
    poller.connect(token=encode_access(signed_in(make_account("patient")))[0])
    poller.settle()
    with poller.begin_poll() as waiting:
        assert poller.post("1") == 200
        assert status_of(waiting) == 200


def test_a_network_has_so_many_sockets_that_have_not_said_who_they_are(
    realtime: Realtime, most: dict[Counted, int]
) -> None:
    most[Counted.UNPROVEN] = 3
    pollers = [Poller(realtime.port, "127.0.3.1") for _ in range(4)]
    for one in pollers[:3]:
        one.open()
    status, headers, body = pollers[3].ask("GET")
    assert (status, headers["retry-after"], json.loads(body)["code"]) == (429, "5", "too_many_sockets")
    with _ws(realtime.port, source_address=("127.0.3.1", 0)) as socket:
        assert _close_code(socket) == 4429
    # Another network is none the worse, and who has said who they are makes room.
    Poller(realtime.port, "127.0.3.2").open()
    assert pollers[0].post("40" + json.dumps({"token": encode_access(signed_in(make_account("patient")))[0]})) == 200
    pollers[3].open()
    for one in pollers:
        one.post("1")


def test_a_network_has_so_many_sockets_on_both_addresses_together(realtime: Realtime, most: dict[Counted, int]) -> None:
    who = signed_in(make_account("patient"))
    most[Counted.SOCKET] = counts.of("127.0.0.1/32").get(Counted.SOCKET, 0) + 2
    with realtime.signed_in(who) as first, realtime.signed_in(who):
        first.hello()
        with realtime.signed_in(who) as third:
            assert third.closed_with() == 4429
        assert Poller(realtime.port).ask("GET")[0] == 429
    until(lambda: Poller(realtime.port).ask("GET")[0] == 200, "those that are gone make room")


def test_a_network_has_so_many_bodies_on_their_way(realtime: Realtime, most: dict[Counted, int]) -> None:
    most[Counted.BODY] = 3
    pollers = [Poller(realtime.port, "127.0.3.3") for _ in range(4)]
    for one in pollers:
        one.open()
    slow = [one.begin_post(1000) for one in pollers[:3]]
    until(lambda: counts.of("127.0.3.3/32").get(Counted.BODY) == 3, "three are on their way")
    assert pollers[3].post("3") == 429
    for line in slow:
        line.close()
    until(lambda: Counted.BODY not in counts.of("127.0.3.3/32"), "they are gone")
    assert pollers[3].post("3") == 200
    for one in pollers:
        one.post("1")


def test_a_body_that_does_not_come_is_not_awaited(poller: Poller, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bodies.BODY_SECONDS == 10
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.1)
    poller.open()
    line = poller.begin_post(1000)
    assert status_of(line) == 408
    line.close()


def test_a_client_that_takes_nothing_holds_little_here(realtime: Realtime) -> None:
    """Two thousand notices wait for a poller who does not poll: in the database, and not in memory."""
    who = signed_in(make_account("patient"))
    write_notices(who.require_user_id(), 2_000, at_a_time=2_000)
    poller = Poller(realtime.port)
    poller.connect(token=encode_access(who)[0])
    assert gate._server is not None
    waiting = gate._server._engine.sockets[poller.sid].queue
    until(lambda: waiting.qsize() >= server.MAX_POLLED, "a first part waits")
    seen: list[int] = []
    while len(seen) < 200:
        assert waiting.qsize() <= server.MAX_POLLED + 1
        packets = poller.poll()
        assert len(packets) <= 16
        seen += [json.loads(one[2:])[1]["sequence"] for one in packets if one.startswith('42["notice"')]
    assert seen[:200] == list(range(1, 201))
    poller.post("1")


def test_websocket_alone_where_polls_cannot_meet_their_process(realtime: Realtime, settings: Any) -> None:
    settings.SOCKETIO_TRANSPORTS = ["websocket"]
    assert Poller(realtime.port).ask("GET")[0] == 400
    with _ws(realtime.port) as socket:
        assert socket.recv(timeout=60).startswith("0{")


def test_of_a_network_that_has_gone_nothing_is_kept() -> None:
    mine = NetworkCounts()
    assert mine.begin(Counted.BODY, "n")
    mine.end(Counted.BODY, "n")
    assert not mine._counts


def test_no_line_of_the_log_holds_what_a_client_said(realtime: Realtime, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    poller = Poller(realtime.port)
    for auth in ({"ticket": "canary-ticket"}, {"token": "canary-token"}):
        poller.connect(**auth)
        poller.post('42["watch",{"case_id":"canary-case"}]')
        poller.post("canary-rubbish")
    poller.ask("GET", f"{PATH}&sid=canary-sid")
    assert "canary" not in caplog.text
