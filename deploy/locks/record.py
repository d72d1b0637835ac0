"""What is locked, and what the locked distributions said of themselves when the locks were made."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
NAMES = ("base", "local", "ocr", "dev", "installer")
RECORD = "lock.json"


class StaleRecord(RuntimeError):
    """The record speaks of other locks than those beside it."""


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One line of a lock: this version, by one of these hashes, where the marker holds."""

    name: str
    version: str
    hashes: frozenset[str]
    marker: Marker | None = None

    @property
    def key(self) -> str:
        """By this the record knows it."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What a wheel's metadata says, and the wheels that there are: file name to SHA-256."""

    requires: tuple[str, ...]
    extras: tuple[str, ...]
    python: str
    wheels: Mapping[str, str]


def read_lock(path: Path) -> list[Pin]:
    """The pins of a lock file."""
    pins = []
    for entry in _joined(path.read_text()):
        wanted, *hashes = entry.split("--hash=")
        requirement = Requirement(wanted.strip())
        versions = [one.version for one in requirement.specifier if one.operator == "=="]
        pins.append(
            Pin(
                name=canonicalize_name(requirement.name),
                version=versions[0] if versions else "",
                hashes=frozenset(one.strip().removeprefix("sha256:") for one in hashes),
                marker=requirement.marker,
            )
        )
    return pins


def wanted(path: Path) -> list[Requirement]:
    """The requirements that a person wrote into a ``.in`` file."""
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def read_record(folder: Path = REQUIREMENTS) -> dict[str, Distribution]:
    """The record by ``name version``; ``StaleRecord`` when a lock or a ``.in`` file changed since it was made."""
    record: dict[str, Any] = json.loads((folder / RECORD).read_text())
    if record["of"] != digests(folder):
        raise StaleRecord(f"{RECORD} was made of other files than those beside it: run `make lock`.")
    return {key: distribution(fields) for key, fields in record["distributions"].items()}


def distribution(fields: Mapping[str, Any]) -> Distribution:
    """One entry of the record."""
    return Distribution(
        requires=tuple(fields["requires"]),
        extras=tuple(fields["extras"]),
        python=fields["python"],
        wheels=fields["wheels"],
    )


def digests(folder: Path) -> dict[str, str]:
    """What ties a record to its files; comments count too, which costs a `make lock` and no thought."""
    files = [folder / f"{name}.{kind}" for name in NAMES for kind in ("in", "txt")]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _joined(text: str) -> Sequence[str]:
    """Logical lines: those that end with a backslash go on; comments and options are none."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    entries = (entry.strip() for entry in "\n".join(lines).replace("\\\n", " ").splitlines())
    return [entry for entry in entries if entry and not entry.startswith("-")]
