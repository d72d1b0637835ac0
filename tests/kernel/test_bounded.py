"""Work in a process that may die: bounded by processor time, and not by the clock of a busy machine."""

from __future__ import annotations

import os
import resource
import signal
import time

import pytest

from config.kernel import bounded_work
from config.kernel.bounded_work import OutOfBounds, in_child
from config.kernel.processor_time import Watchdog, processor_seconds


def endless() -> None:
    while True:
        pass


def asleep() -> str:
    time.sleep(1.2)
    return "done"


def test_the_answer_comes_back_whatever_its_size() -> None:
    assert in_child(5, lambda: {"text": "ä" * 3_000_000})["text"].count("ä") == 3_000_000


def test_an_exception_is_raised_as_it_was() -> None:
    with pytest.raises(KeyError, match="missing"):
        in_child(5, lambda: {}["missing"])


def test_endless_work_is_ended_by_its_processor_time() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(OutOfBounds):
        in_child(1, endless)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert 0.5 < after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3


def test_work_that_waits_longer_than_its_processor_time_is_finished() -> None:
    assert in_child(1, asleep) == "done"


def test_work_that_eats_memory_is_ended() -> None:
    with pytest.raises(OutOfBounds):
        in_child(5, lambda: bytearray(bounded_work.MEMORY_BYTES * 2))


def test_a_child_that_dies_is_no_answer() -> None:
    with pytest.raises(OutOfBounds):
        in_child(5, lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_a_process_that_uses_no_processor_time_is_stalled_and_one_that_does_is_not() -> None:
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    try:
        sleeping, patient = Watchdog(pid, patience=0.0), Watchdog(pid)
        assert not patient.stalled()
        while not sleeping.stalled():
            continue
        assert not patient.stalled()
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert processor_seconds(pid) == 0
    working = Watchdog(os.getpid(), patience=60)
    assert not working.stalled()
    working._since -= 61
    begun = processor_seconds(os.getpid())
    while processor_seconds(os.getpid()) < begun + 0.05:
        continue
    assert not working.stalled()
