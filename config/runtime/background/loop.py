"""A loop that ends when told and survives its database being away."""

import threading

import psycopg
import structlog
from django.db import DatabaseError, close_old_connections, connections

log = structlog.get_logger(__name__)


class Loop:
    """Runs ``turn`` again and again, pausing as it says, until told to stop."""

    name = "loop"

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def run(self) -> None:
        """Loop until ``stopping``; a database that is away is waited for, not fatal."""
        log.info("loop_started", loop=self.name)
        try:
            self._turns()
        except Exception as error:  # whoever runs the loop sees that it ended, and begins it anew
            log.error("loop_failed", loop=self.name, exc_info=error)
            return
        finally:
            self.reset()
            connections.close_all()
        log.info("loop_ended", loop=self.name)

    def turn(self) -> float:
        """One round of work; returns the seconds to wait before the next."""
        raise TypeError(f"{type(self).__name__} says nothing to do")

    def reset(self) -> None:
        """Forget what depended on a lost connection."""

    def wait(self, seconds: float) -> None:
        """Pause, but end at once when stopped."""
        self.stopping.wait(seconds)

    def _turns(self) -> None:
        while not self.stopping.is_set():
            try:
                pause = self.turn()
            except (DatabaseError, psycopg.Error) as error:
                log.error("database_unavailable", loop=self.name, exc_info=error)
                connections.close_all()
                self.reset()
                pause = 1.0
            if pause:
                self.wait(pause)
            close_old_connections()
