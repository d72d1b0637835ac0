"""One statement for all sockets that were woken, one text for each notice, in order and without a gap."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from notifications.models import Notice
from notifications.realtime import notice_pump
from notifications.realtime.connections import Connection
from notifications.realtime.notice_pump import MAX_EACH, NoticePump
from tests.factories.notifications import NoticeFactory
from tests.notifications.socketio.official import write_notices

pytestmark = pytest.mark.django_db(transaction=True)
SOCKETS = 400


class Statements:
    """What the pump asks the database, and what happens meanwhile."""

    def __init__(self) -> None:
        self.counted: list[int] = []
        self.meanwhile: list[Callable[[], object]] = []

    def asked(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def asking(*arguments: Any) -> Any:
            with CaptureQueriesContext(connections["notifications"]) as captured:
                found = ask(*arguments)
            self.counted.append(len(captured))
            while self.meanwhile:
                self.meanwhile.pop()()
            return found

        return asking


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    found = Statements()
    monkeypatch.setattr(notice_pump, "_frames_after", found.asked(notice_pump._frames_after))
    return found


def _told(user_id: UUID, sequence: int = 0) -> Connection:
    connection = Connection(user_id, uuid4())
    connection.begin(sequence)
    return connection


def _run(pump: NoticePump, *woken: Connection) -> None:
    async def story() -> None:
        for connection in woken:
            pump.wake(connection)
        while pump._due or (pump._task and not pump._task.done()):
            await asyncio.sleep(0)
        await sync_to_async(connections.close_all)()

    asyncio.run(story())


def _sequences(connection: Connection) -> list[int]:
    return [frame.sequence for frame in connection.frames]


def test_four_hundred_sockets_of_one_user_cost_one_statement_and_share_one_text(statements: Statements) -> None:
    user = uuid4()
    write_notices(user, 2)
    sockets = [_told(user) for _ in range(SOCKETS)]
    _run(NoticePump(), *sockets)
    assert statements.counted == [1]
    assert {tuple(_sequences(one)) for one in sockets} == {(1, 2)}
    assert len({id(one.frames[0].message) for one in sockets}) == 1
    assert all(one.woken.is_set() for one in sockets)


def test_four_hundred_users_cost_one_statement_and_each_gets_their_own(statements: Statements) -> None:
    sockets = [_told(uuid4()) for _ in range(SOCKETS)]
    Notice.objects.bulk_create(
        NoticeFactory.build(user_id=one.user_id, sequence=1, kind="analysis_ready") for one in sockets
    )
    _run(NoticePump(), *sockets)
    assert statements.counted == [1]
    for one in sockets:
        notice = Notice.objects.get(user_id=one.user_id)
        assert f'"id":"{notice.id}"' in one.frames[0].message
        assert one.frames[0].event == '2["notice",' + one.frames[0].message.split('"notice":', 1)[1][:-1] + "]"


def test_whoever_is_woken_while_it_is_asked_shares_the_next_statement(statements: Statements) -> None:
    first, late = _told(uuid4()), [_told(uuid4()) for _ in range(SOCKETS)]
    for one in late[:3]:
        write_notices(one.user_id, 1)
    pump = NoticePump()
    statements.meanwhile.append(lambda: pump._due.update(late))
    _run(pump, first)
    assert statements.counted == [1, 1]
    assert [len(one.frames) for one in late[:4]] == [1, 1, 1, 0]


def test_a_long_replay_comes_in_pages_in_order_and_whole(statements: Statements) -> None:
    user, count = uuid4(), 2 * MAX_EACH + 50
    write_notices(user, count, at_a_time=count)
    pump, socket, seen = NoticePump(), _told(user), []
    while not seen or socket.behind:
        _run(pump, socket)
        seen += _sequences(socket)
        socket.frames.clear()
    assert seen == list(range(1, count + 1))
    assert statements.counted == [1, 1, 1]


def test_sockets_of_one_user_that_have_different_notices_get_what_each_lacks(statements: Statements) -> None:
    user = uuid4()
    write_notices(user, 5)
    sockets = [_told(user, last) for last in (0, 3, 4, 5)]
    _run(NoticePump(), *sockets)
    assert statements.counted == [1]
    assert [_sequences(one) for one in sockets] == [[1, 2, 3, 4, 5], [4, 5], [5], []]


def test_for_a_socket_that_is_slow_nothing_is_fetched_until_it_has_taken_what_it_was_brought(
    statements: Statements,
) -> None:
    user = uuid4()
    write_notices(user, 1)
    pump, socket = NoticePump(), _told(user)
    _run(pump, socket)
    write_notices(user, 1)
    _run(pump, socket)
    assert (statements.counted, _sequences(socket), socket.behind) == ([1], [1], True)


def test_a_client_that_says_anew_what_it_has_while_it_is_asked_is_not_sent_the_old_answer(
    statements: Statements,
) -> None:
    user = uuid4()
    write_notices(user, 4)
    pump, socket = NoticePump(), _told(user, 3)

    def anew() -> None:
        socket.begin(1)
        pump._due.add(socket)

    statements.meanwhile.append(anew)
    _run(pump, socket)
    assert _sequences(socket) == [2, 3, 4]


def test_a_database_that_fails_once_is_asked_again_at_the_next_wake(monkeypatch: pytest.MonkeyPatch) -> None:
    user, real, answers = uuid4(), notice_pump._frames_after, [DatabaseError("away")]

    def failing(*arguments: Any) -> Any:
        if answers:
            raise answers.pop()
        return real(*arguments)

    monkeypatch.setattr(notice_pump, "_frames_after", failing)
    write_notices(user, 1)
    pump, socket = NoticePump(), _told(user)
    _run(pump, socket)
    assert _sequences(socket) == []
    _run(pump, socket)
    assert _sequences(socket) == [1]


def test_who_has_not_said_what_they_have_or_must_end_is_not_asked_for(statements: Statements) -> None:
    silent, ended = Connection(uuid4(), uuid4()), _told(uuid4())
    ended.end(4401)
    _run(NoticePump(), silent, ended)
    assert statements.counted == []
