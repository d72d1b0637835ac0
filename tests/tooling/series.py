"""Series of slices as scanners store them, small enough to be made by the dozen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from cases.adapters.reading import load_imaging
from cases.adapters.reading.dicom.instance import read_dicom
from cases.adapters.reading.limits import Limits
from cases.models import Document, DocumentPage
from cases.services.documents.imaging.registration import keep_imaging
from cases.services.documents.pipeline import store_pages
from identity import services as identity
from tests.cases.support import Story

ROOT = "1.2.826.0.1.3680043.8.498.77"
CLASSES = {"CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4"}
SAGITTAL = (0, 1, 0, 0, 0, -1)
AXIAL = (1, 0, 0, 0, 1, 0)


def slice_file(number: int, *, modality: str = "CT", series: str = "1", size: int = 64, **changes: Any) -> bytes:
    """Slice ``number`` of a series: at z = 2.5 mm × number, its value at (0, 0) tells which one it is."""
    data = dataset(number, modality=modality, series=series, size=size)
    for keyword, value in changes.items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    return written(data)


def written(data: Dataset) -> bytes:
    buffer = io.BytesIO()
    dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()


def dataset(number: int, *, modality: str = "CT", series: str = "1", size: int = 64) -> FileDataset:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    data.SOPClassUID, data.SOPInstanceUID = CLASSES[modality], f"{ROOT}.1.{series}.{number}"
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
    data.StudyInstanceUID, data.SeriesInstanceUID = f"{ROOT}.1", f"{ROOT}.1.{series}"
    data.PatientName, data.PatientID, data.PatientBirthDate, data.PatientSex = (
        "Keller^Maria",
        "MRN-4471903",
        "19610417",
        "F",
    )
    data.PatientAddress, data.InstitutionName = "Lindenweg 4", "Valley Hospital"
    data.ReferringPhysicianName, data.AccessionNumber = "Treating^Dora", "A-99881"
    data.StudyDate, data.StudyDescription = "20260910", "Thorax Keller MRN-4471903"
    data.SeriesDescription, data.SeriesNumber, data.Modality = f"{modality} series {series}", int(series), modality
    data.InstanceNumber, data.BodyPartExamined, data.SliceThickness = number, "CHEST", 2.5
    data.ImagePositionPatient, data.ImageOrientationPatient = [-20, -20, 2.5 * number], list(AXIAL)
    data.PixelSpacing = [0.5, 0.75]
    data.add_new(0x00091001, "LO", "MARKER_PRIVATE")
    _pixels(data, number, modality, size)
    return data


def _pixels(data: FileDataset, number: int, modality: str, size: int) -> None:
    down, across = np.mgrid[0:size, 0:size]
    inside = ((across - size / 2) / (size * 0.45)) ** 2 + ((down - size / 2) / (size * 0.35)) ** 2 <= 1
    lesion = (across - size * 0.35) ** 2 + (down - size * 0.45) ** 2 <= (size * 0.04 + number / 8) ** 2
    values = np.where(lesion, 110, np.where(inside, 40, -1000)).astype(np.int16)
    values[0, 0] = number
    data.Rows = data.Columns = size
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    if modality == "CT":
        data.RescaleIntercept, data.RescaleSlope = -1024, 1
        data.WindowCenter, data.WindowWidth = [40, -600], [400, 1500]
        data.WindowCenterWidthExplanation = ["SOFT", "LUNG"]
    data.PixelData = (values + 1024).astype("<u2").tobytes()


def kept(story: Story, content: bytes, state: str = "ACCEPTED") -> Document:
    """A file taken in as the reading job does, in this process instead of a child."""
    document = story.put_document(state)
    key = identity.data_key(subject_id=document.patient_id)
    with TemporaryDirectory() as folder:
        out = Path(folder)
        (out / ".scratch").mkdir()
        (out / "source").write_bytes(content)
        reading = read_dicom(out / "source", out, Limits(), "open").reading
        imaging = load_imaging(out)
        assert imaging is not None
        DocumentPage.objects.bulk_create(store_pages(document, key, reading, out))
    keep_imaging(document, key, imaging)
    Document.objects.filter(id=document.id).update(media_type="application/dicom", page_count=len(reading.pages))
    return document


def kept_series(story: Story, numbers: Iterator[int] | list[int] | range, **options: Any) -> list[Document]:
    """A series, uploaded in the order of ``numbers``."""
    return [kept(story, slice_file(number, **options)) for number in numbers]
