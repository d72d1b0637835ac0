"""Archives as data, and what is told of a file that did not become a document."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

ADVICE = {
    "encrypted": "The file is locked by a password. Unpack the archive, and send the file itself.",
    "no_file": "This is a link or a device, and no file.",
    "directory": "The CD's table of contents; its images are taken in its order.",
    "compression": "The file is packed in a way that is not read. Unpack the archive, and send the file itself.",
    "too_large": "The file is larger than the limit. Split it.",
    "unreadable": "The archive could not be unpacked. Make it again, or send its files one by one.",
}


@dataclass(frozen=True, kw_only=True)
class ArchiveEntry:
    """One file: its path in the archive; TAKEN, DUPLICATE (the case had it), REFUSED or SKIPPED; what to do."""

    path: str
    outcome: str
    document_id: UUID | None
    advice: str


@dataclass(frozen=True, kw_only=True)
class ArchiveDTO:
    """RECEIVED, UNPACKED or REFUSED; ``done`` of ``files`` were looked at; ``entries`` once it is unpacked.

    Of a record that came as data, ``imported`` counts by kind what was ``read`` and ``left_out``, and says with
    reasons and places what was ``not_taken``.
    """

    id: UUID
    case_id: UUID
    state: str
    size: int
    files: int
    done: int
    taken: int
    advice: str
    entries: tuple[ArchiveEntry, ...]
    imported: dict[str, Any] | None
