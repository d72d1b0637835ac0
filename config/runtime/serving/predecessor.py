"""One launcher for a data folder, and what is left of one that was killed."""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from config.runtime.embedded import process
from config.runtime.embedded.errors import ServiceError
from config.runtime.heartbeats import FOLDER
from config.runtime.serving.launch_options import HTTP_ROLES, Options
from config.runtime.serving.sockets import socket_folder


@contextlib.contextmanager
def claim(options: Options, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the data folder for this launcher. Raises ``ServiceError`` when another one lives in it."""
    with (options.run / "launcher.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(
                f"Another launcher serves from {options.data}: stop it, or set SOP_DATA_DIR and PORT."
            ) from None
        _await_orphans(options.run, options.stop, say)
        for left in socket_folder(options.run).glob("*.sock"):
            left.unlink(missing_ok=True)
        if options.role in HTTP_ROLES:
            _await_port(options.port)
        for name, (address, port) in options.listeners.items():
            _refuse_taken(name, address, port)
        yield


def _await_orphans(run: Path, seconds: float, say: Callable[[str], None]) -> None:
    """The processes of a killed launcher are told by the kernel to end; give them the time to."""
    left = _left(run)
    if not left:
        return
    say(f"waiting for {len(left)} processes of an earlier launcher")
    deadline = time.monotonic() + seconds + 2
    while left := [pid for pid in left if process.alive(pid)]:
        if time.monotonic() > deadline:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


def _left(run: Path) -> list[int]:
    """Processes that beat, or are supervised, for this folder: each was told so by its environment."""
    mark = f"{FOLDER}={run / 'beats'}\0".encode()
    return [pid for pid in process.everyone() if pid != os.getpid() and _told(pid, mark)]


def _told(pid: int, mark: bytes) -> bool:
    try:
        return mark in Path(f"/proc/{pid}/environ").read_bytes() and process.alive(pid)
    except OSError:
        return False


def _await_port(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not process.is_free(port):
        if time.monotonic() > deadline:
            raise ServiceError(f"Port {port} is taken by another program: set PORT to a free one.")
        time.sleep(0.2)


def _refuse_taken(setting: str, address: str, port: int) -> None:
    if not process.is_free(port, address):
        raise ServiceError(f"Port {port} of {address} is taken by another program: set {setting} to a free one.")
