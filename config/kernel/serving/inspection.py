"""Asking the running product how it is."""

import http.client
import json
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from config.kernel.serving.options import Options


def status_of(url: str, path: str, seconds: float = 3) -> int:
    """The HTTP status of ``path``; 0 when nobody answers."""
    parts = urllib.parse.urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = _Site(parts.hostname or "", parts.port, timeout=seconds)
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class _Site(http.client.HTTPSConnection):
    """Knocks at the loopback and asks for the site by its name: a front has a certificate for no other."""

    def connect(self) -> None:
        context = ssl._create_unverified_context()  # noqa: S323  asks this very machine
        knocked = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = context.wrap_socket(knocked, server_hostname=self.host)


def await_ready(options: Options, stopping: threading.Event, say: Callable[[str], None]) -> None:
    """Say when the product is ready, and again when it takes suspiciously long."""
    begun = time.monotonic()
    path = "/ws/" if options.role == "realtime" else "/readyz"
    warned = False
    while not stopping.wait(0.15):
        status = status_of(options.base_url, path)
        if status == 200 or (options.role == "realtime" and status):
            say(f"READY at {options.base_url}")
            return
        if not warned and time.monotonic() - begun > 45:
            warned = True
            say(f"not ready yet: {path} answers {status or 'nothing'}")


def healthy(run: Path) -> bool:
    """Whether the launcher of this folder lives and, where it speaks HTTP, answers. For HEALTHCHECK."""
    try:
        state = json.loads((run / "serving.json").read_text())
    except (FileNotFoundError, ValueError):
        return False
    if not Path(f"/proc/{state['pid']}").exists():
        return False
    return state["role"] not in ("all", "front", "web") or status_of(state["url"], "/healthz") == 200
