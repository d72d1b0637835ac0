"""A reading survives JSON, and JSON that is not a reading is refused: it comes from a child that may be lost."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.documents.document_text import (
    Line,
    MalformedReading,
    PageText,
    Reading,
    reading_from_json,
    reading_to_json,
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
        lines.append(Line(text=text, start=at, end=at + len(text), x0=x0, y0=y0, x1=x1, y1=y1, confidence=sure))
        at += len(text) + 1
    return PageText(
        number=draw(st.integers(1, 999)),
        width_pt=draw(st.floats(0, 5000)),
        height_pt=draw(st.floats(0, 5000)),
        text="\n".join(texts),
        lines=tuple(lines),
        engine=draw(st.sampled_from(["text-layer", "rapidocr", "tesseract", "none"])),
        confidence=draw(st.none() | _SHARE),
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


def _valid() -> dict[str, Any]:
    line = Line(text="abc", start=0, end=3, x0=0.1, y0=0.1, x1=0.2, y1=0.2, confidence=0.5)
    page = PageText(number=1, width_pt=10, height_pt=10, text="abc", lines=(line,), engine="rapidocr", confidence=1)
    return reading_to_json(Reading(media_type="text/plain", verdict="complete", pages=(page,), metadata={"a": 1}))


LIES: dict[str, tuple[tuple[str | int, ...], Any]] = {
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
