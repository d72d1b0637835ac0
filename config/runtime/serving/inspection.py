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

from config.runtime.heartbeats import beats
from config.runtime.serving.launch_options import Options


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


def healthy(run: Path) -> list[str]:
    """What is wrong with the launcher of this folder and its processes; empty when all is well. For HEALTHCHECK."""
    try:
        state = json.loads((run / "serving.json").read_text())
    except (FileNotFoundError, ValueError):
        return ["no launcher serves from this folder"]
    if not Path(f"/proc/{state['pid']}").exists():
        return [f"the launcher ({state['pid']}) has ended"]
    faults = [
        f"{beat.program} {beat.pid} has been silent for {beat.age:.0f} s"
        for beat in beats(run / "beats")
        if beat.silent
    ]
    if state["role"] != "front" and (status := _ops_status(Path(state["ops"]))) != 200:
        faults.append(f"/livez answers {status or 'nothing'}")
    if state["role"] in ("all", "front", "web") and (status := status_of(state["url"], "/healthz")) != 200:
        faults.append(f"{state['url']}/healthz answers {status or 'nothing'}")
    return faults


def _ops_status(path: Path) -> int:
    connection = http.client.HTTPConnection("localhost", timeout=3)
    try:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(3)
        connection.sock.connect(str(path))
        connection.request("GET", "/livez")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
