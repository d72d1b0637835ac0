"""A second look at a PDF's structure, by another library: proof that the engine has seen every page to its end.

The engine leaves out in silence what it does not understand: a page that the list does not count, contents that are
not there, drawings within drawings beyond its limit. Without a fault here, nothing of that happened.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading.limits import Limits
from cases.adapters.reading.pdf.annotations import unread_words
from cases.adapters.reading.pdf.nesting import nested_too_deep

if TYPE_CHECKING:
    from pypdf import PdfReader

NOT_CHECKED: Final = "the file's structure could not be checked: something may be missing"
_PAINTS: Final = re.compile(rb"(?<![^\s\])>])(?:Tj|TJ|'|\"|Do|BI|sh|f\*?|F|S|s|[bB]\*?)(?!\S)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What the engine has seen of a page: how many objects its content has, and its text."""

    objects: int
    text: str


def structure_faults(source: Path, read: Sequence[Page], count: int, limits: Limits) -> tuple[str, ...]:
    """What may be missing from a reading, in words; nothing if every page was seen to its end.

    ``read`` are the first pages, as far as the engine has read, of ``count`` pages.
    """
    try:
        return tuple(_faults(source, read, count, limits))
    except MemoryError:
        raise
    except Exception:  # a parser of damaged files fails in every way there is; no failure of it is a proof
        return (NOT_CHECKED,)


def _faults(source: Path, read: Sequence[Page], count: int, limits: Limits) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(source)
    if reader.is_encrypted:
        reader.decrypt("")
    pages = list(_pages(reader, most=4 * limits.max_pages + count))
    if len(pages) != count:
        yield f"the file says that it has {count} pages and holds {len(pages)}: pages may be missing"
    if nested_too_deep(source.read_bytes()):
        yield "parts of the file are nested too deep to be read: something may be missing"
    left = limits.max_inflated_bytes
    for number, (page, seen) in enumerate(zip(pages, read, strict=False), start=1):
        fault, used = _fault(page, seen, left)
        left -= used
        if fault:
            yield f"page {number}: {fault}"


def _pages(reader: PdfReader, most: int) -> Iterator[dict[str, Any]]:
    """The leaves of the page tree in order, each branch followed once."""
    waiting: list[Any] = [reader.root_object.raw_get("/Pages")]
    followed: set[Any] = set()
    while waiting and most:
        node = waiting.pop()
        known = getattr(node, "idnum", None)
        page = node.get_object()
        if not isinstance(page, dict) or known in followed:
            continue
        if "/Kids" in page:
            followed.add(known)
            waiting.extend(reversed(list(page["/Kids"])))
            continue
        most -= 1
        yield page


def _fault(page: dict[str, Any], seen: Page, left: int) -> tuple[str, int]:
    """What is wrong with a page, if anything, and how many bytes it took to find out."""
    streams = _streams(page)
    if streams is None:
        return "its content is missing", 0
    used, painted = 0, False
    for stream in streams:
        content = _inflated(stream, left - used)
        if content is None:
            return "its content is damaged or too long, and may have been read in part", used
        used += len(content)
        painted = painted or _PAINTS.search(content) is not None
    if painted and not seen.objects:
        return "its content could not be read", used
    return ("has form fields or comments that were not read" if unread_words(page, seen.text) else ""), used


def _streams(page: dict[str, Any]) -> list[Any] | None:
    from pypdf.generic import ArrayObject, StreamObject

    if "/Contents" not in page:
        return []
    contents = page["/Contents"]
    parts = [part.get_object() for part in contents] if isinstance(contents, ArrayObject) else [contents]
    return parts if all(isinstance(part, StreamObject) for part in parts) else None


def _inflated(stream: Any, left: int) -> bytes | None:
    """The content of a stream; ``None`` if it ends early or is more than may be looked at."""
    named = stream.get("/Filter", [])
    filters = list(named) if isinstance(named, list) else [named]
    if filters != ["/FlateDecode"]:
        content: bytes = stream.get_data()
        return content if len(content) <= left else None
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(stream._data, max(left, 1))
    except zlib.error:
        return None
    return content if inflater.eof else None
