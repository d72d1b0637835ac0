"""PDF files with text: every word, its place on the page, and its order."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from cases.adapters.reading import Limits, draw_in_child, page_name, thumb_name
from cases.adapters.reading.pdf.page_text import text_of
from cases.adapters.reading.pdf.pages import open_pdf
from cases.domain.documents.document_text import UnreadReason
from tests.cases.reading.conftest import Read, Reader, assert_places_hold, rows_found
from tests.tooling import documents
from tests.tooling.facts import Document, Known
from tests.tooling.unread import other_words_told


def test_a_text_pdf_is_read_completely_without_recognition(lab_report: Read) -> None:
    assert lab_report.reading.verdict == "complete"
    assert lab_report.reading.reasons == ()
    assert [page.engine for page in lab_report.reading.pages] == ["text-layer"]
    assert lab_report.reading.pages[0].confidence is None


def test_every_laboratory_row_stays_one_line(lab_report: Read) -> None:
    assert len(rows_found(lab_report.document, lab_report.text)) == len(lab_report.document.known.laboratory)


def test_cells_of_a_row_are_set_apart_by_two_spaces(lab_report: Read) -> None:
    assert "Hemoglobin  9.1  g/dL  12.0 - 16.0  L" in lab_report.text.splitlines()


def test_every_sentence_of_a_letter_is_found_word_for_word(letter: Read) -> None:
    missing = [phrase for phrase in letter.document.known.phrases if phrase not in letter.text]
    assert missing == []
    assert [medicine.line for medicine in letter.document.known.medicines if medicine.line not in letter.text] == []


def test_pages_are_numbered_from_one_and_keep_their_size(letter: Read) -> None:
    assert [page.number for page in letter.reading.pages] == [1, 2]
    assert letter.reading.pages[0].width_pt == pytest.approx(595.28, abs=0.1)
    assert letter.reading.pages[0].height_pt == pytest.approx(841.89, abs=0.1)


def test_the_text_is_its_lines_at_their_offsets(every_reading: tuple[Read, ...]) -> None:
    for read in every_reading:
        for page in read.reading.pages:
            assert_places_hold(page)
            assert page.text == "\n".join(line.text for line in page.lines)


def test_a_box_frames_the_ink_of_its_line(lab_report: Read) -> None:
    page = lab_report.reading.pages[0]
    picture = Image.open(lab_report.folder / page_name(1)).convert("L")
    line = next(line for line in page.lines if line.text.startswith("Potassium"))
    width, height = picture.size
    box = (int(line.x0 * width), int(line.y0 * height), int(line.x1 * width) + 1, int(line.y1 * height) + 1)
    assert picture.crop(box).getextrema()[0] < 90
    above = (box[0], box[1] - 8, box[2], box[1] - 4)
    assert picture.crop(above).getextrema()[0] > 200


def test_lines_go_down_the_page(lab_report: Read) -> None:
    tops = [line.y0 + line.y1 for line in lab_report.reading.pages[0].lines]
    assert tops == sorted(tops)


def test_page_pictures_and_thumbnails_have_the_promised_size(letter: Read) -> None:
    for number in (1, 2):
        with Image.open(letter.folder / page_name(number)) as page:
            assert (page.format, max(page.size)) == ("WEBP", 1600)
        with Image.open(letter.folder / thumb_name(number)) as thumb:
            assert (thumb.format, max(thumb.size)) == ("WEBP", 400)


def test_nothing_but_results_is_left_in_the_folder(letter: Read) -> None:
    left = {path.name for path in letter.folder.iterdir()}
    assert left == {"reading.json", *(page_name(n) for n in (1, 2)), *(thumb_name(n) for n in (1, 2))}


def _changed(document: Document, **entries: object) -> Document:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(document.content)))
    for page in writer.pages:
        if "rotate" in entries:
            page.rotate(int(str(entries["rotate"])))
        if "crop" in entries:
            page.cropbox.upper_right = (400, 842)
            page.cropbox.lower_left = (0, 600)
    buffer = io.BytesIO()
    writer.write(buffer)
    return Document(content=buffer.getvalue(), known=document.known)


def test_a_page_turned_by_its_rotate_entry_reads_as_it_is_shown(read: Reader) -> None:
    turned = read(_changed(documents.lab_report(), rotate=90))
    page = turned.reading.pages[0]
    assert page.width_pt > page.height_pt
    heading = next(line for line in page.lines if line.text.startswith("Northfield"))
    assert heading.x0 > 0.8, "turned clockwise, the heading stands at the right edge"
    assert len(rows_found(turned.document, turned.text)) == 16
    assert heading.y1 - heading.y0 > heading.x1 - heading.x0
    assert_places_hold(page)


def test_boxes_of_a_cropped_page_are_parts_of_what_is_shown(read: Reader) -> None:
    cropped = read(_changed(documents.lab_report(), crop=True))
    page = cropped.reading.pages[0]
    assert page.height_pt == pytest.approx(242, abs=1)
    name = next(line for line in page.lines if line.text.startswith("Patient: Maria"))
    assert name.y0 == pytest.approx((842 - 744) / 242, abs=0.03)


def test_two_columns_of_prose_are_read_one_after_the_other(read: Reader) -> None:
    document = _two_columns()
    text = read(document).text
    first, second = text.index("left line 0"), text.index("right line 0")
    assert first < text.index("left line 19") < second < text.index("right line 19")


def _two_columns() -> Document:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setFont("Helvetica", 9)
    for row in range(20):
        canvas.drawString(50, 780 - row * 14, f"left line {row} with words to fill the column up")
        canvas.drawString(310, 780 - row * 14, f"right line {row} with words to fill the column")
    canvas.save()
    return Document(content=buffer.getvalue(), known=documents.lab_report().known)


def test_a_long_document_is_cut_at_the_page_limit_and_says_so(read: Reader) -> None:
    result = read(documents.many_pages(5), limits=Limits(max_pages=3))
    assert len(result.reading.pages) == 3
    assert result.reading.verdict == "partial"
    assert result.reading.reasons == ("only the first 3 of 5 pages were read",)
    assert result.reading.metadata["page_count"] == 5


def test_text_is_kept_when_there_is_no_time_to_draw(read: Reader) -> None:
    result = read(documents.many_pages(6), limits=Limits(drawing_seconds=0.0))
    assert len(result.reading.pages) == 6
    assert all(page.text for page in result.reading.pages)
    assert not (result.folder / page_name(6)).exists()


def test_pages_can_be_drawn_later(read: Reader) -> None:
    result = read(documents.many_pages(4), limits=Limits(drawing_seconds=0.0))
    source = result.folder.parent / "upload"
    draw_in_child(source=source, workdir=result.folder, pages=(2, 4))
    drawn = sorted(path.name for path in result.folder.glob("page-*"))
    # Whoever has no time draws one page all the same, or nobody would ever get further.
    assert drawn == [page_name(1), page_name(2), page_name(4)]


def test_plain_text_keeps_umlauts_and_is_drawn(read: Reader) -> None:
    notes = read(documents.plain_notes())
    assert all(phrase in notes.text for phrase in notes.document.known.phrases)
    assert_places_hold(notes.reading.pages[0])
    assert (notes.folder / page_name(1)).exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_in_any_common_encoding_reads_the_same(read: Reader, encoding: str) -> None:
    plain = documents.plain_notes()
    result = read(Document(content=plain.content.decode().encode(encoding), known=plain.known))
    assert "Müdigkeit seit März" in result.text


def test_a_long_text_becomes_pages(read: Reader) -> None:
    known: Known = documents.plain_notes().known
    result = read(Document(content=b"\n".join(b"row %d" % n for n in range(130)), known=known))
    assert [page.lines[0].text for page in result.reading.pages] == ["row 0", "row 62", "row 124"]


def test_the_words_agree_with_the_bare_engine(letter: Read) -> None:
    bare = pypdfium2.PdfDocument(letter.document.content)
    for page, ours in zip(bare, letter.reading.pages, strict=True):
        assert ours.text.split() == page.get_textpage().get_text_range().split()


def test_a_page_on_which_everything_overlaps_names_one_place_for_all(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    source = tmp_path / "upload"
    canvas = Canvas(str(source), invariant=1)
    for row in range(30):
        for word in range(3):
            canvas.drawString(50 + 4 * word, 780 - 20 * row, f"value {row}{word}")
    canvas.save()
    page = text_of(open_pdf(source)[0], 1, most=10_000, layered=False).page
    assert [place.reason for place in page.unread] == [UnreadReason.OVERLAPPING_GLYPHS]
    assert page.unread[0].box[3] - page.unread[0].box[1] > 0.6


def test_a_number_is_not_taken_from_words_that_the_file_tells_in_its_place(tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(other_words_told())
    page = text_of(open_pdf(source)[0], 1, most=10_000, layered=False).page
    assert "4.8" not in page.text
    assert [place.reason for place in page.unread] == [UnreadReason.NO_UNICODE]
