"""Asking clamd about a file (its INSTREAM command, over TCP or a local socket): clean, a find, too large, or no answer.

Whatever is not the one answer for a clean file counts as no answer: a file that could not be scanned is not clean.
"""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

CHUNK_BYTES: Final = 256 * 1024
ANSWER_BYTES: Final = 4096
_COMMAND: Final = b"zINSTREAM\x00"
_CLEAN: Final = "stream: OK"
_FOUND: Final = " FOUND"
_TOO_LARGE: Final = "INSTREAM size limit exceeded"

Verdict = Literal["clean", "infected", "too_large"]


class ScanFailed(Exception):
    """There is no verdict; asking again may help. The message names no file."""


@dataclass(frozen=True)
class Clamd:
    """A clamd at ``tcp://host:port`` or ``unix:///path``. ``seconds`` bounds the whole of one scan, not each read."""

    url: str
    seconds: float = 60.0

    def scan(self, source: Path) -> Verdict:
        """Send the file and read the verdict. Raises ``ScanFailed``."""
        until = time.monotonic() + self.seconds
        try:
            with self._connected() as connection:
                answer = _asked(connection, source, until)
        except OSError as fault:
            raise ScanFailed("the scanner does not answer") from fault
        if answer == _CLEAN:
            return "clean"
        if answer.startswith(_TOO_LARGE):
            return "too_large"
        if answer.startswith("stream: ") and answer.endswith(_FOUND):
            return "infected"
        raise ScanFailed("the scanner answers something else than a verdict")

    def _connected(self) -> socket.socket:
        place = urlsplit(self.url)
        if place.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(self.seconds)
            try:
                connection.connect(place.path)
            except OSError:
                connection.close()
                raise
            return connection
        if place.scheme != "tcp" or not place.hostname or not place.port:
            raise ScanFailed("CLAMD_URL is neither tcp://host:port nor unix:///path")
        return socket.create_connection((place.hostname, place.port), timeout=self.seconds)


def _asked(connection: socket.socket, source: Path, until: float) -> str:
    connection.sendall(_COMMAND)
    try:
        with source.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                connection.settimeout(_left(until))
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        # Over its limit clamd answers and hangs up while the file is still on its way.
        return _answer(connection, until)
    return _answer(connection, until)


def _answer(connection: socket.socket, until: float) -> str:
    told = b""
    while b"\x00" not in told and len(told) < ANSWER_BYTES:
        connection.settimeout(_left(until))
        part = connection.recv(ANSWER_BYTES)
        if not part:
            break
        told += part
    return told.partition(b"\x00")[0].decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner took too long")
    return left
