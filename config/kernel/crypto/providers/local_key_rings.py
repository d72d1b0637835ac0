"""Key rings: 32-byte keys by version, held in this process. JSON: {"1": "<base64>", "2": …}."""

import base64
import binascii
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from config.kernel.conf import setting
from config.kernel.crypto.keys import NONCE_BYTES, UnreadableSecret, cipher_of
from config.kernel.crypto.providers.port import MisconfiguredKeys, RotatedElsewhere

KEY_BYTES = 32
MAX_VERSION = 65_535


class Ring:
    """Keys that do not change while this object lives."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self._keys = dict(keys)

    def newest(self) -> int:
        """The highest version."""
        return max(self._keys)

    def versions(self) -> tuple[int, ...]:
        """All versions, ascending."""
        return tuple(sorted(self._keys))

    def wrap(self, version: int, data: bytes, bound: bytes) -> bytes:
        """Nonce (12 bytes), AES-256-GCM ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + cipher_of(self._keys[version]).encrypt(nonce, data, bound)

    def unwrap(self, version: int, wrapped: bytes, bound: bytes) -> bytes:
        """Raises ``UnreadableSecret``."""
        key = self._keys.get(version)
        if key is None:
            raise UnreadableSecret(f"master key version {version} is not on the key ring")
        try:
            return cipher_of(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            raise UnreadableSecret(f"it does not open under master key {version}") from None

    def rotate(self) -> int:
        """Raises ``RotatedElsewhere``: the environment is not ours to change."""
        raise RotatedElsewhere("Add the next version to MASTER_KEYS, restart all processes, then run rewrap_keys.")

    def retire(self, version: int) -> None:
        """Raises ``RotatedElsewhere``."""
        raise RotatedElsewhere(f"Take version {version} out of MASTER_KEYS and restart all processes.")


class FileRing(Ring):
    """A ring in a file that only its owner may read; commands add and remove versions while processes run."""

    def __init__(self, path: Path, keys: Mapping[int, bytes]) -> None:
        super().__init__(keys)
        self._path = path

    def rotate(self) -> int:
        """Add a random key under the next number; every process sees it at its next use."""
        with _changing(self._path) as ring:
            version = max(map(int, ring)) + 1
            if version > MAX_VERSION:
                raise RotatedElsewhere("The ring has used up its version numbers.")
            ring[str(version)] = base64.b64encode(os.urandom(KEY_BYTES)).decode()
        return version

    def retire(self, version: int) -> None:
        """Remove a key from the file."""
        with _changing(self._path) as ring:
            ring.pop(str(version), None)


def environment_ring() -> Ring:
    """The ring in the setting MASTER_KEYS."""
    return _ring_of(json.dumps(setting("MASTER_KEYS"), sort_keys=True))


def file_ring() -> FileRing:
    """The ring in the file MASTER_KEY_RING, read again whenever the file was replaced."""
    path = Path(setting("MASTER_KEY_RING"))
    try:
        found = path.stat()
    except OSError:
        raise MisconfiguredKeys("MASTER_KEY_RING names no file that can be read.") from None
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise MisconfiguredKeys("The file MASTER_KEY_RING may be read by others: chmod 600.")
    return _file_ring(path, found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _file_ring(path: Path, inode: int, changed: int) -> FileRing:
    return FileRing(path, parsed(path.read_text(), "the file MASTER_KEY_RING"))


@lru_cache(maxsize=4)
def _ring_of(text: str) -> Ring:
    return Ring(parsed(text, "MASTER_KEYS"))


def parsed(text: str, source: str) -> dict[int, bytes]:
    """The keys by version. Raises ``MisconfiguredKeys`` naming ``source``."""
    rule = f'{source} must hold at least one key of 32 bytes (base64), by version: {{"1": …}}.'
    try:
        keys = {int(version): base64.b64decode(key, validate=True) for version, key in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError, binascii.Error):
        raise MisconfiguredKeys(rule) from None
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise MisconfiguredKeys(rule)
    if not all(1 <= version <= MAX_VERSION for version in keys):
        raise MisconfiguredKeys(f"Versions in {source} are 1 to {MAX_VERSION}.")
    return keys


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Any]]:
    """The ring as it stands, replaced whole by what it is made to be; two commands at once take turns."""
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ring = json.loads(path.read_text())
        yield ring
        parsed(json.dumps(ring), "the changed ring")
        fresh = path.with_name(f".{path.name}.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(ring, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        os.close(lock)
