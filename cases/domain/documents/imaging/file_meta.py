"""What a DICOM file says it is, from its File Meta Information alone (PS3.10, 7.1): explicit VR, little endian."""

from __future__ import annotations

import struct

_MARK_AT = 128
_LONG = frozenset({b"OB", b"OW", b"OF", b"SQ", b"UT", b"UN", b"UC", b"UR", b"OD", b"OL", b"OV"})
_CLASS, _INSTANCE = 0x0002, 0x0003


def sop_of(head: bytes) -> tuple[str, str] | None:
    """SOP class and SOP instance UID from a file's first bytes; ``None`` for anything but a DICOM file."""
    if head[_MARK_AT : _MARK_AT + 4] != b"DICM":
        return None
    found, at = {_CLASS: "", _INSTANCE: ""}, _MARK_AT + 4
    while at + 8 <= len(head):
        group, element, kind = struct.unpack_from("<HH2s", head, at)
        if group != 2:
            break
        if kind in _LONG:
            if at + 12 > len(head):
                break
            (length,), at = struct.unpack_from("<I", head, at + 8), at + 12
        else:
            (length,), at = struct.unpack_from("<H", head, at + 6), at + 8
        if element in found:
            found[element] = _uid(head[at : at + length])
        at += length
    return found[_CLASS], found[_INSTANCE]


def _uid(value: bytes) -> str:
    """A UID (PS3.5, 9.1) or, for what is none, nothing."""
    text = value.rstrip(b"\0 ").decode("ascii", errors="replace")
    return text if 0 < len(text) <= 64 and all(sign in "0123456789." for sign in text) else ""
