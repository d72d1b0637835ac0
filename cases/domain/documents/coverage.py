"""What of a document was read and what was not, told from its reading as it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.domain.documents.coverage_words import words_of
from cases.domain.documents.document_text import WHOLE_PAGE, Box, PageText, UnreadReason, page_from_json
from cases.domain.documents.reader_words import reader_words

_RECOGNISED = frozenset({"rapidocr", "tesseract"})
#: What are images and no sheets: nobody expects text on each.
IMAGE_TYPE = "application/dicom"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceNotRead:
    """A place that was not read, or not surely: its page, why (a code, and in words), and a box in fractions of it."""

    page: int
    reason: str
    words: str
    box: Box


@dataclass(frozen=True, kw_only=True, slots=True)
class TwoReadings:
    """A place of a page's text that two readings give differently: ``read`` stands in the text, ``other`` does not.

    Neither was chosen. The box is that of the lines which the place is in.
    """

    page: int
    start: int
    end: int
    read: str
    other: str
    words: str
    box: Box


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingCoverage:
    """How far a document was read. Pages are named by their numbers, from 1.

    ``pages_as_text`` hold letters of their own, ``pages_recognised`` were read from a picture, ``pages_without_text``
    gave none: empty, a picture, or not read. ``pages_with_hidden_text`` hold text that nobody sees, which is no
    evidence. ``pages_withheld`` have a name left in the copy without names, so that no program outside gets them.
    """

    pages: int
    pages_as_text: tuple[int, ...]
    pages_recognised: tuple[int, ...]
    pages_without_text: tuple[int, ...]
    places_not_read: tuple[PlaceNotRead, ...]
    two_readings: tuple[TwoReadings, ...]
    pages_with_hidden_text: tuple[int, ...]
    pages_withheld: tuple[int, ...]
    reasons: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing of it is left out, doubted or withheld."""
        return not (
            self.pages_without_text
            or self.places_not_read
            or self.two_readings
            or self.pages_with_hidden_text
            or self.pages_withheld
            or self.reasons
        )


def coverage_of(
    reading: Mapping[str, Any], *, page_count: int, withheld: Sequence[int] = (), language: str = "en"
) -> ReadingCoverage:
    """The coverage of a reading in its JSON, which has lines by the thousand: only pages with doubts are opened."""
    told: Sequence[Mapping[str, Any]] = reading.get("pages", ())
    texts = {page["number"]: page["engine"] for page in told if page["text"].strip()}
    count = max(page_count, max((page["number"] for page in told), default=0))
    # A report inside DICOM has letters of its own; what surrounds it on other pages is missed like anywhere else.
    images = reading.get("media_type") == IMAGE_TYPE and "text-layer" not in texts.values()
    silent = () if images else range(1, count + 1)
    return ReadingCoverage(
        pages=count,
        pages_as_text=tuple(sorted(number for number, engine in texts.items() if engine not in _RECOGNISED)),
        pages_recognised=tuple(sorted(number for number, engine in texts.items() if engine in _RECOGNISED)),
        pages_without_text=tuple(number for number in silent if number not in texts),
        places_not_read=tuple(
            PlaceNotRead(
                page=page["number"],
                reason=UnreadReason(place["reason"]).value,
                words=words_of(place["reason"], language),
                box=_box(place["box"]),
            )
            for page in told
            for place in page.get("unread", ())
        ),
        two_readings=tuple(
            one for page in told if page.get("doubts") for one in _doubted(page_from_json(page), language)
        ),
        pages_with_hidden_text=tuple(page["number"] for page in told if page.get("hidden", "").strip()),
        pages_withheld=tuple(sorted(withheld)),
        reasons=tuple(reader_words(reason, language) for reason in reading.get("reasons", ())),
    )


def _doubted(page: PageText, language: str) -> list[TwoReadings]:
    found = []
    for doubt in page.doubts:
        read = page.text[doubt.start : doubt.end]
        found.append(
            TwoReadings(
                page=page.number,
                start=doubt.start,
                end=doubt.end,
                read=read,
                other=doubt.other,
                words=f"{words_of('two_readings', language)}: {read} / {doubt.other}",
                box=_place(page, doubt.start, doubt.end),
            )
        )
    return found


def _place(page: PageText, start: int, end: int) -> Box:
    """The box around the lines that a part of the text stands in; the whole page where no line holds it."""
    lines = [line for line in page.lines if line.start < end and start < line.end]
    if not lines:
        return WHOLE_PAGE
    return (
        min(line.x0 for line in lines),
        min(line.y0 for line in lines),
        max(line.x1 for line in lines),
        max(line.y1 for line in lines),
    )


def _box(edges: Sequence[float]) -> Box:
    x0, y0, x1, y1 = edges
    return float(x0), float(y0), float(x1), float(y1)
