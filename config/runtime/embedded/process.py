"""Questions about processes, ports and accounts."""

import os
import pwd
import signal
import socket
import time
from pathlib import Path

from config.runtime.embedded.errors import ServiceError


def exists(pid: int) -> bool:
    """Whether the process table holds ``pid``; true for a zombie too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def alive(pid: int) -> bool:
    """Whether ``pid`` runs; a zombie does not."""
    if not exists(pid):
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, NotADirectoryError):
        return not Path("/proc/self").exists()


def runs(pid: int, program: str) -> bool:
    """Whether ``pid`` is alive and runs ``program``: a number is soon given to another process."""
    try:
        return alive(pid) and Path(f"/proc/{pid}/comm").read_text().strip().startswith(program[:15])
    except FileNotFoundError:
        return not Path("/proc/self").exists() and alive(pid)


def end(pid: int, seconds: float) -> None:
    """Ask ``pid`` to stop, insist after ``seconds``, and return when it is gone."""
    deadline = time.monotonic() + seconds
    os.kill(pid, signal.SIGTERM)
    while alive(pid):
        _reap(pid)
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    _reap(pid)


def end_orphans(program: str, seconds: float) -> None:
    """End children of ours that run ``program`` and that we never started: a dead server's, which we inherited."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in children() if runs(pid, program)]:
        if time.monotonic() > deadline:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            _reap(pid)
        time.sleep(0.05)


def everyone() -> list[int]:
    """All processes that can be seen."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def children() -> list[int]:
    """The processes whose parent is this one, whichever thread began them."""
    found: list[int] = []
    for task in Path("/proc/self/task").glob("[0-9]*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether a server could listen on ``port`` of ``address``, the loopback unless told otherwise."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def kept_port(path: Path, wanted: int | None, setting: str) -> int:
    """The port to listen on: the one asked for, else last time's while it is free, else a new one.

    Raises ``ServiceError`` when the one asked for is taken, naming the setting that asks for another.
    """
    if wanted is not None:
        if not is_free(wanted):
            raise ServiceError(f"Port {wanted} is taken by another program: set {setting} to a free one.")
        return wanted
    if path.exists():
        last = int(path.read_text())
        if is_free(last):
            return last
    port = free_port()
    path.write_text(str(port))
    return port


def unprivileged_account() -> pwd.struct_passwd | None:
    """The account a server drops to: none unless we are root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return None
    for name in filter(None, (os.environ.get("SOP_PG_USER"), "postgres", "nobody")):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServiceError("PostgreSQL refuses to run as root: name an account to run it under in SOP_PG_USER.")
