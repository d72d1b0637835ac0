"""Who is in the talk of a case: seen by the others there, in every process, for as long as it is said."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from config.kernel.auth import Principal
from notifications.realtime.connections import Connection
from notifications.realtime.presence import AGAIN_SECONDS, BELIEVED_SECONDS, TYPING_SECONDS, Presence


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Processes:
    """Two of them, and the messages between."""

    def __init__(self) -> None:
        self.clock, self.said, self.cut = Clock(), [], False
        self.a = Presence(self._from(lambda: self.b), clock=self.clock)
        self.b = Presence(self._from(lambda: self.a), clock=self.clock)

    def _from(self, other: Callable[[], Presence]) -> Callable[[str], None]:
        def tell(message: str) -> None:
            self.said.append(message)
            if not self.cut:
                other().hear(message)

        return tell


@pytest.fixture
def both() -> Processes:
    return Processes()


def _joined(presence: Presence, case_id: UUID, side: str, user_id: UUID | None = None) -> Connection:
    connection = Connection(user_id or uuid4(), uuid4())
    presence.join(connection, case_id, Principal(user_id=connection.user_id), side)
    return connection


def _knows(connection: Connection, case_id: UUID) -> tuple[list[str], list[str]]:
    told = connection.news["presence", str(case_id)]
    return told["present"], told["typing"]


def test_each_sees_the_other_whichever_process_has_them_and_nobody_sees_themselves(both: Processes) -> None:
    case, elsewhere = uuid4(), uuid4()
    patient = _joined(both.a, case, "PATIENT")
    assert _knows(patient, case) == ([], [])
    specialist = _joined(both.b, case, "SPECIALIST")
    other = _joined(both.b, elsewhere, "PATIENT")
    assert _knows(patient, case) == (["specialist"], [])
    assert _knows(specialist, case) == (["patient"], [])
    assert _knows(other, elsewhere) == ([], [])
    _joined(both.b, case, "PATIENT", patient.user_id)
    assert _knows(patient, case) == (["specialist"], [])


def test_typing_is_seen_for_a_moment(both: Processes) -> None:
    case = uuid4()
    patient, specialist = _joined(both.a, case, "PATIENT"), _joined(both.b, case, "SPECIALIST")
    assert both.a.types(patient, case)
    assert _knows(specialist, case) == (["patient"], ["patient"])
    both.clock.now += TYPING_SECONDS + 1
    both.a.pass_time()
    both.b.pass_time()
    assert _knows(specialist, case) == (["patient"], [])


def test_who_leaves_or_is_cut_off_is_seen_no_longer(both: Processes) -> None:
    case = uuid4()
    patient, specialist = _joined(both.a, case, "PATIENT"), _joined(both.b, case, "SPECIALIST")
    both.a.leave_all(patient)
    assert _knows(specialist, case) == ([], [])
    _joined(both.a, case, "PATIENT")
    assert _knows(specialist, case) == (["patient"], [])
    both.cut = True
    both.clock.now += BELIEVED_SECONDS + 1
    both.b.pass_time()
    assert _knows(specialist, case) == ([], [])


def test_who_stays_is_said_again_before_they_are_forgotten(both: Processes) -> None:
    case = uuid4()
    _joined(both.a, case, "PATIENT")
    specialist = _joined(both.b, case, "SPECIALIST")
    for _ in range(12):
        both.clock.now += AGAIN_SECONDS / 2
        both.a.pass_time()
        both.b.pass_time()
        assert _knows(specialist, case) == (["patient"], [])


def test_nobody_types_in_a_talk_that_they_are_not_in(both: Processes) -> None:
    stranger, case = Connection(uuid4(), uuid4()), uuid4()
    _joined(both.a, case, "PATIENT")
    assert not both.a.types(stranger, case)


def test_what_is_told_between_processes_names_nobody_and_nothing_is_kept_when_all_have_left(both: Processes) -> None:
    case = uuid4()
    patient, specialist = _joined(both.a, case, "PATIENT"), _joined(both.b, case, "SPECIALIST")
    both.a.types(patient, case)
    both.a.leave_all(patient)
    both.b.leave_all(specialist)
    for presence in (both.a, both.b):
        assert not presence._members
        assert not presence._seen
    keys = {"what", "case_id", "name", "user_id", "side"}
    import json

    assert all(set(json.loads(message)) == keys for message in both.said)


@pytest.mark.parametrize("message", ["", "[]", "{}", "null", '{"what":1,"name":"x","case_id":"no","user_id":"u"}'])
def test_rubbish_between_processes_is_said_to_be_so(both: Processes, message: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        both.a.hear(message)
