"""What is told of DICOM instances."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class InstanceDTO:
    """One instance: its de-identified header (DICOM JSON model), and what a reader should know of its pixels.

    ``burned_in``: said, found, possible or unlikely. ``unshown`` says why frames are missing, or is empty.
    """

    document_id: UUID
    study_uid: str
    series_uid: str
    instance_uid: str
    sop_class: str
    modality: str
    frames: int
    transfer_syntax: str
    private_removed: int
    burned_in: str
    unshown: str
    header: dict[str, Any]


@dataclass(frozen=True)
class ImagingDTO:
    """Instances in the order of their slices; ``held_back`` wait for a coordinator, ``locked`` for the first read."""

    instances: tuple[InstanceDTO, ...]
    held_back: int
    locked: int


@dataclass(frozen=True)
class FrameDTO:
    """One frame: rows × columns × samples of 8 or 16 bits, little endian, packed with zlib; ``size`` bytes unpacked."""

    instance: InstanceDTO
    number: int
    packed: bytes
    size: int
