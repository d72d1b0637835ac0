"""One place to take generated documents from: a set for the journey, and what must be turned away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.tooling.clinical import discharge_letter, lab_report, many_pages
from tests.tooling.facts import MARIA, Document, Known, LabFact, MedicineFact, Person
from tests.tooling.hostile import CORPUS as HOSTILE
from tests.tooling.hostile import Hostile
from tests.tooling.imaging import Imaging, dicom_slice
from tests.tooling.scans import photographed, scanned, scanned_tiff, screenshot_png

__all__ = [
    "HOSTILE",
    "MARIA",
    "Document",
    "Hostile",
    "Imaging",
    "Known",
    "LabFact",
    "MedicineFact",
    "Person",
    "clinical_set",
    "dicom_slice",
    "discharge_letter",
    "lab_report",
    "many_pages",
    "phone_photo",
    "photographed",
    "plain_notes",
    "scanned",
    "scanned_tiff",
    "screenshot_png",
]


def phone_photo(person: Person = MARIA) -> Document:
    """A photo as phones write it: drawn for the tests, packed in HEVC, with EXIF that names a camera."""
    written = lab_report(person).known
    known = replace(written, name="IMG_0001.HEIC", media_type="image/heic", phrases=("9.1 g/dL",), laboratory=())
    return Document(content=Path(__file__).with_name("files").joinpath("photo.heic").read_bytes(), known=known)


def plain_notes(person: Person = MARIA) -> Document:
    """A patient's own notes as plain text with umlauts."""
    written = lab_report(person).known
    phrases = ("Müdigkeit seit März, Stuhl schwarz.", "Hemoglobin 9.1 g/dL")
    text = f"{person.full_name}, {person.date_of_birth.isoformat()}\n\n" + "\n".join(phrases) + "\n"
    known = Known(
        name="notes.txt",
        media_type="text/plain",
        person=person,
        written_on=written.written_on,
        facility="",
        phrases=phrases,
    )
    return Document(content=text.encode(), known=known)


def clinical_set(person: Person = MARIA) -> tuple[Document, ...]:
    """The four uploads of the main journey: text PDF, scan, photo of a page, DICOM; all about one person."""
    letter = discharge_letter(person)
    report = lab_report(person)
    return letter, scanned(report), photographed(report), dicom_slice(person)
