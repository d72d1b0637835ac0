"""Sealed files: into the storage under a random key, out of it as plain bytes, bound to their row."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from uuid import UUID

from cases.adapters.storage import StorageError, document_storage, new_key
from cases.db import now
from cases.models import RetiredFile
from cases.queries.sealed_contents import place
from config.kernel.crypto import DataKey
from config.kernel.crypto.streams import decrypt_from, decrypt_stream, encrypt_stream
from config.kernel.errors import Unavailable

CHUNK = 256 * 1024
# How long whoever stores a file may take to write the row that names it.
KEEP_WRITERS = timedelta(days=1)
# How long a file that was replaced stays for who found its row before.
KEEP_READERS = timedelta(minutes=10)


def store(key: DataKey, kind: str, row_id: UUID, source: Iterable[bytes]) -> str:
    """Seal ``source`` and store it; returns the storage key. ``kind`` is original, page, thumbnail or report.

    It is named for deletion before it is written, so that nothing stays of it should this process die before a row
    names it: write the row, and ``keep`` it, in one transaction that begins after this call.

    ``Unavailable`` when the store does not take it; nothing is left of it then.
    """
    storage_key = new_key(kind)
    await_row(storage_key)
    try:
        document_storage().put(storage_key, encrypt_stream(key=key, place=place("file", kind, row_id), source=source))
    except StorageError as error:
        raise Unavailable("The document store does not answer; nothing was stored. Try again.") from error
    return storage_key


def fetch(key: DataKey, kind: str, row_id: UUID, storage_key: str, *, start: int = 0) -> Iterator[bytes]:
    """The plain chunks of a stored file from byte ``start`` on; a changed byte raises ``UnreadableSecret``.

    ``Unavailable`` when the store does not give it: the first chunk is read at once, before an answer has begun.
    """
    store, where = document_storage(), place("file", kind, row_id)
    if start:
        chunks = decrypt_from(key=key, place=where, read=partial(store.open, storage_key), start=start)
    else:
        chunks = decrypt_stream(key=key, place=where, source=store.open(storage_key))
    try:
        first = next(chunks, b"")
    except StorageError as error:
        raise Unavailable("The document store does not answer. Try again.") from error
    return chain((first,), chunks)


def await_row(storage_key: str) -> None:
    """Name a file for deletion before it is written, unless a row names it by then."""
    RetiredFile.objects.create(storage_key=storage_key, discard_after=now() + KEEP_WRITERS, awaited=True)


def keep(*storage_keys: str) -> None:
    """Rows name these files now. Inside the rows' ``atomic()``."""
    RetiredFile.objects.filter(storage_key__in=storage_keys).delete()


def retire(*storage_keys: str) -> None:
    """No row names these files any more; whoever found them a moment ago still reads them. Inside ``atomic()``."""
    after = now() + KEEP_READERS
    RetiredFile.objects.bulk_create([RetiredFile(storage_key=one, discard_after=after) for one in storage_keys])


def discard(storage_key: str) -> None:
    """Remove a stored file whose row was not written."""
    document_storage().delete(storage_key)


def chunks_of(path: Path) -> Iterator[bytes]:
    """A file on disk, in chunks."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
