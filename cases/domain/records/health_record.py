"""A record that came as data (FHIR, C-CDA), and the page of text that people and the reading pipeline get of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attachment:
    """A file that a record carries: a name with an extension, its declared type, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass
class HealthRecord:
    """What was found in a record. Texts are the source's own words, numbers and units; nothing is added or converted.

    ``patient`` are lines that say whose it is; ``sections`` lines by heading; ``read`` and ``left_out`` count what
    was taken over, and what was not with the reason.
    """

    source: str
    patient: list[str] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, heading: str, line: str) -> None:
        """Take one statement over."""
        self.sections.setdefault(heading, []).append(line)
        self.read[kind] += 1


def page_of(record: HealthRecord) -> str:
    """The record as text: whose it is, each section, and what was not taken over."""
    lines = [f"Health record, imported from {record.source}", "", *record.patient]
    for heading, told in record.sections.items():
        lines += ["", heading, *(f"- {line}" for line in told)]
    if record.left_out:
        lines += ["", "Not imported", *(f"- {count} x {what}" for what, count in sorted(record.left_out.items()))]
    return "\n".join(lines) + "\n"


def said(*parts: str | None) -> str:
    """The parts that say something, separated by semicolons, each on one line."""
    return "; ".join(" ".join(part.split()) for part in parts if part and part.strip())


def listed(parts: Iterable[str]) -> str:
    """Parts separated by commas."""
    return ", ".join(part for part in parts if part)
