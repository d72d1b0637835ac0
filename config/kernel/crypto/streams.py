"""Sealing files: AES-256-GCM in frames, so that memory stays constant and a changed, cut or reordered file fails.

Layout: header (magic 4, format 1, key version 4, frame size 4, salt 32; big-endian), then frames of `frame size`
bytes of plaintext plus a 16-byte tag. Only the last frame may be shorter, and a file has at least one.
Each file has a key of its own (HKDF of the data key, the salt and the place); the nonce is the frame's number and
whether it is the last. Number, last flag, header and place are authenticated with every frame.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.kernel.crypto.keys import DataKey, Place, UnreadableSecret

FRAME_BYTES: Final = 256 * 1024
MAX_FRAME_BYTES: Final = 1024 * 1024
TAG_BYTES: Final = 16
SALT_BYTES: Final = 32
_MAGIC: Final = b"SOPF"
_FORMAT: Final = 1
_HEADER: Final = struct.Struct(">4sBII32s")
HEADER_BYTES: Final = _HEADER.size


def encrypt_stream(
    *, key: DataKey, place: Place, source: Iterable[bytes], frame_bytes: int = FRAME_BYTES
) -> Iterator[bytes]:
    """Sealed chunks of `source`, whose chunks may have any size. Holds about two frames at a time."""
    if not 1 <= frame_bytes <= MAX_FRAME_BYTES:
        raise ValueError(f"A frame has 1 to {MAX_FRAME_BYTES} bytes.")
    salt = os.urandom(SALT_BYTES)
    header = _HEADER.pack(_MAGIC, _FORMAT, key.version, frame_bytes, salt)
    cipher = _file_cipher(key, place, salt)
    yield header
    for number, (frame, last) in enumerate(_frames(source, frame_bytes)):
        yield cipher.encrypt(_nonce(number, last), frame, _bound(place, key.version, header, number, last))


def decrypt_stream(*, key: DataKey, place: Place, source: Iterable[bytes]) -> Iterator[bytes]:
    """The plaintext, frame by frame. Every frame is authentic when it is yielded; the whole is when the iterator ends.

    Raises UnreadableSecret on a wrong key or place and on any change, also a missing end.
    """
    chunks = iter(source)
    header, rest = _take_header(chunks)
    yield from _opened(key, place, header, _chained(rest, chunks))


def decrypt_from(
    *, key: DataKey, place: Place, read: Callable[[int, int | None], Iterable[bytes]], start: int
) -> Iterator[bytes]:
    """The plaintext from byte ``start`` on, without opening what stands before its frame. Raises UnreadableSecret.

    ``read`` gives the sealed file from a byte on, a number of bytes or all. ``start`` lies in the plaintext.
    """
    header = b"".join(read(0, HEADER_BYTES))
    frame_bytes = _unpacked(header)[3]
    number, skipped = divmod(start, frame_bytes)
    sealed = read(HEADER_BYTES + number * (frame_bytes + TAG_BYTES), None)
    for plain in _opened(key, place, header, sealed, number):
        yield plain[skipped:]
        skipped = 0


def stream_version(head: bytes) -> int:
    """The version of the data key that a sealed file was made with, from its first HEADER_BYTES bytes."""
    version: int = _unpacked(head[:HEADER_BYTES])[2]
    return version


def _opened(key: DataKey, place: Place, header: bytes, sealed: Iterable[bytes], first: int = 0) -> Iterator[bytes]:
    """The frames of a file from the ``first`` on."""
    _, _, version, frame_bytes, salt = _unpacked(header)
    key = key.of_version(version)
    cipher = _file_cipher(key, place, salt)
    for number, (frame, last) in enumerate(_frames(sealed, frame_bytes + TAG_BYTES), first):
        try:
            bound = _bound(place, version, header, number, last)
            yield cipher.decrypt(_nonce(number, last), frame, bound)
        except InvalidTag:
            raise UnreadableSecret(f"{place.table}.{place.column}: frame {number} was changed or cut off") from None


def _unpacked(header: bytes) -> tuple[bytes, int, int, int, bytes]:
    if len(header) < HEADER_BYTES:
        raise UnreadableSecret("the sealed file is cut off")
    magic, form, version, frame_bytes, salt = _HEADER.unpack(header)
    if magic != _MAGIC or form != _FORMAT or not 1 <= frame_bytes <= MAX_FRAME_BYTES:
        raise UnreadableSecret("this is not a sealed file")
    return magic, form, version, frame_bytes, salt


def _file_cipher(key: DataKey, place: Place, salt: bytes) -> AESGCM:
    info = b"sealed-file\x1f" + place.associated_data(key.version)
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key.secret))


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">QI", number, last)


def _bound(place: Place, version: int, header: bytes, number: int, last: bool) -> bytes:
    return header + _nonce(number, last) + place.associated_data(version)


def _take_header(chunks: Iterator[bytes]) -> tuple[bytes, bytes]:
    head = b""
    while len(head) < HEADER_BYTES:
        chunk = next(chunks, None)
        if chunk is None:
            break
        head += chunk
    return head[:HEADER_BYTES], head[HEADER_BYTES:]


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _frames(source: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Frames of exactly `size` bytes and whether each is the last; the last has 1 to `size`, or 0 if all is empty."""
    held = bytearray()
    for chunk in source:
        held += chunk
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
