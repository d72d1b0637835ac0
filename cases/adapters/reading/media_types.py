"""What a file is: by its bytes alone. Its name and what its sender declared prove nothing and refuse nothing."""

from __future__ import annotations

import re
from typing import Final

from cases.adapters.reading.foreign_kinds import foreign_binary, foreign_text
from cases.adapters.reading.outcome import ADVICE, Refused

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"
HEIC: Final = "image/heic"
WEBP: Final = "image/webp"
GIF: Final = "image/gif"
BMP: Final = "image/bmp"
DICOM: Final = "application/dicom"
TEXT: Final = "text/plain"
MEDIA_TYPES: Final = frozenset({PDF, JPEG, PNG, TIFF, HEIC, WEBP, GIF, BMP, DICOM, TEXT})

#: The endings a name of each type may have; others get the first one when the file is handed out again.
EXTENSIONS: Final = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg", "jpe"),
    PNG: ("png",),
    TIFF: ("tif", "tiff"),
    HEIC: ("heic", "heif"),
    WEBP: ("webp",),
    GIF: ("gif",),
    BMP: ("bmp", "dib"),
    DICOM: ("dcm", "dicom", "ima"),
    TEXT: ("txt", "text", "csv", "tsv", "md"),
}

HEAD_BYTES: Final = 4096
DICOM_MARK_AT: Final = 128

_MAGIC: Final = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
)
# Still pictures in HEVC (ISO/IEC 23008-12): what phones write. The general brands say HEVC among the compatible ones.
_HEVC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_GENERAL_BRANDS: Final = frozenset({b"mif1", b"heif", b"msf1"})
# The version's line of a PDF, behind what print queues, portals and mail programs put in front of it.
_PDF_LINE: Final = re.compile(rb"%PDF-[12]\.\d")
_PDF_WITHIN: Final = 1024
# Sizes of the headers that follow a BMP's first 14 bytes.
_BMP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
_UNICODE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_DOS_END: Final = b"\x1a"
# The first element of a file without preamble: of the file's meta group, or of the group that identifies.
_BARE_DICOM: Final = re.compile(
    rb"\x02\x00[\x00-\x16]\x00(UL|OB|UI|SH)"
    rb"|\x08\x00[\x00\x01\x05\x08\x12\x13\x14\x16\x18]\x00(UL|CS|UI|DA|TM|[\x02-\x40]\x00\x00\x00)"
)
_WORDS: Final = {
    PDF: "PDF",
    DICOM: "DICOM file",
    **dict.fromkeys((JPEG, PNG, TIFF, HEIC, WEBP, GIF, BMP), "picture"),
}
_DAMAGED: Final = (
    "This was sent as a {kind}, but its content is none: the file is damaged, locked or of another kind. Open it to "
    "check it, export it again as PDF, JPEG or PNG, and upload that."
)
_EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def sniff_head(head: bytes, name: str, declared_type: str, tail: bytes = b"") -> str:
    """The media type of a file from its first 4096 bytes (or fewer, if it is shorter).

    Bytes that are of no known kind are refused in words that fit the name and the declared type; ``tail``, its end,
    helps to name an Office file. Raises Refused: `empty`, `wrong_type`, `polyglot` or `malware`.
    """
    if not head:
        raise Refused("empty")
    if _EICAR in head:
        raise Refused("malware")
    if head[DICOM_MARK_AT : DICOM_MARK_AT + 4] == b"DICM" and not is_plain(head):
        _plain_preamble(head[:DICOM_MARK_AT])
        return DICOM
    if found := _picture(head) or _document(head, tail):
        return found
    raise Refused("wrong_type", _unknown(name, declared_type))


def is_plain(head: bytes) -> bool:
    """Whether bytes can be text: no NUL and no control but tabs, line and page ends, and the end mark of DOS."""
    if head.startswith(_UNICODE_MARKS):
        return True
    text = head.rstrip(_DOS_END)
    return bool(text) and not any(byte < 32 and byte not in b"\t\n\r\f" for byte in text)


def fitting_name(name: str, media_type: str) -> str:
    """The name with an ending of its type: what opens a file by its name does not take it for another kind."""
    endings = EXTENSIONS.get(media_type, ())
    bare = name.rstrip(". ")
    if not endings or (bare.rpartition(".")[2].lower() in endings and "." in bare):
        return bare or name
    return f"{bare or 'document'}.{endings[0]}"


def _picture(head: bytes) -> str:
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head[4:8] == b"ftyp":
        brands = {head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4], "big"), 256), 4)}
        if head[8:12] in _HEVC_BRANDS or (head[8:12] in _GENERAL_BRANDS and b"avif" not in brands):
            return HEIC
    if is_plain(head):
        return ""
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return BMP if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS else ""


def _document(head: bytes, tail: bytes) -> str:
    if _is_pdf(head):
        return PDF
    if is_plain(head):
        if advice := foreign_text(head):
            raise Refused("wrong_type", advice)
        return TEXT
    if _BARE_DICOM.match(head):
        return DICOM
    if advice := foreign_binary(head, tail):
        raise Refused("wrong_type", advice)
    return ""


def _unknown(name: str, declared_type: str) -> str:
    """For bytes of no known kind: what it should have been, if that is known, is damaged or locked."""
    ending, declared = name.rpartition(".")[2].strip().lower(), declared_type.partition(";")[0].strip().lower()
    named = next((kind for kind, endings in EXTENSIONS.items() if ending in endings), declared)
    if named in MEDIA_TYPES and "." in name:
        return _DAMAGED.format(kind=_WORDS.get(named, "text"))
    return ADVICE["wrong_type"]


def _is_pdf(head: bytes) -> bool:
    """A PDF from its first byte, or behind a few lines of text that are not another kind of file."""
    found = _PDF_LINE.search(head, 0, _PDF_WITHIN)
    if found is None:
        return head.startswith(b"%PDF-")
    front = head[: found.start()].replace(b"\x1b", b"")
    if not front.strip(b"\xef\xbb\xbf \t\r\n"):
        return True
    return is_plain(front) and b"<" not in front and front.endswith((b"\n", b"\r")) and not foreign_text(front)


def _plain_preamble(preamble: bytes) -> None:
    """A DICOM preamble may hold anything; only zeros, a TIFF header or plain application data are let through."""
    if preamble.startswith((b"%PDF", b"<")) or foreign_binary(preamble, b""):
        raise Refused("polyglot")
