"""``python -m config.runtime.operations_listener``: how this launcher's processes are, beside the working threads.

Asked while every web thread waits for a silent database, it answers at once: nothing here waits for anybody. The front
leads ``/healthz``, ``/readyz`` and ``/startupz`` here; it is told little, details are for whoever runs the product.
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any

import django

from config.runtime.heartbeats import FOLDER, Beat, beats, start_beating
from config.runtime.serving.metrics import numbers

OK, DEGRADED, UNAVAILABLE = "ok", "degraded", "unavailable"
# The supervisor ends who is frozen and begins it anew; only when that fails must others end all of us.
GIVEN_UP_SECONDS = 90.0
MERGE_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """A status and what it rests on."""

    status: str
    details: Mapping[str, Any]

    @property
    def code(self) -> int:
        """The HTTP status."""
        return 503 if self.status == UNAVAILABLE else 200


class Watch:
    """What is known of the processes; ``expected`` are the programs that this launcher runs."""

    def __init__(self, folder: Path, expected: Sequence[str]) -> None:
        self.folder, self.expected = folder, tuple(expected)

    def alive(self) -> Answer:
        """Unavailable only when a process is frozen and nobody ended it."""
        found = beats(self.folder)
        silent = [_named(beat) for beat in found if beat.silent]
        stuck = [_named(beat) for beat in found if beat.age > GIVEN_UP_SECONDS]
        status = UNAVAILABLE if stuck else DEGRADED if silent else OK
        return Answer(status, {"silent": silent, "missing": self._missing(found)})

    def ready(self) -> Answer:
        """Whether requests may be sent here; without Valkey, or with a worker missing, reads and most writes go on."""
        from config.kernel.observability.readiness import draining, readiness

        if draining():
            return Answer(UNAVAILABLE, {"draining": True})
        state, missing = readiness().state(), self._missing(beats(self.folder))
        details = {"databases": list(state.databases), "degraded": list(state.degraded), "missing": missing}
        if not state.ready or "web" in missing:
            return Answer(UNAVAILABLE, details)
        return Answer(DEGRADED if state.degraded or missing else OK, details)

    def started(self) -> Answer:
        """Whether every migration is applied."""
        from django.db import connections

        from config.kernel.observability.probe_views import started

        try:
            return Answer(OK if started() else UNAVAILABLE, {})
        finally:
            connections.close_all()

    def _missing(self, found: list[Beat]) -> list[str]:
        living = {beat.program for beat in found if not beat.silent}
        return [name for name in self.expected if name not in living]


def _named(beat: Beat) -> str:
    return f"{beat.program} {beat.pid}: {beat.age:.0f} s"


class _Handler(BaseHTTPRequestHandler):
    timeout = 3

    def do_GET(self) -> None:
        """Answer one of the few addresses."""
        watch: Watch = self.server.watch  # type: ignore[attr-defined]  # set by ``_listen``
        places: dict[str, Callable[[], Answer]] = {
            "/healthz": watch.alive,
            "/livez": watch.alive,
            "/readyz": watch.ready,
            "/startupz": watch.started,
        }
        path = self.path.partition("?")[0]
        if path in places:
            self._say(places[path]())
        elif path == "/metrics" and "X-Forwarded-For" not in self.headers:
            self._write(200, "text/plain; version=0.0.4; charset=utf-8", numbers())
        else:
            self._say(Answer(UNAVAILABLE, {}), code=404)

    do_HEAD = do_GET

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library refuses (a method without a ``do_``, a broken request), told as the other answers are."""
        code = 405 if code == 501 else code
        self.close_connection = True
        self._write(code, "application/json", json.dumps({"status": HTTPStatus(code).phrase}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Probes are no news."""

    def _say(self, answer: Answer, code: int = 0) -> None:
        # Through the front the world asks: ok or not, and no more.
        details = {} if "X-Forwarded-For" in self.headers else answer.details
        self._write(code or answer.code, "application/json", json.dumps({"status": answer.status, **details}).encode())

    def _write(self, code: int, kind: str, body: bytes) -> None:
        self.send_response_only(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if code == 405:
            self.send_header("Allow", "GET, HEAD")
        if code == 503:
            self.send_header("Retry-After", "5")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _TcpServer(ThreadingMixIn, HTTPServer):
    daemon_threads = True
    request_queue_size = 64


class _UnixServer(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


def listen(watch: Watch, *, path: Path | None = None, place: tuple[str, int] | None = None) -> Any:
    """Answer on a socket of the folder, or on an address; returns the running server."""
    server: Any
    if path is not None:
        path.unlink(missing_ok=True)
        server = _UnixServer(str(path), _Handler)
    else:
        assert place is not None
        server = _TcpServer(place, _Handler)
    server.watch = watch
    threading.Thread(target=server.serve_forever, name="ops", daemon=True).start()
    return server


def main(arguments: Sequence[str]) -> int:
    """Answer until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--listen", action="append", default=[], metavar="ADDRESS:PORT")
    parser.add_argument("--expect", nargs="*", default=[])
    given = parser.parse_args(arguments)
    django.setup()
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    watch = Watch(Path(os.environ[FOLDER]), given.expect)
    listen(watch, path=given.socket)
    for text in given.listen:
        address, _, port = text.rpartition(":")
        listen(watch, place=(address, int(port)))
    start_beating()
    while not told.wait(MERGE_SECONDS):
        numbers()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
