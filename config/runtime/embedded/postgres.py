"""A PostgreSQL server of our own: on the loopback, with a password, its data kept between runs."""

import contextlib
import hashlib
import os
import time
from pathlib import Path

from config.runtime.embedded import process
from config.runtime.embedded.binaries import SHARED, postgres_programs, reachable
from config.runtime.embedded.commands import run
from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.files import folder, locked, password
from config.runtime.embedded.postgres_cluster import Cluster

SUPERUSER = "sop"
# The children of a killed server notice soon that they are orphans, unless they are in the middle of a long statement.
ORPHANS_SECONDS = 2.0


class EmbeddedPostgres:
    """Every process that names the same ``home`` shares one server; ``start`` of a running one adopts it."""

    name = "PostgreSQL"

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = Path(home).resolve()
        self._wanted_port = port
        self.account = process.unprivileged_account()
        self.programs = postgres_programs(self.account)
        self.pid = self.port = 0

    def start(self, seconds: float = 60) -> "EmbeddedPostgres":
        """Start the server, or adopt the running one. Raises ``ServiceError`` with the server's own words."""
        with locked(self.home / ".lock"):
            if not self._adopt():
                self._start(seconds)
            (self.home / "port").write_text(str(self.port))
        return self

    def stop(self, seconds: float = 30) -> None:
        """Stop the server if it runs, keeping its data."""
        if not self.home.exists():
            return
        with locked(self.home / ".lock"):
            if self._adopt():
                pg_ctl, data, wait = self.programs / "pg_ctl", self.cluster.data, str(int(seconds))
                run([pg_ctl, "-D", data, "-w", "-t", wait, "-m", "fast", "stop"], account=self.account)

    def running(self) -> bool:
        """Whether the server runs now."""
        return self.home.exists() and self._adopt()

    def process_lives(self) -> bool:
        """Whether the process that was started or adopted is still there."""
        return process.runs(self.pid, "postgres")

    def revive(self, seconds: float = 30) -> None:
        """Start the server again where it was. Raises ``ServiceError`` while its port or its memory is still held."""
        self._wanted_port = self.port
        with locked(self.home / ".lock"):
            if not self._adopt():
                process.end_orphans("postgres", ORPHANS_SECONDS)
                self._start(seconds)

    @property
    def cluster(self) -> Cluster:
        """The data folder: below ``home``, unless the server's account could not reach it there."""
        place = self.home
        # Where data lie once, they stay: a folder that is closed later is an error, not a reason for an empty database.
        settled = (self.home / "data" / "PG_VERSION").exists()
        if not settled and self.account and self.home.exists() and not reachable(self.home, self.account):
            digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
            place = folder(SHARED / f"data-{digest}")
        return Cluster(place, self.programs, self.account)

    @property
    def password(self) -> str:
        """The superuser's password, made on first use."""
        return password(self.home / "password")

    def url(self, database: str = "postgres") -> str:
        """The address of a database of the started server."""
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def ensure_database(self, name: str) -> str:
        """Create the database unless it is there; returns its address."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url(), autocommit=True) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if row is None:
                # Another starter may have been quicker.
                taken = (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)
                with contextlib.suppress(*taken):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def _adopt(self) -> bool:
        found = self.cluster.server()
        if found is None:
            return False
        self.pid, self.port = found
        return True

    def _start(self, seconds: float) -> None:
        cluster = self.cluster
        cluster.prepare(SUPERUSER, self.password)
        port = process.kept_port(self.home / "port", self._wanted_port, "SOP_POSTGRES_PORT")
        deadline = time.monotonic() + seconds
        while (failure := cluster.start(port, seconds)) is not None:
            # The children of a killed server need a moment to notice that they are orphans.
            if "shared memory block" not in failure or time.monotonic() > deadline:
                raise ServiceError(f"PostgreSQL did not start in {cluster.data}:\n{failure}")
            time.sleep(0.25)
        if not self._adopt():
            raise ServiceError(f"PostgreSQL ended at once; see {cluster.log}")


def port_wanted() -> int | None:
    """The port asked for by ``SOP_POSTGRES_PORT``."""
    value = os.environ.get("SOP_POSTGRES_PORT")
    return int(value) if value else None
