"""A slice as a CT scanner would store it, with a header whose every value is known."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tests.tooling.facts import MARIA, Document, Known, Person

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset

CT_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
ROOT_UID = "1.2.826.0.1.3680043.8.498.4471903"
SIZE = 256
TISSUE, AIR, LESION = 40, -1000, 110


@dataclass(frozen=True, kw_only=True)
class Imaging:
    """What the header says beyond the person."""

    modality: str = "CT"
    body_part: str = "CHEST"
    laterality: str = "L"
    study_description: str = "CT chest without contrast"
    frames: int = 1


def _slice(number: int) -> np.ndarray:
    """An ellipse of tissue in air with a bright disc that grows by slice; Hounsfield units."""
    down, across = np.mgrid[0:SIZE, 0:SIZE]
    middle = SIZE / 2
    body = ((across - middle) / 110) ** 2 + ((down - middle) / 80) ** 2 <= 1
    lesion = (across - 90) ** 2 + (down - 120) ** 2 <= (8 + number) ** 2
    pixels = np.where(body, TISSUE, AIR)
    return np.where(lesion, LESION, pixels).astype(np.int16)


def _dataset(person: Person, imaging: Imaging, written_on: date) -> FileDataset:
    from pydicom.dataset import FileDataset, FileMetaDataset

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CT_STORAGE
    meta.MediaStorageSOPInstanceUID = f"{ROOT_UID}.3"
    meta.TransferSyntaxUID = EXPLICIT_LITTLE_ENDIAN
    meta.ImplementationClassUID = f"{ROOT_UID}.9"
    data = FileDataset("", {}, file_meta=meta, preamble=b"\x00" * 128)
    family, given = person.full_name.split()[-1], " ".join(person.full_name.split()[:-1])
    data.SOPClassUID, data.SOPInstanceUID = CT_STORAGE, f"{ROOT_UID}.3"
    data.StudyInstanceUID, data.SeriesInstanceUID = f"{ROOT_UID}.1", f"{ROOT_UID}.2"
    data.PatientName = f"{family}^{given}"
    data.PatientBirthDate = person.date_of_birth.strftime("%Y%m%d")
    data.PatientSex, data.PatientID = person.sex, person.record_number
    data.Modality, data.BodyPartExamined = imaging.modality, imaging.body_part
    data.Laterality = imaging.laterality
    data.StudyDate = written_on.strftime("%Y%m%d")
    data.StudyDescription = imaging.study_description
    data.InstanceNumber = 1
    data.add_new(0x00091001, "LO", "MARKER_PRIVATE")
    return data


def _with_pixels(data: FileDataset, imaging: Imaging) -> None:
    frames = np.stack([_slice(number) for number in range(imaging.frames)])
    data.Rows = data.Columns = SIZE
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 16
    data.HighBit, data.PixelRepresentation = 15, 0
    data.RescaleIntercept, data.RescaleSlope = -1024, 1
    data.WindowCenter, data.WindowWidth = 40, 400
    if imaging.frames > 1:
        data.NumberOfFrames = imaging.frames
    data.PixelData = (frames + 1024).astype("<u2").tobytes()


def dicom_slice(
    person: Person = MARIA,
    *,
    written_on: date = date(2026, 9, 10),
    imaging: Imaging | None = None,
    transfer_syntax: str = EXPLICIT_LITTLE_ENDIAN,
) -> Document:
    """A chest CT slice of 256 × 256 pixels with a window of 40/400; deflated when the transfer syntax says so."""
    from pydicom import dcmwrite

    imaging = imaging or Imaging()
    data = _dataset(person, imaging, written_on)
    _with_pixels(data, imaging)
    data.file_meta.TransferSyntaxUID = transfer_syntax
    buffer = io.BytesIO()
    dcmwrite(buffer, data, enforce_file_format=True)
    known = Known(
        name="ct-slice.dcm",
        media_type="application/dicom",
        person=person,
        written_on=written_on,
        facility="",
        pages=imaging.frames,
        phrases=(imaging.study_description,),
    )
    return Document(content=buffer.getvalue(), known=known)
