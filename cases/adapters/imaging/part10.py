"""A DICOM file of the kept header and values: nothing of the uploaded file's own bytes is in it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

#: Codes of PS3.16 CID 7050 for what ``cases.domain.documents.imaging.deidentified_tags`` does.
_METHODS: Final = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113105", "Clean Descriptors Option"),
    ("113106", "Retain Longitudinal Temporal Information Full Dates Option"),
    ("113108", "Retain Patient Characteristics Option"),
)
_IMPLEMENTATION: Final = "2.25.164236879416539463124870945121310587431"


def part10(header: Mapping[str, Any], frames: Iterable[bytes]) -> bytes:
    """A DICOM Part 10 file, explicit little endian. ``frames`` are rows × columns × samples, little endian."""
    from pydicom import Dataset, dcmwrite
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.sequence import Sequence
    from pydicom.uid import UID, ExplicitVRLittleEndian

    kept = Dataset.from_json(dict(header))
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = kept.SOPClassUID, kept.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = ExplicitVRLittleEndian, UID(_IMPLEMENTATION)
    data = FileDataset("", kept, file_meta=meta, preamble=bytes(128))
    data.SpecificCharacterSet = "ISO_IR 192"
    data.PatientName, data.PatientID, data.PatientBirthDate, data.AccessionNumber = "", "", "", ""
    data.ReferringPhysicianName, data.StudyID = "", ""
    data.PatientIdentityRemoved, data.LongitudinalTemporalInformationModified = "YES", "UNMODIFIED"
    data.DeidentificationMethod = "Allow-list of elements after PS3.15 E; UIDs replaced"
    data.DeidentificationMethodCodeSequence = Sequence([_code(*method) for method in _METHODS])
    pixels = b"".join(frames)
    data.PixelData = pixels + bytes(len(pixels) % 2)
    data["PixelData"].VR = "OW" if data.BitsAllocated > 8 else "OB"
    buffer = io.BytesIO()
    dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()


def _code(value: str, meaning: str) -> Any:
    from pydicom import Dataset

    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning[:64]
    return item
