"""What a person reads on a page, and which of it is a code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

_SILENT = {"script", "style", "template", "svg"}
_READ_OUT = ("title", "placeholder", "aria-label", "alt")
_VOID = {"input", "br", "hr", "img", "meta", "link", "source", "wbr", "col"}
# ``internal_medicine``, ``IN_REVIEW``; in addresses and mail addresses they are names that people chose.
_JOINED = re.compile(r"(?<![\w/@.=-])(?:[a-z]+(?:_[a-z0-9]+)+|[A-Z]+(?:_[A-Z0-9]+)+)(?![\w/@=-])")
_CAPITALS = re.compile(r"\b[A-Z]{4,}\b")
_DOTTED = re.compile(r"(?<![\w/@.-])[a-z]+\.[a-z_]+(?:\.[a-z0-9_]+)*(?![\w/@])")
_FILE = re.compile(r"^[a-z]+\.(?:txt|pdf|png|jpg|dcm|json|zip|xml|example|com|org)$")


class _Reader(HTMLParser):
    """Text and what is read out; icons' names are drawn as pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0
        self.open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.words += [given[name] or "" for name in _READ_OUT if name in given]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.words.append(given.get("value") or "")
        if tag not in _VOID:
            silent = tag in _SILENT or "material-symbols-outlined" in (given.get("class") or "").split()
            self.open.append(silent)
            self.silent += silent

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self.open:
            self.silent -= self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.words.append(data.strip())


def visible(html: str) -> list[str]:
    """Every piece of text that a reader sees or hears."""
    reader = _Reader()
    reader.feed(html)
    return reader.words


def codes_in(pieces: Iterable[str], known: frozenset[str] = frozenset()) -> set[str]:
    """Words that are codes: joined by ``_``, or one of ``known`` (``PENDING``, ``cases.sweep``)."""
    found: set[str] = set()
    for piece in pieces:
        found |= set(_JOINED.findall(piece))
        found |= {one for one in _CAPITALS.findall(piece) if one in known}
        found |= {one for one in _DOTTED.findall(piece) if one in known or ("_" in one and not _FILE.match(one))}
    return found
