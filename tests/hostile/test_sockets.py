"""Live sockets on a real server: who has no confirmed account, or none any more, gets none and keeps none."""

from __future__ import annotations

import json

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from identity import services as identity
from identity.models import User
from notifications import services
from tests.factories import make_account, principal_for
from tests.notifications.realtime import Realtime

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = 4401


def close_code(url: str, ticket: str) -> int:
    protocols = [Subprotocol("sop.v1"), Subprotocol(f"sop.ticket.{ticket}")]
    with connect(url, subprotocols=protocols) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.send(json.dumps({"type": "hello", "last_sequence": 0}))
        while True:
            socket.recv(timeout=20)
    return closed.value.rcvd.code if closed.value.rcvd else 0


def test_a_ticket_of_an_account_that_nobody_confirmed_opens_nothing(realtime: Realtime) -> None:
    account = make_account("patient")
    session = identity.open_session(user_id=account.id).session_id
    ticket = services.issue_socket_ticket(principal=principal_for(account, session_id=session))
    User.objects.filter(id=account.id).update(email_verified_at=None)
    assert close_code(f"ws://127.0.0.1:{realtime.port}/ws/notifications", ticket) == REFUSED


@pytest.mark.parametrize("ticket", ["made-up", "a" * 4000, "%00", "null"])
def test_a_ticket_that_is_not_ours_opens_nothing(realtime: Realtime, ticket: str) -> None:
    assert close_code(f"ws://127.0.0.1:{realtime.port}/ws/notifications", ticket) == REFUSED


HANDSHAKES = {
    "an account that nobody confirmed": "unconfirmed",
    "a ticket that is not ours": '40{"ticket":"made-up"}',
    "a long ticket": '40{"ticket":"' + "a" * 4000 + '"}',
    "a NUL": '40{"ticket":"\\u0000"}',
    "a token that is not ours": '40{"token":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."}',
    "a ticket of no text": '40{"ticket":["x"]}',
    "nothing": "40",
    "an event that opens a connection": '42["connect",{"asgi.scope":{"sop.engine_session":{}}},{"token":"x"}]',
    "another namespace": '40/admin,{"token":"x"}',
    "a million parts": '451000000-["watch"]',
}


@pytest.mark.parametrize("what", HANDSHAKES)
def test_socketio_opens_to_none_of_them(realtime: Realtime, what: str) -> None:
    said = HANDSHAKES[what]
    if said == "unconfirmed":
        account = make_account("patient")
        session = identity.open_session(user_id=account.id).session_id
        ticket = services.issue_socket_ticket(principal=principal_for(account, session_id=session))
        User.objects.filter(id=account.id).update(email_verified_at=None)
        said = f'40{{"ticket":"{ticket}"}}'
    heard = []
    with (
        connect(f"ws://127.0.0.1:{realtime.port}/socket.io/?EIO=4&transport=websocket") as socket,
        pytest.raises(ConnectionClosed),
    ):
        socket.send(said)
        while True:
            heard.append(str(socket.recv(timeout=60)))
    assert not [packet for packet in heard if packet.startswith(("40{", "42"))]


def test_with_nothing_said_of_oneself_no_event_is_answered(realtime: Realtime) -> None:
    heard = []
    with (
        connect(f"ws://127.0.0.1:{realtime.port}/socket.io/?EIO=4&transport=websocket") as socket,
        pytest.raises(ConnectionClosed),
    ):
        socket.send('420["watch",{"case_id":"01a207c1-f45e-7b90-b52e-58235da14958"}]')
        socket.send('40{"ticket":"made-up"}')
        while True:
            heard.append(str(socket.recv(timeout=60)))
    assert not [packet for packet in heard if packet.startswith(("40{", "42", "430"))]
