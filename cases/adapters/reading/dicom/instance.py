"""DICOM: an allow-list of the header, and frames drawn through their value-of-interest window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading import media_types
from cases.adapters.reading.dicom.frames import FrameKeeper
from cases.adapters.reading.dicom.grey_values import shown_colour, shown_grey, unknown_function
from cases.adapters.reading.dicom.header import burned_in
from cases.adapters.reading.dicom.inner_documents import read_inner
from cases.adapters.reading.dicom.part10 import dataset_of
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
    """One page per frame, without text, or the pages of the document inside.

    Raises Refused: `wrong_type` for a file with nothing to show, `damaged`, `too_many_pixels`, `expands_too_much`, and
    what a PDF inside is refused for.
    """
    data = dataset_of(source.read_bytes(), limits)
    metadata = _metadata(data)
    inner = read_inner(data, out, limits, network)
    if inner is not None:
        save_imaging(data, FrameKeeper(out, limits), unshown="a document; see its pages", out=out)
        return replace(inner, reading=replace(inner.reading, metadata=metadata))
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
    if undecodable := why_undecodable(data):
        return [], (), [undecodable], keeper
    frames = _frame_count(data, limits)
    for index in range(min(frames, limits.max_frames)):
        pixels = _decoded(data, index)
        picture = _drawn(pixels, data, index)
        save_page(picture, out, index + 1, limits)
        keeper.keep(pixels, data)
        if index == 0 and _may_bear_words(data) and not is_blank(picture):
            save_waiting(picture, out / SCRATCH, 1)
            pending = (1,)
        pages.append(_page(index + 1, picture))
    reasons = (
        [f"only the first {limits.max_frames} of {frames} frames were drawn"] if frames > limits.max_frames else []
    )
    if function := unknown_function(data):
        reasons.append(f"the window's function {function} is not known: the greys are shown by a straight line")
    return pages, pending, reasons, keeper


def _may_bear_words(data: Dataset) -> bool:
    """Whether the patient's name may stand in the pixels: said by the file, or usual for what made it."""
    return burned_in(data) != "unlikely"


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


def _drawn(pixels: Any, data: Dataset, index: int) -> Image:
    """A frame in colour as stored, or in grey as its file has it shown."""
    from PIL import Image as images

    try:
        return rebuilt(
            images.fromarray(shown_colour(pixels, data) if pixels.ndim == 3 else shown_grey(pixels, data, index))
        )
    except _UNREADABLE as fault:
        raise Refused("damaged", "The image inside the DICOM file cannot be decoded. Export it again.") from fault


def _page(number: int, picture: Image) -> PageText:
    scale = _PICTURE_SIZE / max(picture.size)
    return PageText(
        number=number,
        width_pt=round(picture.width * scale, 2),
        height_pt=round(picture.height * scale, 2),
        text="",
    )
