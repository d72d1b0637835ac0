"""Forty pictures in five formats, each with words seeded wherever a format has room: none is in what is shown."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from pydicom import dcmread, dcmwrite

from cases.adapters.reading import Limits, frame_name, opened_frame, page_name
from cases.adapters.reading.pictures import rebuilt
from cases.adapters.reading.sandbox import run_child
from tests.tooling.documents import phone_photo
from tests.tooling.imaging import dicom_slice

EACH = 8
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "tiff": "image/tiff", "heic": "image/heic"}


def _word(kind: str, seed: int) -> str:
    return f"SEEDED{seed}{kind}"


def _pixels(seed: int) -> np.ndarray:
    """Smooth colours: what a lossy format and its test can agree on."""
    down, across = np.mgrid[0:240, 0:320]
    return np.stack([down + seed * 9, across // 2 + seed * 5, (down + across) // 3], axis=2).astype(np.uint8)


def _exif(seed: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E], exif[0x010F], exif[0x013B] = _word("description", seed), _word("maker", seed), _word("artist", seed)
    exif.get_ifd(0x8825)[29] = _word("gpsdate", seed)
    exif.get_ifd(0x8769)[0x9286] = _word("comment", seed).encode()
    return exif


def _profile(seed: int) -> bytes:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made + _word("profile", seed).encode()


def _xmp(seed: int) -> bytes:
    return f"<x:xmpmeta>{_word('xmp', seed)}</x:xmpmeta>".encode()


def jpeg(seed: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(_pixels(seed)).save(
        out,
        "JPEG",
        quality=95,
        exif=_exif(seed),
        icc_profile=_profile(seed),
        comment=_word("remark", seed),
        xmp=_xmp(seed),
    )
    return out.getvalue()


def png(seed: int) -> bytes:
    out, notes = io.BytesIO(), PngInfo()
    notes.add_text("Author", _word("author", seed))
    notes.add_itxt("XML:com.adobe.xmp", _xmp(seed).decode())
    Image.fromarray(_pixels(seed)).save(out, "PNG", pnginfo=notes, exif=_exif(seed), icc_profile=_profile(seed))
    return out.getvalue()


def tiff(seed: int) -> bytes:
    out = io.BytesIO()
    tags = {270: _word("description", seed), 271: _word("maker", seed), 315: _word("artist", seed), 700: _xmp(seed)}
    Image.fromarray(_pixels(seed)).save(out, "TIFF", tiffinfo=tags, icc_profile=_profile(seed))
    return out.getvalue()


def heic(seed: int) -> bytes:
    content = phone_photo().content
    word = _word("camera", seed).encode()[: len(b"MARKER_CAMERA")].ljust(len(b"MARKER_CAMERA"), b"_")
    assert b"MARKER_CAMERA" in content
    return content.replace(b"MARKER_CAMERA", word)


def dicom(seed: int) -> bytes:
    data, out = dcmread(io.BytesIO(dicom_slice().content)), io.BytesIO()
    data.PatientName, data.PatientID = f"{_word('family', seed)}^{_word('given', seed)}", _word("number", seed)
    for keyword in ("InstitutionName", "ReferringPhysicianName", "OperatorsName", "PatientAddress", "StationName"):
        setattr(data, keyword, _word(keyword, seed)[:16])
    data.PatientComments = data.ImageComments = _word("comments", seed)
    data.private_block(0x0099, "SOMEBODY", create=True).add_new(0x01, "LO", _word("private", seed))
    dcmwrite(out, data, enforce_file_format=True)
    return out.getvalue()


def _shown(content: bytes, media_type: str, folder: Path) -> bytes:
    """Everything that pages, frames and the kept header hold, frames inflated."""
    source = folder / "upload"
    source.write_bytes(content)
    run_child(task="read", source=source, media_type=media_type, limits=Limits(), workdir=folder / "out")
    kept = [path for path in sorted((folder / "out").iterdir()) if path.is_file()]
    assert kept
    return b"".join(zlib.decompress(path.read_bytes()) if path.suffix == ".z" else path.read_bytes() for path in kept)


@pytest.mark.parametrize("seed", range(EACH))
@pytest.mark.parametrize("make", [jpeg, png, tiff, heic], ids=lambda make: make.__name__)
def test_no_word_of_a_picture_is_left_and_its_pixels_are(make, seed: int, tmp_path: Path) -> None:
    content = make(seed)
    assert b"SEEDED" in content
    shown = _shown(content, MEDIA_TYPES[{"jpeg": "jpg"}.get(make.__name__, make.__name__)], tmp_path)
    assert b"SEEDED" not in shown
    assert b"Exif" not in shown
    if make is heic:
        return
    with Image.open(io.BytesIO(content)) as original, Image.open(tmp_path / "out" / page_name(1)) as page:
        before = np.asarray(original.convert("RGB"))
        assert np.array_equal(np.asarray(rebuilt(original)), before)
        assert _psnr(before, np.asarray(page.convert("RGB"))) > 33


@pytest.mark.parametrize("seed", range(EACH))
def test_no_word_of_an_image_is_left_and_its_values_are_the_same(seed: int, tmp_path: Path) -> None:
    content = dicom(seed)
    assert b"SEEDED" not in _shown(content, "application/dicom", tmp_path)
    measured = dcmread(io.BytesIO(content)).pixel_array
    packed = (tmp_path / "out" / frame_name(1)).read_bytes()
    kept = np.frombuffer(opened_frame(packed, measured.nbytes), measured.dtype).reshape(measured.shape)
    assert np.array_equal(kept, measured)


def _psnr(one: np.ndarray, other: np.ndarray) -> float:
    error = float(np.mean((one.astype(float) - other.astype(float)) ** 2))
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))
