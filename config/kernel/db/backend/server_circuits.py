"""The circuits of this process, one for each server: five aliases most often lie on the same one."""

import threading
from collections.abc import Mapping
from typing import Any

import psycopg

from config.kernel.db.circuit import PROBE_PAUSE, Circuit
from config.kernel.db.timeouts import BoundedConnection, Unanswered, wait_seconds

# The server itself ends what takes long a little before this process gives up, so that it has said so by then: whoever
# waits in vain has met silence, not a long statement.
SERVER_SHARE = 0.9
_ADDRESS = ("host", "hostaddr", "port", "dbname", "user", "password", "connect_timeout")
_lock = threading.Lock()
_circuits: dict[tuple[str, ...], Circuit] = {}
_used: list[bool] = []


def use_circuits() -> None:
    """From now on this process refuses at once what a silent server would not answer: people wait for it."""
    _used[:] = [True]


def circuit_of(parameters: Mapping[str, Any]) -> Circuit | None:
    """The circuit of the server that these parameters of a connection name; ``None`` where nobody refuses."""
    if not _used:
        return None
    server = tuple(str(parameters.get(name, "")) for name in ("host", "hostaddr", "port"))
    with _lock:
        if server not in _circuits:
            _circuits[server] = _circuit(parameters)
        return _circuits[server]


def server_seconds() -> float:
    """How long the server may work at one statement."""
    return wait_seconds() * (SERVER_SHARE if _used else 1)


def _circuit(parameters: Mapping[str, Any]) -> Circuit:
    wanted = {name: value for name, value in parameters.items() if name in _ADDRESS or name.startswith("ssl")}
    longest = float(wanted.get("connect_timeout") or 0) + wait_seconds() + PROBE_PAUSE
    return Circuit(lambda: answers(wanted), lease=2 * longest)


def answers(parameters: Mapping[str, Any]) -> bool:
    """Whether the server says anything. A refusal is an answer, too: it need not be waited for."""
    try:
        with BoundedConnection.connect(**parameters, autocommit=True) as connection:
            connection.execute("SELECT 1")
    except (psycopg.errors.ConnectionTimeout, Unanswered):
        return False
    except psycopg.Error:
        return True
    return True
