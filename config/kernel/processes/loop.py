"""A loop that ends on SIGTERM and survives its database being away."""

import signal
import threading
from types import FrameType

import structlog
from django.db import DatabaseError, close_old_connections, connections

log = structlog.get_logger(__name__)


class Loop:
    """Runs ``turn`` again and again, pausing as it says, until told to stop."""

    name = "loop"

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def run(self) -> None:
        """Loop until SIGTERM or SIGINT; a database that is away is waited for, not fatal."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        log.info("loop_started", loop=self.name)
        while not self.stopping.is_set():
            try:
                pause = self.turn()
            except DatabaseError as error:
                log.error("database_unavailable", loop=self.name, exc_info=error)
                connections.close_all()
                self.reset()
                pause = 1.0
            if pause:
                self.wait(pause)
            close_old_connections()
        log.info("loop_ended", loop=self.name)

    def turn(self) -> float:
        """One round of work; returns the seconds to wait before the next."""
        raise TypeError(f"{type(self).__name__} says nothing to do")

    def reset(self) -> None:
        """Forget what depended on a lost connection."""

    def wait(self, seconds: float) -> None:
        """Pause, but end at once when stopped."""
        self.stopping.wait(seconds)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()
