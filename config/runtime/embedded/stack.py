"""Both servers together, in the project's data folder."""

import os
from collections.abc import Iterator
from pathlib import Path

from config.runtime.embedded.postgres import EmbeddedPostgres
from config.runtime.embedded.postgres import port_wanted as postgres_port
from config.runtime.embedded.valkey import EmbeddedValkey
from config.runtime.embedded.valkey import port_wanted as valkey_port

ROOT = Path(__file__).resolve().parents[3]
DATABASE = "sop"


def data_dir() -> Path:
    """``$SOP_DATA_DIR``, else ``.local`` beside ``manage.py``."""
    return Path(os.environ.get("SOP_DATA_DIR") or ROOT / ".local").resolve()


class Stack:
    """The pair of servers below one folder."""

    def __init__(self, folder: Path | None = None) -> None:
        place = folder or data_dir()
        self.postgres = EmbeddedPostgres(place / "postgres", postgres_port())
        self.valkey = EmbeddedValkey(place / "valkey", valkey_port())

    def servers(self) -> Iterator[EmbeddedPostgres | EmbeddedValkey]:
        """Both, in the order of starting."""
        yield self.postgres
        yield self.valkey

    def start(self) -> "Stack":
        """Start or adopt both."""
        for server in self.servers():
            server.start()
        return self

    def stop(self) -> None:
        """Stop both, Valkey first."""
        for server in reversed(list(self.servers())):
            server.stop()


def start_missing(settings: str) -> None:
    """Start what nobody gives an address of, if these settings are for embedded servers; production's never are."""
    default = "0" if settings == "config.settings.production" else "1"
    if os.environ.get("SOP_EMBEDDED", default).lower() not in ("1", "true", "on", "yes"):
        return
    for name, start in (("DATABASE_URL", database_url), ("REDIS_URL", redis_url)):
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
            start()


def database_url() -> str:
    """The address of the product's database, on a server that this call started if need be."""
    return Stack().postgres.start().ensure_database(DATABASE)


def redis_url() -> str:
    """The address of the product's Valkey, which this call started if need be."""
    return Stack().valkey.start().url()
