"""DICOM: an allow-list of the header, and frames drawn through their value-of-interest window."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading import media_types
from cases.adapters.reading.dicom.frames import FrameKeeper
from cases.adapters.reading.dicom.header import burned_in
from cases.adapters.reading.dicom.results import save_imaging
from cases.adapters.reading.dicom.transfer_syntax import why_undecodable
from cases.adapters.reading.layout import clean
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused
from cases.adapters.reading.pictures import is_blank, rebuilt, save_page, save_waiting
from cases.adapters.reading.results import Draft
from cases.adapters.reading.sandbox import SCRATCH
from cases.domain.documents.document_text import MetadataValue, PageText, Reading

if TYPE_CHECKING:
    from PIL.Image import Image
    from pydicom import Dataset, FileDataset

DEFLATED: Final = "1.2.840.10008.1.2.1.99"
EXPLICIT_LITTLE_ENDIAN: Final = "1.2.840.10008.1.2.1"
_HEADER_BYTES: Final = 132
_PICTURE_SIZE: Final = 512.0
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    RuntimeError,
    NotImplementedError,
    IndexError,
)

#: Keyword in the standard → our name. Nothing outside this list leaves the child.
_KEPT: Final = {
    "PatientName": "patient_name",
    "PatientBirthDate": "patient_birth_date",
    "PatientSex": "patient_sex",
    "PatientID": "patient_id",
    "Modality": "modality",
    "BodyPartExamined": "body_part",
    "Laterality": "laterality",
    "ImageLaterality": "image_laterality",
    "StudyDate": "study_date",
    "StudyDescription": "study_description",
    "SeriesDescription": "series_description",
    "InstitutionName": "institution",
    "StudyInstanceUID": "study_uid",
    "SeriesInstanceUID": "series_uid",
    "SOPInstanceUID": "instance_uid",
    "InstanceNumber": "instance_number",
    "SliceThickness": "slice_thickness_mm",
}


def read_dicom(source: Path, out: Path, limits: Limits, network: str) -> Draft:
    """One page per frame, without text. Raises Refused `damaged`, `too_many_pixels` or `expands_too_much`."""
    data = _dataset(source.read_bytes(), limits)
    metadata = _metadata(data)
    pages, pending, reasons, keeper = _pictures(data, out, limits)
    save_imaging(data, keeper, unshown="; ".join(filter(None, [*reasons, keeper.why])), out=out)
    reading = Reading(
        media_type=media_types.DICOM,
        verdict="partial" if reasons else "complete",
        reasons=tuple(reasons),
        pages=tuple(pages),
        metadata=metadata,
    )
    return Draft(reading=reading, pending=pending, network=network)


def _pictures(
    data: FileDataset, out: Path, limits: Limits
) -> tuple[list[PageText], tuple[int, ...], list[str], FrameKeeper]:
    """Each frame drawn and kept; pages, those with words to recognise, and what is missing and why."""
    keeper, pages = FrameKeeper(out, limits), []
    pending: tuple[int, ...] = ()
    if "PixelData" not in data:
        return [], (), ["the DICOM file holds no image that can be shown"], keeper
    if undecodable := why_undecodable(data):
        return [], (), [undecodable], keeper
    frames = _frame_count(data, limits)
    for index in range(min(frames, limits.max_frames)):
        pixels = _decoded(data, index)
        picture = _drawn(pixels, data)
        save_page(picture, out, index + 1, limits)
        keeper.keep(pixels, data)
        if index == 0 and _may_bear_words(data) and not is_blank(picture):
            save_waiting(picture, out / SCRATCH, 1)
            pending = (1,)
        pages.append(_page(index + 1, picture))
    reasons = (
        [f"only the first {limits.max_frames} of {frames} frames were drawn"] if frames > limits.max_frames else []
    )
    return pages, pending, reasons, keeper


def _may_bear_words(data: Dataset) -> bool:
    """Whether the patient's name may stand in the pixels: said by the file, or usual for what made it."""
    return burned_in(data) != "unlikely"


def _dataset(content: bytes, limits: Limits) -> FileDataset:
    """The parsed file with its preamble blanked. A deflated one is inflated first, within the limits."""
    import pydicom
    from pydicom.errors import InvalidDicomError

    content = bytes(media_types.DICOM_MARK_AT) + content[media_types.DICOM_MARK_AT :]
    try:
        meta, meta_end = _file_meta(content)
        if meta.get("TransferSyntaxUID") == DEFLATED:
            content = _inflated(content, meta, meta_end, limits)
        return pydicom.dcmread(io.BytesIO(content))
    except (InvalidDicomError, EOFError, KeyError, ValueError, TypeError, AttributeError) as fault:
        raise Refused("damaged") from fault
    except (NotImplementedError, RecursionError, OSError) as fault:
        raise Refused("damaged") from fault


def _file_meta(content: bytes) -> tuple[Any, int]:
    from pydicom.filereader import read_dataset
    from pydicom.tag import BaseTag

    def beyond_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
        return tag.group != 2

    stream = io.BytesIO(content)
    stream.seek(_HEADER_BYTES)
    meta = read_dataset(stream, is_implicit_VR=False, is_little_endian=True, bytelength=4096, stop_when=beyond_meta)
    length = int(meta.get("FileMetaInformationGroupLength", 0))
    return meta, _HEADER_BYTES + 12 + length


def _inflated(content: bytes, meta: Any, meta_end: int, limits: Limits) -> bytes:
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_file_meta_info

    packed = content[meta_end:]
    most = min(limits.max_inflated_bytes, max(len(packed), 4096) * limits.max_inflation_ratio)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(packed, most)
    except zlib.error as fault:
        raise Refused("damaged") from fault
    if inflater.unconsumed_tail:
        raise Refused("expands_too_much")
    meta.TransferSyntaxUID = EXPLICIT_LITTLE_ENDIAN
    written = DicomBytesIO()
    written.is_little_endian, written.is_implicit_VR = True, False
    write_file_meta_info(written, meta, enforce_standard=False)
    return content[:_HEADER_BYTES] + written.getvalue() + plain


def _metadata(data: Dataset) -> dict[str, MetadataValue]:
    found: dict[str, MetadataValue] = {}
    for keyword, name in _KEPT.items():
        value = data.get(keyword)
        if value is None or value == "":
            continue
        if name == "instance_number":
            found[name] = int(value)
        elif name == "slice_thickness_mm":
            found[name] = float(value)
        else:
            found[name] = clean(str(value))[:200]
    return found


def _frame_count(data: Dataset, limits: Limits) -> int:
    rows, columns = int(data.get("Rows", 0)), int(data.get("Columns", 0))
    if rows <= 0 or columns <= 0:
        raise Refused("damaged")
    if rows * columns > limits.max_pixels:
        raise Refused("too_many_pixels")
    return max(1, int(data.get("NumberOfFrames", 1) or 1))


def _decoded(data: Dataset, index: int) -> Any:
    """Frame `index` as (rows, columns) of stored values or (rows, columns, 3) of red, green and blue."""
    from pydicom.pixels.processing import apply_color_lut
    from pydicom.pixels.utils import pixel_array

    try:
        pixels = pixel_array(data, index=index)
        return apply_color_lut(pixels, data) if data.PhotometricInterpretation == "PALETTE COLOR" else pixels
    except _UNREADABLE as fault:
        raise Refused("damaged", "The image inside the DICOM file cannot be decoded. Export it again.") from fault


def _drawn(pixels: Any, data: Dataset) -> Image:
    """A frame in colour as stored, or in grey through the window the scanner wrote."""
    from PIL import Image as images

    try:
        values = pixels if pixels.ndim == 3 else _windowed(pixels, data)
    except _UNREADABLE as fault:
        raise Refused("damaged", "The image inside the DICOM file cannot be decoded. Export it again.") from fault
    return rebuilt(images.fromarray(values if values.dtype.name == "uint8" else _stretched(values)))


def _windowed(pixels: Any, data: Dataset) -> Any:
    """Grey values 0-255 by the standard's linear window (PS3.3 C.11.2.1.2), a lookup table, or the value range."""
    import numpy as np
    from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

    values = apply_modality_lut(pixels, data)
    if "WindowCenter" in data and "VOILUTSequence" not in data:
        centre, width = _first(data.WindowCenter), max(_first(data.WindowWidth), 2.0)
        share = (np.asarray(values, dtype=np.float32) - (centre - 0.5)) / (width - 1) + 0.5
        grey = (np.clip(share, 0.0, 1.0) * 255).astype(np.uint8)
    else:
        grey = _stretched(np.asarray(apply_voi_lut(values, data)))
    return 255 - grey if data.get("PhotometricInterpretation") == "MONOCHROME1" else grey


def _first(value: Any) -> float:
    """The first of the windows a scanner offers."""
    return float(value) if isinstance(value, int | float | str) else float(value[0])


def _stretched(values: Any) -> Any:
    import numpy as np

    low, high = float(values.min()), float(values.max())
    return ((values.astype(np.float32) - low) * (255.0 / ((high - low) or 1.0))).astype(np.uint8)


def _page(number: int, picture: Image) -> PageText:
    scale = _PICTURE_SIZE / max(picture.size)
    return PageText(
        number=number,
        width_pt=round(picture.width * scale, 2),
        height_pt=round(picture.height * scale, 2),
        text="",
    )
