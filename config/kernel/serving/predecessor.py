"""One launcher for a data folder, and what is left of one that was killed."""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from config.kernel.embedded import process
from config.kernel.embedded.errors import ServiceError
from config.kernel.serving.options import HTTP_ROLES, Options
from config.kernel.serving.sockets import socket_folder


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
        _await_orphans(options.run / "supervisord.pid", options.stop, say)
        for left in socket_folder(options.run).glob("*.sock"):
            left.unlink(missing_ok=True)
        if options.role in HTTP_ROLES:
            _await_port(options.port)
        yield


def _await_orphans(pid_file: Path, seconds: float, say: Callable[[str], None]) -> None:
    """The processes of a killed launcher are told by the kernel to end; give them the time to."""
    try:
        pid = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return
    if not _is_supervisor(pid):
        pid_file.unlink(missing_ok=True)
        return
    say(f"waiting for the processes of an earlier launcher (supervisord {pid})")
    deadline = time.monotonic() + seconds + 2
    while _is_supervisor(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    if _is_supervisor(pid):
        os.kill(pid, signal.SIGKILL)
    pid_file.unlink(missing_ok=True)


def _is_supervisor(pid: int) -> bool:
    try:
        return process.alive(pid) and b"supervisor" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def _await_port(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not process.is_free(port):
        if time.monotonic() > deadline:
            raise ServiceError(f"Port {port} is taken by another program: set PORT to a free one.")
        time.sleep(0.2)
