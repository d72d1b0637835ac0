"""What the sources import, held against what the requirements name: nothing unused, nothing there by chance."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from packaging.utils import canonicalize_name


def imported(files: Iterable[Path]) -> dict[str, Path]:
    """Top-level names imported from elsewhere than the standard library, each with a file that does."""
    found: dict[str, Path] = {}
    for file in files:
        for name in _names(ast.parse(file.read_text(), str(file))):
            if name not in sys.stdlib_module_names:
                found.setdefault(name, file)
    return found


def faults(
    *,
    named: set[str],
    used: Mapping[str, Path],
    excuses: set[str],
    shelf: set[str],
    providers: Mapping[str, Sequence[str]],
    ours: set[str],
) -> Iterator[str]:
    """``providers`` says which distributions hold a top-level name; ``ours`` are the packages of the project."""
    loaded = set(excuses)
    for name, file in sorted(used.items()):
        holders = {canonicalize_name(one) for one in providers.get(name, ())}
        loaded |= holders
        if name not in ours and not holders & named:
            yield f"{file} imports {name}, which no requirement names"
    for name in sorted(named - loaded - shelf):
        yield f"{name} is required, and nothing imports it: drop it, or give it a row in waiting.md"
    for name in sorted(shelf & loaded):
        yield f"{name} waits in waiting.md, and is used: take its row out"
    for name in sorted(shelf - named):
        yield f"{name} waits in waiting.md, and is not required"


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]
