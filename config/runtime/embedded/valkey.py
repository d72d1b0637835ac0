"""A Valkey server of our own (the Redis protocol): its append-only file outlives a stop and a crash."""

import os
import subprocess
import time
from pathlib import Path

from config.runtime.embedded import process
from config.runtime.embedded.binaries import valkey_program
from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.files import locked, password, private
from config.runtime.embedded.valkey_ping import answers


class EmbeddedValkey:
    """Every process that names the same ``home`` shares one server; ``start`` of a running one adopts it."""

    name = "Valkey"

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = Path(home).resolve()
        self._wanted_port = port
        self.program = valkey_program()
        self.log = self.home / "server.log"
        self.pid = self.port = 0

    def start(self, seconds: float = 20) -> "EmbeddedValkey":
        """Start the server, or adopt the running one. Raises ``ServiceError`` with the server's own words."""
        with locked(self.home / ".lock"):
            if not self._adopt():
                self._start(seconds)
            (self.home / "port").write_text(str(self.port))
        return self

    def stop(self, seconds: float = 10) -> None:
        """Stop the server if it runs, keeping its data."""
        if not self.home.exists():
            return
        with locked(self.home / ".lock"):
            if self._adopt():
                process.end(self.pid, seconds)

    def running(self) -> bool:
        """Whether the server runs now and answers."""
        return self.home.exists() and self._adopt()

    def process_lives(self) -> bool:
        """Whether the process that was started or adopted is still there."""
        return process.alive(self.pid)

    def revive(self, seconds: float = 20) -> None:
        """Start the server again where it was. Raises ``ServiceError`` while its port is still held."""
        self._wanted_port = self.port
        self.start(seconds)

    @property
    def password(self) -> str:
        """The password, made on first use."""
        return password(self.home / "password")

    def url(self, database: int = 0) -> str:
        """The address of a database of the started server."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def _adopt(self) -> bool:
        try:
            pid, port = (int(part) for part in (self.home / "server").read_text().split())
        except (FileNotFoundError, ValueError):
            return False
        if not (process.alive(pid) and answers(port, self.password)):
            return False
        self.pid, self.port = pid, port
        return True

    def _start(self, seconds: float) -> None:
        self.port = process.kept_port(self.home / "port", self._wanted_port, "SOP_VALKEY_PORT")
        private(self.home / "valkey.conf", self._configuration())
        begun = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            server = subprocess.Popen(
                [self.program, str(self.home / "valkey.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )
        deadline = time.monotonic() + seconds
        while not answers(self.port, self.password):
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                server.wait()
                said = self.log.read_text(errors="replace")[begun:][-2000:]
                raise ServiceError(f"Valkey did not start in {self.home}:\n{said}")
            time.sleep(0.02)
        self.pid = server.pid
        # Left to run: the interpreter must not complain that it forgot a child.
        server.returncode = 0
        private(self.home / "server", f"{self.pid} {self.port}")

    def _configuration(self) -> str:
        return "\n".join(
            (
                "bind 127.0.0.1",
                f"port {self.port}",
                "protected-mode yes",
                f"requirepass {self.password}",
                f'dir "{self.home}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            )
        )


def port_wanted() -> int | None:
    """The port asked for by ``SOP_VALKEY_PORT``."""
    value = os.environ.get("SOP_VALKEY_PORT")
    return int(value) if value else None
