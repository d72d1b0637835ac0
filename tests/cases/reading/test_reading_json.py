"""A reading survives JSON, and JSON that is not a reading is refused: it comes from a child that may be lost."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.documents.coded_results import CodedResult
from cases.domain.documents.document_text import (
    UNREAD_WORDS,
    Cell,
    Doubt,
    Line,
    MalformedReading,
    PageText,
    Reading,
    UnreadPlace,
    UnreadReason,
    reading_from_json,
    reading_to_json,
    shown_page_to_json,
)
from tests.cases.reading.conftest import Read

_WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00\n"), min_size=1, max_size=20)
_SHARE = st.floats(0, 1)


@st.composite
def _pages(draw: st.DrawFn) -> PageText:
    texts = draw(st.lists(_WORDS, max_size=5))
    lines, at = [], 0
    for text in texts:
        x0, x1 = sorted((draw(_SHARE), draw(_SHARE)))
        y0, y1 = sorted((draw(_SHARE), draw(_SHARE)))
        sure = draw(st.none() | _SHARE)
        cut = at + draw(st.integers(0, len(text) - 1))
        spans = [(at, cut), (cut, at + len(text))]
        cells = tuple(Cell(start, end, x0, x1) for start, end in spans if start < end)
        line = Line(text=text, start=at, end=at + len(text), x0=x0, y0=y0, x1=x1, y1=y1, confidence=sure, cells=cells)
        lines.append(line)
        at += len(text) + 1
    reasons = draw(st.lists(st.sampled_from(UnreadReason), max_size=2))
    return PageText(
        number=draw(st.integers(1, 999)),
        width_pt=draw(st.floats(0, 5000)),
        height_pt=draw(st.floats(0, 5000)),
        text="\n".join(texts),
        lines=tuple(lines),
        engine=draw(st.sampled_from(["text-layer", "rapidocr", "tesseract", "none"])),
        confidence=draw(st.none() | _SHARE),
        doubts=(Doubt(0, 1, draw(_WORDS)),) if texts and draw(st.booleans()) else (),
        unread=tuple(UnreadPlace(reason, (0.0, 0.25, 0.5, 1.0)) for reason in reasons),
        hidden=draw(st.just("") | _WORDS),
        coded=(CodedResult(start=0, end=1, code=draw(_WORDS), value="6.9"),) if texts and draw(st.booleans()) else (),
    )


_READINGS = st.builds(
    Reading,
    media_type=_WORDS,
    verdict=st.sampled_from(["complete", "partial", "failed"]),
    reasons=st.lists(_WORDS, max_size=3).map(tuple),
    pages=st.lists(_pages(), max_size=3).map(tuple),
    metadata=st.dictionaries(_WORDS, _WORDS | st.integers() | st.floats(allow_nan=False), max_size=3),
    active_content=st.lists(_WORDS, max_size=2).map(tuple),
)


@given(_READINGS)
def test_a_reading_survives_json(reading: Reading) -> None:
    assert reading_from_json(json.loads(json.dumps(reading_to_json(reading)))) == reading


def test_the_file_beside_the_pictures_is_the_reading(every_reading: tuple[Read, ...]) -> None:
    for read in every_reading:
        told = json.loads((read.folder / "reading.json").read_text(encoding="utf-8"))
        assert reading_from_json(told) == read.reading


def test_a_reading_that_was_stored_before_there_were_cells_still_loads() -> None:
    told = _valid()
    for name in ("doubts", "unread", "hidden", "coded"):
        del told["pages"][0][name]
    del told["pages"][0]["lines"][0]["cells"]
    page = reading_from_json(told).pages[0]
    assert (page.lines[0].cells, page.doubts, page.unread, page.hidden, page.coded) == ((), (), (), "", ())


def test_what_is_hidden_is_kept_and_not_shown() -> None:
    page = PageText(number=1, width_pt=10, height_pt=10, text="", hidden="secret")
    assert "secret" not in json.dumps(shown_page_to_json(page))


def test_every_reason_why_a_place_was_not_read_has_words() -> None:
    assert set(UNREAD_WORDS) == set(UnreadReason)


def _valid() -> dict[str, Any]:
    cells = (Cell(0, 3, 0.1, 0.2),)
    line = Line(text="abc", start=0, end=3, x0=0.1, y0=0.1, x1=0.2, y1=0.2, confidence=0.5, cells=cells)
    page = PageText(
        number=1,
        width_pt=10,
        height_pt=10,
        text="abc",
        lines=(line,),
        engine="rapidocr",
        confidence=1,
        doubts=(Doubt(0, 3, "abd"),),
        unread=(UnreadPlace(UnreadReason.NO_UNICODE, (0.1, 0.1, 0.2, 0.2)),),
        coded=(CodedResult(start=0, end=3, code="2823-3", value="6.9"),),
    )
    return reading_to_json(Reading(media_type="text/plain", verdict="complete", pages=(page,), metadata={"a": 1}))


LIES: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "a coded result outside its page": (("pages", 0, "coded", 0, "end"), 9),
    "a coded value that is no text": (("pages", 0, "coded", 0, "value"), 6.9),
    "an unknown verdict": (("verdict",), "fine"),
    "an unknown engine": (("pages", 0, "engine"), "guess"),
    "a media type that is no text": (("media_type",), 7),
    "pages that are no list": (("pages",), 3),
    "a page number below zero": (("pages", 0, "number"), -1),
    "a page number that is a truth value": (("pages", 0, "number"), True),
    "a NUL in the text": (("pages", 0, "text"), "ab\x00"),
    "an offset beside the text": (("pages", 0, "lines", 0, "start"), 1),
    "another text than the page's": (("pages", 0, "lines", 0, "text"), "abd"),
    "a box outside the page": (("pages", 0, "lines", 0, "box"), [0.1, 0.1, 1.2, 0.2]),
    "a box inside out": (("pages", 0, "lines", 0, "box"), [0.3, 0.1, 0.2, 0.2]),
    "a box that is no number": (("pages", 0, "lines", 0, "box"), [float("nan"), 0, 1, 1]),
    "a box with three edges": (("pages", 0, "lines", 0, "box"), [0, 0, 1]),
    "a cell beside its line": (("pages", 0, "lines", 0, "cells"), [[0, 4, 0.1, 0.2]]),
    "a cell inside out": (("pages", 0, "lines", 0, "cells"), [[0, 3, 0.2, 0.1]]),
    "a cell without a place": (("pages", 0, "lines", 0, "cells"), [[0, 3]]),
    "a doubt beside the text": (("pages", 0, "doubts", 0, "end"), 4),
    "a doubt that is no record": (("pages", 0, "doubts"), [7]),
    "an unknown reason": (("pages", 0, "unread", 0, "reason"), "tired"),
    "an unread place outside the page": (("pages", 0, "unread", 0, "box"), [0, 0, 1, 2]),
    "hidden text that is no text": (("pages", 0, "hidden"), 7),
    "a confidence above one": (("pages", 0, "confidence"), 1.5),
    "metadata that nests": (("metadata",), {"a": {"b": 1}}),
    "metadata that is a list": (("metadata",), []),
    "a reason that is no text": (("reasons",), [1]),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_in_the_json_is_refused(name: str) -> None:
    path, value = LIES[name]
    told = copy.deepcopy(_valid())
    target: Any = told
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(MalformedReading):
        reading_from_json(told)


@pytest.mark.parametrize("field", ["media_type", "verdict", "reasons", "pages", "metadata", "active_content"])
def test_a_missing_field_is_refused(field: str) -> None:
    told = _valid()
    del told[field]
    with pytest.raises(MalformedReading):
        reading_from_json(told)
