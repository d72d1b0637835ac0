"""Field cases of reading: what the page shows is what its text says, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from cases.adapters.reading import read_in_child
from cases.adapters.reading.pdf.overlays import page_with_overlays
from cases.adapters.reading.pdf.page_text import text_of
from cases.adapters.reading.pdf.pages import open_pdf
from cases.domain.documents.document_text import PageText, Reading, UnreadReason

FILES = Path(__file__).parent / "files"


def page_of(name: str) -> PageText:
    document = open_pdf(FILES / name)
    return text_of(page_with_overlays(document, 1), 1, most=200_000, layered=False).page


def reading_of(source: Path, folder: Path, kind: str = "application/pdf") -> Reading:
    return read_in_child(source=source, workdir=folder / "out", name=source.name, declared_type=kind)


def test_pdf_17_a_value_that_touches_its_label_keeps_its_digits() -> None:
    rows = [" ".join(row.split()) for row in page_of("pdf_17_touching_boxes.pdf").text.splitlines()]
    assert rows[3:] == [
        "INR 2.4",
        "Potassium 4.2 mmol/L 3.5-5.1",
        "Creatinine 1.1 mg/dL 0.5-1.1",
        "Hemoglobin 9.1 g/dL 12.0-16.0",
    ]


def test_pdf_07_what_is_cut_off_is_hidden() -> None:
    page = page_of("pdf_07_cropbox.pdf")
    assert "Potassium 4.2" in page.text
    assert "109" not in page.text
    assert "9.9" not in page.text
    assert page.hidden == "Sodium 109 mmol/L 136-145 INR 9.9"


def test_pdf_14_white_on_white_is_hidden() -> None:
    page = page_of("pdf_14_white_text.pdf")
    assert "9.9" not in page.text
    assert page.hidden == "Potassium 9.9 mmol/L 3.5-5.1"


def test_pdf_13_columns_that_overlap_are_told_apart_and_said() -> None:
    page = page_of("pdf_13_overflowing_columns.pdf")
    assert "Serum potassium result  6.8" in page.text
    assert "Haemoglobin estimation  6.1  g/dL" in page.text
    assert {place.reason for place in page.unread} == {UnreadReason.OVERLAPPING_GLYPHS}


@pytest.mark.parametrize("name", ["pdf_08_rotated_userunit", "pdf_10_owner_password", "pdf_11_broken_xref"])
def test_pdf_08_10_11_odd_but_whole_pages_are_read(name: str) -> None:
    rows = page_of(f"{name}.pdf").text.splitlines()
    assert rows[3:] == ["Potassium 6.8 mmol/L 3.5-5.1", "Hemoglobin 6.1 g/dL 12.0-16.0", "INR 7.9"]


def test_pdf_12_bold_by_printing_twice_is_read_once() -> None:
    page = page_of("pdf_12_fake_bold.pdf")
    assert page.text.splitlines()[3:] == [
        "Potassium  6.8  mmol/L  3.5-5.1",
        "Hemoglobin  6.1  g/dL  12.0-16.0",
        "INR  7.9",
    ]
    assert page.unread == ()


def test_pdf_15_right_to_left_keeps_name_and_value_on_one_line() -> None:
    text = page_of("pdf_15_right_to_left.pdf").text
    assert "3.5-5.1 mmol/L 6.8 Potassium" in text.splitlines()
    assert "6.1 המוגלובין" in text.splitlines()


def test_pdf_06_comments_without_appearance_are_drawn_and_read(tmp_path: Path) -> None:
    reading = reading_of(FILES / "pdf_06_freetext.pdf", tmp_path)
    assert reading.verdict == "complete"
    assert {"6.8", "ALLERGY: PENICILLIN"} <= set(reading.pages[0].text.splitlines())


def test_pdf_16_a_form_that_the_page_only_stands_for_is_said(tmp_path: Path) -> None:
    reading = reading_of(FILES / "pdf_16_xfa.pdf", tmp_path)
    assert reading.verdict == "partial"
    assert reading.reasons == ("page 1: a form whose content this program cannot read",)
    assert [place.reason for place in reading.pages[0].unread] == [UnreadReason.FORM_NOT_READABLE]


def test_pdf_01_02_a_page_with_text_and_a_picture_of_results_is_read_twice(tmp_path: Path) -> None:
    writer = PdfWriter()
    for name in ("pdf_01_scan_with_stamp.pdf", "pdf_02_table_as_picture.pdf"):
        writer.append(PdfReader(FILES / name))
    buffer = io.BytesIO()
    writer.write(buffer)
    source = tmp_path / "both.pdf"
    source.write_bytes(buffer.getvalue())
    reading = reading_of(source, tmp_path)
    assert (reading.verdict, reading.reasons) == ("complete", ())
    for page, printed in zip(reading.pages, ("Electronically signed by Dr. J. Miller", "Dear colleague"), strict=True):
        assert printed in page.text
        assert "Potassium 6.8 mmol/L 3.5-5.1" in page.text
        assert "INR 7.9" in page.text
        assert page.doubts == ()
        assert next(line for line in page.lines if "INR" in line.text).confidence is not None


def test_txt_09_wide_rows_are_kept(tmp_path: Path) -> None:
    reading = reading_of(FILES / "txt_09_wide.txt", tmp_path, "text/plain")
    rows = [" ".join(line.text.split()) for line in reading.pages[0].lines]
    assert "Potassium 6.8 mmol/L 3.5-5.1" in rows
    assert "Sodium 118 mmol/L 136-145" in rows
