"""Keys, and the place that a ciphertext is bound to."""

import base64
import hashlib
import hmac
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.kernel.conf import setting

NONCE_BYTES = 12


class UnreadableSecret(RuntimeError):
    """A ciphertext that this key, at this place, does not open: moved, altered, or its key destroyed."""


class KeyDestroyed(UnreadableSecret):
    """The person's keys were destroyed on purpose: what they sealed is gone for good."""


@dataclass(frozen=True)
class DataKey:
    """One version of a person's data key: 32 secret bytes that seal what is stored about them.

    ``other`` finds the same person's key of another version, for what was sealed before or after a rotation.
    """

    subject_id: UUID
    version: int
    secret: bytes = field(repr=False)
    other: "Callable[[int], DataKey] | None" = field(default=None, repr=False, compare=False)

    @property
    def cipher(self) -> AESGCM:
        """AES-256-GCM under this key."""
        return _cipher(self.secret)

    def of_version(self, version: int) -> "DataKey":
        """This person's key of ``version``; ``UnreadableSecret`` when there is none."""
        if version == self.version:
            return self
        if self.other is None:
            raise UnreadableSecret("this was sealed with another key version")
        return self.other(version)


@dataclass(frozen=True)
class Place:
    """Where a ciphertext lives. It is authenticated with it, so a copied cell does not open elsewhere."""

    table: str
    column: str
    row_id: UUID

    def associated_data(self, version: int) -> bytes:
        """The bytes that GCM authenticates beside the ciphertext."""
        return f"{self.table}\x1f{self.column}\x1f{self.row_id}\x1f{version}".encode()


@lru_cache(maxsize=2048)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def master_seal(place: Place, data: bytes) -> bytes:
    """Seal ``data`` under the newest master key; layout: key version (2 bytes), nonce, ciphertext."""
    version, key = max(_master_keys().items())
    nonce = os.urandom(NONCE_BYTES)
    return struct.pack(">H", version) + nonce + _cipher(key).encrypt(nonce, data, place.associated_data(version))


def master_open(place: Place, sealed: bytes | memoryview) -> bytes:
    """Open what ``master_seal`` made; ``UnreadableSecret`` when it is not ours, or not from this place."""
    blob = bytes(sealed)
    version = struct.unpack(">H", blob[:2])[0]
    key = _master_keys().get(version)
    if key is None:
        raise UnreadableSecret(f"master key version {version} is not on the key ring")
    nonce, body = blob[2 : 2 + NONCE_BYTES], blob[2 + NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, body, place.associated_data(version))
    except InvalidTag:
        raise UnreadableSecret(f"{place.table}.{place.column} does not open under master key {version}") from None


def blind_index(purpose: str, text: str) -> bytes:
    """Keyed hash for equality search over sealed values: HMAC-SHA-256 of the casefolded, trimmed text."""
    root = base64.b64decode(setting("BLIND_INDEX_KEY"))
    key = hmac.new(root, b"blind-index\x1f" + purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.strip().casefold().encode(), hashlib.sha256).digest()


def _master_keys() -> dict[int, bytes]:
    ring = {int(version): base64.b64decode(key) for version, key in setting("MASTER_KEYS").items()}
    if not ring or any(len(key) != 32 for key in ring.values()):
        raise UnreadableSecret("MASTER_KEYS must hold at least one key of 32 bytes (base64), by version")
    return ring
