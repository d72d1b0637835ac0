"""Which connection a thread serves next: whoever asks goes before whoever still takes an earlier answer."""

import contextlib
import os
import select
import threading


class Readiness:
    """Two epolls, one within the other. A number is given to one thread, and to nobody again until it is awaited anew.

    All answers that their readers take piece by piece stand as one in the row of those who ask, and of ``threads`` at
    most half make such pieces at a time: 200 readers who begin at once keep a request waiting for a piece or two.
    """

    def __init__(self, threads: int) -> None:
        self._asking, self._taking = select.epoll(), select.epoll()
        self._takers = self._taking.fileno()
        self._most = max(1, threads // 2)
        self._lock = threading.Lock()
        self._given = 0
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._asking.register(self._wake, select.EPOLLIN)
        self._asking.register(self._takers, select.EPOLLIN | select.EPOLLONESHOT)

    def add(self, number: int) -> None:
        """A new connection, or a listener: await its bytes."""
        self._asking.register(number, select.EPOLLIN | select.EPOLLONESHOT)

    def await_bytes(self, number: int) -> None:
        """Await what comes."""
        self._asking.modify(number, select.EPOLLIN | select.EPOLLONESHOT)

    def await_reader(self, number: int) -> None:
        """Await that the reader takes more of its answer."""
        try:
            self._taking.modify(number, select.EPOLLOUT | select.EPOLLONESHOT)
        except FileNotFoundError:
            self._taking.register(number, select.EPOLLOUT | select.EPOLLONESHOT)

    def forget(self, number: int) -> None:
        """A listener that takes nobody any more."""
        with contextlib.suppress(OSError):
            self._asking.unregister(number)

    def next(self, timeout: float = -1) -> tuple[int | None, bool]:
        """The number of a connection that has something to do, and whether it takes an answer; then say ``done``."""
        for number, _ in self._asking.poll(timeout, 1):
            if number == self._takers:
                return self._next_taker()
            if number != self._wake:
                return number, False
        return None, False

    def done(self) -> None:
        """A thread has served one that takes an answer."""
        with self._lock:
            self._given -= 1
            self._await_takers()

    def wake(self) -> None:
        """Let every thread return from ``next``, now and from now on."""
        os.eventfd_write(self._wake, 1)

    def _next_taker(self) -> tuple[int | None, bool]:
        with self._lock:
            if self._given >= self._most:
                # Whoever is done looks again.
                return None, False
            found = self._taking.poll(0, 1)
            self._given += len(found)
            if self._given < self._most:
                self._await_takers()
        return (found[0][0], True) if found else (None, False)

    def _await_takers(self) -> None:
        self._asking.modify(self._takers, select.EPOLLIN | select.EPOLLONESHOT)
