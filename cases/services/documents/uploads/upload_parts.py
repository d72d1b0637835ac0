"""The parts of resumable uploads in the document storage: named for deletion before they are written."""

from pathlib import Path

from cases.adapters.storage import StorageError, document_storage, new_key
from cases.db import now
from cases.models import ResumableUpload, RetiredFile, UploadPart
from cases.queries.sealed_contents import place
from cases.services.storage.sealed_files import await_row, fetch
from config.kernel.crypto import DataKey
from config.kernel.crypto.streams import encrypt_stream
from config.kernel.errors import Unavailable


def keep_part(row: ResumableUpload, key: DataKey, start: int, piece: bytes) -> UploadPart:
    """Seal and store a piece; the row returned is not saved, and the file goes if it never is."""
    part = UploadPart(upload=row, start=start, size=len(piece), storage_key=new_key("part"))
    await_row(part.storage_key)
    sealed = encrypt_stream(key=key, place=place("file", "part", part.id), source=[piece])
    try:
        document_storage().put(part.storage_key, sealed)
    except StorageError as error:
        raise Unavailable("The document store does not answer; go on with the upload later.") from error
    return part


def kept_parts(row: ResumableUpload, *, discard: bool = False) -> list[UploadPart]:
    """The upload's parts in their order; with ``discard`` their files are named for deletion and their rows deleted."""
    parts = list(UploadPart.objects.filter(upload=row))
    if discard:
        keys = [part.storage_key for part in parts]
        RetiredFile.objects.bulk_create(
            [RetiredFile(storage_key=key, discard_after=now()) for key in keys], ignore_conflicts=True
        )
        UploadPart.objects.filter(upload=row).delete()
    return parts


def assembled(row: ResumableUpload, key: DataKey, target: Path) -> Path:
    """Write the upload's bytes to ``target``, which it returns."""
    with target.open("wb") as file:
        for part in kept_parts(row):
            for chunk in fetch(key, "part", part.id, part.storage_key):
                file.write(chunk)
    return target


def discard_parts(parts: list[UploadPart]) -> None:
    """Let the next sweep delete files whose rows were not written."""
    keys = [part.storage_key for part in parts]
    RetiredFile.objects.filter(storage_key__in=keys).update(discard_after=now())
