"""What the locked distributions said of themselves when the locks were made."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
NAMES = ("base", "local", "ocr", "dev", "installer")
RECORD = "lock.json"


class StaleRecord(RuntimeError):
    """The record speaks of other locks than those beside it."""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What a wheel's metadata says, and the wheels that there are: file name to SHA-256."""

    requires: tuple[str, ...]
    extras: tuple[str, ...]
    python: str
    wheels: Mapping[str, str]


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
