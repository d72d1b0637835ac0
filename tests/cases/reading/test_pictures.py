"""What is shown is made from pixels: nothing that came along with a file survives in it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from cases.adapters.reading import Refused, page_name, read_in_child, thumb_name
from tests.cases.reading.conftest import Read, Reader
from tests.tooling import documents, hostile, scans
from tests.tooling.facts import Document

MARKS = (b"MARKER_", b"Exif", b"GPS", b"xmpmeta", b"ICCP", b"JFIF")


def _shown(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.webp")))


def test_the_photo_carried_what_must_go() -> None:
    content = documents.photographed().content
    assert scans.CAMERA.encode() in content
    assert b"MARKER_COMMENT" in content
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)[2] == scans.GPS_LATITUDE


def test_camera_place_and_comment_are_gone_from_a_photo(photo: Read) -> None:
    shown = _shown(photo.folder)
    assert [mark for mark in MARKS if mark in shown] == []
    with Image.open(photo.folder / page_name(1)) as page:
        assert dict(page.getexif()) == {}
        assert "icc_profile" not in page.info


def test_the_reading_of_a_photo_names_neither_camera_nor_place(photo: Read) -> None:
    told = (photo.folder / "reading.json").read_bytes()
    assert [mark for mark in MARKS if mark in told] == []
    assert set(photo.reading.metadata) == {"page_count"}


def test_texts_inside_a_png_are_gone(read: Reader) -> None:
    notes = PngInfo()
    notes.add_text("Author", "MARKER_AUTHOR")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>MARKER_XMP</x:xmpmeta>")
    buffer = io.BytesIO()
    Image.new("L", (300, 300), 255).save(buffer, "PNG", pnginfo=notes)
    result = read(Document(content=buffer.getvalue(), known=documents.screenshot_png().known))
    assert b"MARKER" not in _shown(result.folder)


def test_a_colour_profile_is_applied_and_dropped(read: Reader) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    buffer = io.BytesIO()
    Image.new("RGB", (200, 200), (200, 30, 30)).save(buffer, "PNG", icc_profile=profile)
    result = read(Document(content=buffer.getvalue(), known=documents.screenshot_png().known))
    with Image.open(result.folder / page_name(1)) as page:
        assert "icc_profile" not in page.info
        assert page.convert("RGB").getpixel((100, 100)) == pytest.approx((200, 30, 30), abs=6)


def test_transparent_pixels_become_white_paper(read: Reader) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(buffer, "PNG")
    result = read(Document(content=buffer.getvalue(), known=documents.screenshot_png().known))
    with Image.open(result.folder / page_name(1)) as page:
        assert page.convert("RGB").getpixel((50, 50)) == (255, 255, 255)


def test_sixteen_bit_greys_are_stretched_to_what_an_eye_sees(read: Reader) -> None:
    ramp = np.linspace(1000, 1400, 256 * 256).reshape(256, 256).astype(np.uint16)
    buffer = io.BytesIO()
    Image.fromarray(ramp).save(buffer, "TIFF")
    result = read(Document(content=buffer.getvalue(), known=documents.scanned_tiff().known))
    with Image.open(result.folder / page_name(1)) as page:
        grey = np.asarray(page.convert("L"))
    assert grey[2].mean() < 12
    assert grey[-3].mean() > 243


def test_a_small_picture_is_not_blown_up(read: Reader) -> None:
    result = read(Document(content=hostile._png(120, 80), known=documents.screenshot_png().known))
    with Image.open(result.folder / page_name(1)) as page, Image.open(result.folder / thumb_name(1)) as thumb:
        assert page.size == thumb.size == (120, 80)


def test_an_attachment_is_reported_and_does_not_survive(read: Reader) -> None:
    made = hostile.attachment_pdf()
    result = read(Document(content=made.content, known=documents.lab_report().known))
    assert result.reading.active_content == ("EmbeddedFile",)
    assert result.reading.verdict == "partial"
    assert "attached" in result.reading.reasons[0]
    assert hostile.EMBEDDED_MARK.encode() not in _shown(result.folder)


def test_a_phones_photo_is_read_and_its_camera_forgotten(read: Reader) -> None:
    photo = documents.phone_photo()
    assert b"MARKER_CAMERA" in photo.content
    result = read(photo)
    assert "Maria Keller" in result.reading.pages[0].text
    assert "9.1 g/dL" in result.reading.pages[0].text
    assert b"MARKER" not in _shown(result.folder)


def test_a_phones_photo_cut_short_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "photo.heic"
    source.write_bytes(documents.phone_photo().content[:6000])
    with pytest.raises(Refused) as refusal:
        read_in_child(source=source, workdir=tmp_path / "out", name="photo.heic", declared_type="")
    assert refusal.value.code == "damaged"
