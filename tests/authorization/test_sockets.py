"""Row N6 of the matrix on both sockets: who may be in the talk of a case, and when that ends.

N6 | presence, typing and progress of {C} | AN 1, PO Y, OP 4, DE D, PU 4, PA Y, PR 3, SS 3, SA 3, SV 3: 1 is a socket
that is closed with 4401, 4 and 3 are a refused subscription.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from websockets.sync.client import connect

from cases.models import AuditEntry, Case
from config.kernel.auth import Principal
from config.kernel.auth.tokens import encode_access
from identity import services as identity
from tests.authorization.world import World, service_client
from tests.cases.support import by
from tests.client import ApiClient
from tests.factories import make_patient, make_person
from tests.notifications.realtime import Realtime
from tests.trust.test_proxies import name

pytestmark = pytest.mark.django_db(transaction=True)
CELLS = {"PO": 200, "OP": 404, "PU": 404, "PA": 200, "PR": 403, "SS": 403, "SA": 403}
STAFF = ("nurse", "medical_director", "privacy_officer", "support")


class Watcher:
    """Somebody's socket; both kinds understand the same."""

    def __init__(self, say: Callable[[str, dict[str, Any]], None], hear: Callable[[], tuple[str, Any]]) -> None:
        self.say, self.hear = say, hear

    def ask(self, event: str, case_id: object) -> int:
        """The status that a request is answered with."""
        self.say(event, {"case_id": str(case_id)})
        return int(self.until(event)["status"])

    def until(self, kind: str, **expected: Any) -> Any:
        """The next of this kind that says so."""
        while True:
            heard, about = self.hear()
            if heard == kind and expected.items() <= about.items():
                return about


@contextmanager
def _plain(server: Realtime, who: Principal) -> Iterator[Watcher]:
    with server.signed_in(who) as socket:
        socket.hello()

        def hear() -> tuple[str, Any]:
            message = socket.hear()
            return message["type"], message.get(message["type"])

        yield Watcher(lambda event, about: socket.say({"type": event, **about}), hear)


@contextmanager
def _socketio(server: Realtime, who: Principal) -> Iterator[Watcher]:
    asked: list[str] = []
    with connect(f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket") as line:
        line.send("40" + json.dumps({"token": encode_access(who)[0]}))

        def say(event: str, about: dict[str, Any]) -> None:
            line.send(f"42{len(asked)}" + json.dumps([event, about]))
            asked.append(event)

        def hear() -> tuple[str, Any]:
            packet = str(line.recv(timeout=100))
            if packet.startswith("43"):
                number, _, rest = packet[2:].partition("[")
                return asked[int(number)], json.loads("[" + rest)[0]
            if packet.startswith("42"):
                event, about = json.loads(packet[2:])
                return event, about if isinstance(about, dict) else {}
            return "", {}

        yield Watcher(say, hear)


SOCKETS = {"/ws": _plain, "/socket.io": _socketio}


@pytest.fixture(params=SOCKETS)
def opened(request: pytest.FixtureRequest, realtime: Realtime) -> Callable[[Principal], Any]:
    return lambda who: SOCKETS[request.param](realtime, who)


def _signed_in(who: Principal) -> Principal:
    session = identity.open_session(user_id=who.require_user_id(), device="test").session_id
    return replace(who, session_id=session)


def test_every_cell_of_the_row(opened: Callable[[Principal], Any]) -> None:
    world, found = World(), {}
    case_id = world.id_c
    for role in CELLS:
        who = world.person(role)
        assert who
        with opened(who) as socket:
            found[role] = socket.ask("watch", case_id)
            if role not in ("PO", "PA"):
                assert socket.ask("typing", case_id) == 404
    assert found == CELLS
    for role in STAFF:
        with opened(_signed_in(make_person(role))) as socket:
            assert socket.ask("watch", case_id) == 403, role
    denied = AuditEntry.objects.filter(action="talk.join", outcome="denied").count()
    assert denied == len(CELLS) - 2 + len(STAFF)
    assert AuditEntry.objects.filter(action="talk.join", outcome="success", object_id=case_id).count() == 2


def test_nobody_and_programs_get_no_socket(realtime: Realtime) -> None:
    with realtime.open("sop.v1") as socket:
        assert socket.closed_with() == 4401
    with connect(f"ws://127.0.0.1:{realtime.port}/socket.io/?EIO=4&transport=websocket") as line:
        line.send("40")
        assert '"code":4401' in "".join(str(line.recv(timeout=100)) for _ in range(2)).replace(" ", "")
    assert ApiClient().post("/realtime/ticket").status_code == 401
    assert service_client().post("/realtime/ticket").status_code == 403


def test_a_case_that_does_not_exist_is_refused_as_a_foreign_one(opened: Callable[[Principal], Any]) -> None:
    with opened(_signed_in(World().owner)) as socket:
        assert socket.ask("watch", uuid4()) == 404
        assert socket.ask("watch", "no case") == 422
        assert socket.ask("unwatch", uuid4()) == 200


def test_both_sides_see_each_other_and_that_the_other_types(opened: Callable[[Principal], Any]) -> None:
    world = World()
    case_id = world.id_c
    with opened(_signed_in(world.owner)) as patient, opened(_signed_in(world.author)) as specialist:
        assert patient.ask("watch", case_id) == 200
        assert specialist.ask("watch", case_id) == 200
        patient.until("presence", case_id=str(case_id), present=["specialist"], typing=[])
        assert specialist.ask("typing", case_id) == 200
        patient.until("presence", present=["specialist"], typing=["specialist"])
        assert specialist.ask("unwatch", case_id) == 200
        patient.until("presence", present=[], typing=[])


def test_a_specialist_who_lost_the_case_is_out_of_its_talk(opened: Callable[[Principal], Any]) -> None:
    world = World()
    case_id = world.id_c
    with opened(_signed_in(world.owner)) as patient, opened(_signed_in(world.author)) as specialist:
        patient.ask("watch", case_id)
        specialist.ask("watch", case_id)
        patient.until("presence", present=["specialist"])
        Case.objects.filter(id=case_id).update(assigned_user_id=None)
        specialist.until("refused", case_id=str(case_id), status=404)
        patient.until("presence", present=[])
        assert specialist.ask("typing", case_id) == 404


def test_a_delegate_is_there_by_the_scope_for_messages_and_until_it_ends(opened: Callable[[Principal], Any]) -> None:
    world = World()
    case_id: UUID = world.id_c
    reader, writer = make_patient(), make_patient()
    name(world.owner, reader, "read")
    grant = name(world.owner, writer, "read", "message")
    with opened(_signed_in(reader)) as socket:
        assert socket.ask("watch", case_id) == 404
    with opened(_signed_in(writer)) as socket:
        assert socket.ask("watch", case_id) == 200
        with by(world.owner):
            identity.revoke_proxy(principal=world.owner, proxy_id=grant)
        socket.until("refused", case_id=str(case_id), status=404)
