"""The gunicorn worker: threads, each of which serves whichever connection has something to do (``Readiness``).

A thread takes a ready connection, does what can be done without waiting for its client (``Connection.step``), and lets
go of it. So a request needs no handing over between threads, and a slow client holds a socket and its buffer, never a
thread. The main thread beats for the arbiter and ends connections whose time is over.
"""

import contextlib
import itertools
import os
import resource
import select
import threading
import time
from socket import socket

import structlog
from gunicorn.workers.base import Worker as GunicornWorker

from config.runtime.http.admission import OpenDoor
from config.runtime.http.connection import MAX_SECONDS, READ, WRITE, Connection, Surroundings
from config.runtime.http.readiness import Readiness
from config.runtime.http.unfinished_requests import Unfinished

log = structlog.get_logger(__name__)

MAX_CONNECTIONS = 4000
# Kept-alive connections of a stopping worker: one may be carrying a request already.
STOP_LINGER = 2.0
_BEAT = 0.5


class Worker(GunicornWorker):
    """``--worker-class config.runtime.http.worker.Worker``; ``--threads`` run the application."""

    def init_process(self) -> None:
        """Make what must not be shared with the arbiter, then run."""
        self._ready = Readiness(self.cfg.threads)
        self._connections: dict[int, Connection] = {}
        self._listeners: dict[int, socket] = {}
        self._served = itertools.count(1)
        self._ended = self._retiring = False
        self._aged_at: float | None = None
        self._resting: list[int] = []
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop, or until enough requests have been served."""
        self._surroundings = Surroundings(
            application=self.wsgi,
            door=getattr(self.wsgi, "door", None) or OpenDoor(),
            unfinished=Unfinished(),
            stopping=lambda: not self.alive or self._retiring,
            answered=self._count,
            leaving=lambda number: self._connections.pop(number, None),
        )
        for listener in self.sockets:
            listener.setblocking(False)
            self._listeners[listener.fileno()] = listener.sock
            self._ready.add(listener.fileno())
        threads = [
            threading.Thread(target=self._work, name=f"web-{number}", daemon=True) for number in range(self.cfg.threads)
        ]
        for thread in threads:
            thread.start()
        while self.alive and not self._retiring and self._parent_lives():
            self._beat()
            self._retiring = self._may_retire(time.monotonic())
        self._stop()
        self._ended = True
        self._ready.wake()
        for thread in threads:
            thread.join(1)

    def _work(self) -> None:
        while not self._ended:
            number, takes = self._ready.next()
            if number is None:
                continue
            try:
                if (connection := self._connections.get(number)) is not None:
                    self._go_on(number, connection.step())
                elif number in self._listeners:
                    self._accept(number)
            except Exception as error:  # a thread must not end with one connection's trouble
                log.error("unhandled_error", exc_info=error)
            finally:
                if takes:
                    self._ready.done()

    def _go_on(self, number: int, wish: str) -> None:
        if wish == READ:
            self._ready.await_bytes(number)
        elif wish == WRITE:
            self._ready.await_reader(number)

    def _accept(self, number: int) -> None:
        listener = self._listeners[number]
        try:
            sock, address = listener.accept()
        except OSError:
            # Another worker was faster, or there is no room: the next beat looks again.
            self._resting.append(number) if len(self._connections) > MAX_CONNECTIONS else self._listen(number)
            return
        sock.setblocking(False)
        fileno = sock.fileno()
        connection = Connection(sock, address[0] if isinstance(address, tuple) else "", self._surroundings)
        self._connections[fileno] = connection
        self._ready.add(fileno)
        if len(self._connections) < MAX_CONNECTIONS:
            self._listen(number)
        else:
            self._resting.append(number)

    def _listen(self, number: int) -> None:
        if self.alive and not self._retiring and number in self._listeners:
            with contextlib.suppress(OSError):
                self._ready.await_bytes(number)

    def _count(self) -> None:
        if next(self._served) >= self.max_requests and self._aged_at is None:
            self._aged_at = time.monotonic()

    def _may_retire(self, now: float) -> bool:
        """An old worker goes on until no upload and no download would be cut, as long as one may take."""
        if self._aged_at is None:
            return False
        return now > self._aged_at + MAX_SECONDS or not any(one.is_unfinished for one in [*self._connections.values()])

    def _beat(self) -> None:
        self.notify()
        select.select([self.PIPE[0]], [], [], _BEAT)
        with contextlib.suppress(BlockingIOError):
            os.read(self.PIPE[0], 4096)
        now = time.monotonic()
        for connection in list(self._connections.values()):
            if expired(connection, now=now):
                with contextlib.suppress(OSError):
                    self._ready.await_reader(connection.number) if connection.release() else connection.expire()
        if self._resting and len(self._connections) < MAX_CONNECTIONS:
            resting, self._resting = self._resting, []
            for number in resting:
                self._listen(number)

    def _stop(self) -> None:
        """Take nothing new, let what runs end, and do not cut a request that is just coming on a kept connection."""
        listeners, self._listeners = self._listeners, {}
        for number, listener in listeners.items():
            self._ready.forget(number)
            listener.close()
        begun = time.monotonic()
        while self._connections and time.monotonic() < begun + self.cfg.graceful_timeout:
            self._beat()
            if time.monotonic() > begun + STOP_LINGER:
                self._expire_all(idle_only=True)
        # What came of unfinished uploads is kept where that is of use.
        self._expire_all(idle_only=False)
        ends = time.monotonic() + 1
        while self._connections and time.monotonic() < ends:
            self._beat()

    def _expire_all(self, *, idle_only: bool) -> None:
        for connection in list(self._connections.values()):
            if connection.deadline is not None and (connection.is_idle or not idle_only):
                with contextlib.suppress(OSError):
                    connection.expire()

    def _parent_lives(self) -> bool:
        return bool(self.ppid == os.getppid())


def expired(connection: Connection, *, now: float) -> bool:
    """Whether its time is over. Looked at once: a thread that takes it at this moment takes the deadline away."""
    deadline = connection.deadline
    return deadline is not None and deadline < now
