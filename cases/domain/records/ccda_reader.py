"""What the entries of a C-CDA document are read with, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from cases.domain.records.ccda_narrative import V3, Narrative
from cases.domain.records.ccda_values import attribute, path
from cases.domain.records.health_record import Statement

CLINICAL: Final = tuple(
    V3 + name
    for name in ("observation", "substanceAdministration", "procedure", "act", "organizer", "supply", "encounter")
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A statement with what the acts around it say of it."""

    element: Element
    negated: bool = False
    status: str = ""
    specimen: str = ""
    time: Element | None = None
    of_another: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """A statement in words, or why it is left out; ``lost`` names parts of it that have no words here."""

    statement: Statement | None = None
    why_not: str = ""
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What statements are read with."""

    narrative: Narrative
    today: date
    sex: str


def nested(one: Element) -> Iterator[tuple[str, Element]]:
    for relation in one.findall(path("entryRelationship")):
        for child in relation:
            if child.tag in CLINICAL:
                yield attribute(relation, "typeCode"), child
