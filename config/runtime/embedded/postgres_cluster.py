"""The data folder of the PostgreSQL server and what is done to it."""

import os
import pwd
import subprocess
import time
from pathlib import Path

from config.runtime.embedded import process
from config.runtime.embedded.commands import as_account, run
from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.files import folder, private

MAX_CONNECTIONS = 200


class Cluster:
    """``data`` holds the database, ``run`` its socket and log; both belong to the server's account."""

    def __init__(self, place: Path, programs: Path, account: pwd.struct_passwd | None) -> None:
        self.data, self.sockets = place / "data", place / "run"
        self.log = self.sockets / "server.log"
        self.programs, self.account = programs, account

    def server(self) -> tuple[int, int] | None:
        """Process id and port of the server that runs on this folder."""
        lines = self._lock_lines()
        try:
            pid, port = int(lines[0]), int(lines[3])
        except (IndexError, ValueError):
            return None
        # Line 8 says "ready": before that it does not take connections.
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return (pid, port) if ready and process.runs(pid, "postgres") else None

    def prepare(self, superuser: str, password: str) -> None:
        """Make the folders and the database files, and clear what a killed server left behind."""
        for path in (folder(self.sockets), folder(self.data)):
            if self.account:
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
            # The server's account alone, and root where that started it.
            path.chmod(0o700)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(superuser, password)
        self._clear_stale_locks()

    def start(self, port: int, seconds: float) -> str | None:
        """Start the server and wait until it answers; returns what it said when it did not."""
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c max_connections={MAX_CONNECTIONS} "
            # Parameters never reach the log, whatever statement logging somebody turns on.
            f"-c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0 "
            f"-c shared_buffers=96MB -c unix_socket_permissions=0770 "
            f"-c unix_socket_directories={self._socket_folder()}"
        )
        said = self.data.parent / "pg_ctl.out"
        command: list[str | Path] = [
            self.programs / "pg_ctl",
            "-D",
            self.data,
            "-w",
            "-t",
            str(int(seconds)),
            "-l",
            self.log,
        ]
        begun = self.log.stat().st_size if self.log.exists() else 0
        # Into a file: the daemon would keep a pipe of ours open for ever.
        with said.open("w") as output:
            code = subprocess.call(
                [str(part) for part in (*command, "-o", options, "start")],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                **as_account(self.account),
            )
        if code == 0:
            return None
        logged = self.log.read_text(errors="replace")[begun:][-2000:] if self.log.exists() else ""
        return f"{said.read_text()}\n{logged}"

    def _socket_folder(self) -> str:
        # A socket's path has at most 107 bytes; the loopback serves as well.
        path = str(self.sockets)
        return path if len(path) < 85 and " " not in path else ""

    def _initialise(self, superuser: str, password: str) -> None:
        secret = self.sockets / ".password"
        private(secret, password)
        if self.account:
            os.chown(secret, self.account.pw_uid, self.account.pw_gid)
        version = run([self.programs / "postgres", "--version"]).stdout.split()[2]
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if int(version.split(".")[0]) >= 17 else ["--locale=C.UTF-8"]
        command: list[str | Path] = [
            self.programs / "initdb",
            "-D",
            self.data,
            "-U",
            superuser,
            "-E",
            "UTF8",
            "-A",
            "scram-sha-256",
        ]
        try:
            run([*command, f"--pwfile={secret}", "--data-checksums", *locale], account=self.account)
        finally:
            secret.unlink()

    def _lock_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _clear_stale_locks(self, seconds: float = 15) -> None:
        """Wait for a server that is ending, and drop the lock of one that is dead.

        A killed server stays a zombie until pid 1 reaps it, and PostgreSQL takes it for a running one till
        then. After a container's restart its number may belong to any other process.
        """
        lines = self._lock_lines()
        if not lines:
            return
        pid = int(lines[0])
        deadline = time.monotonic() + seconds
        while process.exists(pid) and (process.runs(pid, "postgres") or not process.alive(pid)):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        if process.runs(pid, "postgres"):
            raise ServiceError(f"PostgreSQL {pid} still holds {self.data} and does not answer: end it first.")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for lock in self.sockets.glob(".s.PGSQL.*"):
            lock.unlink(missing_ok=True)
