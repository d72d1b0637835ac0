"""Databases, broker and mail: given by the environment, or embedded and said so loudly."""

import os
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.files import folder
from config.runtime.embedded.process import kept_port
from config.runtime.embedded.stack import DATABASE, Stack
from config.runtime.embedded.watchdog import Watch
from config.runtime.serving.launch_options import Options

Say = Callable[[str], None]
PRODUCTION = "config.settings.production"


@dataclass(kw_only=True)
class Surroundings:
    """What this launcher started besides the product's own processes."""

    stack: Stack | None = None
    postgres: bool = False
    valkey: bool = False
    mail_port: int | None = None

    def stop(self) -> None:
        """Stop what was started; data stay."""
        if self.stack and self.valkey:
            self.stack.valkey.stop(seconds=3)
        if self.stack and self.postgres:
            # The last checkpoint on a slow disk takes its time; without it the next start replays the log.
            self.stack.postgres.stop(seconds=15)

    @contextmanager
    def kept_alive(self, say: Say, reaping: threading.Lock) -> Iterator[None]:
        """Meanwhile an embedded server that dies is brought back, on its port and with its data."""
        embedded = ((self.postgres, "postgres"), (self.valkey, "valkey"))
        servers = [getattr(self.stack, name) for on, name in embedded if on]
        watch = Watch(servers, say, reaping)
        watch.start()
        try:
            yield
        finally:
            watch.stop()


def surround(options: Options, say: Say) -> Surroundings:
    """Start what the environment does not give, and put its addresses into the environment.

    Only a whole product falls back to embedded servers: a single role with a database of its own would
    quietly work on nothing.
    """
    given = {name: bool(os.environ.get(name)) for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not given[name]]
    alone = options.role not in ("all", "front") and os.environ.get("SOP_EMBEDDED") != "1"
    if missing and alone:
        raise ServiceError(f"The role {options.role!r} needs {' and '.join(missing)}.")
    choose_settings(embedded_database=not given["DATABASE_URL"])
    if not given["DATABASE_URL"]:
        # Mails, QR codes and passkeys name the address at which this one really listens.
        os.environ.setdefault("PUBLIC_URL", options.base_url)
    found = Surroundings()
    if missing and options.role != "front":
        found.stack = Stack(options.data)
        say("*" * 78)
        say(f"* EMBEDDED SERVERS: {' and '.join(missing)} not given. Data lie in {options.data}.")
        say("* For development, trial and demonstration; not for patients' data.")
        say("*" * 78)
    if found.stack and not given["DATABASE_URL"]:
        found.postgres = True
        postgres = found.stack.postgres.start()
        _apart(lambda: postgres.ensure_database(DATABASE))
        os.environ["DATABASE_URL"] = postgres.url(DATABASE)
        say(f"PostgreSQL   127.0.0.1:{found.stack.postgres.port}")
    if found.stack and not given["REDIS_URL"]:
        found.valkey = True
        os.environ["REDIS_URL"] = found.stack.valkey.start().url()
        say(f"Valkey       127.0.0.1:{found.stack.valkey.port}")
    if found.postgres and not given["EMAIL_URL"] and options.role == "all":
        port_file = folder(options.run) / "mail.port"
        found.mail_port = kept_port(port_file, None, "SOP_MAIL_PORT")
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{found.mail_port}"
        say(f"Mail         kept in {options.data / 'mail'}, never sent")
    return found


def _apart(act: Callable[[], object]) -> None:
    """Do it in a child: the database's driver, used once, would stay in pid 1 for as long as that lives (18 MB)."""
    if (pid := os.fork()) == 0:
        status = 1
        try:
            act()
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    if os.waitpid(pid, 0)[1]:
        raise ServiceError("The embedded database could not be made; the lines above say why.")


def choose_settings(*, embedded_database: bool) -> None:
    """Production settings as soon as a database is given, unless the environment names others."""
    if embedded_database:
        os.environ.setdefault("SOP_EMBEDDED", "1")
    module = "config.settings.dev" if embedded_database else PRODUCTION
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)
