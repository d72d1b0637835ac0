"""What is told of DICOM instances."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class ImagingDTO:
    """Instances in the order of their slices; ``held_back`` wait for a coordinator, ``locked`` for the first read."""

    instances: tuple[InstanceDTO, ...]
    held_back: int
    locked: int


@dataclass(frozen=True, kw_only=True)
class FrameDTO:
    """One frame: rows × columns × samples of 8 or 16 bits, little endian, packed with zlib; ``size`` bytes unpacked."""

    instance: InstanceDTO
    number: int
    packed: bytes
    size: int


@dataclass(frozen=True, kw_only=True)
class SliceDTO:
    """One picture of a stack: where its values are (document and frame), how they are stored, what they mean.

    Stored values × ``slope`` + ``intercept`` are in ``unit`` (HU, or empty). ``spacing``: mm between rows and between
    columns, in the ``patient`` or at the ``detector`` (``spacing_at``), ``None`` when the file does not say; ``place``:
    mm along the stack; ``edges``: what is left, right, above, below (R L A P H F); ``windows``: (centre, width, name).
    """

    document_id: UUID
    frame: int
    rows: int
    columns: int
    samples: int
    bits: int
    signed: bool
    inverted: bool
    slope: float
    intercept: float
    unit: str
    spacing: tuple[float, float] | None
    spacing_at: str
    place: float | None
    edges: tuple[str, ...]
    windows: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, kw_only=True)
class StackDTO:
    """A series as a stack of pictures; ``burned_in`` is the worst of its files, ``unshown`` why some have none."""

    series_uid: str
    modality: str
    description: str
    study_description: str
    study_date: str
    burned_in: str
    private_removed: int
    unshown: tuple[str, ...]
    usual_windows: tuple[tuple[float, float, str], ...]
    slices: tuple[SliceDTO, ...]


@dataclass(frozen=True, kw_only=True)
class StacksDTO:
    """The stacks of a case; ``held_back`` files wait for a coordinator, ``locked`` ones for the first read."""

    stacks: tuple[StackDTO, ...]
    held_back: int
    locked: int
