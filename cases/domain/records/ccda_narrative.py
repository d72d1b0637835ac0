"""The words for people in a CDA document: what references into them mean, and sections told row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

V3: Final = "{urn:hl7-org:v3}"
_ROWS: Final = frozenset(V3 + name for name in ("tr", "item", "paragraph", "caption", "list", "table", "br", "title"))
_CELLS: Final = frozenset(V3 + name for name in ("td", "th"))
_HEAD: Final = V3 + "thead"
#: What a cell says that makes its row no longer so, in English, German, Spanish and French.
_OVER: Final = frozenset(
    [
        "inactive",
        "discontinued",
        "stopped",
        "completed",
        "aborted",
        "resolved",
        "refuted",
        "cancelled",
        "canceled",
        "on hold",
        "suspended",
        "entered in error",
        "not taking",
        "past",
        "historical",
        "ended",
        "abgesetzt",
        "beendet",
        "inaktiv",
        "pausiert",
        "abgeschlossen",
        "suspendido",
        "suspendida",
        "inactivo",
        "inactiva",
        "resuelto",
        "resuelta",
        "finalizado",
        "finalizada",
        "retirado",
        "retirada",
        "arrêté",
        "arrêtée",
        "terminé",
        "terminée",
        "inactif",
        "inactive",
        "résolu",
        "résolue",
        "suspendu",
        "suspendue",
    ]
)
_PARTS: Final = re.compile(r"[,;:|()]|\s[-–]\s")


class Narrative:
    """The words of one document by the names that its entries use."""

    def __init__(self, root: Element) -> None:
        self._named = {name: one for one in root.iter() if (name := one.get("ID"))}

    def words_at(self, reference: str | None) -> str:
        """The words that ``#name`` stands for; empty where the document has none."""
        found = self._named.get((reference or "").strip().removeprefix("#"))
        return words(found)

    def words_in(self, element: Element | None) -> str:
        """An element's own words, else those that it refers to."""
        if element is None:
            return ""
        own = words(element)
        if own:
            return own
        reference = element.find(f"{V3}reference")
        return self.words_at(reference.get("value")) if reference is not None else ""


def words(element: Element | None) -> str:
    """The words in an element without those that were struck out."""
    return " ".join("".join(_texts(element)).split()) if element is not None else ""


def rows(text: Element) -> Iterator[tuple[str, str]]:
    """Each row of a section's words, and what one of its cells says that makes it no longer so."""
    # A cell ends with a tab, a row with a line feed: written so by nobody else, as blanks are told as one.
    told = "".join(_marked(text))
    for row in told.split("\n"):
        cells = [" ".join(cell.split()) for cell in row.split("\t")]
        cells = [cell for cell in cells if cell]
        if cells:
            parts = (part.strip() for cell in cells for part in _PARTS.split(cell))
            over = next((part for part in parts if part.casefold() in _OVER), "")
            yield ", ".join(cells), over


def _marked(element: Element) -> Iterator[str]:
    if _struck_out(element) or element.tag == _HEAD:
        yield _spaced(element.tail)
        return
    row, cell = element.tag in _ROWS, element.tag in _CELLS
    if row:
        yield "\n"
    yield _spaced(element.text)
    for child in element:
        yield from _marked(child)
    if row or cell:
        yield "\n" if row else "\t"
    yield _spaced(element.tail)


def _spaced(text: str | None) -> str:
    return " ".join((text or " ").replace("\t", " ").split("\n"))


def _texts(element: Element) -> Iterator[str]:
    if not _struck_out(element):
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""
            if child.tag in _ROWS or child.tag in _CELLS:
                yield " "


def _struck_out(element: Element) -> bool:
    return element.get("revised") == "delete"
