"""One answer on its way out: pulled from the application only as fast as the reader takes it."""

import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from socket import socket
from typing import Any

import orjson

# By this the front knows that it must not wait for the rest of the body.
UNREAD = "X-Body-Unread: 1"
# Of one answer at a time, before the thread looks for other work: a frame of a sealed file.
TURN = 256 * 1024
_HOPS = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "trailers",
     "transfer-encoding", "upgrade", "server", "date"}
)  # fmt: skip
_date = (0, "")


class Answer:
    """Takes what the application says (``start``, ``of``), then sends it piece by piece (``send``)."""

    __slots__ = (
        "_bodiless",
        "_chunked",
        "_close",
        "_headers",
        "_pieces",
        "_rest",
        "_status",
        "_unread",
        "keeps",
        "leaves",
    )

    def __init__(self, *, method: str, version: str, keeps: bool, unread: bool) -> None:
        self.keeps = keeps
        self._unread = unread
        self.leaves: int | None = None
        self._bodiless = method == "HEAD"
        self._chunked = version == "HTTP/1.1"
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._pieces: Iterator[bytes] = iter(())
        self._close: Callable[[], None] | None = None
        self._rest = memoryview(b"")

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        """WSGI's ``start_response``; ``write`` is not offered."""
        self._status, self._headers = status, headers
        return _unoffered

    def of(self, result: Any) -> None:
        """What the application returned."""
        self._close = getattr(result, "close", None)
        self._pieces = iter(result)
        if self._status[:3] in ("204", "304"):
            self._bodiless = True
        told = next((int(value) for name, value in self._headers if name.lower() == "content-length"), None)
        first = b"" if self._bodiless else next(self._pieces, b"")
        if told is None and not self._bodiless:
            second = next(self._pieces, None)
            if second is None:
                told = len(first)
                self._headers.append(("Content-Length", str(told)))
            else:
                first, self._pieces = b"", _again(first, second, self._pieces)
        self.leaves = told
        if told is None and not self._bodiless:
            if self._chunked:
                self._pieces = _in_chunks(self._pieces)
            else:
                self.keeps = False
        else:
            self._chunked = False
        self._rest = memoryview(self._head() + self._within(first))

    def send(self, sock: socket) -> bool:
        """Send what the reader takes; ``True`` when all is sent. ``OSError`` when it left."""
        budget = TURN
        while budget > 0:
            while self._rest:
                try:
                    sent = sock.send(self._rest)
                except BlockingIOError:
                    return False
                self._rest = self._rest[sent:]
                budget -= sent
            if self._bodiless or self.leaves == 0:
                return True
            piece = next(self._pieces, None)
            if piece is None:
                if self.leaves:
                    raise OSError("The application promised more bytes than it gave.")
                return True
            self._rest = memoryview(self._within(piece))
        return False

    def close(self) -> None:
        """Let the application clean up."""
        close, self._close = self._close, None
        self._rest, self._pieces = memoryview(b""), iter(())
        if close is not None:
            close()

    def _within(self, piece: bytes) -> bytes:
        """At most as many bytes as the head has promised."""
        if self.leaves is None or self._bodiless:
            return piece
        piece = piece[: self.leaves]
        self.leaves -= len(piece)
        return piece

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self._status}", f"Date: {_now()}"]
        if not self.keeps:
            lines.append("Connection: close")
        if self._unread:
            lines.append(UNREAD)
        if self._chunked:
            lines.append("Transfer-Encoding: chunked")
        lines += [f"{name}: {value}" for name, value in self._headers if name.lower() not in _HOPS]
        text = "\r\n".join(lines)
        if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
            raise ValueError("A header of the answer holds the end of a line.")
        return f"{text}\r\n\r\n".encode("latin-1")


def problem(status: str, code: str, detail: str, **headers: str) -> bytes:
    """A whole answer of the worker's own, after which the connection ends."""
    body = orjson.dumps(
        {
            "type": f"urn:sop:problem:{code}",
            "title": status[4:],
            "status": int(status[:3]),
            "code": code,
            "detail": detail,
        }
    )
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = (
        f"HTTP/1.1 {status}\r\nDate: {_now()}\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n"
        f"{more}Content-Length: {len(body)}\r\nConnection: close\r\n{UNREAD}\r\n\r\n"
    )
    return head.encode("latin-1") + body


def _again(first: bytes, second: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from others


def _in_chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if piece:
            yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _now() -> str:
    global _date
    second = int(time.time())
    if _date[0] != second:
        _date = (second, formatdate(second, usegmt=True))
    return _date[1]


def _unoffered(data: bytes) -> None:
    raise TypeError("Return the body, do not write it.")
