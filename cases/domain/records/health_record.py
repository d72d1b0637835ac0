"""A record that came as data (FHIR, C-CDA): what was taken over of it, and what was not, with reason and place."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

#: Of each kind and reason so many places are named; the rest is counted.
MAX_PLACES: Final = 20
_MAX_PLACE_LENGTH: Final = 120
#: Files that a record may carry, by their type.
ENDINGS: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/heic": "heic",
    "text/plain": "txt",
    "application/dicom": "dcm",
}
_NO_KIND: Final = "this kind is not imported"


class UnfitRecord(Exception):
    """A record that cannot be taken over; the message says what to change."""


@dataclass(frozen=True)
class Attachment:
    """A file that a record carries: a name with an extension, its declared type, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Statement:
    """One statement in words. ``lead`` says before all else that it does not hold now ("Not current (stopped)")."""

    words: str
    lead: str = ""


@dataclass
class NotTaken:
    """What of one kind was not taken over for one reason, and the first places where it stands."""

    count: int = 0
    places: list[str] = field(default_factory=list)


@dataclass
class HealthRecord:
    """What was found in a record. Texts are the source's own words, numbers and units; nothing is added or converted.

    ``patient`` are lines that say whose it is; ``sections`` statements by heading; ``read`` counts what was taken over.
    """

    source: str
    patient: list[str] = field(default_factory=list)
    sections: dict[str, list[Statement]] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    missed: dict[tuple[str, str], NotTaken] = field(default_factory=dict)

    def add(self, kind: str, heading: str, *statements: Statement) -> None:
        """Take one thing over, which may be told in several statements."""
        self.sections.setdefault(heading, []).extend(statements)
        self.read[kind] += 1

    def leave_out(self, kind: str, reason: str, place: str) -> None:
        """Say what is not taken over. Without a ``reason`` the kind as such is not imported."""
        found = self.missed.setdefault((kind, reason), NotTaken())
        found.count += 1
        if len(found.places) < MAX_PLACES:
            found.places.append(place[:_MAX_PLACE_LENGTH])

    @property
    def left_out(self) -> Counter[str]:
        """How often each kind was left out, with the reason."""
        return Counter(
            {f"{kind} ({reason})" if reason else kind: found.count for (kind, reason), found in self.missed.items()}
        )

    def not_taken(self) -> list[dict[str, Any]]:
        """Kind, reason, count and first places of all that was left out."""
        return [
            {"kind": kind, "reason": reason or _NO_KIND, "count": found.count, "places": list(found.places)}
            for (kind, reason), found in sorted(self.missed.items())
        ]


def said(*parts: str | None) -> str:
    """The parts that say something, separated by semicolons, which none of them has; each on one line."""
    return "; ".join(" ".join(part.replace(";", ",").split()) for part in parts if part and part.strip())


def listed(parts: Iterable[str]) -> str:
    """Parts separated by commas."""
    return ", ".join(part for part in parts if part)


def decoded(data: str) -> bytes:
    """The bytes of a file in base64. Raises UnfitRecord."""
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise UnfitRecord("An attachment is not base64.") from fault
