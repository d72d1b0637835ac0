"""Shares of data keys: 32 random bytes in a file each, outside the database, so that destroying one is for good.

A dump of the database taken before a key was destroyed holds the other half only.
"""

import os
from pathlib import Path
from uuid import UUID

from config.kernel.conf import setting
from config.kernel.crypto import KeyDestroyed, UnreadableSecret

SHARE_BYTES = 32


def in_use() -> bool:
    """Whether new keys are split: KEY_SHARES_DIR is set."""
    return bool(setting("KEY_SHARES_DIR"))


def put(row_id: UUID) -> bytes:
    """Make the share of a key's row, durable before it is used; returns it. Raises OSError."""
    path, share = _path(row_id), os.urandom(SHARE_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(share)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)
    return share


def get(row_id: UUID) -> bytes:
    """The share of a key's row; ``KeyDestroyed`` where one was, ``UnreadableSecret`` where none is."""
    try:
        share = _path(row_id).read_bytes()
    except FileNotFoundError:
        raise UnreadableSecret(f"the share of data key {row_id} is not in KEY_SHARES_DIR") from None
    if not share:
        raise KeyDestroyed("this person's keys were destroyed")
    if len(share) != SHARE_BYTES:
        raise UnreadableSecret(f"the share of data key {row_id} is cut off")
    return share


def destroy(row_id: UUID) -> None:
    """Overwrite a share and leave an empty file, so that a database put back from a backup learns what happened.

    Raises OSError; doing it again changes nothing.
    """
    path = _path(row_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        # Cutting the file frees its block; overwriting it first clears it on disks that write in place.
        file.write(bytes(SHARE_BYTES))
        file.flush()
        os.fsync(file.fileno())
        file.truncate(0)
        os.fsync(file.fileno())
    _sync(path.parent)


def discard(row_id: UUID) -> None:
    """Delete a share that no key came to use."""
    _path(row_id).unlink(missing_ok=True)


def _path(row_id: UUID) -> Path:
    # Ids begin with the time: their last digits spread them over the folders.
    return Path(setting("KEY_SHARES_DIR")) / row_id.hex[-2:] / row_id.hex


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
