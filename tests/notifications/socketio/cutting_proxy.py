"""A line that breaks: passes bytes to and fro, and cuts every connection whenever so many have come from the server."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random


class CuttingProxy:
    """``cuts`` times, at places of a fixed chance, in the middle of whatever passes."""

    def __init__(self, port: int, *, cuts: int, every: int, seed: int) -> None:
        self._to, self._left, self.done = port, cuts, 0
        self._chance, self._every = Random(seed), every
        self._until_cut = self._next()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    @contextmanager
    def running(self) -> Iterator[int]:
        """Listens until the end of the block; yields the port."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
            thread.start()
            try:
                yield listener.getsockname()[1]
            finally:
                with suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)
                thread.join(60)
                self.cut()
                for one in self._threads:
                    one.join(60)

    def cut(self) -> None:
        """Break every connection, as a line that goes dead and is found so."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _next(self) -> int:
        return self._chance.randint(self._every // 4, self._every)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            with self._lock:
                self._pairs.add((client, server))
            for source, target, counted in ((client, server, False), (server, client, True)):
                thread = threading.Thread(target=self._pass, args=(source, target, counted), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                cut = counted and self._counted(len(data))
                # Half of the last piece still passes: the cut is in the middle of a message.
                target.sendall(data[: len(data) // 2] if cut else data)
                if cut:
                    self.cut()
            target.shutdown(socket.SHUT_WR)

    def _counted(self, size: int) -> bool:
        with self._lock:
            self._until_cut -= size
            if self._until_cut > 0 or not self._left:
                return False
            self._left -= 1
            self.done += 1
            self._until_cut = self._next()
            return True
