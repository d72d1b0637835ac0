"""DICOM: the allowed header values, the frames as a radiologist would see them, nothing else."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from pydicom import dcmread, dcmwrite
from pydicom.data import get_testdata_file

from cases.adapters.reading import Refused, page_name
from cases.domain.documents.identity_match import Known, check_identity
from tests.cases.reading.conftest import Read, Reader
from tests.tooling import documents, imaging
from tests.tooling.facts import Document


def test_the_header_names_patient_and_study(slice_: Read) -> None:
    told = slice_.reading.metadata
    assert told["patient_name"] == "Keller^Maria"
    assert told["patient_birth_date"] == "19610417"
    assert (told["patient_sex"], told["patient_id"]) == ("F", "MRN-4471903")
    assert (told["modality"], told["body_part"], told["laterality"]) == ("CT", "CHEST", "L")
    assert (told["study_date"], told["instance_number"]) == ("20260910", 1)


def test_private_values_do_not_leave_the_child(slice_: Read) -> None:
    assert "MARKER_PRIVATE" in slice_.document.content.decode("latin-1")
    assert "MARKER_PRIVATE" not in str(slice_.reading.metadata)


def test_the_picture_shows_the_window_that_the_scanner_wrote(slice_: Read) -> None:
    with Image.open(slice_.folder / page_name(1)) as page:
        grey = np.asarray(page.convert("L")).astype(int)
    air, tissue, lesion = grey[5:20, 5:20].mean(), grey[125:132, 160:180].mean(), grey[117:123, 87:93].mean()
    assert air < 4
    assert tissue == pytest.approx(255 * 0.5, abs=6), "40 HU is the middle of a window of 40/400"
    assert lesion == pytest.approx(255 * (110 - 40 + 200) / 400, abs=6)


def test_a_deflated_file_reads_as_its_plain_twin(read: Reader, slice_: Read) -> None:
    deflated = read(documents.dicom_slice(transfer_syntax=imaging.DEFLATED))
    assert deflated.reading.metadata == slice_.reading.metadata
    assert (deflated.folder / page_name(1)).read_bytes() == (slice_.folder / page_name(1)).read_bytes()


def test_every_frame_is_a_page(read: Reader) -> None:
    series = read(documents.dicom_slice(imaging=documents.Imaging(frames=3)))
    assert [page.number for page in series.reading.pages] == [1, 2, 3]
    pictures = {(series.folder / page_name(number)).read_bytes() for number in (1, 2, 3)}
    assert len(pictures) == 3


def test_an_inverted_picture_is_shown_the_right_way(read: Reader, slice_: Read) -> None:
    data = dcmread(io.BytesIO(slice_.document.content))
    data.PhotometricInterpretation = "MONOCHROME1"
    result = read(_written(data, slice_.document))
    with Image.open(result.folder / page_name(1)) as page:
        assert np.asarray(page.convert("L"))[5:20, 5:20].mean() > 250


def test_a_file_without_an_image_is_refused_and_told_what_it_is(read: Reader, slice_: Read) -> None:
    data = dcmread(io.BytesIO(slice_.document.content))
    for keyword in ("PixelData", "Rows", "Columns"):
        delattr(data, keyword)
    with pytest.raises(Refused) as refusal:
        read(_written(data, slice_.document))
    assert refusal.value.code == "wrong_type"
    assert "CT Image Storage" in refusal.value.advice


def test_a_file_without_extension_is_recognised(read: Reader, slice_: Read) -> None:
    bare = Document(content=slice_.document.content, known=replace(slice_.document.known, name="IM000001"))
    assert read(bare).reading.media_type == "application/dicom"


def test_pixels_cut_short_are_refused(read: Reader, slice_: Read) -> None:
    cut = Document(content=slice_.document.content[:-60_000], known=slice_.document.known)
    with pytest.raises(Refused) as refusal:
        read(cut)
    assert refusal.value.code == "damaged"


@pytest.mark.parametrize(
    "name", ["JPEG2000.dcm", "JPEGLSNearLossless_08.dcm", "SC_rgb_rle.dcm", "MR_small.dcm", "examples_ybr_color.dcm"]
)
def test_files_of_other_makers_are_drawn(read: Reader, slice_: Read, name: str) -> None:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip(f"{name} is not in pydicom's wheel")
    with open(path, "rb") as file:
        content = file.read()
    result = read(Document(content=content, known=slice_.document.known))
    assert result.reading.pages
    with Image.open(result.folder / page_name(1)) as page:
        low, high = page.convert("L").getextrema()
    assert high - low > 60


def _written(data: object, document: Document) -> Document:
    buffer = io.BytesIO()
    dcmwrite(buffer, data, enforce_file_format=True)
    return Document(content=buffer.getvalue(), known=document.known)


@pytest.mark.slow
def test_a_name_written_into_the_picture_is_read(read) -> None:
    picture = Image.new("L", (640, 480), 10)
    drawing, font = ImageDraw.Draw(picture), ImageFont.load_default(size=26)
    drawing.text((20, 10), "SMITH, JOHN", fill=250, font=font)
    drawing.text((20, 45), "DOB: 02.02.1950", fill=250, font=font)
    drawing.ellipse((200, 150, 500, 420), fill=120)
    data = dcmread(io.BytesIO(documents.dicom_slice().content))
    data.Modality, data.Rows, data.Columns = "US", 480, 640
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.WindowCenter, data.WindowWidth, data.RescaleIntercept = 7, 128, 256, 0
    data.PixelData = np.asarray(picture).tobytes()
    buffer = io.BytesIO()
    dcmwrite(buffer, data, enforce_file_format=True)
    done = read(replace(documents.dicom_slice(), content=buffer.getvalue()))
    known = Known("Maria Keller", date(1961, 4, 17))
    found = check_identity(texts=[done.text], known=known, header={}, over_pictures=True)
    assert found.doubts == ("name", "birth_date"), done.text
    assert done.reading.verdict == "complete"
