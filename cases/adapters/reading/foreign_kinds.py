"""Kinds of file that are not read, by their bytes, each with what its sender can do instead."""

from __future__ import annotations

import re
from typing import Final

_PRINT: Final = "Open it, choose Print and Save as PDF, and upload the PDF."
_FHIR: Final = (
    "This is a health record as data (FHIR). Send it, as a Bundle with its Patient, by POST to "
    "/api/v1/cases/{case_id}/imports/fhir as application/fhir+json: it becomes pages that people can read."
)
_FHIR_XML: Final = (
    "This is a health record as data (FHIR in XML). Export it as JSON, and send it by POST to "
    "/api/v1/cases/{case_id}/imports/fhir as application/fhir+json."
)
_CCDA: Final = (
    "This is a health record as data (C-CDA). Send it by POST to /api/v1/cases/{case_id}/imports/ccda as "
    "application/hl7-cda+xml: it becomes pages that people can read."
)
_PROGRAM: Final = "This is a program and no record. Upload the pictures or the PDF that it shows."
_PACKED: Final = "This is an archive of another kind than ZIP. Unpack it, and upload its files, or send them as a ZIP."
_ZIP: Final = "This is a ZIP archive. Send it to /api/v1/archives, or unpack it and upload its files one by one."
_WORD: Final = "This is a Word or Office file. Open it, choose Save as PDF, and upload the PDF."
_SHEET: Final = "This is an Excel file or another table. Save it as PDF, or as CSV, and upload that."
_PHOTO: Final = "This is a picture in {kind}. Open it, export or share it as JPEG or PNG, and upload that."
_MEDIA: Final = (
    "This is a film or a sound recording. Upload pictures of the moments that matter, or the written report."
)
_RTF: Final = f"This is an RTF text. {_PRINT}"
_WEB: Final = f"This is a web page. {_PRINT}"
_DRAWING: Final = f"This is a drawing. {_PRINT}"
_XML: Final = f"This is data in XML, made for programs. {_PRINT.replace('Open it', 'Open it in its own program')}"
_MAIL: Final = "This is an e-mail. Upload its attachments as files of their own, and the message printed as a PDF."
_MESSAGE: Final = (
    "This is a message between computers ({kind}). Ask its sender for the same results as a PDF or as a FHIR export."
)

# Starts that no text has: each holds a control character or is looked for only behind one.
_BINARY: Final = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"#!", "This is a script. Upload the record itself as PDF, picture or plain text, and no program."),
    (b"Rar!", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"\x1f\x8b", _PACKED),
    (b"BZh", _PACKED),
    (b"\xfd7zXZ", _PACKED),
    (b"ID3", _MEDIA),
    (b"OggS", _MEDIA),
    (b"RIFF", _MEDIA),
    (b"fLaC", _MEDIA),
    (b"\x1aE\xdf\xa3", _MEDIA),
    (b"\xff\xfb", _MEDIA),
    (b"\xff\xf3", _MEDIA),
    (b"#!AMR", _MEDIA),
    (b"GIF8", _PHOTO.format(kind="a broken GIF")),
    (b"BM", _PHOTO.format(kind="an unusual kind of BMP")),
    (b"\x00\x00\x00\x0cjP  ", _PHOTO.format(kind="JPEG 2000")),
    (b"\xff\x4f\xff\x51", _PHOTO.format(kind="JPEG 2000")),
    (b"8BPS", _PHOTO.format(kind="Photoshop's own form")),
    (b"\xff\x0a", _PHOTO.format(kind="JPEG XL")),
    (b"{\\rtf", _RTF),
    (b"\xd0\xcf\x11\xe0", _WORD),
    (
        b"bplist",
        "This is a place holder or a settings file and not the record. Download the file from iCloud first, then "
        "choose it again.",
    ),
    (b"\x00\x05\x16\x07", "This is the companion that a Mac writes beside a file. Choose the file without “._”."),
    (b"SQLite format 3", "This is a database. Export the record from its program as PDF, and upload that."),
)
ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE_FIRST: Final = (
    b"[Content_Types].xml",
    b"_rels/.rels",
    b"docProps/",
    b"mimetype",
    b"word/document.xml",
    b"xl/workbook",
    b"ppt/presentation.xml",
)
_HTML: Final = re.compile(
    rb"(<\?xml[^>]*>\s*)?(<!--.{0,500}?-->\s*)?"
    rb"<(!doctype\s+html|html|head|body|meta|table|div|script|style|title|p|h1|center|font)\b"
)
_MAIL_LINE: Final = re.compile(rb"(?m)^(mime-version|message-id|received|return-path|x-mailer):", re.IGNORECASE)
_FIELD: Final = re.compile(rb"[A-Za-z][\w-]{1,40}:")
# A field of German practice software: three digits of length, four of kind; the first one names the record (8000).
_GDT: Final = re.compile(rb"\d{3}8000\w{4}\r?\n")
_MESSAGES: Final = (
    (re.compile(rb"\x0b?(MSH|FHS|BHS)\|\^~"), "HL7 version 2"),
    (re.compile(rb"UN[AB][:+]"), "EDIFACT"),
    (_GDT, "GDT or LDT"),
    (re.compile(rb"H\|\\\^&"), "ASTM"),
)


# Endings with the beginnings of the types that browsers declare for them: when both agree, the bytes need not come.
_BY_NAME: Final = (
    ("mp4 mov m4v avi mkv webm 3gp wmv mpg mpeg", ("video/",), _MEDIA),
    ("mp3 m4a wav ogg oga opus aac flac amr wma caf", ("audio/",), _MEDIA),
    ("exe msi dll com", ("application/x-ms", "application/vnd.microsoft.portable-executable"), _PROGRAM),
    ("docx pptx odt odp", ("application/vnd.openxmlformats", "application/vnd.oasis.opendocument"), _WORD),
    ("xlsx ods", ("application/vnd.openxmlformats", "application/vnd.oasis.opendocument"), _SHEET),
    ("eml", ("message/rfc822",), _MAIL),
    ("json ndjson", ("application/fhir",), _FHIR),
    ("xml", ("application/hl7-cda",), _CCDA),
    ("avif", ("image/avif",), _PHOTO.format(kind="AVIF")),
    ("jp2 j2k jpx", ("image/jp2", "image/jpx", "image/j2k"), _PHOTO.format(kind="JPEG 2000")),
    ("rar 7z gz tgz tar bz2 xz", ("application/x-", "application/vnd.rar", "application/gzip"), _PACKED),
)


def never_read(name: str, declared_type: str) -> str:
    """What to do instead, before a byte has come: for kinds that are never read, when name and type agree on one."""
    ending, declared = name.rpartition(".")[2].strip().lower(), declared_type.strip().lower()
    return next(
        (advice for endings, types, advice in _BY_NAME if ending in endings.split() and declared.startswith(types)), ""
    )


def foreign_text(head: bytes) -> str:
    """What to do instead, when text is made for a program and not for people; nothing for text to be read."""
    text = head.decode("utf-16", "ignore").encode() if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    text = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"#!"):
        return "This is a script. Upload the record itself as PDF, picture or plain text, and no program."
    if text.startswith(b"{\\rtf"):
        return _RTF
    if text.startswith(b"%!PS"):
        return f"This is PostScript, made for printers. {_PRINT}"
    if text[:1] in (b"{", b"[") and re.search(rb'"resourceType"\s*:', text):
        return _FHIR
    if text.startswith(b"<"):
        return _markup(text)
    for pattern, kind in _MESSAGES:
        if pattern.match(text):
            return _MESSAGE.format(kind=kind)
    return _MAIL if _is_mail(text) else ""


def foreign_binary(head: bytes, tail: bytes) -> str:
    """What to do instead, for a kind of file that has a known beginning; nothing for an unknown one."""
    if head.startswith(ZIP_STARTS):
        return _zipped(head, tail)
    if head[4:8] == b"ftyp":
        return _PHOTO.format(kind="AVIF") if b"avif" in head[8:64] else _MEDIA
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return _MEDIA
    if head[257:262] == b"ustar":
        return _PACKED
    return next((advice for start, advice in _BINARY if head.startswith(start)), "")


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so is a ZIP archive, and no Office file."""
    return head.startswith(ZIP_STARTS) and not is_office(head)


def is_office(head: bytes) -> bool:
    """Whether a ZIP archive is a file of an office program: its first file says so."""
    length = int.from_bytes(head[26:28], "little")
    return head[30 : 30 + length].startswith(_OFFICE_FIRST)


def _zipped(head: bytes, tail: bytes) -> str:
    if not is_office(head):
        return _ZIP
    return _SHEET if b"xl/workbook" in head + tail or b"opendocument.spreadsheet" in head else _WORD


def _markup(text: bytes) -> str:
    lower = text.lower()
    if b"clinicaldocument" in lower and not _HTML.match(lower):
        return _CCDA
    if b"http://hl7.org/fhir" in lower and not _HTML.match(lower):
        return _FHIR_XML
    if _HTML.match(lower):
        return _WEB
    if re.match(rb"(<\?xml[^>]*>\s*)?(<!doctype svg[^>]*>\s*)?<svg\b", lower):
        return _DRAWING
    # “<5 mg/L” begins many a note.
    return _XML if re.match(rb"<[?!a-z][^<]{0,2000}>", lower) else ""


def _is_mail(text: bytes) -> bool:
    """Lines of header fields before the first blank one, of which one is written by mail programs alone."""
    header = re.split(rb"\r?\n\r?\n", text[:4096], maxsplit=1)[0]
    lines = [line for line in header.splitlines() if line[:1] not in (b" ", b"\t")]
    fields = sum(bool(_FIELD.match(line)) for line in lines)
    return fields >= 3 and fields >= len(lines) - 1 and bool(_MAIL_LINE.search(header))
