"""Scans, photos and faxes: the text is recognised, placed, and its trustworthiness told."""

from __future__ import annotations

import io
import resource

import numpy as np
import pytest
from PIL import Image

from cases.adapters.reading import Limits, page_name, thumb_name
from cases.adapters.reading.recognition.tesseract_engine import words
from tests.cases.reading.conftest import Read, Reader, assert_places_hold, rows_found
from tests.tooling import documents
from tests.tooling.facts import Document

pytest.importorskip("rapidocr", reason="text recognition is an extra")


@pytest.mark.parametrize("name", ["scan", "photo"])
def test_nearly_every_laboratory_row_is_read_from_pixels(name: str, request: pytest.FixtureRequest) -> None:
    read: Read = request.getfixturevalue(name)
    found = rows_found(read.document, read.text)
    assert len(found) >= 0.95 * len(read.document.known.laboratory)


@pytest.mark.parametrize("name", ["scan", "photo"])
def test_who_the_paper_is_about_is_read_from_pixels(name: str, request: pytest.FixtureRequest) -> None:
    read: Read = request.getfixturevalue(name)
    person = read.document.known.person
    for fact in (person.full_name, person.date_of_birth.isoformat(), person.record_number):
        assert fact in read.text


def test_a_scan_tells_its_engine_and_a_confidence(scan: Read) -> None:
    page = scan.reading.pages[0]
    assert page.engine == "rapidocr"
    assert page.confidence is not None
    assert page.confidence > 0.9
    assert all(line.confidence is not None for line in page.lines)
    assert_places_hold(page)


def test_a_scanned_page_costs_few_processor_seconds(read: Reader) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    read(documents.scanned())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < 15, "about 5 s, which two idle cores share"


def test_a_photo_lying_on_its_side_is_turned_upright(photo: Read) -> None:
    page = photo.reading.pages[0]
    assert page.height_pt > page.width_pt
    with Image.open(photo.folder / page_name(1)) as picture:
        assert picture.height > picture.width
    assert page.lines[0].text == "Northfield Clinical Laboratory"


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_sheet_fed_the_wrong_way_is_turned_and_read(turned: int, read: Reader) -> None:
    sheet = read(documents.scanned(turned=turned))
    page = sheet.reading.pages[0]
    assert len(rows_found(sheet.document, sheet.text)) >= 15
    assert page.lines[0].text == "Northfield Clinical Laboratory"
    assert page.height_pt > page.width_pt
    with Image.open(sheet.folder / page_name(1)) as shown, Image.open(sheet.folder / thumb_name(1)) as thumb:
        assert shown.height > shown.width
        assert thumb.height > thumb.width
    assert_places_hold(page)


def test_each_frame_of_a_fax_is_a_page(read: Reader) -> None:
    fax = read(documents.scanned_tiff(documents.discharge_letter()))
    assert [page.engine for page in fax.reading.pages] == ["rapidocr", "rapidocr"]
    assert fax.reading.pages[0].width_pt == pytest.approx(595, abs=2)
    lines = [medicine.line for medicine in fax.document.known.medicines]
    assert [line for line in lines if line not in fax.text] == []


def test_a_stamp_on_a_scan_does_not_pass_for_its_text(read: Reader) -> None:
    from pypdf import PdfReader, PdfWriter
    from reportlab.pdfgen.canvas import Canvas

    stamp = io.BytesIO()
    canvas = Canvas(stamp, pagesize=(595, 842))
    canvas.drawString(40, 20, "Scanned by Acme")
    canvas.save()
    writer = PdfWriter()
    page = writer.add_page(PdfReader(io.BytesIO(documents.scanned().content)).pages[0])
    page.merge_page(PdfReader(stamp).pages[0])
    buffer = io.BytesIO()
    writer.write(buffer)
    stamped = read(Document(content=buffer.getvalue(), known=documents.scanned().known))
    assert stamped.reading.pages[0].engine == "rapidocr"
    assert "Potassium" in stamped.text


def test_a_page_with_a_picture_and_no_words_is_said_to_be_unread(read: Reader) -> None:
    shapes = np.full((900, 700, 3), 255, dtype=np.uint8)
    shapes[300:600, 200:500] = (30, 60, 90)
    buffer = io.BytesIO()
    Image.fromarray(shapes).save(buffer, "PNG")
    result = read(Document(content=buffer.getvalue(), known=documents.screenshot_png().known))
    assert result.reading.verdict == "failed"
    assert result.reading.reasons == ("page 1: no text could be recognised",)


def test_a_blank_sheet_is_complete(read: Reader) -> None:
    buffer = io.BytesIO()
    Image.new("L", (700, 900), 250).save(buffer, "PNG")
    result = read(Document(content=buffer.getvalue(), known=documents.screenshot_png().known))
    assert (result.reading.verdict, result.text) == ("complete", "")


def test_what_was_recognised_before_time_ran_out_is_kept_and_the_rest_named(read: Reader) -> None:
    pages = documents.scanned(documents.many_pages(4), dpi=130)
    result = read(pages, limits=Limits(recognition_seconds=4.0, rounds=1))
    done = [page.number for page in result.reading.pages if page.engine == "rapidocr"]
    missing = [page.number for page in result.reading.pages if page.engine == "none"]
    assert missing, "four dense pages take longer than four seconds on every machine"
    assert done == list(range(1, len(done) + 1))
    assert result.reading.verdict == ("partial" if done else "failed")
    assert [reason.split(":")[0] for reason in result.reading.reasons] == [f"page {n}" for n in missing]
    assert all("time ran out" in reason for reason in result.reading.reasons)


def test_without_room_for_the_recogniser_the_reading_is_failed_and_not_empty(read: Reader) -> None:
    result = read(documents.scanned(), limits=Limits(recognition_memory_bytes=200 * 1024 * 1024))
    assert result.reading.verdict == "failed"
    assert result.reading.reasons[0].startswith("page 1: not read, ")
    assert (result.folder / page_name(1)).exists(), "a person can still look at the page"


def test_the_words_of_a_tesseract_table_keep_box_and_confidence() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    table = head + "4\t1\t1\t1\t1\t0\t10\t20\t300\t30\t-1\t\n5\t1\t1\t1\t1\t1\t10\t20\t90\t30\t96.4\tPotassium\n"
    piece = words(table)[0]
    assert (piece.text, piece.x0, piece.y0, piece.x1, piece.y1) == ("Potassium", 10, 20, 100, 50)
    assert piece.confidence == pytest.approx(0.964)
    assert len(words(table)) == 1
