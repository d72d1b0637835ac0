"""The live socket on a real ASGI server: who gets in, what is replayed, when it is closed."""

import json
import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from config.kernel import channel_groups, clock
from config.kernel.auth import Principal
from config.kernel.progress import GROUP as PROGRESS
from config.kernel.progress import tell_progress
from identity import services as identity
from notifications import services
from notifications.models import SocketTicket
from notifications.realtime import session_checks
from notifications.realtime.connections import MAX_JOBS, Connection
from tests.client import ApiClient
from tests.factories import make_person
from tests.notifications.realtime import Realtime

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(realtime: Realtime) -> str:
    """The socket's address."""
    return f"ws://127.0.0.1:{realtime.port}/ws/notifications"


@pytest.fixture
def me() -> Principal:
    person = make_person("patient")
    session = identity.open_session(user_id=person.require_user_id(), device="test").session_id
    return Principal(user_id=person.user_id, roles=person.roles, session_id=session, email_verified=True)


def _open(url: str, ticket: str = "", **options: Any) -> Any:
    protocols = [Subprotocol("sop.v1")] + ([Subprotocol(f"sop.ticket.{ticket}")] if ticket else [])
    return connect(url, subprotocols=protocols, **options)


def _hello(socket: Any, last: int = 0) -> None:
    socket.send(json.dumps({"type": "hello", "last_sequence": last}))


def _next(socket: Any) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(socket.recv(timeout=100))
    return message


def _close_code(socket: Any) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=100)
    return closed.value.rcvd.code if closed.value.rcvd else 0


def _tell(me: Principal, key: str) -> None:
    services.notify(user_id=me.require_user_id(), kind="analysis_ready", event_key=key)


def test_missed_notices_are_replayed_and_new_ones_pushed(server: str, me: Principal) -> None:
    for key in "abc":
        _tell(me, key)
    with _open(server, services.issue_socket_ticket(principal=me)) as socket:
        assert socket.subprotocol == "sop.v1"
        _hello(socket, 1)
        assert [_next(socket)["notice"]["sequence"] for _ in range(2)] == [2, 3]
        _tell(me, "d")
        assert _next(socket)["notice"]["sequence"] == 4


def test_a_sequence_that_there_is_not_silences_nothing(server: str, me: Principal) -> None:
    for key in "ab":
        _tell(me, key)
    with _open(server, services.issue_socket_ticket(principal=me)) as socket:
        _hello(socket, 4711)
        assert _next(socket) == {"type": "reset", "reset": {"last_sequence": 2}}
        _tell(me, "c")
        assert _next(socket)["notice"]["sequence"] == 3
        # What there is, is no reason for it.
        _hello(socket, 3)
        _tell(me, "d")
        assert _next(socket)["notice"]["sequence"] == 4


def test_how_far_a_job_is_reaches_its_person_and_nobody_else(server: str, me: Principal) -> None:
    other = make_person("patient")
    about: dict[str, str | int] = {"document_id": "d", "step": "drawing", "done": 2, "total": 9}
    with _open(server, services.issue_socket_ticket(principal=me)) as socket:
        _hello(socket)
        # Whoever begins to listen a moment too late hears the next message: the row has what was missed.
        for _ in range(10_000):
            tell_progress(user_ids={other.require_user_id()}, about=about | {"done": 1})
            channel_groups.sender.send(PROGRESS, {"type": "progress", "users": ["nobody"]})
            tell_progress(user_ids={me.require_user_id()}, about=about)
            try:
                heard = json.loads(socket.recv(timeout=0.1))
                break
            except TimeoutError:
                continue
        assert heard == {"type": "progress", "progress": about}
        _tell(me, "a")
        while (message := _next(socket))["type"] == "progress":
            assert message["progress"]["done"] == 2
        assert message["notice"]["sequence"] == 1


def test_of_many_messages_on_one_job_a_slow_client_is_told_the_last() -> None:
    seat = Connection(uuid4(), uuid4())
    for done in range(1_000):
        seat.tell({"document_id": "one", "done": done})
    for number in range(1_000):
        seat.tell({"document_id": str(number)})
    assert seat.jobs["one"]["done"] == 999 and len(seat.jobs) == MAX_JOBS


def test_a_ticket_opens_one_socket(server: str, me: Principal) -> None:
    ticket = services.issue_socket_ticket(principal=me)
    with _open(server, ticket) as socket:
        _hello(socket)
    with _open(server, ticket) as again:
        assert _close_code(again) == 4401


def test_a_ticket_of_31_seconds_ago_opens_nothing(server: str, me: Principal) -> None:
    with clock.shifted(timedelta(seconds=-31)):
        ticket = services.issue_socket_ticket(principal=me)
    with _open(server, ticket) as socket:
        assert _close_code(socket) == 4401


@pytest.mark.parametrize("ticket", ["", "made-up"])
def test_without_a_ticket_nothing_is_told(server: str, ticket: str) -> None:
    with _open(server, ticket) as socket:
        assert _close_code(socket) == 4401


def test_a_foreign_page_is_turned_away_and_its_ticket_kept(server: str, me: Principal) -> None:
    ticket = services.issue_socket_ticket(principal=me)
    with _open(server, ticket, origin=Origin("https://evil.example")) as socket:
        assert _close_code(socket) == 4403
    assert SocketTicket.objects.get().used_at is None


@pytest.mark.parametrize("rubbish", ["no json", "[]", "{}", '{"type": "hello", "last_sequence": "all"}', "null"])
def test_rubbish_is_answered_and_the_socket_stays_open(server: str, me: Principal, rubbish: str) -> None:
    _tell(me, "a")
    with _open(server, services.issue_socket_ticket(principal=me)) as socket:
        socket.send(rubbish)
        assert _next(socket)["type"] == "error"
        _hello(socket)
        assert _next(socket)["notice"]["sequence"] == 1


@pytest.mark.parametrize("messages", [["x" * 70_000], ["{}"] * 60])
def test_too_large_or_too_much_is_closed(server: str, me: Principal, messages: list[str]) -> None:
    with _open(server, services.issue_socket_ticket(principal=me)) as socket:
        try:
            for message in messages:
                socket.send(message)
        except ConnectionClosed:
            pass
        assert _close_code(socket) == 4429


def test_ending_the_session_closes_the_socket_with_the_first_look_after_it(
    server: str, me: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look that the message asks for, or the regular one, less than a second later; both may run at once."""
    looks, ask = [], session_checks._ask

    def counted(connections: Collection[Connection]) -> Any:
        looks.extend(one for one in connections if one.user_id == me.user_id and not one.close_code)
        return ask(connections)

    with _open(server, services.issue_socket_ticket(principal=me)) as socket:
        _hello(socket)
        identity.end_all_sessions(user_id=me.require_user_id(), reason="logout")
        monkeypatch.setattr(session_checks, "_ask", counted)
        assert _close_code(socket) == 4401
    assert len(looks) <= 2


def test_a_ticket_is_given_to_signed_in_people_only(api: ApiClient, me: Principal) -> None:
    assert api.post("/realtime/ticket").status_code == 401
    answer = api.as_(me).post("/realtime/ticket")
    assert answer.status_code == 201
    assert answer.json()["ticket"].encode() not in bytes(SocketTicket.objects.get().token_hash)


@pytest.mark.parametrize("path", ["/ws", "/ws/", "/ws/anything", "/ws/notifications/", "/"])
def test_another_address_has_no_socket_and_that_is_no_fault_of_ours(
    realtime: Realtime, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{realtime.port}{path}"):
        pass
    assert refused.value.response.status_code == 404
    assert not [row for row in caplog.records if row.levelno >= logging.ERROR]
