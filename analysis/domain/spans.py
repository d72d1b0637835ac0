"""The place in a source that supports a statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

MAX_LINE_LENGTH = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of a line without a wide gap: a place in the page's text, and its extent as fractions of the width."""

    start: int
    end: int
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place in the page's text where a second reading says something else: ``other``."""

    start: int
    end: int
    other: str


@dataclass(frozen=True, slots=True)
class UnreadPlace:
    """A place of the page that was not read: why, and a box in fractions of the page, origin top-left."""

    reason: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class CodedResult:
    """A result that came as data, at its place in the page's text; whatever the source does not say is empty.

    ``unit`` is UCUM where the source says so, else as it is written; ``range_unit`` is that of the bounds where it is
    written otherwise; ``code`` may be several, separated by blanks.
    """

    start: int
    end: int
    system: str = ""
    code: str = ""
    display: str = ""
    value: str = ""
    comparator: str = ""
    unit: str = ""
    unit_printed: str = ""
    low: str = ""
    high: str = ""
    range_unit: str = ""
    specimen: str = ""
    flag: str = ""
    status: str = ""
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One page of a document: its 1-based number, its text and how sure the reading is (0–1, None: text layer).

    ``cells`` are the cells of all lines in the text's order; empty where the reader knows no places within lines.
    """

    document_id: UUID
    number: int
    text: str
    confidence: float | None = None
    cells: tuple[Cell, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unread: tuple[UnreadPlace, ...] = ()
    coded: tuple[CodedResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a page's text, and what stands there."""

    document_id: UUID
    page: int
    start: int
    end: int
    quote: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "document_id": str(self.document_id),
            "page": self.page,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
        }


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a page with the offset of its first character."""

    page: SourcePage
    start: int
    text: str

    def span(self, start: int, end: int) -> Span:
        """The span of characters ``start`` to ``end`` of this line."""
        return span_of(self.page, self.start + start, self.start + end)

    def places(self, start: int, end: int) -> tuple[Span, ...]:
        """Every place of the page from which these characters come: one."""
        return (self.span(start, end),)

    def whole(self) -> Span:
        """The span of the line without the blanks around it."""
        left = len(self.text) - len(self.text.lstrip())
        return self.span(left, len(self.text.rstrip()))


def span_of(page: SourcePage, start: int, end: int) -> Span:
    """The span with its quote taken from the page, so that it always verifies."""
    return Span(page.document_id, page.number, start, end, page.text[start:end])


def lines_of(page: SourcePage) -> Iterable[TextLine]:
    """The page's lines in order; blank ones are left out, endless ones are cut, so that no line costs too much."""
    offset = 0
    for text in page.text.split("\n"):
        start = 0
        while start < len(text):
            end = _cut(text, start)
            if text[start:end].strip():
                yield TextLine(page, offset + start, text[start:end])
            start = end
        offset += len(text) + 1


def _cut(text: str, start: int) -> int:
    if len(text) - start <= MAX_LINE_LENGTH:
        return len(text)
    blank = text.rfind(" ", start + 1, start + MAX_LINE_LENGTH)
    return blank if blank > start else start + MAX_LINE_LENGTH


def verifies(span: Span, pages: Iterable[SourcePage]) -> bool:
    """Whether the quote stands at its place: nothing empty, nothing outside the page."""
    for page in pages:
        if page.document_id == span.document_id and page.number == span.page:
            inside = 0 <= span.start < span.end <= len(page.text)
            return inside and page.text[span.start : span.end] == span.quote and bool(span.quote.strip())
    return False
