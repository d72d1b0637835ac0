"""A source cut into words and tags; each tag outside the subset becomes a fault with advice."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from notifications.domain.handlebars import advice
from notifications.domain.handlebars.limits import MAX_FAULTS, MAX_SOURCE_BYTES, Fault, TemplateRefused

# JavaScript's white space, which is not quite Python's.
SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f"
    "\u3000\ufeff"
)
BLOCKS = ("if", "unless", "each")
_SPACES = re.compile(f"[{SPACE}]+")
_LONG_COMMENT_END = re.compile(r"--~?\}\}")
_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_PATH = re.compile(rf"@(?:index|key|first|last)|{_NAME}(?:\.{_NAME})*")
# They have a meaning of their own in Handlebars, so nothing is called so.
_LITERALS = frozenset({"true", "false", "null", "undefined"})
_HELPERS = frozenset({*BLOCKS, "with", "lookup", "log", "else", "helperMissing", "blockHelperMissing"})


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. ``kind``: value, open, else, chain (``else if``), close, comment; ``name`` is the block's.

    ``before`` and ``after``: whether a ``~`` takes the white space away on that side.
    """

    kind: str
    at: int
    before: bool
    after: bool
    name: str = ""
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class Source:
    """The source, and what was found wrong in it."""

    text: str
    faults: list[Fault] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of an offset, from 1."""
        if not self._lines:
            self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def fault(self, at: int, found: str, told: str) -> None:
        """Note one; beyond the most that somebody reads, the source is refused at once."""
        shown = found if len(found) <= 60 else found[:57] + "…"
        self.faults.append(Fault(*self.place(at), shown, told))
        if len(self.faults) >= MAX_FAULTS:
            raise TemplateRefused(self.faults)


def pieces(source: Source) -> Iterator[tuple[int, str] | Tag]:
    """Words with their offset, and tags, in order; what cannot be read is noted in ``source.faults``."""
    text, at = source.text, 0
    if len(text.encode("utf-8", "surrogatepass")) > MAX_SOURCE_BYTES:
        source.fault(0, "the template", advice.TOO_LONG)
        return
    if "\0" in text:
        source.fault(text.index("\0"), "a NUL", advice.CONTROL)
    while True:
        start = text.find("{{", at)
        words = text[at:] if start < 0 else text[at:start]
        if words:
            yield at, words
        if start < 0:
            return
        if words.endswith("\\"):
            source.fault(start - 1, "\\{{", advice.BACKSLASH)
        tag, at = _tag(source, start)
        if tag is not None:
            yield tag


def _tag(source: Source, start: int) -> tuple[Tag | None, int]:
    """The tag that begins here, if it can be read, and where it ends."""
    text = source.text
    before = text.startswith("~", start + 2)
    inside = start + 3 if before else start + 2
    if text.startswith("!", inside):
        return _comment(source, start, inside, before)
    end = text.find("}}", inside)
    if end < 0:
        source.fault(start, text[start : start + 20], advice.NOT_CLOSED)
        return None, len(text)
    after_end = end + 2
    while text.startswith("}", after_end):
        after_end += 1
    shown = text[start:after_end]
    if text.startswith("{", inside):
        source.fault(start, shown, advice.RAW_BLOCK if text.startswith("{{{{", start) else advice.RAW)
        return None, after_end
    if after_end > end + 2:
        source.fault(start, shown, advice.BRACES)
        return None, after_end
    content = text[inside:end]
    after = content.endswith("~")
    read = _read(content.removesuffix("~"))
    if isinstance(read, str):
        source.fault(start, shown, read)
        # A block that is not known is closed all the same; no fault follows from the one that was told.
        kind = {"#": "open", "^": "open", "/": "close"}.get(content[:1], "")
        name = _SPACES.split(content[1:].strip(SPACE + "*>"))[0]
        return (Tag(kind, start, before, after, name) if kind and name[:1].isalpha() else None), end + 2
    kind, name, path = read
    return Tag(kind, start, before, after, name, path), end + 2


def _comment(source: Source, start: int, inside: int, before: bool) -> tuple[Tag | None, int]:
    text = source.text
    if text.startswith("!--", inside):
        found = _LONG_COMMENT_END.search(text, inside + 1)
        end = found.end() if found else 0
    else:
        end = text.find("}}", inside) + 2
    if end < 2:
        source.fault(start, text[start : start + 20], advice.COMMENT)
        return None, len(text)
    return Tag("comment", start, before, text[end - 3] == "~"), end


def _read(content: str) -> tuple[str, str, tuple[str, ...]] | str:
    """Kind, block and path of what stands between the braces; or what to write instead."""
    inner = content.strip(SPACE)
    if not inner:
        return advice.EMPTY
    if "{" in inner or "}" in inner:
        return advice.NOT_CLOSED
    if content[0] in "#/":
        return _block(content[0], content[1:].strip(SPACE))
    words = _SPACES.split(inner)
    if words[0] == "else":
        return _otherwise(words)
    path = read_path(inner)
    return path if isinstance(path, str) else ("value", "", path)


def _block(sigil: str, inner: str) -> tuple[str, str, tuple[str, ...]] | str:
    name, *words = _SPACES.split(inner)
    if sigil == "/":
        return advice.CLOSING if words or not name else ("close", name, ())
    if name not in BLOCKS:
        return advice.of_block(inner)
    if len(words) != 1:
        return advice.of_arguments(name, words)
    path = read_path(words[0])
    return path if isinstance(path, str) else ("open", name, path)


def _otherwise(words: list[str]) -> tuple[str, str, tuple[str, ...]] | str:
    if len(words) == 1:
        return "else", "", ()
    if words[1] != "if":
        return advice.ELSE
    if len(words) != 3:
        return advice.of_arguments("else if", words[2:])
    path = read_path(words[2])
    return path if isinstance(path, str) else ("chain", "if", path)


def read_path(inner: str) -> tuple[str, ...] | str:
    """The parts of a path; or what to write instead."""
    if not _PATH.fullmatch(inner):
        return advice.of_value(inner)
    first, *others = parts = tuple(inner.split("."))
    if first in _HELPERS:
        return advice.HELPER_NAME
    if _LITERALS.intersection(parts):
        return advice.LITERAL
    if "this" in others:
        return advice.THIS
    return parts
