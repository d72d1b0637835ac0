"""Any store that django-storages reaches, made to behave like the disk: one set of errors, nothing overwritten."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from cases.adapters.storage.port import (
    ObjectExists,
    ObjectMissing,
    ObjectStat,
    StorageError,
    checked,
    parts_of,
)

if TYPE_CHECKING:
    from django.core.files.storage import Storage

T = TypeVar("T")


class Body(Protocol):
    """What an SDK gives to read an object from; it fetches as it is read."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""

    def close(self) -> None:
        """Nothing more is read."""


Reader = Callable[[Any, str, int, int | None], Body]

SPOOL_BYTES: Final = 8 * 1024 * 1024
#: Azure's SDK has a class of its own for what S3 and Google give as FileNotFoundError.
_MISSING_NAMES: Final = frozenset({"FileNotFoundError", "ResourceNotFoundError", "NotFound"})


class RemoteStorage:
    """A bucket or container. Objects appear whole: all supported stores commit an upload at its end."""

    def __init__(self, backend: Storage, reader: Reader) -> None:
        self._backend, self._reader = backend, reader

    def put(self, key: str, chunks: Iterable[bytes]) -> ObjectStat:
        """Store the chunks. Raises ObjectExists or StorageError."""
        from django.core.files.base import File

        if self.exists(key):
            raise ObjectExists(key)
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            for chunk in chunks:
                spool.write(chunk)
            size = spool.tell()
            spool.seek(0)
            stored = _asked(key, lambda: self._backend.save(key, File(spool, name=key)))
        if stored != key:
            _asked(key, lambda: self._backend.delete(stored))
            raise ObjectExists(key)
        return ObjectStat(key=key, size=size)

    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The chunks of an object or a part of it. Raises ObjectMissing or StorageError."""
        body = _asked(key, lambda: self._reader(self._backend, checked(key), start, length))
        try:
            yield from parts_of(lambda size: _asked(key, lambda: body.read(size)), length)
        finally:
            body.close()

    def exists(self, key: str) -> bool:
        """Whether an object lies under the key. Raises StorageError."""
        return _asked(key, lambda: self._backend.exists(checked(key)))

    def stat(self, key: str) -> ObjectStat:
        """Raises ObjectMissing or StorageError."""
        return ObjectStat(key=key, size=_asked(key, lambda: self._backend.size(checked(key))))

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""
        try:
            _asked(key, lambda: self._backend.delete(checked(key)))
        except ObjectMissing:
            return

    def discard_unfinished(self, before: datetime) -> int:
        """None: a bucket ends unfinished uploads by its own lifecycle rule (deploy/README.md)."""
        return 0

    def keys(self, kind: str) -> Iterator[str]:
        """All keys of a kind."""
        folders, whole = _asked(kind, lambda: self._backend.listdir(kind))
        # Azure's backend knows no folders: it names every object below.
        yield from (f"{kind}/{name.removeprefix(f'{kind}/')}" for name in sorted(whole))
        for folder in sorted(folders):
            _, names = _asked(kind, partial(self._backend.listdir, f"{kind}/{folder}"))
            yield from (f"{kind}/{folder}/{name}" for name in sorted(names))


def _asked(key: str, ask: Callable[[], T]) -> T:
    """The store's answer; whatever its SDK raises becomes one of our errors, without the SDK's text in it."""
    try:
        return ask()
    except ValueError:
        raise
    except Exception as fault:
        if {each.__name__ for each in type(fault).__mro__} & _MISSING_NAMES or _status(fault) == 404:
            raise ObjectMissing(key) from fault
        raise StorageError(type(fault).__name__) from fault


def _status(fault: Exception) -> int | None:
    answer = getattr(fault, "response", None)
    if not isinstance(answer, dict):
        return None
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return int(status) if status else None
