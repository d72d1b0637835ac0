"""Rooms and arrows of each `services` folder: ``python -m tests.architecture.rooms``.

A room is a folder or module directly below `services`; an arrow is at least one import from one room to another,
subfolders and imports inside functions counted. A cycle is a set of rooms that reach each other.
"""

import ast
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.architecture.tree import CONTEXTS, ROOT

Arrows = Mapping[str, frozenset[str]]


def arrows(folder: Path, dotted: str) -> Arrows:
    """Each room of ``folder``, whose dotted name is ``dotted``, with the rooms that it imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("*.py")):
        room = path.relative_to(folder).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        found[room] |= {name for name in _imported(path, dotted) if name != room}
    return {room: frozenset(to & found.keys()) for room, to in found.items()}


def cycles(rooms: Arrows) -> list[list[str]]:
    """The sets of rooms that reach each other."""
    reached = {room: _reach(rooms, room) for room in rooms}
    knots = {frozenset(other for other in rooms if other in reached[room] and room in reached[other]) for room in rooms}
    return sorted(sorted(knot) for knot in knots if knot)


def _reach(rooms: Arrows, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = rooms[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return seen


def _imported(path: Path, dotted: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    inside = [name.removeprefix(dotted + ".") for name in names if name.startswith(dotted + ".")]
    return {name.split(".")[0] for name in inside}


def main() -> None:
    for label in CONTEXTS:
        rooms = arrows(ROOT / label / "services", f"{label}.services")
        count = sum(len(to) for to in rooms.values())
        print(f"{label}.services: {len(rooms)} rooms, {count} arrows, {len(cycles(rooms))} cycles")
        for room, to in sorted(rooms.items()):
            print(f"    {room}" + (f" -> {' '.join(sorted(to))}" if to else ""))


if __name__ == "__main__":
    main()
