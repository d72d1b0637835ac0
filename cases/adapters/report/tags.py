"""Tags: what each run of the page's content is (heading, paragraph, table cell, figure), collected while it is drawn.

Screen readers follow the structure tree that ``archival`` makes of them; what is only decoration is an artifact.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.platypus import Paragraph, Table

_HEAD_CELL = "cell-head"


@dataclass
class Node:
    """An element of the structure: its kind, what is in it, and words for a figure."""

    kind: str
    kids: list[Node] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)  # (page from 0, number on that page)
    alt: str = ""


class Tags:
    """The structure of one document, as far as it has been drawn."""

    def __init__(self) -> None:
        self.root = Node("Document")
        self.numbers: dict[int, int] = {}
        self._open = [self.root]

    def begin(self, kind: str) -> None:
        """What is drawn next lies in a new element."""
        node = Node(kind)
        self._open[-1].kids.append(node)
        self._open.append(node)

    def end(self) -> None:
        """The element that was begun last is whole."""
        self._open.pop()

    @contextmanager
    def content(self, canvas: Any, kind: str, alt: str = "") -> Iterator[None]:
        """Draw one element's content."""
        page = canvas.getPageNumber() - 1
        number = self.numbers.get(page, 0)
        self.numbers[page] = number + 1
        self._open[-1].kids.append(Node(kind, marks=[(page, number)], alt=alt))
        canvas.addLiteral(f"/{kind} <</MCID {number}>> BDC")
        yield
        canvas.addLiteral("EMC")


@contextmanager
def artifact(canvas: Any) -> Iterator[None]:
    """Draw decoration."""
    canvas.addLiteral("/Artifact BMC")
    yield
    canvas.addLiteral("EMC")


def tags_of(canvas: Any) -> Tags:
    """The tags of the document that the canvas draws."""
    tags: Tags = canvas.report_tags
    return tags


def draw_layout(table: Table, event: str, *_about: Any) -> None:
    """Called while a table draws that only arranges things: its ground and lines are decoration."""
    if event in ("startBG", "startLines"):
        table.canv.addLiteral("/Artifact BMC")
    elif event in ("endBG", "endLines"):
        table.canv.addLiteral("EMC")


def draw_table(table: Table, event: str, *about: Any) -> None:
    """Called while a table draws that holds data: rows and cells become elements."""
    draw_layout(table, event)
    if event in ("startTable", "startRow", "startCell"):
        kind = {"startTable": "Table", "startRow": "TR"}.get(event) or _cell_kind(about[2])
        tags_of(table.canv).begin(kind)
    elif event in ("endTable", "endRow", "endCell"):
        tags_of(table.canv).end()


def _cell_kind(content: Any) -> str:
    first = content[0] if isinstance(content, (list, tuple)) and content else content
    return "TH" if isinstance(first, Paragraph) and first.style.name == _HEAD_CELL else "TD"
