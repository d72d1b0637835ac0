"""``manage.py serve [role]``: the container's entry point."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from config.kernel.observability.output import json_line
from config.runtime.embedded.errors import ServiceError
from config.runtime.serving.environment import choose_settings, surround
from config.runtime.serving.inspection import healthy
from config.runtime.serving.launch_options import ROLES, ROOT, Options, read_options
from config.runtime.serving.launcher import Launcher
from config.runtime.supervisor_handover import running_programs

OTHERS = {
    "migrate": "create or update the database and end",
    "health": "name the running processes and what is wrong; exit 0 when all is well",
    "manage": "run any manage.py command in the same surroundings",
}


def main(arguments: Sequence[str]) -> int:
    """Run a role; returns the exit status, 2 when the orders make no sense."""
    if arguments[:1] == ["manage"]:
        choose_settings(embedded_database=not os.environ.get("DATABASE_URL"))
        return subprocess.call([sys.executable, "manage.py", *arguments[1:]], cwd=ROOT)
    given = _parser().parse_args(arguments)
    try:
        options = read_options(
            os.environ,
            role="all" if given.role in OTHERS else given.role,
            seed=given.seed,
            migrate=False if given.no_migrate else None,
            logs_to_files=given.logs == "files",
        )
        if given.role == "health":
            return _health(options)
        return _migrate(options) if given.role == "migrate" else Launcher(options).run()
    except (ServiceError, ValueError, PermissionError) as error:
        person = given.logs == "files" or sys.stderr.isatty()
        sys.stderr.write(
            f"serve: {error}\n" if person else json_line(f"serve: {error}", logger="launcher", level="error")
        )
        return 2


def _health(options: Options) -> int:
    faults = healthy(options.run)
    for name, pid in sorted(running_programs(options.run).items()):
        _say(f"{name:20}{pid}")
    for fault in faults:
        sys.stderr.write(f"health: {fault}\n")
    return 1 if faults else 0


def _migrate(options: Options) -> int:
    surround(options, _say)
    return subprocess.call([sys.executable, "manage.py", "migrate_all"], cwd=ROOT)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py serve", description=__doc__)
    explained = "; ".join(f"{name}: {text}" for name, text in OTHERS.items())
    parser.add_argument("role", nargs="?", default="all", choices=[*ROLES, *OTHERS], help=explained)
    parser.add_argument("--seed", action="store_true", help="make the demo accounts")
    parser.add_argument("--no-migrate", action="store_true", help="the database is prepared elsewhere")
    parser.add_argument("--logs", choices=("stdout", "files"), default="stdout")
    return parser
