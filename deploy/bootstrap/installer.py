"""Puts locked packages into an environment. Nothing is resolved: the locks are whole, and `--no-deps` holds to them.

uv does it in seconds. It comes as a wheel by pip, itself locked; where there is none, or it fails, pip does the same.
"""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.bootstrap.indexes import uv_surroundings

Say = Callable[[str], None]

# No resolution, no file without a known hash, nothing compiled on this machine.
EXACTLY = ("--no-deps", "--require-hashes", "--only-binary", ":all:")
TELL_EVERY_SECONDS = 10


class NotInstalled(RuntimeError):
    """A package could not be had; the text is the installer's own."""


def install(python: Path, locks: Sequence[Path], installer: Path, say: Say) -> None:
    """Install the locks; ``installer`` is the lock of uv. Raises ``NotInstalled``."""
    total = len({line.split("==")[0] for lock in locks for line in lock.read_text().splitlines() if "==" in line})
    say(f"installing {total} locked packages")
    try:
        _watch(_pip(python, [installer]), _counted(python, total), say)
        _watch(_uv(python, locks), _counted(python, total), say, uv_surroundings(python))
    except NotInstalled as error:
        say(f"uv cannot install here ({_last_line(error)}): pip does, which takes a minute or two")
        _watch(_pip(python, locks), _counted(python, total), say)


def _pip(python: Path, locks: Sequence[Path]) -> list[str]:
    return [str(python), "-m", "pip", "install", "--disable-pip-version-check", *EXACTLY, *_each(locks)]


def _uv(python: Path, locks: Sequence[Path]) -> list[str]:
    uv = python.with_name("uv")
    return [str(uv), "pip", "install", "--no-config", "--python", str(python), *EXACTLY, *_each(locks)]


def _each(locks: Sequence[Path]) -> list[str]:
    return [part for lock in locks for part in ("-r", str(lock))]


def _watch(
    command: Sequence[str], counted: Callable[[], str], say: Say, surroundings: dict[str, str] | None = None
) -> None:
    """Run it to its end, however long that takes, and tell how far it is."""
    try:
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings
        )
    except OSError as error:
        raise NotInstalled(str(error)) from error
    begun = time.monotonic()
    while True:
        try:
            said, _ = running.communicate(timeout=TELL_EVERY_SECONDS)
            break
        except subprocess.TimeoutExpired:
            say(f"{counted()} after {time.monotonic() - begun:.0f} s")
    if running.returncode:
        raise NotInstalled("\n".join(said.splitlines()[-15:]))


def _counted(python: Path, total: int) -> Callable[[], str]:
    def so_far() -> str:
        there = len(list(python.parents[1].glob("lib/python*/site-packages/*.dist-info")))
        return f"{min(there, total)} of {total} in place"

    return so_far


def _last_line(error: NotInstalled) -> str:
    return (str(error).strip().splitlines() or ["no word"])[-1].strip()
