"""Where the embedded servers are, read from their folders: nothing is started, asked or written.

Whoever needs the servers starts them first (``manage.py``, the launcher, the tests' plugin); settings only read this.
"""

from pathlib import Path

from config.runtime.embedded.postgres import SUPERUSER
from config.runtime.embedded.postgres import port_wanted as postgres_port
from config.runtime.embedded.stack import DATABASE, data_dir
from config.runtime.embedded.valkey import port_wanted as valkey_port

# Nobody listens there: whoever connects without having started the servers is told so by the refusal.
NOWHERE = 9


def database_address(folder: Path | None = None) -> str:
    """The address of the product's database on the server that was started last in ``folder``."""
    password, port = _kept((folder or data_dir()) / "postgres", postgres_port())
    return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/{DATABASE}"


def redis_address(folder: Path | None = None) -> str:
    """The address of the Valkey that was started last in ``folder``."""
    password, port = _kept((folder or data_dir()) / "valkey", valkey_port())
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _kept(home: Path, wanted: int | None) -> tuple[str, int]:
    """Password and port of a server; every start writes them down."""
    try:
        return (home / "password").read_text(), int((home / "port").read_text())
    except (OSError, ValueError):
        return "not-started", wanted or NOWHERE
