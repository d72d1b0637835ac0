"""What a template is after it was read: a tree that is rendered, and that the checks walk."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Words that are shown as they stand. ``line`` and ``column``, of every node, are where its source begins."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Value:
    """A place to fill in: ``("this",)``, ``("@index",)``, ``("visit", "date")``."""

    path: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """``if``, ``unless`` or ``each`` of a path; ``otherwise`` is its ``else``, which may hold the next ``else if``."""

    kind: str
    path: tuple[str, ...]
    body: "Tree"
    otherwise: "Tree"
    line: int
    column: int


Node = Text | Value | Block
Tree = tuple[Node, ...]


def nodes(tree: Tree) -> Iterator[Node]:
    """Every node, in the order of the source."""
    for node in tree:
        yield node
        if isinstance(node, Block):
            yield from nodes(node.body)
            yield from nodes(node.otherwise)
