"""What children write down: a draft of the reading, and per recognised page its text."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from cases.adapters.reading.outcome import ReadingFailed
from cases.domain.documents.document_text import (
    MalformedReading,
    PageText,
    Reading,
    page_from_json,
    page_to_json,
    reading_from_json,
    reading_to_json,
)

READING_FILE: Final = "reading.json"
DRAFT_FILE: Final = "draft.json"
ENTRIES_FILE: Final = "entries.json"
RECORD_FILE: Final = "record.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A reading; ``pending`` pages have a picture that waits for text recognition, ``missed`` ones have none yet."""

    reading: Reading
    pending: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    network: str = "open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A file of an archive as the child lists it; ``why`` says why it was not unpacked."""

    number: int
    path: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PackedRecord:
    """How many statements of each kind a record became, and what was left out; ``unfit`` says why there is none.

    ``not_taken`` are kind, reason, count and first places of what was left out.
    """

    read: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    not_taken: list[dict[str, Any]] = field(default_factory=list)
    unfit: str = ""


def page_name(number: int) -> str:
    """The file name of a page's picture."""
    return f"page-{number:04d}.webp"


def thumb_name(number: int) -> str:
    """The file name of a page's thumbnail."""
    return f"thumb-{number:04d}.webp"


def waiting_name(number: int) -> str:
    """The file name of a picture that waits for recognition."""
    return f"recognise-{number:04d}.png"


def recognised_name(number: int) -> str:
    """The file name of a recognised page."""
    return f"recognised-{number:04d}.json"


def save_draft(scratch: Path, draft: Draft) -> None:
    """Write the draft in place of an earlier one."""
    told = {
        "reading": reading_to_json(draft.reading),
        "pending": list(draft.pending),
        "missed": list(draft.missed),
        "network": draft.network,
    }
    _replace(scratch / DRAFT_FILE, told)


def load_draft(scratch: Path) -> Draft | None:
    """The child's last draft, or None if it wrote none. Raises ReadingFailed if it is not a draft."""
    told = _load(scratch / DRAFT_FILE)
    if told is None:
        return None
    try:
        reading = reading_from_json(told["reading"])
        pending = tuple(int(number) for number in told["pending"])
        missed = tuple(int(number) for number in told["missed"])
    except (MalformedReading, KeyError, TypeError, ValueError) as fault:
        raise ReadingFailed("malformed_output") from fault
    return Draft(reading=reading, pending=pending, missed=missed, network=str(told.get("network", "open")))


def save_entries(scratch: Path, entries: list[dict[str, Any]]) -> None:
    """Write the list of an archive's files."""
    _replace(scratch / ENTRIES_FILE, {"entries": entries})


def load_entries(scratch: Path) -> list[Listed]:
    """The child's list of an archive's files. Raises ReadingFailed if it is none."""
    told = _load(scratch / ENTRIES_FILE)
    try:
        return [
            Listed(number=int(one["number"]), path=str(one["path"])[:200], why=str(one["why"])[:20])
            for one in told["entries"]
        ]
    except (KeyError, TypeError, ValueError) as fault:
        raise ReadingFailed("malformed_output") from fault


def save_record(scratch: Path, packed: PackedRecord) -> None:
    """Write what became of a record that came as data."""
    _replace(scratch / RECORD_FILE, asdict(packed))


def load_record(scratch: Path) -> PackedRecord:
    """What became of the record. Raises ReadingFailed if the child does not say."""
    told = _load(scratch / RECORD_FILE)
    try:
        return PackedRecord(
            read=_counts(told["read"]),
            left_out=_counts(told["left_out"]),
            not_taken=[_not_taken(one) for one in told["not_taken"]],
            unfit=str(told["unfit"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise ReadingFailed("malformed_output") from fault


def _counts(told: Any) -> dict[str, int]:
    return {str(what): int(count) for what, count in told.items()}


def _not_taken(told: Any) -> dict[str, Any]:
    return {
        "kind": str(told["kind"]),
        "reason": str(told["reason"]),
        "count": int(told["count"]),
        "places": [str(place) for place in told["places"]],
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """What was recognised on a page, and by how many degrees clockwise its picture was turned for that."""

    page: PageText
    turned: int = 0


def save_recognised(scratch: Path, recognised: Recognised) -> None:
    """Write what was recognised on a page."""
    told = page_to_json(recognised.page) | {"turned": recognised.turned}
    _replace(scratch / recognised_name(recognised.page.number), told)


def load_recognised(scratch: Path, number: int) -> Recognised | None:
    """What was recognised on a page, or None if the recogniser did not get to it. Raises ReadingFailed."""
    told = _load(scratch / recognised_name(number))
    if told is None:
        return None
    try:
        return Recognised(page=page_from_json(told), turned=int(told["turned"]))
    except (MalformedReading, KeyError, TypeError, ValueError) as fault:
        raise ReadingFailed("malformed_output") from fault


def save_reading(workdir: Path, reading: Reading) -> None:
    """Write the finished reading where the caller expects it."""
    _replace(workdir / READING_FILE, reading_to_json(reading))


def _replace(path: Path, told: dict[str, Any]) -> None:
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    os.replace(partial, path)


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as fault:
        raise ReadingFailed("malformed_output") from fault
