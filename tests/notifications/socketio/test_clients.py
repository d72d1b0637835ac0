"""Socket.IO's official client and a Python one, over each transport, on a line that breaks."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import Any
from uuid import UUID

import engineio
import pytest
import socketio
from django.db import connections
from socketio.exceptions import ConnectionError

from config.kernel.auth.tokens import encode_access
from config.kernel.progress import tell_progress
from identity import services as identity
from tests.factories import make_account
from tests.notifications.realtime import Realtime
from tests.notifications.socketio.cutting_proxy import CuttingProxy
from tests.notifications.socketio.official import new_ticket, official, tickets_of, write_notices
from tests.notifications.support import signed_in
from tests.platform.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
TRANSPORTS = {"polling": ["polling"], "upgrade": ["polling", "websocket"], "websocket": ["websocket"]}
# `make check W=sockets`: 2,000 notices and 20 cuts; here a sample of both.
NOTICES, CUTS = int(os.environ.get("SOP_SOCKET_NOTICES", "200")), int(os.environ.get("SOP_SOCKET_CUTS", "4"))
BYTES_BETWEEN_CUTS = 200 * NOTICES // (CUTS + 1)


class _Line(engineio.Client):
    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        """The library would give each message to a thread of its own, and they run in any order."""
        return super()._trigger_event(event, *args, **options | {"run_async": False})


class InOrder(socketio.Client):
    """The Python client; it says what has come in the order in which it came."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _Line


def _token(who: Any) -> str:
    return encode_access(who)[0]


@pytest.mark.parametrize("transports", TRANSPORTS.values(), ids=TRANSPORTS)
def test_the_official_client_is_told_what_it_missed_and_what_comes(realtime: Realtime, transports: list[str]) -> None:
    who = signed_in(make_account("patient"))
    me = who.require_user_id()
    write_notices(me, 3)
    url = f"http://127.0.0.1:{realtime.port}"
    with (
        tickets_of(who) as tickets,
        official(url, transports=transports, tickets=tickets, last=1, until=5) as client,
    ):
        assert client.until("epoch")["epoch"] == str(me)
        if len(transports) > 1:
            assert client.until("upgraded") == {"upgraded": "websocket"}
        write_notices(me, 2)
        end = client.until("end")
    assert (end["seen"], end["connects"]) == ([2, 3, 4, 5], 1)
    assert end["transport"] == transports[-1]


def test_it_is_told_how_far_a_job_is(realtime: Realtime) -> None:
    who = signed_in(make_account("patient"))
    about: dict[str, str | int] = {"document_id": "d", "step": "drawing", "done": 2, "total": 9}
    with official(f"http://127.0.0.1:{realtime.port}", token=_token(who)) as client:
        client.until("epoch")
        heard = threading.Event()

        def tell() -> None:
            while not heard.wait(0.05):
                tell_progress(user_ids={who.require_user_id()}, about=about)

        teller = threading.Thread(target=tell)
        teller.start()
        try:
            assert client.until("progress") == {"progress": about}
        finally:
            heard.set()
            teller.join()


@pytest.mark.parametrize("transports", TRANSPORTS.values(), ids=TRANSPORTS)
def test_a_session_that_ends_ends_the_socket_and_says_so(realtime: Realtime, transports: list[str]) -> None:
    who = signed_in(make_account("patient"))
    with official(f"http://127.0.0.1:{realtime.port}", transports=transports, token=_token(who)) as client:
        client.until("epoch")
        identity.end_all_sessions(user_id=who.require_user_id(), reason="logout")
        assert client.until("closed") == {"closed": 4401}
        assert client.until("disconnected") == {"disconnected": "io server disconnect"}


@pytest.mark.parametrize("given", [{"ticket": "made-up"}, {"token": "made-up"}, {"token": ""}, {"ticket": ""}])
def test_who_is_not_signed_in_is_refused_with_the_code(realtime: Realtime, given: dict[str, str]) -> None:
    with official(f"http://127.0.0.1:{realtime.port}", **given) as client:
        assert client.until("refused_with")["refused_with"] == 4401


def test_the_sequence_of_another_user_is_not_gone_on_with(realtime: Realtime) -> None:
    who = signed_in(make_account("patient"))
    write_notices(who.require_user_id(), 2)
    given = {"token": _token(who), "last": 900, "epoch": "somebody", "until": 2}
    with official(f"http://127.0.0.1:{realtime.port}", **given) as client:
        assert client.until("end")["seen"] == [1, 2]


@pytest.mark.parametrize("transports", TRANSPORTS.values(), ids=TRANSPORTS)
def test_on_a_line_that_breaks_the_official_client_sees_every_notice_once_and_in_order(
    realtime: Realtime, transports: list[str]
) -> None:
    who = signed_in(make_account("patient"))
    proxy = CuttingProxy(realtime.port, cuts=CUTS, every=BYTES_BETWEEN_CUTS, seed=len(transports) + len(transports[0]))
    with proxy.running() as port, tickets_of(who) as tickets:
        given = {"transports": transports, "tickets": tickets, "until": NOTICES}
        with official(f"http://127.0.0.1:{port}", **given) as client:
            client.until("epoch")
            write_notices(who.require_user_id(), NOTICES)
            end = client.until("end")
    assert end["seen"] == list(range(1, NOTICES + 1))
    assert proxy.done == CUTS
    assert end["connects"] >= CUTS


@pytest.mark.parametrize("transports", TRANSPORTS.values(), ids=TRANSPORTS)
def test_on_a_line_that_breaks_a_python_client_sees_every_notice_once_and_in_order(
    realtime: Realtime, transports: list[str]
) -> None:
    who = signed_in(make_account("patient"))
    seen: list[int] = []
    proxy = CuttingProxy(realtime.port, cuts=CUTS, every=BYTES_BETWEEN_CUTS, seed=7 + len(transports[0]))
    writer = threading.Thread(target=_written, args=(who.require_user_id(),))
    with proxy.running() as port:
        writer.start()
        while len(seen) < NOTICES:
            # The library's own way back gives up in places where a line breaks while it connects.
            client = InOrder(reconnection=False)
            client.on("notice", lambda notice: seen.append(notice["sequence"]))
            auth = {"ticket": new_ticket(who), "last_sequence": seen[-1] if seen else 0}
            with suppress(ConnectionError, OSError):
                client.connect(f"http://127.0.0.1:{port}", transports=transports, auth=auth, wait_timeout=60)
                until(lambda client=client: len(seen) >= NOTICES or not _reads(client), "news or the end", 600)
            client.shutdown()
        writer.join()
    assert seen == list(range(1, NOTICES + 1))
    assert proxy.done == CUTS


def _reads(client: socketio.Client) -> bool:
    """A thread that a cut answer has killed leaves the library connected for ever."""
    task = client.eio.read_loop_task
    return client.connected and task is not None and task.is_alive()


def _written(user_id: UUID) -> None:
    try:
        write_notices(user_id, NOTICES)
    finally:
        connections.close_all()
