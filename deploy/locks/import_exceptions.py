"""Requirements that no import shows: those that wait for their work, and those that something else loads."""

import re

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_WITHOUT_IMPORT = "without import:"
_WAITING = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<work>[^|]*[^|\s])\s*\|", re.MULTILINE)


def waiting(text: str) -> set[str]:
    """The distributions of ``waiting.md``, each in a row that names the work that will use it."""
    return {canonicalize_name(row["name"]) for row in _WAITING.finditer(text)}


def excused(text: str) -> set[str]:
    """The distributions of a ``.in`` file that something else than an import loads, and that say what."""
    lines = (line.partition("#") for line in text.splitlines())
    return {
        canonicalize_name(Requirement(named.strip()).name)
        for named, _, why in lines
        if named.strip() and why.strip().startswith(_WITHOUT_IMPORT) and why.strip() != _WITHOUT_IMPORT
    }
