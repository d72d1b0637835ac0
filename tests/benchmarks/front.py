"""The web processes behind the front, both started by the product's own command lines."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from config.runtime.embedded.process import free_port
from config.runtime.serving import caddyfile
from config.runtime.serving.launch_options import ROOT, read_options
from config.runtime.serving.programs import programs
from tests.platform.waiting import until


@contextmanager
def behind_the_front(environment: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """The front's port, and the process group of the web processes. The servers' addresses stand in ``os.environ``."""
    with tempfile.TemporaryDirectory(prefix="sop-front-") as folder:
        read = read_options(os.environ, role="all", seed=False, migrate=False, logs_to_files=False)
        options, sockets = replace(read, port=free_port(), static=Path(folder)), Path(folder)
        written = sockets / "Caddyfile"
        written.write_text(caddyfile.render(options, sockets=sockets))
        started: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for one in programs(options, sockets=sockets, caddyfile=written, mail_port=None):
                if one.name in ("web", "front"):
                    given = os.environ | {"LOG_LEVEL": "WARNING"} | one.environment | (environment or {})
                    started[one.name] = subprocess.Popen(one.command, cwd=ROOT, env=given, start_new_session=True)
            until(lambda: _answers(options.port) and (sockets / "web.sock").exists(), "the front answers", 90)
            yield options.port, started["web"].pid
        finally:
            for process in started.values():
                os.killpg(process.pid, signal.SIGTERM)
            for process in started.values():
                process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
