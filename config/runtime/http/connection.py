"""One connection's life: a request comes, is answered, and the next one comes.

Nothing here waits: ``step`` does what can be done now and says what to wait for. One thread at a time calls it.
"""

import io
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from socket import SHUT_RD, SHUT_RDWR, SHUT_WR, socket
from typing import Any, Final

import structlog

from config.runtime.http.admission import LARGEST, Door
from config.runtime.http.answer import Answer, problem
from config.runtime.http.message import SMALL, Malformed, Message
from config.runtime.http.spool import Unread
from config.runtime.http.unfinished_requests import Unfinished

log = structlog.get_logger(__name__)

READ: Final = "read"
WRITE: Final = "write"
CLOSED: Final = "closed"
# Nothing of it is awaited: its time is.
HELD: Final = "held"

# Seconds. A head comes at once, the front has it whole. A body, and whoever takes an answer, may be slow, not still.
IDLE = 75.0
HEAD = 10.0
STEP = 30.0
MAX_SECONDS = 900.0
LINGER = 5.0
# What must come, or be taken, in STEP seconds: half a kilobyte a second.
MIN_BYTES = 16 * 1024
_HEAD_PIECE, _PIECE = 16 * 1024, 256 * 1024
_TURN = 4


@dataclass(frozen=True)
class Surroundings:
    """What all connections of a worker share."""

    application: Callable[..., Any]
    door: Door
    unfinished: Unfinished
    stopping: Callable[[], bool]
    answered: Callable[[], None]
    leaving: Callable[[int], object]
    clock: Callable[[], float] = time.monotonic


class Connection:
    """A client's connection, most often the front's."""

    __slots__ = (
        "_address", "_answer", "_asked", "_begun", "_counted", "_drains", "_environ", "_held", "_later", "_message",
        "_moved", "_spooled",
        "_step_ends", "_surroundings", "_waits", "deadline", "expired", "number", "peer", "sock",
    )  # fmt: skip

    def __init__(self, sock: socket, peer: str, surroundings: Surroundings) -> None:
        self.sock, self.peer, self.number = sock, peer, sock.fileno()
        self._surroundings = surroundings
        self._message: Message | None = None
        self._answer: Answer | None = None
        self._drains = self._waits = False
        self._environ: dict[str, Any] = {}
        # What is done when its turn comes in the row of those who take answers.
        self._later: Callable[[], str] | None = None
        self._held = False
        self._address = ""
        self._counted: tuple[bool, str] | None = None
        self._asked = 0
        self._begun = self._step_ends = 0.0
        self._moved = self._spooled = 0
        self.expired = False
        # When the worker gives up on it; None while a thread has it.
        self.deadline: float | None = surroundings.clock() + IDLE

    @property
    def is_idle(self) -> bool:
        """Whether it is between two requests."""
        return self._message is None and self._answer is None and not self._drains

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits for its client in the midst of a request or of an answer."""
        return self.deadline is not None and (self._message is not None or self._answer is not None)

    def release(self) -> bool:
        """Whether it was held until now; it waits for its turn from now on."""
        held, self._held = self._held, False
        if held:
            self.deadline = self._surroundings.clock() + MAX_SECONDS
        return held

    def expire(self) -> None:
        """Wake it up: its time is over."""
        self.expired = True
        # Who waits for a reader hears of nothing that is not the end of both ways.
        self.sock.shutdown(SHUT_RD if self._answer is None else SHUT_RDWR)

    def step(self) -> str:
        """Do what can be done; ``READ``, ``WRITE``, ``HELD`` or ``CLOSED``."""
        self.deadline = None
        try:
            if self._later is not None:
                later, self._later = self._later, None
                return self.close() if self.expired else later()
            if self._answer is not None:
                return self._write()
            return self._drain() if self._drains else self._read()
        except OSError:
            return self.close()
        except Exception as error:
            # Within an answer, or a fault of ours: what was begun cannot be ended well.
            log.error("unhandled_error", exc_info=error)
            return self.close()

    def close(self) -> str:
        """Let go of everything; safe to call again."""
        self._later = None
        self._uncount()
        self._forget_message()
        answer, self._answer = self._answer, None
        if self._waits:
            self._waits = False
            self._surroundings.unfinished.end_answer(self._address, self)
        if self.number >= 0:
            # Before the number is free: the next connection, of another thread, may get it at once.
            self._surroundings.leaving(self.number)
            self.number = -1
        self.sock.close()
        if answer is not None:
            answer.close()
        return CLOSED

    def _read(self) -> str:
        if self.expired:
            return self._broken_off()
        for _ in range(_TURN):
            try:
                data = self.sock.recv(_HEAD_PIECE if self._message is None else _PIECE)
            except BlockingIOError:
                break
            if not data:
                return self._broken_off()
            if self._message is None:
                self._begin()
            message = self._message
            assert message is not None
            try:
                message.feed(data)
            except Malformed:
                return self._refuse(problem("400 Bad Request", "malformed", _MALFORMED))
            except OSError as error:
                log.error("no_room_for_body", exc_info=error)
                return self._refuse(problem("503 Service Unavailable", "unavailable", _FULL, Retry_After="30"))
            if message.complete:
                return self._opened() if self._surroundings.door.opens_file(message.environ) else self._run()
            if message.headed and (refused := self._taken(message, len(data))):
                return refused
        return self._await_more()

    def _begin(self) -> None:
        self._message = Message()
        self._message.environ["REMOTE_ADDR"] = self.peer
        self._asked = self._moved = self._spooled = 0
        self._begun = self._surroundings.clock()
        self._step_ends = self._begun + HEAD

    def _taken(self, message: Message, count: int) -> str | None:
        """A part of a body has come; what to wait for when it is refused, else ``None``."""
        shared = self._surroundings
        environ = message.environ
        if self._counted is None:
            self._address = shared.door.address_of(environ)
            self._step_ends = shared.clock() + STEP
        large = message.is_large
        if (self._counted is None or (large and not self._counted[0])) and not self._count(large):
            return self._refuse(problem("429 Too Many Requests", "too_many_unfinished", _MANY, Retry_After="30"))
        size = message.spool.size if message.spool else 0
        if message.spool:
            shared.unfinished.spool(message.spool.on_disk - self._spooled)
            self._spooled = message.spool.on_disk
        self._moved += count
        if max(size, message.announced or 0) > LARGEST:
            return self._refuse(problem("413 Content Too Large", "too_large", _LARGE))
        if large and (self._asked == 0 or (self._asked == 1 and size >= SMALL // 2)):
            beginning = message.spool.beginning() if message.spool and size >= SMALL // 2 else b""
            self._asked += 1
            if not shared.door.wants_body(environ, beginning):
                return self._refused_by_the_door()
        if message.continues and self._asked == (1 if large else 0):
            message.continues = False
            self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None

    def _count(self, large: bool) -> bool:
        self._uncount()
        if not self._surroundings.unfinished.begin_body(self._address, large=large):
            return False
        self._counted = (large, self._address)
        return True

    def _uncount(self) -> None:
        if self._counted is not None:
            large, address = self._counted
            self._counted = None
            self._surroundings.unfinished.end_body(address, large=large)

    def _await_more(self) -> str:
        now = self._surroundings.clock()
        if self._message is None:
            self.deadline = now + IDLE
        elif not self._message.headed:
            self.deadline = self._step_ends
        else:
            if self._moved >= MIN_BYTES:
                self._step_ends, self._moved = now + STEP, 0
            self.deadline = min(self._step_ends, self._begun + MAX_SECONDS)
        return READ

    def _broken_off(self) -> str:
        """The sender left, or its time is over. What came of a body is used where parts are of use."""
        message, shared, expired = self._message, self._surroundings, self.expired
        self.expired = False
        if message is not None and message.headed and shared.door.keeps_parts(message.environ):
            message.environ["CONTENT_LENGTH"] = str(message.spool.size if message.spool else 0)
            return self._run()
        if message is not None and expired:
            return self._refuse(problem("408 Request Timeout", "too_slow", _SLOW))
        return self.close()

    def _opened(self) -> str:
        """A file is opened when its turn comes: whoever asks for a page goes first, however many begin at once."""
        self._later, self.deadline = self._run, self._surroundings.clock() + MAX_SECONDS
        return WRITE

    def _refused_by_the_door(self) -> str:
        """Answered at once; whoever is refused again and again, and comes back each time, hears of it after a pause."""
        shared = self._surroundings
        pause = shared.unfinished.pause_of_refusal(self._address, shared.clock())
        if not pause:
            return self._run_without_body()
        self._later, self._held, self.deadline = self._run_without_body, True, shared.clock() + pause
        return HELD

    def _run_without_body(self) -> str:
        message = self._message
        assert message is not None
        message.environ["wsgi.input"] = Unread()
        message.left_over = True
        return self._run()

    def _run(self) -> str:
        """Call the application; its answer is the first thing that it says."""
        message, shared = self._message, self._surroundings
        assert message is not None
        self._uncount()
        environ = message.environ
        _complete(environ, message)
        keeps = message.keeps_connection and not shared.stopping()
        self._drains = not message.complete
        answer = Answer(
            method=environ["REQUEST_METHOD"], version=environ["SERVER_PROTOCOL"], keeps=keeps, unread=self._drains
        )
        try:
            answer.of(shared.application(environ, answer.start))
        except Exception as error:
            log.error("unhandled_error", exc_info=error)
            answer.close()
            return self._refuse(problem("500 Internal Server Error", "internal", _OURS))
        finally:
            self._forget_message()
            shared.answered()
        self._answer, self._environ = answer, environ
        self._begun = shared.clock()
        return self._write()

    def _write(self) -> str:
        answer, shared = self._answer, self._surroundings
        assert answer is not None
        if self.expired:
            return self.close()
        if not answer.send(self.sock):
            if not self._waits:
                self._waits = True
                self._address = shared.door.address_of(self._environ)
                oldest = shared.unfinished.begin_answer(self._address, self)
                if oldest is not None and oldest is not self:
                    oldest.give_up()
            now = shared.clock()
            self.deadline = min(now + 4 * STEP, self._begun + MAX_SECONDS)
            return WRITE
        if self._waits:
            self._waits = False
            shared.unfinished.end_answer(self._address, self)
        self._answer, self._environ = None, {}
        answer.close()
        if answer.keeps:
            self.deadline = shared.clock() + IDLE
            return READ
        return self._linger()

    def give_up(self) -> None:
        """Another thread ends it: the address has too many answers that nobody takes."""
        self.expired = True
        self.sock.shutdown(SHUT_RDWR)

    def _refuse(self, answer: bytes) -> str:
        """Say so, and take nothing more."""
        self._uncount()
        self._forget_message()
        self._drains = True
        try:
            self.sock.send(answer)
        except BlockingIOError:
            return self.close()
        return self._linger()

    def _linger(self) -> str:
        """Nothing more is said. What is still coming is thrown away for a moment, or the answer would be lost."""
        self.sock.shutdown(SHUT_WR)
        self.deadline = self._step_ends = self._surroundings.clock() + LINGER
        self._drains = True
        return READ

    def _drain(self) -> str:
        for _ in range(_TURN):
            try:
                if self.expired or not self.sock.recv(_PIECE):
                    return self.close()
            except BlockingIOError:
                break
        self.deadline = self._step_ends
        return READ

    def _forget_message(self) -> None:
        message, self._message = self._message, None
        if message is not None and message.spool is not None:
            self._surroundings.unfinished.spool(-self._spooled)
            self._spooled = 0
            message.spool.close()


def _complete(environ: dict[str, Any], message: Message) -> None:
    """What only the whole request tells."""
    host, _, port = environ.get("HTTP_HOST", "").rpartition(":")
    if not host or not port.isdigit():
        host, port = environ.get("HTTP_HOST", ""), "443" if environ["wsgi.url_scheme"] == "https" else "80"
    environ["SERVER_NAME"], environ["SERVER_PORT"] = host, port
    environ.setdefault("wsgi.input", message.spool.rewind() if message.spool else io.BytesIO())
    environ["wsgi.errors"] = sys.stderr


_MALFORMED = "The request is no valid HTTP/1.1 message; nothing of it was done. Check its framing and its headers."
_LARGE = "The request is larger than 26 MB. Send files of at most 25 MB, one by one."
_MANY = "Too many requests from your address are unfinished. Let some of them end, then send this one again."
_SLOW = "The request came too slowly, or stopped. Send it again; large files go on where they stopped by tus."
_FULL = "There is no room for the body at the moment. Send it again in a few minutes."
_OURS = "Something went wrong on our side; it has been recorded."
