"""A silent database is met once: from then on a process refuses at once what would only wait, until it answers again.

Otherwise callers would wait one after the other in front of each thread: 32 callers of 8 threads four times as long as
the first of them. Nobody's request is the probe: a thread asks, on a connection of its own.
"""

import threading
import time
from collections.abc import Callable

import psycopg
import structlog

PROBE_PAUSE = 1.0
log = structlog.get_logger(__name__)


class Refused(psycopg.OperationalError):
    """Nothing was sent: the server was silent a moment ago and has not answered since."""


def in_thread(probing: Callable[[], None]) -> None:
    """Run ``probing`` beside the requests."""
    threading.Thread(target=probing, name="database-probe", daemon=True).start()


class Circuit:
    """Of one server, in one process. ``answers`` asks the server once, and takes less than ``lease`` seconds.

    It is open only while somebody asks: the end of the thread that does, in whatever way, closes it, and so does a
    lease that nobody renewed (the thread hangs, or was left behind by a fork).
    """

    def __init__(
        self,
        answers: Callable[[], bool],
        *,
        lease: float,
        clock: Callable[[], float] = time.monotonic,
        start: Callable[[Callable[[], None]], None] = in_thread,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._answers, self._lease, self._clock = answers, lease, clock
        self._start, self._pause = start, pause
        self._lock = threading.Lock()
        self._until = 0.0
        # How often it has opened: a connection from before may have been lost without a word.
        self.openings = 0

    @property
    def is_open(self) -> bool:
        """Whether callers are refused."""
        return self._clock() < self._until

    def check(self) -> None:
        """Raise ``Refused`` while it is open."""
        if self._until and self.is_open:
            raise Refused("The database did not answer a moment ago; nothing was sent.")

    def trip(self) -> None:
        """A wait has ended without an answer: refuse from now on, and begin to ask at once."""
        with self._lock:
            if self.is_open:
                return
            self.openings += 1
            opening = self.openings
            self._until = self._clock() + self._lease
        log.error("database_silent")
        try:
            self._start(lambda: self._probe(opening))
        except BaseException:
            self._close(opening)
            raise

    def _probe(self, opening: int) -> None:
        try:
            while self._renew(opening) and not self._answers():
                self._pause(PROBE_PAUSE)
        finally:
            # Whatever ended it: nobody is refused while nobody asks.
            self._close(opening)

    def _renew(self, opening: int) -> bool:
        """Whether this is still the thread that asks; it has another lease then."""
        with self._lock:
            if opening == self.openings:
                self._until = self._clock() + self._lease
            return opening == self.openings

    def _close(self, opening: int) -> None:
        with self._lock:
            if opening != self.openings:
                return
            self._until = 0.0
        log.warning("database_answers_again")
