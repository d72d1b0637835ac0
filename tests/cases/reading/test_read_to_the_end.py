"""A document is called complete only where it is proven that every page of it was read to its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cases.adapters.reading import read_in_child
from cases.domain.documents.document_text import Reading
from tests.tooling.unread import HIDDEN, UNREAD, filled_field, plain_page, side_note, written_note


def reading_of(content: bytes, folder: Path) -> Reading:
    source = folder / "upload"
    source.write_bytes(content)
    return read_in_child(source=source, workdir=folder / "out", name="a.pdf", declared_type="application/pdf")


@pytest.mark.parametrize("make", UNREAD, ids=lambda make: make.__name__)
def test_what_the_engine_leaves_out_in_silence_is_said(make: Callable[[], bytes], tmp_path: Path) -> None:
    reading = reading_of(make(), tmp_path)
    assert reading.verdict == "partial"
    assert reading.reasons


@pytest.mark.parametrize("make", [filled_field, written_note, side_note], ids=lambda make: make.__name__)
def test_what_was_filled_in_or_noted_on_the_page_is_read(make: Callable[[], bytes], tmp_path: Path) -> None:
    reading = reading_of(make(), tmp_path)
    assert (reading.verdict, reading.reasons) == ("complete", ())
    assert set(reading.pages[0].text.splitlines()) == {"Seen", HIDDEN}


def test_an_honest_page_with_drawings_in_drawings_is_complete(tmp_path: Path) -> None:
    reading = reading_of(plain_page(), tmp_path)
    assert (reading.verdict, reading.reasons) == ("complete", ())
    assert reading.pages[0].text.split() == ["Within", "Seen"]
