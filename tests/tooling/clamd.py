"""A scanner that speaks clamd's INSTREAM, knows one signature, and can be made to fail in each way a scanner fails."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

from tests.tooling.hostile import eicar

Mood = Literal["honest", "silent", "garbage", "hangs up", "error", "small"]
SMALL_BYTES = 1000
_ANSWERS: dict[str, bytes] = {
    "garbage": b"<html>502 Bad Gateway</html>\x00",
    "hangs up": b"",
    "error": b"stream: Can't allocate memory ERROR\x00",
}


class FakeClamd:
    """``mood`` may be changed between files; ``asked`` counts them."""

    def __init__(self, listener: socket.socket) -> None:
        self.url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        self.mood: Mood = "honest"
        self.asked = 0
        self._listener = listener

    def serve(self) -> None:
        """Until the listener is closed."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        self.asked += 1
        with connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\x00"
            content = b""
            while size := struct.unpack(">I", stream.read(4))[0]:
                content += stream.read(size)
                if self.mood == "small" and len(content) > SMALL_BYTES:
                    connection.sendall(b"INSTREAM size limit exceeded. ERROR\x00")
                    return
        if self.mood == "silent":
            # Until the other side has enough of it.
            connection.recv(1)
        elif self.mood in _ANSWERS:
            connection.sendall(_ANSWERS[self.mood])
        else:
            found = eicar().content in content
            connection.sendall(b"stream: Eicar-Test-Signature FOUND\x00" if found else b"stream: OK\x00")


@contextmanager
def fake_clamd() -> Iterator[FakeClamd]:
    """A scanner on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scanner = FakeClamd(listener)
        thread = threading.Thread(target=scanner.serve, daemon=True)
        thread.start()
        yield scanner
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(300)
