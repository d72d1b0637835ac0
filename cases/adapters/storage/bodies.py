"""Reading a part of an object, as each cloud's SDK does it: fetched while it is read, from a byte on."""

from __future__ import annotations

import posixpath
from typing import Any, Final

from cases.adapters.storage.object_store import Body
from cases.adapters.storage.port import CHUNK_BYTES

_FETCHED_BYTES: Final = 4 * CHUNK_BYTES


def s3_body(backend: Any, key: str, start: int, length: int | None) -> Body:
    """One GET whose body streams."""
    end = "" if length is None else start + length - 1
    # An empty object has no range at all.
    asked = {"Range": f"bytes={start}-{end}"} if start or length is not None else {}
    body: Body = backend.bucket.Object(_named(backend, key)).get(**asked)["Body"]
    return body


def azure_body(backend: Any, key: str, start: int, length: int | None) -> Body:
    """Fetched in pieces of its own."""
    # An empty object has no range at all.
    offset = None if not start and length is None else start
    blob = backend.client.get_blob_client(_named(backend, key))
    return _AzureBody(blob.download_blob(offset=offset, length=length))


def gcs_body(backend: Any, key: str, start: int, length: int | None) -> Body:
    """Fetched in megabytes, from where it is."""
    blob = backend.bucket.get_blob(_named(backend, key))
    if blob is None:
        raise FileNotFoundError(key)
    body = blob.open("rb", chunk_size=_FETCHED_BYTES)
    body.seek(start)
    reader: Body = body
    return reader


def _named(backend: Any, key: str) -> str:
    return posixpath.join(backend.location, key)


class _AzureBody:
    """A download that is read like a file."""

    def __init__(self, download: Any) -> None:
        self._pieces, self._held = iter(download.chunks()), b""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        if not self._held:
            self._held = next(self._pieces, b"")
        part, self._held = self._held[:size], self._held[size:]
        return part

    def close(self) -> None:
        """Nothing more is fetched."""
        self._held = b""
