"""Bare machines for the installation's tests: interpreters, old pips, and an index that has moved on."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from deploy.locks.environment import Surroundings
from deploy.locks.pins import read_lock

ROOT = Path(__file__).resolve().parents[2]
DEBIANS_PIP = "23.0.1"
# Newer than whatever is locked, and it needs what nobody has: whoever resolves, trips over it.
NEWER = "9999.0"
_SERVED = ("pip", "setuptools", "wheel")


def interpreters() -> list[Path]:
    """Every Python of 3.11, 3.12 and 3.13 on this machine, Debian's own first; one for each version."""
    places = [Path("/usr/bin"), Path("/usr/local/bin"), Path(sys.base_prefix) / "bin"]
    places += sorted(Path.home().glob(".pyenv/versions/3.1[123]*/bin"))
    found: dict[str, Path] = {}
    for place in places:
        for path in sorted(place.glob("python3.1[123]")):
            says = "import ensurepip, platform; print(platform.python_version())"
            done = subprocess.run([path, "-c", says], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                found.setdefault(done.stdout.strip(), path)
    return list(found.values())


def oldest_pip(interpreter: Path) -> str | None:
    """Debian 12's pip where it runs: it knows nothing of Python 3.12, whose own first pip is taken there."""
    return DEBIANS_PIP if interpreter.name == "python3.11" else None


def tree(folder: Path, sets: Sequence[str], without: Sequence[str] = ()) -> Path:
    """The project as far as an installation needs it; the locks that are not among ``sets`` are empty.

    ``without`` leaves large distributions out of the locks.
    """
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("__pycache__", "pictures"))
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements").mkdir()
    for path in (ROOT / "requirements").glob("*.txt"):
        if path.stem in (*sets, "installer"):
            entries = re.split(r"^(?=[a-z0-9])", path.read_text(), flags=re.MULTILINE)
            kept = [entry for entry in entries if not entry.startswith(tuple(f"{name}==" for name in without))]
            (folder / "requirements" / path.name).write_text("".join(kept))
        else:
            (folder / "requirements" / path.name).touch()
    return folder


def environment(folder: Path, interpreter: Path, pip: str | None = None) -> Path:
    """An empty environment in ``folder``, with this release of pip; returns its Python."""
    subprocess.run([interpreter, "-m", "venv", folder / ".venv"], check=True, stdout=subprocess.DEVNULL)
    python = folder / ".venv" / "bin" / "python"
    if pip:
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"pip=={pip}"], check=True)
    return python


def make_install(folder: Path, interpreter: Path, order: str = "install", **changes: str) -> str:
    """``make install`` there; returns what it said, and fails with it."""
    surroundings = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "VIRTUAL_ENV")}
    done = subprocess.run(
        ["make", order, f"PYTHON={interpreter}"],
        cwd=folder,
        env=surroundings | changes,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(python: Path) -> dict[str, str]:
    """What lies in the environment of ``python``, without pip and its like."""
    says = (
        "import importlib.metadata as m, json; print(json.dumps([[d.metadata['Name'], d.version] "
        "for d in m.distributions()]))"
    )
    listed = json.loads(subprocess.run([python, "-I", "-c", says], capture_output=True, text=True, check=True).stdout)
    names = {canonicalize_name(name): version for name, version in listed}
    return {name: version for name, version in names.items() if name not in (*_SERVED, "uv")}


def locked(python: Path, folder: Path) -> dict[str, str]:
    """What the locks of the project in ``folder`` name for ``python``, on this machine."""
    says = "import platform; print(platform.python_version(), platform.machine())"
    told = subprocess.run([python, "-c", says], capture_output=True, text=True, check=True).stdout.split()
    here = Surroundings(python=told[0], machine=told[1]).markers("")
    locks = [path for path in (folder / "requirements").glob("*.txt") if path.stem != "installer"]
    pins = [pin for lock in locks for pin in read_lock(lock)]
    return {pin.name: pin.version for pin in pins if pin.marker is None or pin.marker.evaluate(here)}


@contextmanager
def index(folder: Path, python: Path, project: Path) -> Iterator[str]:
    """The address of an index with the locked wheels, and a newer release of each beside it."""
    files = folder / "files"
    locks = [part for path in (project / "requirements").glob("*.txt") for part in ("-r", str(path))]
    options = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(files))
    subprocess.run([python, "-m", "pip", "download", "--quiet", *options, *locks], check=True)
    for wheel in list(files.glob("*.whl")):
        _write_newer(files, parse_wheel_filename(wheel.name)[0])
    for wheel in files.glob("*.whl"):
        page = folder / "simple" / parse_wheel_filename(wheel.name)[0] / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        with page.open("a") as text:
            text.write(f'<a href="../../files/{wheel.name}">{wheel.name}</a><br>\n')
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads along."""


def _write_newer(folder: Path, name: str) -> None:
    stem = f"{name.replace('-', '_')}-{NEWER}"
    files = {
        f"{stem}.dist-info/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {NEWER}\nRequires-Dist: nowhere-to-be-had\n"
        ),
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {
        path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        for path, text in files.items()
    }
    lines = [f"{path},sha256={digests[path]},{len(text)}\n" for path, text in files.items()]
    files[f"{stem}.dist-info/RECORD"] = "".join(lines) + f"{stem}.dist-info/RECORD,,\n"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
