"""``manage.py services up|down|status``: the embedded servers by hand, without loading the settings."""

import argparse
import sys
import time
from collections.abc import Sequence

from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.stack import DATABASE, Stack, data_dir


def main(arguments: Sequence[str]) -> int:
    """Carry the command out; returns the exit status (``status`` fails when a server is down)."""
    parser = argparse.ArgumentParser(prog="manage.py services", description=__doc__)
    parser.add_argument("action", choices=("up", "down", "status"))
    action = parser.parse_args(arguments).action
    try:
        return {"up": _up, "down": _down, "status": _status}[action](Stack())
    except ServiceError as error:
        _say(f"services: {error}", failed=True)
        return 1


def _up(stack: Stack) -> int:
    begun = time.monotonic()
    stack.start().postgres.ensure_database(DATABASE)
    _status(stack)
    _say(f"up in {time.monotonic() - begun:.2f} s, data in {data_dir()}")
    return 0


def _down(stack: Stack) -> int:
    stack.stop()
    _say(f"down; data kept in {data_dir()}")
    return 0


def _status(stack: Stack) -> int:
    down = 0
    for server in stack.servers():
        up = server.running()
        down += not up
        where = f"pid {server.pid}, 127.0.0.1:{server.port}" if up else "not running"
        _say(f"{server.name:12}{where}")
    return 3 if down else 0


def _say(text: str, *, failed: bool = False) -> None:
    stream = sys.stderr if failed else sys.stdout
    stream.write(f"{text}\n")
    stream.flush()
