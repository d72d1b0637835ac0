"""Export archives on disk: sealed under the person's key, below a folder that all machines share."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from config.kernel.conf import setting
from config.kernel.crypto import DataKey, Place
from config.kernel.crypto.streams import decrypt_stream, encrypt_stream

_CHUNK = 256 * 1024


def put(key: DataKey, export_id: UUID, source: Iterable[bytes]) -> None:
    """Seal and keep an archive; half a file is never left under its name."""
    path = _path(export_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.writelines(encrypt_stream(key=key, place=_place(export_id), source=source))
    part.replace(path)


def chunks(key: DataKey, export_id: UUID) -> Iterator[bytes]:
    """The archive's plain bytes."""
    return decrypt_stream(key=key, place=_place(export_id), source=_sealed(export_id))


def delete(export_id: UUID) -> None:
    """Remove an archive; one that is gone stays gone."""
    for path in (_path(export_id), _path(export_id).with_suffix(".part")):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def _sealed(export_id: UUID) -> Iterator[bytes]:
    with _path(export_id).open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _path(export_id: UUID) -> Path:
    return Path(setting("EXPORTS_DIR")) / f"{export_id}.zip.sealed"


def _place(export_id: UUID) -> Place:
    return Place("identity_export", "archive", export_id)
