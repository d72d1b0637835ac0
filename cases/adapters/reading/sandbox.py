"""Runs one reading task in a child process that can be lost without harm."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import ADVICE, FailureReason, ReadingFailed, Refused
from config.kernel.processor_time import Watchdog, processor_seconds

Task = Literal["open", "read", "draw", "draw_scanned", "recognise", "unpack", "pack_record"]

SCRATCH: Final = ".scratch"
REFUSED_EXIT: Final = 10
MEMORY_EXIT: Final = 11
OUTPUT_EXIT: Final = 12
UNAVAILABLE_EXIT: Final = 13
REFUSED_FILE: Final = "refused.json"
WATCH_SECONDS: Final = 0.5

_PROJECT: Final = Path(__file__).resolve().parents[3]
_BY_EXIT: Final[dict[int, FailureReason]] = {
    MEMORY_EXIT: "memory",
    OUTPUT_EXIT: "output_too_large",
    -signal.SIGXCPU: "timeout",
    -signal.SIGKILL: "timeout",
    -signal.SIGXFSZ: "output_too_large",
}


class Unavailable(Exception):
    """The child runs, but a part it needs (a text recogniser) is not installed."""


def run_child(
    *,
    task: Task,
    source: Path,
    media_type: str,
    limits: Limits,
    workdir: Path | None,
    pages: tuple[int, ...] = (),
    watch: Callable[[], None] | None = None,
) -> None:
    """Run a task to its end; what it made lies in `workdir` (a temporary folder if None, gone at return).

    While it runs, `watch` is called every `WATCH_SECONDS`; what it raises ends the child.
    Raises Refused, ReadingFailed or Unavailable. Files written before a failure stay in `workdir`.
    """
    if workdir is None:
        with tempfile.TemporaryDirectory(prefix="sop-read-") as folder:
            run_child(task=task, source=source, media_type=media_type, limits=limits, workdir=Path(folder))
            return
    scratch = workdir / SCRATCH
    scratch.mkdir(parents=True, exist_ok=True)
    spec = {
        "task": task,
        "source": str(source.resolve()),
        "out": str(workdir.resolve()),
        "media_type": media_type,
        "pages": list(pages),
        "limits": limits.to_json(),
    }
    seconds = limits.recognition_seconds if task == "recognise" else limits.cpu_seconds
    code = _run(json.dumps(spec).encode(), scratch, seconds, limits.stalled_seconds, watch)
    _settle(code, scratch)
    if _weight(workdir) > limits.output_bytes:
        raise ReadingFailed("output_too_large")


def _run(spec: bytes, scratch: Path, seconds: float, patience: float, watch: Callable[[], None] | None) -> int:
    """The exit code; the child and all that it started may use so much processor time, and may not stand still."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "cases.adapters.reading.sandbox_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env=_environment(scratch),
        start_new_session=True,
        close_fds=True,
    )
    try:
        given: bytes | None = spec
        watchdog = Watchdog(process.pid, patience)
        while not watchdog.stalled() and processor_seconds(process.pid) <= seconds:
            try:
                process.communicate(given, timeout=WATCH_SECONDS)
                return process.returncode
            except subprocess.TimeoutExpired:
                given = None
                if watch:
                    watch()
        return -signal.SIGKILL
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's own session, grandchildren included, and reap the child."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        # Its task may not have reached it in the time that it had.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def _environment(scratch: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PYTHONPATH": str(_PROJECT),
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": str(min(os.cpu_count() or 1, 4)),
    }


def _settle(code: int, scratch: Path) -> None:
    if code == 0:
        return
    if code == UNAVAILABLE_EXIT:
        raise Unavailable
    if code == REFUSED_EXIT:
        told = json.loads((scratch / REFUSED_FILE).read_text())
        if told.get("code") in ADVICE:
            raise Refused(told["code"], str(told.get("advice", ""))[:500])
    raise ReadingFailed(_BY_EXIT.get(code, "crashed"))


def _weight(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*"))


def clear_scratch(workdir: Path) -> None:
    """Remove what children left besides their results."""
    shutil.rmtree(workdir / SCRATCH, ignore_errors=True)
