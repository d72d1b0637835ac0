"""Reads a record that came as data in a child process that may be lost: none of it is ever parsed by who asks."""

from __future__ import annotations

from pathlib import Path

from cases.adapters.reading import results
from cases.adapters.reading.health_records import ARCHIVE_FILE
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import ReadingFailed
from cases.adapters.reading.results import PackedRecord
from cases.adapters.reading.sandbox import SCRATCH, clear_scratch, run_child
from cases.domain.records.health_record import UnfitRecord


def pack_record_in_child(
    *, source: Path, workdir: Path, media_type: str, limits: Limits | None = None
) -> tuple[Path, PackedRecord]:
    """The archive that the record became, in ``workdir``, and its counts.

    Raises UnfitRecord, whose message says what to change, or ReadingFailed.
    """
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        run_child(
            task="pack_record",
            source=source,
            media_type=media_type,
            limits=limits or Limits.of_a_record(),
            workdir=workdir,
        )
        packed = results.load_record(workdir / SCRATCH)
    finally:
        clear_scratch(workdir)
    if packed.unfit:
        raise UnfitRecord(packed.unfit)
    archive = workdir / ARCHIVE_FILE
    if not archive.is_file():
        raise ReadingFailed("malformed_output")
    return archive, packed
