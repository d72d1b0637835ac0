"""What was read in a document: text by page with the place of every line, and how far the reading may be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, get_args

from cases.domain.documents.coded_results import CodedResult, coded_from_json, coded_to_json

Engine = Literal["text-layer", "rapidocr", "tesseract", "none"]
Verdict = Literal["complete", "partial", "failed"]
MetadataValue = str | int | float

ENGINES: frozenset[str] = frozenset(get_args(Engine))
VERDICTS: frozenset[str] = frozenset(get_args(Verdict))
Box = tuple[float, float, float, float]
WHOLE_PAGE: Final[Box] = (0.0, 0.0, 1.0, 1.0)


class UnreadReason(StrEnum):
    """Why a place of a page was not read, or not surely."""

    PICTURE_NOT_RECOGNISED = "picture_not_recognised"
    FORM_NOT_READABLE = "form_not_readable"
    OVERLAPPING_GLYPHS = "overlapping_glyphs"
    NO_UNICODE = "no_unicode"
    INVISIBLE_TEXT = "invisible_text"


UNREAD_WORDS: Final[Mapping[UnreadReason, str]] = {
    UnreadReason.PICTURE_NOT_RECOGNISED: "a picture that may show text, in which no text was recognised",
    UnreadReason.FORM_NOT_READABLE: "a form whose content this program cannot read",
    UnreadReason.OVERLAPPING_GLYPHS: "letters printed over one another, which may be read wrongly",
    UnreadReason.NO_UNICODE: "letters that the file draws without saying which they are",
    UnreadReason.INVISIBLE_TEXT: "text that the file holds and the page does not show",
}


class MalformedReading(ValueError):
    """The JSON is not a reading: a field is missing, of the wrong type, or an offset points outside its page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of a line without a wide gap: `start`/`end` index the page's text, `x0`/`x1` are fractions of the page.

    On a page whose text lies turned, they are fractions along the lines, as the page's reader holds it.
    """

    start: int
    end: int
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place in the page's text where a second reading says something else: `other`."""

    start: int
    end: int
    other: str


@dataclass(frozen=True, slots=True)
class UnreadPlace:
    """A place of the page that was not read: a box in fractions of the page, origin top-left."""

    reason: UnreadReason
    box: Box = WHOLE_PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a page. `start`/`end` index the page's text; the box is fractions of the page, origin top-left.

    `cells` are its columns, from left to right; none where the reader knows no places within a line.
    """

    text: str
    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float | None = None
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PageText:
    """One page. `number` is 1-based; sizes are PDF points (1/72 inch); confidence 0–1 or None for a text layer.

    `hidden` is what the file holds and nobody sees (outside the crop, white, on a hidden layer): never evidence.
    `coded` are the results of a record that came as data, each at its place in the text.
    """

    number: int
    width_pt: float
    height_pt: float
    text: str
    lines: tuple[Line, ...] = ()
    engine: Engine = "none"
    confidence: float | None = None
    doubts: tuple[Doubt, ...] = ()
    unread: tuple[UnreadPlace, ...] = ()
    hidden: str = ""
    coded: tuple[CodedResult, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The whole document. A verdict other than `complete` always carries at least one reason."""

    media_type: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    pages: tuple[PageText, ...] = ()
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    active_content: tuple[str, ...] = ()


def line_to_json(line: Line) -> dict[str, Any]:
    """Plain JSON of a line, short enough to store by the thousand."""
    return {
        "text": line.text,
        "start": line.start,
        "end": line.end,
        "box": [line.x0, line.y0, line.x1, line.y1],
        "confidence": line.confidence,
        "cells": [[cell.start, cell.end, cell.x0, cell.x1] for cell in line.cells],
    }


def page_to_json(page: PageText) -> dict[str, Any]:
    """Plain JSON of a page, as it is kept."""
    coded = [coded_to_json(result) for result in page.coded]
    return shown_page_to_json(page) | {"hidden": page.hidden, "coded": coded}


def shown_page_to_json(page: PageText) -> dict[str, Any]:
    """Plain JSON of a page as a person sees it: without what is hidden on it and what is for programs."""
    return {
        "number": page.number,
        "width_pt": page.width_pt,
        "height_pt": page.height_pt,
        "text": page.text,
        "lines": [line_to_json(line) for line in page.lines],
        "engine": page.engine,
        "confidence": page.confidence,
        "doubts": [{"start": doubt.start, "end": doubt.end, "other": doubt.other} for doubt in page.doubts],
        "unread": [
            {"reason": place.reason.value, "words": UNREAD_WORDS[place.reason], "box": list(place.box)}
            for place in page.unread
        ],
    }


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """Plain JSON of a reading; `reading_from_json` is its inverse."""
    return {
        "media_type": reading.media_type,
        "verdict": reading.verdict,
        "reasons": list(reading.reasons),
        "pages": [page_to_json(page) for page in reading.pages],
        "metadata": dict(reading.metadata),
        "active_content": list(reading.active_content),
    }


def line_from_json(data: Any, *, page_text: str) -> Line:
    """A line, checked against the text of its page. Raises MalformedReading."""
    try:
        x0, y0, x1, y1 = (float(edge) for edge in data["box"])
        line = Line(
            text=_text(data["text"]),
            start=_whole(data["start"]),
            end=_whole(data["end"]),
            x0=x0,
            y0=y0,
            x1=x1,
            y1=y1,
            confidence=_fraction(data["confidence"]),
            cells=tuple(_cell(told) for told in data.get("cells", ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise MalformedReading(f"line: {fault}") from fault
    if page_text[line.start : line.end] != line.text:
        raise MalformedReading("line: its offsets do not give its text")
    if not (0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1):
        raise MalformedReading("line: its box is not inside the page")
    _check_cells(line)
    return line


def page_from_json(data: Any) -> PageText:
    """A page with its lines. Raises MalformedReading."""
    try:
        text = _text(data["text"])
        engine = data["engine"]
        if engine not in ENGINES:
            raise MalformedReading(f"page: unknown engine {engine!r}")
        return PageText(
            number=_whole(data["number"]),
            width_pt=float(data["width_pt"]),
            height_pt=float(data["height_pt"]),
            text=text,
            lines=tuple(line_from_json(line, page_text=text) for line in data["lines"]),
            engine=engine,
            confidence=_fraction(data["confidence"]),
            doubts=tuple(_doubt(told, page_text=text) for told in data.get("doubts", ())),
            unread=tuple(_unread(told) for told in data.get("unread", ())),
            hidden=_text(data.get("hidden", "")),
            coded=tuple(coded_from_json(told, page_text=text) for told in data.get("coded", ())),
        )
    except MalformedReading:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise MalformedReading(f"page: {fault}") from fault


def reading_from_json(data: Any) -> Reading:
    """A reading from JSON that may come from an untrusted child. Raises MalformedReading."""
    try:
        verdict = data["verdict"]
        if verdict not in VERDICTS:
            raise MalformedReading(f"unknown verdict {verdict!r}")
        return Reading(
            media_type=_text(data["media_type"]),
            verdict=verdict,
            reasons=tuple(_text(reason) for reason in data["reasons"]),
            pages=tuple(page_from_json(page) for page in data["pages"]),
            metadata={_text(name): _scalar(value) for name, value in data["metadata"].items()},
            active_content=tuple(_text(kind) for kind in data["active_content"]),
        )
    except MalformedReading:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise MalformedReading(f"reading: {fault}") from fault


def _cell(data: Any) -> Cell:
    start, end, x0, x1 = data
    return Cell(_whole(start), _whole(end), float(x0), float(x1))


def _check_cells(line: Line) -> None:
    at = line.start
    for cell in line.cells:
        if not (at <= cell.start < cell.end <= line.end and 0 <= cell.x0 <= cell.x1 <= 1):
            raise MalformedReading("line: a cell is not inside it")
        at = cell.end


def _doubt(data: Any, *, page_text: str) -> Doubt:
    doubt = Doubt(_whole(data["start"]), _whole(data["end"]), _text(data["other"]))
    if not doubt.start < doubt.end <= len(page_text):
        raise MalformedReading("page: a doubt is outside its text")
    return doubt


def _unread(data: Any) -> UnreadPlace:
    x0, y0, x1, y1 = (float(edge) for edge in data["box"])
    if not (0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1):
        raise MalformedReading("page: an unread place is not inside it")
    return UnreadPlace(UnreadReason(data["reason"]), (x0, y0, x1, y1))


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError("expected text without NUL")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("expected a whole number")
    return value


def _fraction(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError("expected a confidence from 0 to 1")
    return number


def _scalar(value: Any) -> MetadataValue:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("expected text or a number as metadata")
    return value
