"""The parties graph: whoever stands within two links of a party to the case does not judge it.

A node is a name such as ``pro:<id>``, ``user:<id>``, ``org:<normal name>`` or ``person:<index>``.
A link has no direction.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from config.kernel.accents import unaccented

MAX_LINKS = 2
_KINDS = {"pro": "a colleague", "person": "a person", "user": "a person"}
RULE = "no-link-to-a-party/2026-11"
_LEGAL_FORM = re.compile(r"\b(gmbh|ggmbh|mbh|ag|inc|ltd|llc|llp|plc|corp|co|sa|bv|the)\b")


@dataclass(frozen=True)
class Link:
    """Two nodes and what joins them, for example ``employer``."""

    one: str
    other: str
    kind: str


@dataclass(frozen=True)
class Step:
    """One link of a path, seen from the specialist's end."""

    kind: str
    node: str


@dataclass(frozen=True)
class Path:
    """How a specialist reaches a party: at most two steps, and the part that the party plays in the case."""

    role: str
    steps: tuple[Step, ...]

    def explained(self, names: Mapping[str, str]) -> str:
        """The path in words; a node without a public name is told by its kind."""
        told = [f"{step.kind.replace('_', ' ')} → {_told(step.node, names)}" for step in self.steps]
        links = ", ".join(told) or "is the same"
        return f"linked to the {self.role.replace('_', ' ')}: {links}"


@lru_cache(maxsize=50_000)
def normal_name(name: str) -> str:
    """A name as it is compared: no case, accents, punctuation or legal form; empty for an empty name."""
    words = re.sub(r"[^\w]+", " ", unaccented(name))
    short = " ".join(_LEGAL_FORM.sub(" ", words).split())
    return short or " ".join(words.split())


def conflicts(links: Iterable[Link], parties: Mapping[str, str]) -> dict[str, Path]:
    """The shortest path to a party from every node within two links of one. ``parties`` is node → role.

    The same links in any order give the same paths.
    """
    neighbours: dict[str, list[tuple[str, str]]] = {}
    for link in links:
        neighbours.setdefault(link.one, []).append((link.other, link.kind))
        neighbours.setdefault(link.other, []).append((link.one, link.kind))
    found = {node: Path(role, ()) for node, role in parties.items()}
    edge = sorted(found)
    for _ in range(MAX_LINKS):
        reached: dict[str, Path] = {}
        for node in edge:
            for other, kind in sorted(neighbours.get(node, ())):
                if other not in found and other not in reached:
                    reached[other] = Path(found[node].role, (Step(kind, node), *found[node].steps))
        found |= reached
        edge = sorted(reached)
    return found


def _told(node: str, names: Mapping[str, str]) -> str:
    kind = {"pro": "a colleague", "person": "a person", "user": "a person"}.get(
        node.partition(":")[0], "an organisation"
    )
    return names.get(node, kind)
