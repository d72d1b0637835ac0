"""What a PDF would do when opened: found in its dictionaries without interpreting the file.

Dictionaries live outside streams or inside object streams; every other stream is skipped, so random bytes of an
image cannot look like a name. The scan is linear in the file and inflates at most `INFLATE_BYTES`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

INFLATE_BYTES: Final = 32 * 1024 * 1024
ONE_STREAM_BYTES: Final = 8 * 1024 * 1024

_KINDS: Final = {
    b"JavaScript": "JavaScript",
    b"JS": "JavaScript",
    b"Launch": "Launch",
    b"OpenAction": "OpenAction",
    b"AA": "AutomaticAction",
    b"EmbeddedFile": "EmbeddedFile",
    b"EmbeddedFiles": "EmbeddedFile",
    b"RichMedia": "RichMedia",
    b"SubmitForm": "SubmitForm",
    b"ImportData": "ImportData",
    b"GoToE": "GoToEmbedded",
    b"GoToR": "GoToRemote",
    b"XFA": "XFA",
    b"AcroForm": "Form",
}
#: Programs and starters of programs. The rest is harmless once pages are served as pictures.
REFUSED_KINDS: Final = frozenset({"JavaScript", "Launch"})

_NAME: Final = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]{1,64})")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"stream\r?\n|stream\r")
_LAYERS: Final = b"/OCProperties"
_ENCRYPT: Final = re.compile(rb"/Encrypt[\s<]")


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfOutline:
    """`encrypted`: an /Encrypt entry exists (a password may or may not be needed). `active`: sorted kinds found.

    `layered`: it has layers that can be switched off.
    """

    encrypted: bool
    active: tuple[str, ...]
    layered: bool = False


def outline(content: bytes) -> PdfOutline:
    """Scan a PDF. Never raises on damaged input: what cannot be inflated is reported as `OpaqueObjectStream`."""
    found: set[str] = set()
    encrypted = layered = False
    budget = INFLATE_BYTES
    for dictionary, stream in parts(content):
        found |= _kinds(dictionary)
        encrypted = encrypted or _ENCRYPT.search(dictionary) is not None
        layered = layered or _LAYERS in dictionary
        if b"ObjStm" in _unescaped(dictionary[-2048:]):
            inner = inflate(stream, limit=min(budget, ONE_STREAM_BYTES))
            if inner is None:
                found.add("OpaqueObjectStream")
            else:
                budget -= len(inner)
                found |= _kinds(inner)
                layered = layered or _LAYERS in inner
    if encrypted:
        found.discard("OpaqueObjectStream")
    return PdfOutline(encrypted=encrypted, active=tuple(sorted(found)), layered=layered or encrypted)


def parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Pairs of (bytes outside streams, the stream that follows them)."""
    at = 0
    while opening := _STREAM.search(content, at):
        end = content.find(b"endstream", opening.end())
        end = len(content) if end < 0 else end
        yield content[at : opening.start()], content[opening.end() : end]
        at = end + len(b"endstream")
    yield content[at:], b""


def _kinds(dictionary: bytes) -> set[str]:
    found = set()
    for name in _NAME.findall(dictionary):
        kind = _KINDS.get(_unescaped(name) if b"#" in name else name)
        if kind:
            found.add(kind)
    return found


def _unescaped(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name)


def inflate(stream: bytes, *, limit: int) -> bytes | None:
    """A deflated stream, or ``None`` if it is none or holds more than ``limit`` bytes."""
    if limit <= 0:
        return None
    try:
        inflater = zlib.decompressobj()
        inner = inflater.decompress(stream, limit)
    except zlib.error:
        return None
    return None if inflater.unconsumed_tail else inner
