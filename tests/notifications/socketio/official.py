"""The official client in a process of its own, and notices for it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from config.kernel.auth import Principal
from notifications import services
from notifications.models import Notice
from notifications.services.sockets.socket_wakeup import wake
from tests.factories.notifications import CounterFactory, NoticeFactory

ROOT = Path(__file__).resolve().parents[3]
CLIENT = Path(__file__).with_name("client.mjs")


class Official:
    """What it says, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    def until(self, key: str) -> dict[str, Any]:
        """Its next line with this key, in whatever order it says the others."""
        assert self.process.stdout
        for line in self.lines:
            if key in line:
                self.lines.remove(line)
                return line
        for text in self.process.stdout:
            line = json.loads(text)
            if key in line:
                return line
            self.lines.append(line)
        raise AssertionError(f"the client ended without {key}: {self.lines[-5:]} {self.process.wait(60)}")


@contextmanager
def official(url: str, **given: Any) -> Iterator[Official]:
    """The client, connected to ``url`` until the end of the block."""
    command = ["node", str(CLIENT), json.dumps({"url": url, "transports": ["polling", "websocket"], **given})]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Official(process)
        finally:
            process.kill()


def write_notices(user_id: UUID, count: int, *, at_a_time: int = 20) -> None:
    """The user's next notices as rows, committed some at a time, each time with the wake that tells of them."""
    counter = CounterFactory(user_id=user_id)
    for begin in range(0, count, at_a_time):
        first = counter.last + 1
        counter.last += min(at_a_time, count - begin)
        Notice.objects.bulk_create(
            NoticeFactory.build(user_id=user_id, sequence=number, kind="analysis_ready", event_key=str(uuid4()))
            for number in range(first, counter.last + 1)
        )
        counter.save()
        wake(user_id)


def new_ticket(who: Principal) -> str:
    """A ticket, made in whatever thread asks: nobody else closes what that opened."""
    try:
        return services.issue_socket_ticket(principal=who)
    finally:
        connections.close_all()


@contextmanager
def tickets_of(who: Principal) -> Iterator[str]:
    """Where a client fetches a ticket for each connection; the address."""

    class Office(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"ticket": new_ticket(who)}).encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Office) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
