"""Each process touches a file of its own every second, whatever its work waits for: one that stopped is frozen.

The files lie in a folder that the launcher names. They need no server, so that a database that is away freezes nobody.
"""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER, PROGRAM = "SOP_BEATS_DIR", "SOP_PROGRAM"
BEAT_SECONDS = 1.0
# Said at once, ended a little later: a busy machine may hold somebody up for a while.
SILENT_SECONDS = 20.0
FROZEN_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Beat:
    """The last sign of life of one process."""

    program: str
    pid: int
    age: float

    @property
    def silent(self) -> bool:
        """Whether it has been missing for long enough to be spoken of."""
        return self.age > SILENT_SECONDS

    @property
    def frozen(self) -> bool:
        """Whether it has been missing for so long that the process must be ended."""
        return self.age > FROZEN_SECONDS


def start_beating() -> None:
    """Beat from a thread of this process. Without a launcher there is no folder, and nothing happens."""
    if folder := os.environ.get(FOLDER):
        beat_once()
        threading.Thread(target=_beat_on, args=(Path(folder), os.getpid()), name="heart-beat", daemon=True).start()


def beat_once(program: str = "") -> None:
    """One sign of life, from a process that has a loop of its own."""
    if folder := os.environ.get(FOLDER):
        _touch(Path(folder) / f"{program or os.environ.get(PROGRAM, 'unnamed')}.{os.getpid()}")


def beats(folder: Path, now: float | None = None) -> list[Beat]:
    """What every process of ``folder`` last said; files of processes that ended are removed."""
    return list(_beats(folder, time.time() if now is None else now))


def _beats(folder: Path, now: float) -> Iterator[Beat]:
    for path in sorted(folder.glob("*.*")):
        program, _, pid = path.name.rpartition(".")
        with contextlib.suppress(FileNotFoundError, ValueError):
            if Path(f"/proc/{int(pid)}").exists():
                yield Beat(program=program, pid=int(pid), age=max(0.0, now - path.stat().st_mtime))
            else:
                path.unlink()


def _beat_on(folder: Path, pid: int) -> None:
    path = folder / f"{os.environ.get(PROGRAM, 'unnamed')}.{pid}"
    pause = threading.Event()
    while not pause.wait(BEAT_SECONDS):
        _touch(path)


def _touch(path: Path) -> None:
    # A full disk must not end who only wanted to say that it lives.
    with contextlib.suppress(OSError):
        path.touch()
