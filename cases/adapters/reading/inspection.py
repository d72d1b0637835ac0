"""The check at the door: cheap enough for the upload request, run in the process that received the file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cases.adapters.reading import media_types
from cases.adapters.reading.foreign_kinds import is_archive, never_read
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.outcome import Refused
from cases.adapters.reading.pdf import active_content
from cases.adapters.reading.sandbox import run_child

TAIL_BYTES: Final = 65_557
_ZIP_END: Final = b"PK\x05\x06"


def inspect_upload(*, source: Path, name: str, declared_type: str, limits: Limits | None = None) -> str:
    """The media type of an uploaded file that may go on to be read. `source` is at rest and complete.

    Raises Refused with any code but `too_many_pixels` and `expands_too_much`, which only reading can tell.
    """
    limits = limits or Limits()
    size = source.stat().st_size
    if size == 0:
        raise Refused("empty")
    with source.open("rb") as file:
        head = file.read(media_types.HEAD_BYTES)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES)
    media_type = media_types.sniff_head(head, name, declared_type, tail)
    _require_small(size, media_type, limits)
    _no_archive_behind(tail)
    if media_type == media_types.PDF:
        _pdf_may_be_opened(source, limits)
    return media_type


def inspect_name(*, name: str, declared_type: str) -> None:
    """Before the first byte. Raises Refused `wrong_type` for kinds that are never read, when name and type agree."""
    if advice := never_read(name, declared_type):
        raise Refused("wrong_type", advice)


def inspect_head(*, head: bytes, size: int, name: str, declared_type: str, limits: Limits | None = None) -> None:
    """With a file's first bytes, before the rest has come; archives pass. Raises Refused as ``inspect_upload``."""
    if not is_archive(head):
        _require_small(size, media_types.sniff_head(head, name, declared_type), limits or Limits())


def _require_small(size: int, media_type: str, limits: Limits) -> None:
    limit = limits.max_dicom_bytes if media_type == media_types.DICOM else limits.max_bytes
    if size > limit:
        raise Refused("too_large", f"The file has {size // 10**6} MB; the limit is {limit // 10**6} MB. Split it.")


def _no_archive_behind(tail: bytes) -> None:
    at = tail.rfind(_ZIP_END)
    if at < 0 or at + 22 > len(tail):
        return
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    if at + 22 + comment == len(tail):
        raise Refused("polyglot")


def _pdf_may_be_opened(source: Path, limits: Limits) -> None:
    found = active_content.outline(source.read_bytes())
    if active_content.REFUSED_KINDS.intersection(found.active):
        raise Refused("active_content")
    if found.encrypted:
        run_child(task="open", source=source, media_type=media_types.PDF, limits=limits, workdir=None)


def fits(*, received: int, media_type: str, limits: Limits | None = None) -> bool:
    """Whether `received` bytes so far are still within the limit, for a counter on a running upload."""
    limits = limits or Limits()
    return received <= (limits.max_dicom_bytes if media_type == media_types.DICOM else limits.max_bytes)
