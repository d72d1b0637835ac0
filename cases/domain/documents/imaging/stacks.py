"""The order of slices, and what a viewer must know of each: position, spacing, window, orientation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.domain.documents.imaging.deidentified_tags import TAG
from cases.domain.documents.imaging.instances import Header, first, number, values

Vector = tuple[float, float, float]
#: Usual windows of a CT in HU as (centre, width, name). A convention, no standard; these are the values that the
#: article "Windowing (CT)" of Radiopaedia gives for abdominal soft tissue, lungs and bone.
CT_WINDOWS = ((50.0, 400.0, "soft_tissue"), (-600.0, 1500.0, "lung"), (400.0, 1800.0, "bone"))
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
_GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """One frame of one instance. Lengths in mm; ``spacing`` is (between rows, between columns), or unknown.

    ``spacing_at`` says where it holds: ``patient``, or ``detector``, where a body is shown larger than it is.
    ``edges`` names the sides left, right, top and bottom of the picture, as R, L, A, P, H, F; empty when unknown.
    """

    frame: int
    position: Vector | None
    normal: Vector | None
    spacing: tuple[float, float] | None
    spacing_at: str
    edges: tuple[str, ...]
    windows: tuple[tuple[float, float, str], ...]
    slope: float
    intercept: float
    unit: str


def slices_of(header: Header, frames: int) -> tuple[Slice, ...]:
    """The frames of an instance, each with its own place (enhanced multi-frame objects) or the instance's."""
    shared = (values(header, _GROUPS[0]) or [{}])[0]
    each = values(header, _GROUPS[1])
    return tuple(_slice(index + 1, header, shared, each[index] if index < len(each) else {}) for index in range(frames))


def along(one: Slice) -> float | None:
    """Where a slice lies along its stack's normal, in mm; ``None`` when the file does not say."""
    if one.position is None or one.normal is None:
        return None
    return sum(p * n for p, n in zip(one.position, one.normal, strict=True))


def in_order(found: Iterable[tuple[Any, Slice, int | None]]) -> list[tuple[Any, Slice]]:
    """By place when every slice has one in parallel planes, else by instance number, then as they came."""
    rows = list(found)
    places = [along(one) for _, one, _ in rows]
    parallel = len({tuple(round(part, 2) for part in one.normal) for _, one, _ in rows if one.normal}) == 1
    if parallel and None not in places:
        order = sorted(range(len(rows)), key=lambda at: (places[at], rows[at][2] or 0, rows[at][1].frame, at))
    else:
        order = sorted(range(len(rows)), key=lambda at: (rows[at][2] is None, rows[at][2] or 0, rows[at][1].frame, at))
    return [(rows[at][0], rows[at][1]) for at in order]


def _slice(frame: int, header: Header, shared: Header, own: Header) -> Slice:
    orientation = _numbers("PlaneOrientationSequence", "ImageOrientationPatient", 6, own, shared, header)
    position = _numbers("PlanePositionSequence", "ImagePositionPatient", 3, own, shared, header)
    spacing = _numbers("PixelMeasuresSequence", "PixelSpacing", 2, own, shared, header)
    detector = values(header, "ImagerPixelSpacing")
    plain = spacing or detector
    usable = len(plain) == 2 and all(isinstance(part, int | float) and part > 0 for part in plain)
    normal = _cross(orientation[:3], orientation[3:]) if orientation else None
    values_in = _holder("PixelValueTransformationSequence", own, shared, header)
    slope = number(values_in, "RescaleSlope")
    return Slice(
        frame=frame,
        position=(position[0], position[1], position[2]) if position else None,
        normal=normal,
        spacing=(float(plain[0]), float(plain[1])) if usable else None,
        spacing_at=("patient" if spacing else "detector") if usable else "",
        edges=_edges(orientation, values(header, "PatientOrientation")),
        windows=_windows(_holder("FrameVOILUTSequence", own, shared, header)),
        slope=slope if slope else 1.0,
        intercept=number(values_in, "RescaleIntercept") or 0.0,
        unit=_unit(header, values_in, known=slope is not None),
    )


def _holder(sequence: str, own: Header, shared: Header, header: Header) -> Header:
    """Where an attribute of a frame stands: in its own group, in the shared one, or in the header."""
    for group in (own, shared):
        items = group.get(TAG[sequence], {}).get("Value", [])
        if items:
            found: Header = items[0]
            return found
    return header


def _numbers(sequence: str, keyword: str, count: int, own: Header, shared: Header, header: Header) -> list[float]:
    found = values(_holder(sequence, own, shared, header), keyword)
    good = len(found) == count and all(isinstance(one, int | float) for one in found)
    return [float(one) for one in found] if good else []


def _windows(header: Header) -> tuple[tuple[float, float, str], ...]:
    names = values(header, "WindowCenterWidthExplanation")
    pairs = zip(values(header, "WindowCenter"), values(header, "WindowWidth"), strict=False)
    return tuple(
        (float(centre), float(width), str(names[at]) if at < len(names) and names[at] else "")
        for at, (centre, width) in enumerate(pairs)
        if isinstance(centre, int | float) and isinstance(width, int | float) and width >= 1
    )


def _unit(header: Header, values_in: Header, *, known: bool) -> str:
    """HU for a CT (PS3.3 C.7.6.2.1.2: so it is when nothing else is said), the file's word, or nothing."""
    told = first(values_in, "RescaleType")
    if told and told != "US":
        return str(told)
    return "HU" if known and first(header, "Modality") == "CT" and told is None else ""


def _cross(a: list[float], b: list[float]) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _edges(orientation: list[float], told: list[Any]) -> tuple[str, ...]:
    """Left, right, top, bottom. By direction cosines (PS3.3 C.7.6.2.1.1), else by PatientOrientation."""
    if orientation:
        right, down = _towards(orientation[:3]), _towards(orientation[3:])
        return (_opposite(right), right, _opposite(down), down)
    if len(told) == 2 and all(isinstance(one, str) and one for one in told):
        return (_opposite(told[0]), told[0], _opposite(told[1]), told[1])
    return ()


def _towards(direction: list[float]) -> str:
    """The letters of a direction, the strongest first; parts below a tenth do not count.

    The patient's axes point to the left, to the back and to the head (LPH+), so that +x is L, +y is P, +z is H.
    """
    strong = sorted((axis for axis in range(3) if abs(direction[axis]) > 0.1), key=lambda axis: -abs(direction[axis]))
    return "".join(_LETTERS[axis][direction[axis] > 0] for axis in strong)


def _opposite(letters: str) -> str:
    return letters.translate(str.maketrans("RLAPFH", "LRPAHF"))
