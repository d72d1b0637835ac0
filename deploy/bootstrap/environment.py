"""The virtual environment: made once, installed again only when a lock file changed."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from deploy.bootstrap.installer import NotInstalled, install

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
RUN = ("base", "local", "ocr")
TEST = (*RUN, "dev")
OLDEST = (3, 11)


class CannotBootstrap(RuntimeError):
    """Something is missing that cannot be installed from here; the text says how to get it."""


def ensure(sets: Sequence[str]) -> Path:
    """Make ``.venv`` hold the locked ``sets``; returns its Python. Quick when nothing changed."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise CannotBootstrap(f"Python 3.11 or newer is needed and this is {found}: make PYTHON=python3.11 …")
    python = VENV / "bin" / "python"
    if not _works(python):
        _make()
    stamp = VENV / ".installed"
    wanted = fingerprint(sets)
    known = stamp.read_text().split() if stamp.exists() else []
    if wanted not in known:
        _install(python, sets)
        # A wider set holds the narrower ones too.
        stamp.write_text("\n".join(fingerprint(TEST[: n + 1]) for n in range(len(RUN) - 1, len(sets))))
    return python


def fingerprint(sets: Sequence[str]) -> str:
    """A digest of the interpreter and the lock files of ``sets``."""
    digest = hashlib.sha256(sys.version.encode())
    for name in sets:
        digest.update((ROOT / "requirements" / f"{name}.txt").read_bytes())
    return digest.hexdigest()


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    try:
        return subprocess.call([python, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _make() -> None:
    if find_spec("ensurepip") is None or find_spec("venv") is None:
        _install_venv_module()
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True, stdout=subprocess.DEVNULL)


def _install_venv_module() -> None:
    """Debian ships Python without ``ensurepip``; root may fetch it, others are told."""
    package = f"python{sysconfig.get_python_version()}-venv"
    advice = f"Python's venv module is missing. Run: apt-get install -y {package} — then the same command again."
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotBootstrap(advice)
    say(f"installing Debian's {package}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        if subprocess.call(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL):
            raise CannotBootstrap(advice)


def _install(python: Path, sets: Sequence[str]) -> None:
    begun = time.monotonic()
    folder = ROOT / "requirements"
    try:
        install(python, [folder / f"{name}.txt" for name in sets], folder / "installer.txt", say)
    except NotInstalled as error:
        raise CannotBootstrap(f"The locked packages could not be installed:\n{error}") from error
    say(f"installed in {time.monotonic() - begun:.0f} s")


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(f"[set-up] {text}\n")
    sys.stdout.flush()
