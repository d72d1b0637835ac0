"""Unpacks an archive in a child process that may be lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cases.adapters.reading import foreign_kinds, results
from cases.adapters.reading.archive import entry_name
from cases.adapters.reading.limits import MIB, Limits
from cases.adapters.reading.media_types import HEAD_BYTES
from cases.adapters.reading.outcome import ReadingFailed
from cases.adapters.reading.sandbox import SCRATCH, clear_scratch, run_child

ZIP: Final = "application/zip"
# Of all files of an archive together: a CD of images.
TOTAL_BYTES = 400 * MIB


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One file of an archive: its path there, and where it lies now or why it does not."""

    path: str
    file: Path | None
    why: str = ""


def is_archive(source: Path) -> bool:
    """Whether a file is a ZIP archive by its content, and no Office file, whatever name and type it was given."""
    with source.open("rb") as file:
        return foreign_kinds.is_archive(file.read(HEAD_BYTES))


def unpack_in_child(*, source: Path, workdir: Path, limits: Limits | None = None) -> tuple[Entry, ...]:
    """The archive's files in ``workdir``, in order, at most ``TOTAL_BYTES`` together.

    Raises Refused or ReadingFailed.
    """
    limits = limits or Limits()
    limits = replace(limits, output_bytes=TOTAL_BYTES, file_bytes=limits.max_dicom_bytes + MIB)
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        run_child(task="unpack", source=source, media_type=ZIP, limits=limits, workdir=workdir)
        told = results.load_entries(workdir / SCRATCH)
    finally:
        clear_scratch(workdir)
    entries = []
    for one in told:
        file = workdir / entry_name(one.number)
        if not one.why and not file.is_file():
            raise ReadingFailed("malformed_output")
        entries.append(Entry(path=one.path, file=None if one.why else file, why=one.why))
    return tuple(entries)
