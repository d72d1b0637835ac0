"""A way to a server that can fall silent: it takes connections and bytes, and answers nothing."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Way:
    """A TCP proxy on the loopback, in a thread; ``silent`` holds everything back that comes from the server."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.silent = threading.Event()
        self._ended = threading.Event()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        for one in (self._listener, *self._pairs):
            one.close()

    def _carry(self) -> None:
        while not self._ended.is_set():
            readable, _, _ = select.select([self._listener, *self._pairs], [], [], 0.02)
            for one in [] if self.silent.is_set() else readable:
                if one is self._listener:
                    self._accept()
                elif one in self._pairs:
                    self._forward(one)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(self._to)
        self._pairs |= {client: server, server: client}

    def _forward(self, one: socket.socket) -> None:
        other = self._pairs[one]
        try:
            data = one.recv(65536)
            other.sendall(data)
        except OSError:
            data = b""
        if not data:
            for end in (one, other):
                self._pairs.pop(end, None)
                end.close()


@contextmanager
def way_to(host: str, port: int) -> Iterator[Way]:
    """A way that is closed at the end."""
    way = Way(host, port)
    try:
        yield way
    finally:
        way.close()
