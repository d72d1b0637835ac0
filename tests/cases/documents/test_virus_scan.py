"""Malware is stopped before anyone can open it, and a file without a verdict stays closed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom import dcmread, dcmwrite
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from cases.adapters.virus_scanner import Clamd, ScanFailed
from cases.models import Archive, Document, Job
from cases.services import documents
from config.kernel.due_work import drain
from tests.cases.support import Story, by
from tests.tooling.clamd import SMALL_BYTES, FakeClamd, fake_clamd
from tests.tooling.clinical import lab_report
from tests.tooling.hostile import eicar
from tests.tooling.imaging import dicom_slice

pytestmark = pytest.mark.django_db
LETTER = b"Patient: Maria Keller\nDate of birth: 17.04.1961\nAll is well.\n"
# Behind what the check at the door looks at.
MALWARE = b" " * 5000 + eicar().content


@pytest.fixture
def scanner(settings: Any) -> Iterator[FakeClamd]:
    with fake_clamd() as scanner:
        settings.DOCUMENT_SCANNER, settings.CLAMD_URL, settings.CLAMD_SECONDS = "clamd", scanner.url, 0.5
        yield scanner


def in_text() -> tuple[str, bytes]:
    return "letter.txt", LETTER + MALWARE


def in_pdf() -> tuple[str, bytes]:
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(lab_report().content)))
    stream = DecodedStreamObject()
    stream.set_data(MALWARE)
    writer.root_object[NameObject("/PieceInfo")] = writer._add_object(stream)
    buffer = io.BytesIO()
    writer.write(buffer)
    return "report.pdf", buffer.getvalue()


def in_png() -> tuple[str, bytes]:
    notes, buffer = PngInfo(), io.BytesIO()
    notes.add_text("Comment", MALWARE.decode())
    Image.fromarray(np.full((400, 400), 255, np.uint8)).save(buffer, "PNG", pnginfo=notes)
    return "photo.png", buffer.getvalue()


def in_dicom() -> tuple[str, bytes]:
    data, buffer = dcmread(io.BytesIO(dicom_slice().content)), io.BytesIO()
    data.private_block(0x0099, "SOMEBODY", create=True).add_new(0x01, "OB", MALWARE)
    dcmwrite(buffer, data, enforce_file_format=True)
    return "slice.dcm", buffer.getvalue()


def send(story: Story, name: str, content: bytes, folder: Path) -> Document:
    source = folder / name
    source.write_bytes(content)
    with by(story.patient):
        told = documents.upload_document(
            principal=story.patient, case_id=story.id, name=name, declared_type="", source=source
        )
    return Document.objects.get(id=told.id)


def status(api: Any, story: Story, document: Document) -> int:
    return int(api.as_(story.patient).get(f"/documents/{document.id}/original").status_code)


@pytest.mark.parametrize("wrapped", [in_text, in_pdf, in_png, in_dicom])
def test_the_test_file_is_found_in_whatever_holds_it(api: Any, scanner: FakeClamd, tmp_path: Path, wrapped) -> None:
    story = Story()
    document = send(story, *wrapped(), tmp_path)
    drain("cases")
    document.refresh_from_db()
    assert (document.state, scanner.asked) == ("REJECTED", 1)
    assert "malicious" in document.advice
    assert status(api, story, document) == 409


def test_the_test_file_in_an_archive_is_the_one_that_is_refused(scanner: FakeClamd, tmp_path: Path) -> None:
    story, source = Story(), tmp_path / "records.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr(*in_text())
        archive.writestr("other.txt", LETTER)
    with by(story.patient):
        documents.upload_archive(
            principal=story.patient, case_id=story.id, name="records.zip", declared_type="", source=source
        )
    drain("cases")
    assert Archive.objects.get().state == "UNPACKED"
    assert sorted(Document.objects.values_list("state", flat=True)) == ["ACCEPTED", "REJECTED"]


@pytest.mark.parametrize("mood", ["silent", "garbage", "hangs up", "error"])
@pytest.mark.parametrize("again", range(5))
def test_without_a_verdict_a_file_stays_closed_and_is_scanned_again(
    api: Any, scanner: FakeClamd, tmp_path: Path, mood: Any, again: int
) -> None:
    scanner.mood = mood
    story = Story()
    document = send(story, "letter.txt", LETTER + str(again).encode(), tmp_path)
    # More often than a job is tried: its sender cannot help it.
    for asked in range(1, 5 if again == 0 else 2):
        drain("cases")
        document.refresh_from_db()
        assert (document.state, scanner.asked) == ("QUARANTINED", asked)
        assert status(api, story, document) == 409
        Job.objects.filter(kind="cases.read_document").update(run_after="2020-01-01T00:00Z")
    scanner.mood = "honest"
    drain("cases")
    document.refresh_from_db()
    assert (document.state, document.scanner) == ("ACCEPTED", "clamd")


def test_a_scanner_that_is_not_there_opens_nothing(api: Any, settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_SCANNER, settings.CLAMD_URL = "clamd", f"unix://{tmp_path}/none.sock"
    story = Story()
    document = send(story, "letter.txt", LETTER, tmp_path)
    drain("cases")
    document.refresh_from_db()
    assert (document.state, status(api, story, document)) == ("QUARANTINED", 409)
    settings.DOCUMENT_SCANNER = "other"
    Job.objects.update(run_after="2020-01-01T00:00Z")
    drain("cases")
    document.refresh_from_db()
    assert document.state == "QUARANTINED"


def test_a_file_over_the_scanners_limit_is_refused(scanner: FakeClamd, tmp_path: Path) -> None:
    scanner.mood = "small"
    document = send(Story(), "letter.txt", LETTER + b"More.\n" * SMALL_BYTES, tmp_path)
    drain("cases")
    document.refresh_from_db()
    assert document.state == "REJECTED"
    assert "scanner" in document.advice


def test_a_scanner_that_hangs_up_while_a_file_is_on_its_way_has_said_why(scanner: FakeClamd, tmp_path: Path) -> None:
    scanner.mood = "small"
    (tmp_path / "file").write_bytes(bytes(32 * 1024 * 1024))
    assert Clamd(scanner.url).scan(tmp_path / "file") == "too_large"


def test_a_clean_file_is_clean_whatever_its_size(scanner: FakeClamd, tmp_path: Path) -> None:
    for size in (0, 1, 300_000):
        (tmp_path / "file").write_bytes(bytes(size))
        assert Clamd(scanner.url).scan(tmp_path / "file") == "clean"


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1", "tcp://127.0.0.1", "tcp://127.0.0.1:1"])
def test_a_place_that_is_none_gives_no_verdict(url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(ScanFailed):
        Clamd(url, seconds=1).scan(tmp_path / "file")
