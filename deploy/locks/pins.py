"""The lock files and the requirements that people wrote, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


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


def _joined(text: str) -> Sequence[str]:
    """Logical lines: those that end with a backslash go on; comments and options are none."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    entries = (entry.strip() for entry in "\n".join(lines).replace("\\\n", " ").splitlines())
    return [entry for entry in entries if entry and not entry.startswith("-")]
