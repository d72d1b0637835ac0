"""What people reported of pictures, DICOM files and uploads, tried on this product: each is right, and stays so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from cases.adapters.reading import HEAD_BYTES, Limits, Refused, load_imaging, page_name, sniff_head
from cases.domain.documents.document_text import Reading
from cases.domain.documents.imaging.stacks import slices_of
from tests.corpora.files.in_process import read_here
from tests.tooling import documents

FILES = Path(__file__).parent / "files"
LIMITS = Limits(rounds=0)


class Shown:
    """A file as it was read, and its first page."""

    def __init__(self, reading: Reading, folder: Path) -> None:
        self.reading, self.folder = reading, folder

    def grey(self, number: int = 1) -> Any:
        with Image.open(self.folder / page_name(number)) as page:
            return np.asarray(page.convert("L")).astype(int)

    def colour(self, x: float, y: float) -> Any:
        with Image.open(self.folder / page_name(1)) as page:
            return page.convert("RGB").getpixel((int(x * page.width), int(y * page.height)))


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Any]:
    def read(source: Path | bytes, name: str = "upload", declared: str = "") -> Shown:
        if isinstance(source, bytes):
            path = tmp_path / "source"
            path.write_bytes(source)
            source = path
        out = tmp_path / "out"
        return Shown(read_here(source=source, workdir=out, name=name, declared_type=declared, limits=LIMITS), out)

    return read


def dicom(name: str) -> Path:
    return FILES / f"{name}.dcm"


class TestWhatFailed:
    @pytest.mark.parametrize("name", ["dcm_03_empty_window", "dcm_04_centre_without_width"])
    def test_without_a_whole_window_the_range_of_the_values_is_shown(self, shown: Any, name: str) -> None:
        grey = shown(dicom(name)).grey()
        assert grey.min() < 12
        assert grey.max() > 243

    def test_a_structured_report_is_shown_as_text(self, shown: Any) -> None:
        read = shown(dicom("dcm_11_structured_report"))
        assert read.reading.verdict == "complete"
        assert read.reading.pages[0].text
        assert read.grey().min() < 100

    def test_a_frame_is_shown_by_the_window_and_rescale_of_its_own_group(self, shown: Any) -> None:
        read = shown(dicom("dcm_09_enhanced_ct"))
        imaging = load_imaging(read.folder)
        assert imaging is not None
        one = slices_of(imaging.header, imaging.frames)[0]
        assert one.windows[0][:2] == (40.0, 400.0)
        values = dcmread(dicom("dcm_09_enhanced_ct")).pixel_array
        first = (values[0] if values.ndim == 3 else values) * one.slope + one.intercept
        wanted = np.clip((first - 39.5) / 399 + 0.5, 0, 1) * 255
        assert np.abs(read.grey() - wanted).mean() < 3

    def test_a_file_without_preamble_is_read(self, shown: Any) -> None:
        read = shown(dicom("dcm_18_no_preamble"))
        assert read.reading.media_type == "application/dicom"
        assert np.ptp(read.grey()) > 60

    def test_a_sigmoid_window_is_bent(self, shown: Any) -> None:
        data = dcmread(dicom("dcm_07_sigmoid"))
        values = data.pixel_array * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0))
        wanted = 255 / (1 + np.exp(-4 * (values - float(data.WindowCenter)) / float(data.WindowWidth)))
        assert np.abs(shown(dicom("dcm_07_sigmoid")).grey() - wanted).mean() < 3

    @pytest.mark.parametrize(
        ("name", "declared"),
        [("IMG_1.HEIC", "image/heic"), ("IMG_1", ""), ("blob", "application/octet-stream"), ("photo.jpg", "image/*")],
        ids=["img_07_jpeg_as_heic", "img_09_no_extension", "blob", "img_10_type_image_star"],
    )
    def test_a_picture_is_taken_under_any_name_and_type(self, shown: Any, name: str, declared: str) -> None:
        read = shown(_picture("JPEG"), name, declared)
        assert read.reading.media_type == "image/jpeg"
        assert read.colour(0.25, 0.5) == pytest.approx((200, 30, 30), abs=12)

    def test_img_14_a_dot_in_a_name_begins_no_ending(self) -> None:
        head = documents.lab_report().content[:HEAD_BYTES]
        assert sniff_head(head, "Arztbrief Dr. Müller", "application/pdf") == "application/pdf"

    def test_img_11_webp_is_taken(self, shown: Any) -> None:
        assert shown(_picture("WEBP")).colour(0.75, 0.5) == pytest.approx((30, 30, 200), abs=12)

    @pytest.mark.parametrize(
        "text",
        [b"BMI 31.2\nPotassium 4.4 mmol/L\n", b"BMP\nPotassium 4.4 mmol/L\n", b"Test;Value\nPotassium;4.4\n"],
        ids=["txt_01_bmi", "txt_02_bmp_panel", "txt_04_csv"],
    )
    def test_text_is_read_whatever_its_first_letters_and_its_ending(self, shown: Any, text: bytes) -> None:
        assert "4.4" in shown(text, "labor.csv", "application/vnd.ms-excel").reading.pages[0].text

    @pytest.mark.parametrize(
        ("content", "way"),
        [
            (
                b'<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3">',
                "/api/v1/cases/{case_id}/imports/ccda",
            ),
            (b'{"resourceType":"Bundle","type":"document"}', "/api/v1/cases/{case_id}/imports/fhir"),
        ],
        ids=["txt_05_ccda_by_upload", "txt_06_fhir_by_upload"],
    )
    def test_a_record_as_data_is_told_where_it_goes(self, content: bytes, way: str) -> None:
        with pytest.raises(Refused) as refusal:
            sniff_head(content, "record", "")
        assert way in refusal.value.advice


class TestWhatPassed:
    @pytest.mark.parametrize("name", ["dcm_02_negative_slope", "dcm_24_signed", "dcm_23_overlay_bits"])
    def test_values_are_shown_as_they_were_rescaled(self, shown: Any, name: str) -> None:
        data = dcmread(dicom(name))
        stored = data.pixel_array & ((1 << data.BitsStored) - 1) if not data.PixelRepresentation else data.pixel_array
        values = stored * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0))
        seen = shown(dicom(name)).grey()
        assert np.corrcoef(values.ravel(), seen.ravel())[0, 1] > 0.9

    def test_monochrome1_is_turned_once(self, shown: Any) -> None:
        data = dcmread(dicom("dcm_01_mono1_inverse"))
        seen = shown(dicom("dcm_01_mono1_inverse")).grey()
        assert np.corrcoef(data.pixel_array.ravel(), seen.ravel())[0, 1] < -0.9

    @pytest.mark.parametrize(("name", "frames"), [("dcm_12_palette", 1), ("dcm_15_jpeg2000", 1), ("dcm_25_cine", 12)])
    def test_other_forms_are_drawn(self, shown: Any, name: str, frames: int) -> None:
        read = shown(dicom(name))
        assert len(read.reading.pages) == frames
        assert np.ptp(read.grey()) > 40

    def test_subsampled_colours_keep_their_colour(self, shown: Any) -> None:
        red, green, blue = shown(dicom("dcm_17_ybr422")).colour(0.5, 0.5)
        assert red > green + 80
        assert red > blue + 80

    def test_names_and_dates_of_the_header_are_told(self, shown: Any) -> None:
        assert "=" in str(shown(dicom("dcm_19_ideographic")).reading.metadata["patient_name"])

    @pytest.mark.parametrize("name", ["dcm_20_zero_length", "dcm_22_old_date_form", "dcm_08_mammography_ermf"])
    def test_odd_headers_cost_no_picture(self, shown: Any, name: str) -> None:
        assert shown(dicom(name)).reading.pages

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "MPO"])
    def test_pictures_turned_deep_and_many_are_shown(self, shown: Any, kind: str) -> None:
        image = Image.new("RGB", (60, 40), (200, 30, 30))
        exif = Image.Exif()
        exif[0x0112] = 6
        buffer = io.BytesIO()
        more: dict[str, Any] = {"save_all": True, "append_images": [image.resize((30, 30))]} if kind == "TIFF" else {}
        image.save(buffer, kind, exif=exif, **more)
        read = shown(buffer.getvalue(), "Befund (1).pdf.PDF")
        assert len(read.reading.pages) == (2 if kind == "TIFF" else 1)
        height, width = read.grey().shape
        assert height > width

    def test_sixteen_bits_are_shown_over_their_range(self, shown: Any) -> None:
        ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
        buffer = io.BytesIO()
        Image.fromarray(ramp).save(buffer, "PNG")
        grey = shown(buffer.getvalue()).grey()
        assert grey[1].mean() < 15
        assert grey[-2].mean() > 240


def _picture(kind: str) -> bytes:
    image = Image.new("RGB", (80, 60), (200, 30, 30))
    image.paste((30, 30, 200), (40, 0, 80, 60))
    buffer = io.BytesIO()
    image.save(buffer, kind, quality=95)
    return buffer.getvalue()
