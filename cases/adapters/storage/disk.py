"""Files in a folder: written beside their place, synced, then linked into it, so that no half file is ever seen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cases.adapters.storage.port import (
    ObjectExists,
    ObjectMissing,
    ObjectStat,
    StorageError,
    StorageMisconfigured,
    checked,
    parts_of,
)

_PARTS = ".parts"


class DiskStorage:
    """One folder, readable by this user only."""

    def __init__(self, root: Path) -> None:
        if not root.is_absolute():
            raise StorageMisconfigured("DOCUMENT_STORAGE_DIR must be an absolute path.")
        try:
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            (root / _PARTS).mkdir(exist_ok=True, mode=0o700)
        except OSError as fault:
            raise StorageMisconfigured("DOCUMENT_STORAGE_DIR cannot be created or written.") from fault
        self._root = root

    def put(self, key: str, chunks: Iterable[bytes]) -> ObjectStat:
        """Store the chunks. Raises ObjectExists, or StorageError when the disk is full."""
        place = self._root / checked(key)
        part, size = self._written(key, chunks)
        try:
            with _disk_faults(key):
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                # A link fails where a rename would silently replace.
                os.link(part, place)
                _sync_folder(place.parent)
        finally:
            part.unlink(missing_ok=True)
        return ObjectStat(key=key, size=size)

    def _written(self, key: str, chunks: Iterable[bytes]) -> tuple[Path, int]:
        with _disk_faults(key):
            handle, name = tempfile.mkstemp(dir=self._root / _PARTS)
        part, size = Path(name), 0
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    with _disk_faults(key):
                        file.write(chunk)
                    size += len(chunk)
                with _disk_faults(key):
                    file.flush()
                    os.fsync(file.fileno())
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return part, size

    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The chunks of an object or a part of it. Raises ObjectMissing."""
        try:
            with (self._root / checked(key)).open("rb") as file:
                file.seek(start)
                yield from parts_of(file.read, length)
        except FileNotFoundError as fault:
            raise ObjectMissing(key) from fault

    def exists(self, key: str) -> bool:
        """Whether an object lies under the key."""
        return (self._root / checked(key)).is_file()

    def stat(self, key: str) -> ObjectStat:
        """Raises ObjectMissing."""
        try:
            return ObjectStat(key=key, size=(self._root / checked(key)).stat().st_size)
        except FileNotFoundError as fault:
            raise ObjectMissing(key) from fault

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""
        (self._root / checked(key)).unlink(missing_ok=True)

    def discard_unfinished(self, before: datetime) -> int:
        """Remove what writers who died left half written; returns how many files."""
        stale = [part for part in (self._root / _PARTS).iterdir() if part.stat().st_mtime < before.timestamp()]
        for part in stale:
            part.unlink(missing_ok=True)
        return len(stale)

    def keys(self, kind: str) -> Iterator[str]:
        """All keys of a kind."""
        for path in sorted((self._root / kind).glob("??/*")):
            yield path.relative_to(self._root).as_posix()


@contextmanager
def _disk_faults(key: str) -> Iterator[None]:
    """What the disk raises, as ours; what the source of the chunks raises stays outside and is not touched."""
    try:
        yield
    except FileExistsError as fault:
        raise ObjectExists(key) from fault
    except OSError as fault:
        raise StorageError(os.strerror(fault.errno or 0)) from fault


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
