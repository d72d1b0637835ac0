"""Bodies on their way in: the first bytes in memory, the rest in a sealed file without a name.

The file is made in ``SOP_WORK_DIR`` (or the system's folder for such files) and unlinked before a byte is written. Its
frames are sealed (AES-256-GCM) under a key that this object alone holds: whoever reads the disk, also after a crash,
reads nothing.
"""

import io
import os
import struct
import tempfile
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FRAME = 64 * 1024
_TAG = 16


class Spool(io.RawIOBase):
    """Written until ``rewind``, then read once from the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self._tail = bytearray()
        self._file: IO[bytes] | None = None
        self._cipher: AESGCM | None = None
        self._frames = self._read_frames = 0
        self._view = memoryview(b"")

    @property
    def on_disk(self) -> int:
        """How many bytes lie in the file."""
        return self._frames * (FRAME + _TAG)

    def add(self, data: bytes) -> None:
        """Append ``data``. ``OSError`` when the disk takes no more."""
        self.size += len(data)
        self._tail += data
        while len(self._tail) > FRAME:
            self._put(bytes(self._tail[:FRAME]))
            del self._tail[:FRAME]

    def beginning(self) -> bytes:
        """The first bytes, as long as they are in memory."""
        return b"" if self._frames else bytes(self._tail)

    def rewind(self) -> io.BufferedReader:
        """The body as a file, from its beginning. Nothing is added any more."""
        if self._file is not None:
            self._file.seek(0)
        return io.BufferedReader(self, FRAME)

    def readable(self) -> bool:
        """It is read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io calls it with a memoryview
        """Fill ``buffer`` with the next bytes; 0 at the end."""
        if not self._view:
            self._view = memoryview(self._next())
        count = min(len(buffer), len(self._view))
        buffer[:count], self._view = self._view[:count], self._view[count:]
        return count

    def close(self) -> None:
        """Forget the bytes and the key."""
        if self._file is not None:
            self._file.close()
            self._file = self._cipher = None
        self._tail, self._view = bytearray(), memoryview(b"")
        super().close()

    def _put(self, frame: bytes) -> None:
        if self._file is None or self._cipher is None:
            self._file = tempfile.TemporaryFile(  # noqa: SIM115  it lives as long as the spool
                prefix="sop-body-", buffering=0, dir=os.environ.get("SOP_WORK_DIR") or None
            )
            self._cipher = AESGCM(AESGCM.generate_key(256))
        sealed = self._cipher.encrypt(_nonce(self._frames), frame, None)
        while sealed:
            sealed = sealed[self._file.write(sealed) :]
        self._frames += 1

    def _next(self) -> bytes:
        if self._read_frames < self._frames and self._file is not None and self._cipher is not None:
            sealed = self._file.read(FRAME + _TAG)
            self._read_frames += 1
            return self._cipher.decrypt(_nonce(self._read_frames - 1), sealed, None)
        rest, self._tail = bytes(self._tail), bytearray()
        return rest


class Unread(io.RawIOBase):
    """Stands for a body that was refused before it came: whoever reads it all the same is told so."""

    def readable(self) -> bool:
        """It is asked."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io calls it with a memoryview
        """Nothing was taken."""
        raise OSError("The body was refused before it was read.")


def _nonce(number: int) -> bytes:
    return struct.pack(">IQ", 0, number)
