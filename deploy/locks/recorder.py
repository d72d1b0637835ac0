"""``make lock``: compile the locks with uv, and record what the locked wheels say of themselves."""

import importlib.metadata
import json
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from deploy.locks.environment import MACHINES, PYTHONS, tags
from deploy.locks.pins import Pin, read_lock
from deploy.locks.record import NAMES, RECORD, digests
from deploy.locks.uv import COMPILE, uv


def make(folder: Path, arguments: list[str], say: Callable[[str], None]) -> None:
    """Compile each lock (``arguments`` go to uv: ``--upgrade``, ``--upgrade-package NAME``), then record them all."""
    for name in NAMES:
        uv(folder, *COMPILE, f"{name}.in", "-o", f"{name}.txt", *arguments)
        say(f"{name}.txt: {len(read_lock(folder / f'{name}.txt'))} packages")
    say(f"{RECORD}: {record(folder)} distributions")


def record(folder: Path) -> int:
    """Write the record of the locks in ``folder``; returns how many distributions it holds."""
    pins = {pin.key: pin for name in NAMES for pin in read_lock(folder / f"{name}.txt")}
    with tempfile.TemporaryDirectory(prefix="sop-lock-") as scratch:
        wheels = _wheels(folder, Path(scratch) / "pylock.toml")
        entries = {}
        for key, said in _metadata(folder, Path(scratch)).items():
            entries[key] = said | {"wheels": _fitting(pins[key], wheels[key])}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(entries[key], sort_keys=True)}" for key in sorted(entries))
    of = json.dumps(digests(folder), sort_keys=True)
    (folder / RECORD).write_text(f'{{"of": {of},\n"distributions": {{\n{lines}\n}}}}\n')
    return len(entries)


def _wheels(folder: Path, target: Path) -> dict[str, dict[str, str]]:
    """The wheels of each pin, as the index lists them: file name to SHA-256."""
    locks = [f"{name}.txt" for name in NAMES]
    uv(folder, *COMPILE, "--no-deps", *locks, "--format", "pylock.toml", "-o", str(target))
    found: dict[str, dict[str, str]] = {}
    for package in tomllib.loads(target.read_text())["packages"]:
        files = package.get("wheels", [])
        key = f"{canonicalize_name(package['name'])} {package['version']}"
        found[key] = {file["url"].rpartition("/")[2]: file["hashes"]["sha256"] for file in files}
    return found


def _metadata(folder: Path, scratch: Path) -> dict[str, dict[str, Any]]:
    """What the installed wheels say; for every Python, as a pin may be for one of them only."""
    found: dict[str, dict[str, Any]] = {}
    locks = [part for name in NAMES for part in ("-r", f"{name}.txt")]
    for python in dict.fromkeys(".".join(version.split(".")[:2]) for version in PYTHONS):
        place = scratch / python
        options = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--python-version", python)
        uv(folder, "pip", "install", "--quiet", "--target", str(place), *options, *locks)
        for one in importlib.metadata.distributions(path=[str(place)]):
            found[f"{canonicalize_name(one.metadata['Name'])} {one.version}"] = {
                "requires": sorted(one.requires or []),
                "extras": sorted(one.metadata.get_all("Provides-Extra") or []),
                "python": "".join(one.metadata.get_all("Requires-Python") or []),
            }
    return found


def _fitting(pin: Pin, wheels: dict[str, str]) -> dict[str, str]:
    """Those that the lock names and that one of our machines takes."""
    wanted = frozenset().union(*(tags(python, machine) for python in PYTHONS for machine in MACHINES))
    return {
        name: digest
        for name, digest in sorted(wheels.items())
        if digest in pin.hashes and not parse_wheel_filename(name)[3].isdisjoint(wanted)
    }
