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
from tests.notifications.conftest import realtime  # noqa: F401  the fixture
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


def test_a_ticket_of_an_account_that_nobody_confirmed_opens_nothing(realtime: Realtime) -> None:  # noqa: F811
    account = make_account("patient")
    session = identity.open_session(user_id=account.id).session_id
    ticket = services.issue_socket_ticket(principal=principal_for(account, session_id=session))
    User.objects.filter(id=account.id).update(email_verified_at=None)
    assert close_code(f"ws://127.0.0.1:{realtime.port}/ws/notifications", ticket) == REFUSED


@pytest.mark.parametrize("ticket", ["made-up", "a" * 4000, "%00", "null"])
def test_a_ticket_that_is_not_ours_opens_nothing(realtime: Realtime, ticket: str) -> None:  # noqa: F811
    assert close_code(f"ws://127.0.0.1:{realtime.port}/ws/notifications", ticket) == REFUSED
