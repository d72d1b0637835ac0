"""Sealing and opening values under a data key.

Layout: key version (4 bytes, big-endian), nonce (12 bytes), AES-256-GCM ciphertext and tag.
"""

import os
import struct
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag

from config.kernel.crypto.keys import NONCE_BYTES, DataKey, Place, UnreadableSecret

HEADER_BYTES = 4


def seal_bytes(key: DataKey, place: Place, data: bytes) -> bytes:
    """Encrypt ``data`` so that it opens only with ``key`` and only at ``place``."""
    nonce = os.urandom(NONCE_BYTES)
    body = key.cipher.encrypt(nonce, data, place.associated_data(key.version))
    return struct.pack(">I", key.version) + nonce + body


def open_bytes(key: DataKey, place: Place, sealed: bytes | memoryview) -> bytes:
    """Decrypt with the version that sealed it; ``UnreadableSecret`` when key, place or bytes do not fit."""
    blob = sealed if type(sealed) is bytes else bytes(sealed)
    key = key.of_version(sealed_version(blob))
    nonce, body = blob[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES], blob[HEADER_BYTES + NONCE_BYTES :]
    try:
        return key.cipher.decrypt(nonce, body, place.associated_data(key.version))
    except InvalidTag:
        raise UnreadableSecret(f"{place.table}.{place.column} does not open with this key") from None


def sealed_version(sealed: bytes | memoryview) -> int:
    """The version of the data key that a ciphertext was made with."""
    if len(sealed) < HEADER_BYTES:
        raise UnreadableSecret("the ciphertext is cut off")
    return int.from_bytes(sealed[:HEADER_BYTES], "big")


def seal_text(key: DataKey, place: Place, text: str) -> bytes:
    """Encrypt text (UTF-8)."""
    return seal_bytes(key, place, text.encode())


def open_text(key: DataKey, place: Place, sealed: bytes | memoryview) -> str:
    """Decrypt text."""
    return open_bytes(key, place, sealed).decode()


def text_opener(key: DataKey, table: str, column: str) -> Callable[[UUID, bytes], str]:
    """``open_text`` for many cells of one column: what is the same for all of them is made ready once."""
    decrypt, of_this_version = key.cipher.decrypt, struct.pack(">I", key.version)
    before, after = Place.associated_ends(table, column, key.version)
    body = HEADER_BYTES + NONCE_BYTES

    def opened(row_id: UUID, sealed: bytes) -> str:
        if sealed[:HEADER_BYTES] != of_this_version:
            return open_text(key, Place(table, column, row_id), sealed)
        place = f"{before}{row_id}{after}".encode()
        try:
            return decrypt(sealed[HEADER_BYTES:body], sealed[body:], place).decode()
        except InvalidTag:
            raise UnreadableSecret(f"{table}.{column} does not open with this key") from None

    return opened


def seal_json(key: DataKey, place: Place, value: Any) -> bytes:
    """Encrypt a JSON value."""
    return seal_bytes(key, place, orjson.dumps(value))


def open_json(key: DataKey, place: Place, sealed: bytes | memoryview) -> Any:
    """Decrypt a JSON value."""
    return orjson.loads(open_bytes(key, place, sealed))
