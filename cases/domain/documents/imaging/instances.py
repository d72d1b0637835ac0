"""DICOM instances as plain data: a de-identified header in the DICOM JSON model, and what is known of the pixels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final, Literal, get_args

from cases.domain.documents.imaging.deidentified_tags import DESCRIPTIONS, KEPT, READINGS, STANDARD_ROOT, TAG

Header = Mapping[str, Any]
#: Whether a name may stand in the pixels: the file says so, text was found, what made it often writes it, hardly.
BurnedIn = Literal["said", "found", "possible", "unlikely"]
BURNED_IN: Final[frozenset[str]] = frozenset(get_args(BurnedIn))
_VR: Final = re.compile(r"^[A-Z]{2}$")
_LONG_NUMBER: Final = re.compile(r"\d{6,}")
_DEEPEST: Final = 4


class MalformedImaging(ValueError):
    """The JSON is not what the reader of DICOM files writes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Imaging:
    """What was kept of one file. ``frames`` counts those stored as raw values; ``unshown`` says why there are none."""

    header: Header
    transfer_syntax: str
    frames: int
    private_removed: int
    burned_in: BurnedIn
    unshown: str = ""


def first(header: Header, keyword: str) -> Any:
    """The first value of an element, or ``None``."""
    return next(iter(values(header, keyword)), None)


def values(header: Header, keyword: str) -> list[Any]:
    """All values of an element; empty when it is absent or empty."""
    found = header.get(TAG[keyword], {}).get("Value", [])
    return list(found)


def number(header: Header, keyword: str) -> float | None:
    """The first value as a number, or ``None``."""
    found = first(header, keyword)
    return float(found) if isinstance(found, int | float) else None


def frame_bytes(header: Header) -> int:
    """How many bytes one stored frame has: rows × columns × samples × bytes a sample."""
    sizes = (number(header, name) for name in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated"))
    rows, columns, samples, bits = (int(size or 0) for size in sizes)
    return rows * columns * samples * (bits // 8)


def holds_a_reading(sop_class: str) -> bool:
    """Whether an object holds what another doctor saw, so that it waits for a specialist's own first read."""
    return sop_class.startswith(READINGS)


def cleaned(text: str, terms: Iterable[str]) -> str:
    """A description without the words of ``terms`` (names and numbers of people) and without long numbers."""
    unwanted = {word.casefold() for term in terms for word in re.split(r"\W+", term) if len(word) > 1}
    kept = [word for word in text.split() if not _is_among(word, unwanted)]
    return _LONG_NUMBER.sub("", " ".join(kept)).strip()


def with_new_uids(header: Header, rename: Callable[[str], str]) -> dict[str, Any]:
    """The header with every UID that is not the standard's own renamed, in nested items too."""
    told: dict[str, Any] = {}
    for tag, element in header.items():
        found = element.get("Value")
        if element["vr"] == "UI" and found:
            element = {"vr": "UI", "Value": [u if u.startswith(STANDARD_ROOT) else rename(u) for u in found]}
        elif element["vr"] == "SQ" and found:
            element = {"vr": "SQ", "Value": [with_new_uids(item, rename) for item in found]}
        told[tag] = element
    return told


def imaging_to_json(imaging: Imaging) -> dict[str, Any]:
    """Plain JSON; ``imaging_from_json`` is its inverse."""
    return {
        "header": imaging.header,
        "transfer_syntax": imaging.transfer_syntax,
        "frames": imaging.frames,
        "private_removed": imaging.private_removed,
        "burned_in": imaging.burned_in,
        "unshown": imaging.unshown,
    }


def imaging_from_json(data: Any) -> Imaging:
    """From JSON that may come from an untrusted child: elements that are not allowed raise ``MalformedImaging``."""
    try:
        imaging = Imaging(
            header=_checked(data["header"]),
            transfer_syntax=str(data["transfer_syntax"])[:64],
            frames=int(data["frames"]),
            private_removed=int(data["private_removed"]),
            burned_in=data["burned_in"],
            unshown=str(data["unshown"])[:300],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise MalformedImaging(str(fault)) from fault
    if imaging.burned_in not in BURNED_IN or imaging.frames < 0 or imaging.private_removed < 0:
        raise MalformedImaging("a value outside its range")
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID"):
        if not first(imaging.header, keyword):
            raise MalformedImaging(f"{keyword} is missing")
    return imaging


def with_text_found(imaging: Imaging, texts: Iterable[str]) -> Imaging:
    """With what text recognition saw in the picture."""
    return replace(imaging, burned_in="found") if any(text.strip() for text in texts) else imaging


def _is_among(word: str, unwanted: set[str]) -> bool:
    return any(part.casefold() in unwanted for part in re.split(r"\W+", word) if part)


def _checked(header: Any, depth: int = 0) -> dict[str, Any]:
    if depth > _DEEPEST:
        raise MalformedImaging("nested too deeply")
    told = {}
    for tag, element in header.items():
        if tag not in KEPT or not _VR.match(element["vr"]) or set(element) - {"vr", "Value"}:
            raise MalformedImaging(f"an element that is not kept: {tag[:8]}")
        told[tag] = {"vr": element["vr"]}
        if found := element.get("Value"):
            nested = element["vr"] == "SQ"
            told[tag]["Value"] = [_checked(v, depth + 1) if nested else _scalar(v) for v in found]
        if tag in DESCRIPTIONS and found:
            told[tag]["Value"] = [str(value)[:200] for value in found]
    return told


def _scalar(value: Any) -> Any:
    if value is None or (isinstance(value, str) and len(value) <= 1024):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return value
    raise MalformedImaging("a value that is neither a short text nor a number")
