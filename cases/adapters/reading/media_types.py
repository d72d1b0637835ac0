"""What a file is: by its first bytes, by its name and by what the sender declared, and whether the three agree."""

from __future__ import annotations

from typing import Final

from cases.adapters.reading.outcome import Refused

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"
HEIC: Final = "image/heic"
DICOM: Final = "application/dicom"
TEXT: Final = "text/plain"
MEDIA_TYPES: Final = frozenset({PDF, JPEG, PNG, TIFF, HEIC, DICOM, TEXT})

HEAD_BYTES: Final = 4096
DICOM_MARK_AT: Final = 128

_EXTENSIONS: Final = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "jpe": JPEG,
    "png": PNG,
    "tif": TIFF,
    "tiff": TIFF,
    "heic": HEIC,
    "heif": HEIC,
    "dcm": DICOM,
    "dicom": DICOM,
    "ima": DICOM,
    "txt": TEXT,
    "text": TEXT,
}
_DECLARED: Final = {
    **{media_type: media_type for media_type in MEDIA_TYPES},
    "application/x-pdf": PDF,
    "image/jpg": JPEG,
    "image/pjpeg": JPEG,
    "image/tif": TIFF,
    "image/heif": HEIC,
    "application/dicom+octet-stream": DICOM,
    "image/dicom": DICOM,
}
_SAYS_NOTHING: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_MAGIC: Final = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
)
# Still pictures in HEVC (ISO/IEC 23008-12): what phones write.
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"heif"})
_FOREIGN: Final = (
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"#!", "a script"),
    (b"PK\x03\x04", "a ZIP archive or an Office file"),
    (b"PK\x05\x06", "a ZIP archive or an Office file"),
    (b"\xd0\xcf\x11\xe0", "an Office file"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"RIFF", "a WebP image or a recording"),
    (b"{\\rtf", "an RTF text"),
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"%!ps")
_FOREIGN_ADVICE: Final = (
    "This is {kind}. Upload a PDF, JPEG, HEIC, PNG, TIFF, DICOM or plain text file; from an office program, "
    "choose Save as PDF; a ZIP archive goes to /api/v1/archives."
)
_FHIR_ADVICE: Final = (
    "This is a health record as data (FHIR). Send it, as a Bundle with its Patient, by POST to "
    "/api/v1/cases/{case_id}/imports/fhir as application/fhir+json: it becomes pages that people can read."
)
_FHIR_XML_ADVICE: Final = (
    "This is a health record as data (FHIR in XML). Export it as JSON, and send it by POST to "
    "/api/v1/cases/{case_id}/imports/fhir as application/fhir+json."
)
_CCDA_ADVICE: Final = (
    "This is a health record as data (C-CDA). Send it by POST to /api/v1/cases/{case_id}/imports/ccda as "
    "application/hl7-cda+xml: it becomes pages that people can read."
)
_EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def sniff_head(head: bytes, name: str, declared_type: str) -> str:
    """The media type of a file from its first 4096 bytes (or fewer, if it is shorter).

    Raises Refused: `empty`, `wrong_type`, `type_mismatch`, `polyglot` or `malware`.
    """
    if not head:
        raise Refused("empty")
    if _EICAR in head:
        raise Refused("malware")
    _refuse_records(head)
    media_type = _by_content(head)
    _agree(media_type, name, declared_type)
    return media_type


def _refuse_records(head: bytes) -> None:
    """A record as data becomes readable pages at another address, whatever its name and type are here."""
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"{") and b'"resourceType"' in start:
        raise Refused("wrong_type", _FHIR_ADVICE)
    if start.startswith(b"<") and b"ClinicalDocument" in start:
        raise Refused("wrong_type", _CCDA_ADVICE)
    if start.startswith(b"<") and b"http://hl7.org/fhir" in start:
        raise Refused("wrong_type", _FHIR_XML_ADVICE)


def _by_content(head: bytes) -> str:
    if head[DICOM_MARK_AT : DICOM_MARK_AT + 4] == b"DICM":
        _plain_preamble(head[:DICOM_MARK_AT])
        return DICOM
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            raise Refused("wrong_type", _FOREIGN_ADVICE.format(kind=kind))
    if _looks_like_text(head):
        return TEXT
    raise Refused("wrong_type")


def _plain_preamble(preamble: bytes) -> None:
    """A DICOM preamble may hold anything; only zeros, a TIFF header or plain application data are let through."""
    if any(preamble.startswith(magic) for magic, _ in _FOREIGN) or preamble.startswith(b"%PDF"):
        raise Refused("polyglot")


def _looks_like_text(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith(_MARKUP):
        raise Refused("wrong_type", _FOREIGN_ADVICE.format(kind="a web page, a drawing or a program"))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    return b"\x00" not in head and control == 0


def _agree(media_type: str, name: str, declared_type: str) -> None:
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    named = _EXTENSIONS.get(extension)
    if named is None:
        if media_type != DICOM or (extension and not extension.isdigit()):
            raise Refused("type_mismatch", _mismatch(media_type, f"its name ends in “{extension[:12]}”"))
    elif named != media_type:
        raise Refused("type_mismatch", _mismatch(media_type, f"its name ends in “{extension}”"))
    declared = declared_type.partition(";")[0].strip().lower()
    if declared not in _SAYS_NOTHING and _DECLARED.get(declared) != media_type:
        raise Refused("type_mismatch", _mismatch(media_type, "it was sent as another type"))


def _mismatch(media_type: str, claim: str) -> str:
    return f"The content is {media_type} but {claim}. Upload the original file under its own name."
