"""A whole product of its own, started by the launcher, for tests that hurt it."""

import http.client
import os
import subprocess
import sys
from pathlib import Path

from config.runtime.embedded.process import alive, free_port
from config.runtime.supervisor_handover import running_programs
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "front",
    "web",
    "realtime",
    "worker-interactive",
    "worker-bulk",
    "worker-documents",
    "relay-scheduler",
    "ops",
    "mail-sink",
}


class Product:
    """``manage.py serve`` on a folder and a port of its own."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.output = data.with_name(f"{data.name}.log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        given = {key: value for key, value in os.environ.items() if not key.endswith(("_URL", "_SUFFIX"))}
        for name in ("DJANGO_SETTINGS_MODULE", "SOP_EMBEDDED", "LOG_LEVEL"):
            given.pop(name, None)
        given |= {"SOP_DATA_DIR": str(self.data), "PORT": str(self.port), **environment}
        with self.output.open("ab") as output:
            command = [sys.executable, "manage.py", "serve", "--logs", "files", *arguments]
            self.process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=output, stderr=output)
        return self.process

    def await_ready(self) -> None:
        until(
            lambda: self._ended() or self.status("/readyz") == 200, f"the product is ready\n{self.said()[-3000:]}", 90
        )
        assert not self._ended(), f"the product ended before it was ready\n{self.said()[-3000:]}"

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def said(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def pids(self) -> dict[str, int]:
        """The running programs by name."""
        return {name: pid for name, pid in running_programs(self.data / "run").items() if alive(pid)}

    def everything(self) -> set[int]:
        """All processes whose environment names this product's folder, embedded servers apart."""
        mark = f"SOP_DATA_DIR={self.data}\0".encode()
        return {pid for pid in _pids() if _reads(pid, "environ", mark) and not _reads(pid, "cmdline", b"valkey")}

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(300)


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _reads(pid: int, name: str, mark: bytes) -> bool:
    try:
        return mark in Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return False
