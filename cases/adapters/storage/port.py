"""What the documents need of a store: sealed bytes under keys that nobody can guess, written once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

CHUNK_BYTES: Final = 256 * 1024
_KEY: Final = re.compile(r"[a-z]{1,20}/[0-9a-f]{2}/[0-9a-f]{64}")


class StorageError(Exception):
    """The store did not do what was asked; a retry may help."""


class ObjectMissing(StorageError):
    """There is nothing under this key."""


class ObjectExists(StorageError):
    """Something already lies under this key; nothing was written."""


class StorageMisconfigured(StorageError):
    """A setting is missing or wrong. The message names the setting and never its value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectStat:
    """Size in bytes of what is stored, that is, sealed."""

    key: str
    size: int


class DocumentStorage(Protocol):
    """Keys come from `new_key`. Objects are never overwritten; an object is whole or absent."""

    def put(self, key: str, chunks: Iterable[bytes]) -> ObjectStat:
        """Store the chunks. Raises ObjectExists or StorageError; a failed put leaves nothing under the key."""

    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The chunks of an object, or of `length` bytes (at least 1) of it from byte `start`, which lies within it.

        Raises ObjectMissing at the first one asked for. What is not asked for is not fetched.
        """

    def exists(self, key: str) -> bool:
        """Whether an object lies under the key."""

    def stat(self, key: str) -> ObjectStat:
        """Raises ObjectMissing."""

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens if there is none."""

    def discard_unfinished(self, before: datetime) -> int:
        """Remove what writers who died before then left half written, under no key; returns how many pieces."""

    def keys(self, kind: str) -> Iterator[str]:
        """All keys of a kind, for the sweep of orphans."""


def parts_of(read: Callable[[int], bytes], length: int | None) -> Iterator[bytes]:
    """What `read` gives in chunks until `length` bytes or its end."""
    left = length
    while left is None or left > 0:
        chunk = read(CHUNK_BYTES if left is None else min(left, CHUNK_BYTES))
        if not chunk:
            return
        left = None if left is None else left - len(chunk)
        yield chunk


def new_key(kind: str) -> str:
    """A random key such as `original/3f/3f…`: 256 bits, nothing of the document in it."""
    name = secrets.token_hex(32)
    return checked(f"{kind}/{name[:2]}/{name}")


def checked(key: str) -> str:
    """The key, if it has the shape of ours. Raises ValueError; paths never reach a store."""
    if not _KEY.fullmatch(key):
        raise ValueError("not a storage key")
    return key
