"""XML from strangers: no document type, no entities, bounded in size, depth and elements."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAX_DEPTH: Final = 100
# Elements and attributes.
MAX_NODES: Final = 200_000
MAX_TAG_BYTES: Final = 256_000
MAX_NAME: Final = 512
# One sign outside of the basic plane quadruples the text that it stands in.
MAX_WIDE_TEXT: Final = 4_000_000
_CHUNK: Final = 64_000


class UnfitXml(Exception):
    """It is no XML that is taken; the message says what to change."""


class _Tree:
    """Builds the tree while the bounds hold."""

    def __init__(self) -> None:
        self.builder, self.names = TreeBuilder(), dict[str, str]()
        self.depth = self.nodes = self.text = self.wide = 0
        self.is_wide = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth, self.nodes = self.depth + 1, self.nodes + 1 + len(attributes)
        if self.depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise UnfitXml(f"The XML is deeper than {MAX_DEPTH} levels or has more than {MAX_NODES} elements.")
        self.text, self.is_wide = 0, False
        self.builder.start(self._named(name), {self._named(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.depth -= 1
        self.text, self.is_wide = 0, False
        self.builder.end(self._named(name))

    def data(self, text: str) -> None:
        self.text += len(text)
        if self.is_wide:
            self.wide += len(text)
        elif not text.isascii():
            self.is_wide, self.wide = True, self.wide + self.text
        if self.wide > MAX_WIDE_TEXT:
            raise UnfitXml(f"The XML has more than {MAX_WIDE_TEXT // 10**6} million characters; send it in parts.")
        self.builder.data(text)

    def refuse(self, *_: object) -> None:
        raise UnfitXml("The XML declares a document type or entities. Send it without.")

    def _named(self, name: str) -> str:
        """``{namespace}name``, kept once: a namespace is written once, and would be copied into every name."""
        if (found := self.names.get(name)) is None:
            if len(name) > MAX_NAME:
                raise UnfitXml(f"A name or a namespace in the XML is longer than {MAX_NAME} characters.")
            found = self.names[name] = "{" + name if "}" in name else name
        return found


def xml_tree(content: bytes) -> Element:
    """The root element, names as ``{namespace}name``. Raises UnfitXml."""
    tree, parser = _Tree(), expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = tree.begin, tree.end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = tree.refuse
    parser.buffer_text = True
    try:
        for start in range(0, len(content), _CHUNK):
            parser.Parse(content[start : start + _CHUNK], False)
            # What is not read yet is one tag, whose attributes would all be made at its end.
            if start + _CHUNK - parser.CurrentByteIndex > MAX_TAG_BYTES:
                raise UnfitXml(f"A tag or comment in the XML is longer than {MAX_TAG_BYTES} bytes.")
        parser.Parse(b"", True)
        return tree.builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as fault:
        raise UnfitXml("This is not well-formed XML in a known encoding; send it in UTF-8.") from fault
