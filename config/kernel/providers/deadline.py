"""A deadline by the clock on the wall: a server that drips bytes keeps a socket's own time-out from ever firing."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class DeadlinePassed(TimeoutError):
    """The call did not end in time; its answer, should it come, is dropped."""


def within(seconds: float, call: Callable[[], T], *, name: str) -> T:
    """Run ``call`` in a thread of its own and wait at most ``seconds``; its error is raised here."""
    outcome: queue.SimpleQueue[tuple[bool, T | BaseException]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((True, call()))
        except BaseException as error:  # handed to the one who waits, whatever it is
            outcome.put((False, error))

    threading.Thread(target=run, name=name, daemon=True).start()
    try:
        good, result = outcome.get(timeout=seconds)
    except queue.Empty:
        raise DeadlinePassed(f"{name} did not answer within {seconds:g} s") from None
    if good:
        return result  # type: ignore[return-value]  # good outcomes hold the call's result
    raise result  # type: ignore[misc]  # bad outcomes hold an error
