"""Outgoing calls end in time, and a provider that is down is left alone."""

import threading
from collections.abc import Iterator

import pytest

from config.kernel.providers import CircuitOpen, DeadlinePassed, circuit, within
from config.kernel.providers.circuit import FAULTS, close_circuits


@pytest.fixture(autouse=True)
def _fresh_circuits() -> Iterator[None]:
    close_circuits()
    yield
    close_circuits()


def test_an_answer_in_time_is_given() -> None:
    assert within(5, lambda: 42, name="quick") == 42


def test_an_error_of_the_call_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0, name="failing")


def test_a_call_that_never_ends_is_given_up() -> None:
    forever = threading.Event()
    with pytest.raises(DeadlinePassed, match="dripping"):
        within(0.05, forever.wait, name="dripping")
    forever.set()


def _down() -> None:
    raise ConnectionError("down")


def test_after_five_faults_nobody_is_made_to_wait() -> None:
    calls: list[int] = []

    def counted() -> None:
        calls.append(1)
        _down()

    for _ in range(FAULTS):
        with pytest.raises(ConnectionError, match="down"):
            circuit("model", counted, counts=lambda error: True)
    with pytest.raises(CircuitOpen):
        circuit("model", counted, counts=lambda error: True)
    assert len(calls) == FAULTS


def test_errors_of_ours_do_not_open_the_circuit() -> None:
    for _ in range(2 * FAULTS):
        with pytest.raises(ConnectionError, match="down"):
            circuit("model", _down, counts=lambda error: False)


def test_a_success_between_faults_keeps_it_closed() -> None:
    for number in range(3 * FAULTS):
        if number % 3:
            with pytest.raises(ConnectionError, match="down"):
                circuit("model", _down, counts=lambda error: True)
        else:
            assert circuit("model", lambda: "fine", counts=lambda error: True) == "fine"


def test_one_providers_circuit_is_not_anothers() -> None:
    for _ in range(FAULTS):
        with pytest.raises(ConnectionError, match="down"):
            circuit("one", _down, counts=lambda error: True)
    assert circuit("other", lambda: "fine", counts=lambda error: True) == "fine"
