"""Keys, and the place that a ciphertext is bound to."""

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

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
        return cipher_of(self.secret)

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
        before, after = self.associated_ends(self.table, self.column, version)
        return f"{before}{self.row_id}{after}".encode()

    @staticmethod
    def associated_ends(table: str, column: str, version: int) -> tuple[str, str]:
        """What stands before and after the row's id in the associated data of a column's cells."""
        return f"{table}\x1f{column}\x1f", f"\x1f{version}"


@lru_cache(maxsize=2048)
def cipher_of(secret: bytes) -> AESGCM:
    """AES-256-GCM under a key of 32 bytes; the few hundred last used ones are kept ready."""
    return AESGCM(secret)


def blind_index(purpose: str, text: str) -> bytes:
    """Keyed hash for equality search over sealed values: HMAC-SHA-256 of the casefolded, trimmed text."""
    return hmac.digest(_index_key(setting("BLIND_INDEX_KEY"), purpose), text.strip().casefold().encode(), "sha256")


@lru_cache(maxsize=64)
def _index_key(root: str, purpose: str) -> bytes:
    return hmac.digest(base64.b64decode(root), b"blind-index\x1f" + purpose.encode(), "sha256")
