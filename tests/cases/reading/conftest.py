"""Readings made once per session: recognition takes seconds, and readings are frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cases.adapters.reading import Limits, read_in_child
from cases.domain.documents.document_text import PageText, Reading
from tests.tooling import documents
from tests.tooling.facts import Document


@dataclass(frozen=True)
class Read:
    """A document, what was read in it, and where its pictures lie."""

    document: Document
    reading: Reading
    folder: Path

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.reading.pages)


Reader = Callable[..., Read]


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """`read(document, limits=…)` reads a generated document for real, in children."""

    def reader(document: Document, *, limits: Limits | None = None) -> Read:
        folder = tmp_path_factory.mktemp("reading")
        source = folder / "upload"
        source.write_bytes(document.content)
        reading = read_in_child(
            source=source,
            workdir=folder / "out",
            name=document.name,
            declared_type=document.media_type,
            limits=limits,
        )
        return Read(document, reading, folder / "out")

    return reader


@pytest.fixture(scope="session")
def lab_report(read: Reader) -> Read:
    return read(documents.lab_report())


@pytest.fixture(scope="session")
def letter(read: Reader) -> Read:
    return read(documents.discharge_letter())


@pytest.fixture(scope="session")
def scan(read: Reader) -> Read:
    return read(documents.scanned())


@pytest.fixture(scope="session")
def photo(read: Reader) -> Read:
    return read(documents.photographed(turned=True))


@pytest.fixture(scope="session")
def slice_(read: Reader) -> Read:
    return read(documents.dicom_slice())


@pytest.fixture(scope="session")
def every_reading(lab_report: Read, letter: Read, scan: Read, photo: Read, slice_: Read) -> tuple[Read, ...]:
    return lab_report, letter, scan, photo, slice_


def rows_found(document: Document, text: str) -> list[str]:
    """The laboratory rows whose name is followed by its value, unit and range, however they are spaced."""
    rows = {" ".join(row.split()).replace(" ", "") for row in text.splitlines()}
    wanted = {
        fact.name: f"{fact.name}{fact.value}{fact.unit}{fact.range_text}{fact.flag}".replace(" ", "")
        for fact in document.known.laboratory
    }
    return [name for name, row in wanted.items() if row in rows]


def assert_places_hold(page: PageText) -> None:
    """Every line is where its offsets say, in order, and its box lies inside the page."""
    at = 0
    for line in page.lines:
        assert page.text[line.start : line.end] == line.text
        assert line.start >= at
        assert 0 <= line.x0 < line.x1 <= 1
        assert 0 <= line.y0 < line.y1 <= 1
        at = line.end
