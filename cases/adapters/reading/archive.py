"""Child side of unpacking: the files of a ZIP archive under numbers, never under names that the archive chose."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

from cases.adapters.reading import results
from cases.adapters.reading.foreign_kinds import is_archive
from cases.adapters.reading.limits import Limits
from cases.adapters.reading.media_types import HEAD_BYTES
from cases.adapters.reading.outcome import Refused

MAX_ENTRIES: Final = 2000
_CHUNK: Final = 256 * 1024
_ENCRYPTED: Final = 0x1
_JUNK: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini", "autorun.inf"})
_NOTHING: Final = "The archive holds no files that are records. Choose the folder with the files, and make it again."
UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError)
_DIRECTORY: Final = "dicomdir"


def unpack(source: Path, out: Path, scratch: Path, limits: Limits) -> None:
    """Write ``entry-0001`` … to ``out`` and the list of all files, with why one was left out, to ``scratch``.

    Raises Refused: ``damaged``, or ``expands_too_much`` for too many files or bytes.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            results.save_entries(scratch, _unpacked(archive, out, limits))
    except UNREADABLE as fault:
        raise Refused("damaged", "The archive is incomplete or damaged. Make it again, or send its files.") from fault


def _unpacked(archive: zipfile.ZipFile, out: Path, limits: Limits) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    _unpack_into(told, archive, "", out, limits, _Room(MAX_ENTRIES, limits.output_bytes))
    if not told:
        raise Refused("empty", _NOTHING)
    return told


class _Room:
    """How many files and bytes there may still be, those of archives inside included."""

    def __init__(self, files: int, size: int) -> None:
        self._files, self._bytes, self._most = files, size, size // 10**6

    def take(self, *, files: int = 0, size: int = 0) -> None:
        """Raises Refused when there is none left."""
        self._files, self._bytes = self._files - files, self._bytes - size
        if self._files < 0:
            most = (
                f"The archive has more than {MAX_ENTRIES} files, which is what is accepted. Send it in several parts."
            )
            raise Refused("expands_too_much", most)
        if self._bytes < 0:
            raise Refused("expands_too_much", f"The archive holds more than {self._most} MB. Send it in several parts.")


def _unpack_into(
    told: list[dict[str, Any]], archive: zipfile.ZipFile, within: str, out: Path, limits: Limits, room: _Room
) -> None:
    """The files of an archive, and those of the archives in it; what lies still deeper is a file like any other."""
    infos = [info for info in archive.infolist() if not info.is_dir() and not _junk(info.filename)]
    room.take(files=len(infos))
    for info in _in_order(archive, infos, limits):
        number, label = len(told) + 1, _label(within + info.filename)
        path, why = out / entry_name(number), _unfit(info)
        if not why:
            size = _written(archive, info, path, limits.max_dicom_bytes)
            why = "" if size is not None else "too_large"
            room.take(size=size or 0)
        if not why and not within and is_archive(_head(path)):
            why = _opened(told, path, f"{info.filename}/", out, limits, room)
            if not why:
                continue
        told.append({"number": number, "path": label, "why": why})


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _opened(
    told: list[dict[str, Any]], path: Path, within: str, out: Path, limits: Limits, room: _Room
) -> Literal["", "unreadable"]:
    """Unpack an archive that lay in the archive, whose own file goes; why it could not be."""
    inner = path.rename(path.with_suffix(".inner"))
    before = len(told)
    try:
        with zipfile.ZipFile(inner) as archive:
            _unpack_into(told, archive, within, out, limits, room)
    except UNREADABLE:
        for entry in told[before:]:
            (out / entry_name(entry["number"])).unlink(missing_ok=True)
        del told[before:]
        return "unreadable"
    finally:
        inner.unlink()
    return ""


def entry_name(number: int) -> str:
    """The file name of an unpacked file."""
    return f"entry-{number:04d}"


def _junk(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].lower() in _JUNK


def _label(name: str) -> str:
    """What people read; nothing is ever opened by it."""
    cleaned = "".join(sign for sign in name.replace("\\", "/") if sign.isprintable())
    return cleaned.encode(errors="replace").decode()[-200:] or "file"


def _unfit(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "no_file"
    if info.filename.rpartition("/")[2].lower() == _DIRECTORY:
        return "directory"
    return "" if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else "compression"


def _written(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, most: int) -> int | None:
    """How many bytes the file has, counted and not believed; ``None`` (and nothing kept) when more than ``most``."""
    size = 0
    with archive.open(info) as packed, path.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > most:
                path.unlink()
                return None
            file.write(chunk)
    return size


def _in_order(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], limits: Limits) -> list[zipfile.ZipInfo]:
    """As a CD's directory names its images, where there is one; what it does not name comes after, as it lies."""
    rank: dict[str, int] = {}
    for info in infos:
        folder, _, name = info.filename.replace("\\", "/").rpartition("/")
        if name.lower() == _DIRECTORY and not _unfit_to_parse(info, limits):
            for parts in _referenced(archive, info):
                rank.setdefault("/".join([*filter(None, [folder]), *parts]).lower(), len(rank))
    return sorted(infos, key=lambda info: rank.get(info.filename.replace("\\", "/").lower(), len(rank)))


def _unfit_to_parse(info: zipfile.ZipInfo, limits: Limits) -> bool:
    return bool(info.flag_bits & _ENCRYPTED) or info.file_size > limits.max_bytes


def _referenced(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterable[list[str]]:
    """The paths that a DICOMDIR (PS3.10, PS3.3 annex F) refers to; none when it cannot be read."""
    from pydicom import dcmread

    try:
        with archive.open(info) as file:
            records = dcmread(file).get("DirectoryRecordSequence") or []
        named = [record.get("ReferencedFileID") for record in records]
    except Exception:  # a parser of foreign bytes: whatever it raises, there is no order then
        return []
    return [[one] if isinstance(one, str) else [str(part) for part in one] for one in named if one]
