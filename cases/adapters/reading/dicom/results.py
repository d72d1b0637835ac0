"""What the child writes of a DICOM file beside its pages, and how the parent takes it in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cases.adapters.reading.dicom.frames import FrameKeeper, frame_name, opened_frame
from cases.adapters.reading.dicom.header import burned_in, header_of, private_elements
from cases.adapters.reading.outcome import ReadingFailed
from cases.domain.documents.imaging.deidentified_tags import TAG
from cases.domain.documents.imaging.instances import (
    Imaging,
    MalformedImaging,
    frame_bytes,
    imaging_from_json,
    imaging_to_json,
)

if TYPE_CHECKING:
    from pydicom import FileDataset

_FILE: Final = "imaging.json"
_LARGEST: Final = 4 * 1024 * 1024
_VR: Final = {"PhotometricInterpretation": "CS"}


def save_imaging(data: FileDataset, keeper: FrameKeeper, *, unshown: str, out: Path) -> None:
    """Write the de-identified header, made to describe the kept frames. Files without their UIDs leave nothing."""
    header = header_of(data)
    for keyword, value in keeper.form.items():
        header[TAG[keyword]] = {"vr": _VR.get(keyword, "US"), "Value": [value]}
    if keeper.kept:
        header[TAG["NumberOfFrames"]] = {"vr": "IS", "Value": [keeper.kept]}
    told = Imaging(
        header=header,
        transfer_syntax=str(data.file_meta.get("TransferSyntaxUID", "")),
        frames=keeper.kept,
        private_removed=private_elements(data),
        burned_in=burned_in(data),
        unshown=unshown[:300],
    )
    if all(header.get(TAG[name], {}).get("Value") for name in _NEEDED):
        (out / _FILE).write_text(json.dumps(imaging_to_json(told)), encoding="utf-8")


_NEEDED: Final = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")


def load_imaging(workdir: Path) -> Imaging | None:
    """What the child wrote, or None. Raises ReadingFailed for what is not allowed, or frames of another size."""
    path = workdir / _FILE
    if not path.exists():
        return None
    try:
        if path.stat().st_size > _LARGEST:
            raise MalformedImaging("larger than any header")
        imaging = imaging_from_json(json.loads(path.read_text(encoding="utf-8")))
        for number in range(1, imaging.frames + 1):
            opened_frame((workdir / frame_name(number)).read_bytes(), frame_bytes(imaging.header))
    except (ValueError, OSError, RecursionError) as fault:
        raise ReadingFailed("malformed_output") from fault
    return imaging
