"""XML from strangers: no document type, no entities, bounded in size, depth and elements."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MOST_DEPTH: Final = 100
MOST_ELEMENTS: Final = 200_000


class UnfitXml(Exception):
    """It is no XML that is taken; the message says what to change."""


def xml_tree(content: bytes) -> Element:
    """The root element, names as ``{namespace}name``. Raises UnfitXml."""
    builder, depth, count = TreeBuilder(), 0, 0
    parser = expat.ParserCreate(namespace_separator="}")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MOST_DEPTH or count > MOST_ELEMENTS:
            raise UnfitXml(f"The XML is deeper than {MOST_DEPTH} levels or has more than {MOST_ELEMENTS} elements.")
        builder.start(_named(name), {_named(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(name))

    def refuse(*_: object) -> None:
        raise UnfitXml("The XML declares a document type or entities. Send it without.")

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as fault:
        raise UnfitXml("This is no well-formed XML in an encoding that is known; send it in UTF-8.") from fault


def _named(name: str) -> str:
    return "{" + name if "}" in name else name
