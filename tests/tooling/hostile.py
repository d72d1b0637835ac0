"""Files that lie, burst, loop or hide something: each with the way a reader must end with it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.tooling.clinical import lab_report

Ending = Literal["refused", "neutral", "failed"]

JAVASCRIPT_MARK = "MARKER_JAVASCRIPT"
EMBEDDED_MARK = "MARKER_EMBEDDED"


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """How it must end: refused with one of `codes`, failed for a reason in `codes`, or read with nothing left of it."""

    name: str
    media_type: str
    content: bytes
    ending: Ending = "refused"
    codes: frozenset[str] = frozenset()


def _refused(name: str, media_type: str, content: bytes, *codes: str) -> Hostile:
    return Hostile(name=name, media_type=media_type, content=content, codes=frozenset(codes))


def program_named_pdf() -> Hostile:
    """A Windows program under the name of a PDF."""
    body = b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode." + bytes(400)
    return _refused("report.pdf", "application/pdf", body, "wrong_type")


def png_named_jpg() -> Hostile:
    """A PNG that says it is a JPEG."""
    return Hostile(name="photo.jpg", media_type="image/jpeg", content=_png(8, 8), ending="neutral")


def pdf_declared_png() -> Hostile:
    """A PDF declared as a PNG."""
    return Hostile(name="letter.pdf", media_type="image/png", content=lab_report().content, ending="neutral")


def empty() -> Hostile:
    """Nothing."""
    return _refused("empty.pdf", "application/pdf", b"", "empty")


def thirty_megabytes() -> Hostile:
    """A valid PDF with a stream of 30 MB behind its first page."""
    pdf = lab_report().content
    ballast = b"\n99 0 obj\n<< /Length 30000000 >>\nstream\n" + b"\x55" * 30_000_000 + b"\nendstream\nendobj\n"
    return _refused("large.pdf", "application/pdf", pdf + ballast, "too_large")


def encrypted_pdf(*, password: str = "open-sesame") -> Hostile:
    """The laboratory report behind a password; with an empty one it opens for everyone."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(lab_report().content)))
    writer.encrypt(user_password=password, owner_password="the-owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return _refused("locked.pdf", "application/pdf", buffer.getvalue(), "encrypted_pdf")


def javascript_pdf(*, compressed: bool = False) -> Hostile:
    """A PDF that runs JavaScript when opened, in plain sight or inside an object stream."""
    action = f"<< /Type /Action /S /JavaScript /JS (app.alert\\('{JAVASCRIPT_MARK}'\\);) >>".encode()
    content = _pdf({4: action}, catalog=b"/OpenAction 4 0 R", in_object_stream={4} if compressed else set())
    return _refused("script.pdf", "application/pdf", content, "active_content")


def obscured_javascript_pdf() -> Hostile:
    """The same with the names spelled by escapes, as malware does."""
    action = f"<< /S /J#61vaScript /#4aS (app.alert\\('{JAVASCRIPT_MARK}'\\);) >>".encode()
    return _refused("escaped.pdf", "application/pdf", _pdf({4: action}, catalog=b"/OpenAction 4 0 R"), "active_content")


def launching_pdf() -> Hostile:
    """A PDF that starts a program when opened."""
    action = b"<< /S /Launch /F (calc.exe) >>"
    return _refused("launch.pdf", "application/pdf", _pdf({4: action}, catalog=b"/OpenAction 4 0 R"), "active_content")


def attachment_pdf() -> Hostile:
    """A PDF with a file attached: read, but said to be read in part."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(lab_report().content)))
    writer.add_attachment("inside.txt", EMBEDDED_MARK.encode())
    buffer = io.BytesIO()
    writer.write(buffer)
    return Hostile(name="portfolio.pdf", media_type="application/pdf", content=buffer.getvalue(), ending="neutral")


def png_bomb() -> Hostile:
    """A PNG of 20,000 × 20,000 pixels in half a megabyte."""
    return _refused("bomb.png", "image/png", _png(20_000, 20_000), "too_many_pixels")


def lying_png() -> Hostile:
    """A PNG that claims 50,000 × 50,000 pixels and holds one row."""
    return _refused("lie.png", "image/png", _png(50_000, 50_000, rows=1), "too_many_pixels")


def truncated_png() -> Hostile:
    """The first third of a PNG."""
    whole = _png(400, 400)
    return _refused("cut.png", "image/png", whole[: len(whole) // 3], "damaged")


def tiff_loop() -> Hostile:
    """A TIFF whose directory names itself as the next one."""
    entries = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 200)]
    entries += [(277, 3, 1, 1), (278, 3, 1, 8), (279, 4, 1, 64)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    body = b"II*\x00" + struct.pack("<I", 8) + directory + struct.pack("<I", 8)
    return Hostile(
        name="loop.tiff", media_type="image/tiff", content=body.ljust(200, b"\0") + bytes(64), ending="neutral"
    )


def pdf_zip_polyglot() -> Hostile:
    """A PDF that an unpacker takes for a ZIP archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("payload.txt", "MARKER_ZIP")
    return _refused("both.pdf", "application/pdf", lab_report().content + archive.getvalue(), "polyglot")


def dicom_program_polyglot() -> Hostile:
    """A DICOM file whose preamble is the head of a Windows program (CVE-2019-11687)."""
    from tests.tooling.imaging import dicom_slice

    whole = dicom_slice().content
    return _refused("slice.dcm", "application/dicom", b"MZ\x90\x00".ljust(128, b"\0") + whole[128:], "polyglot")


def truncated_pdf() -> Hostile:
    """The first 300 bytes of a PDF."""
    return _refused("cut.pdf", "application/pdf", lab_report().content[:300], "damaged")


def not_quite_pdf() -> Hostile:
    """A PDF header and then noise."""
    return _refused("noise.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged")


def deep_pdf(*, depth: int = 60_000) -> Hostile:
    """Arrays nested so deep that a careless parser overflows its stack."""
    nested = b"[" * depth + b"]" * depth
    content = _pdf({4: nested}, catalog=b"/PieceInfo 4 0 R")
    return Hostile(name="deep.pdf", media_type="application/pdf", content=content, ending="neutral")


def page_tree_loop() -> Hostile:
    """A page tree that is its own child."""
    objects = {2: b"<< /Type /Pages /Kids [2 0 R] /Count 100000 >>"}
    return _refused("loop.pdf", "application/pdf", _pdf(objects), "damaged")


def stream_bomb_pdf() -> Hostile:
    """A page whose content inflates to 400 MB of operators."""
    packed = _repeated_deflate(b"q Q ", 100_000_000)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>"
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream"
    content = _pdf({3: page, 4: stream})
    reasons = frozenset({"crashed", "memory", "timeout"})
    return Hostile(name="bomb.pdf", media_type="application/pdf", content=content, ending="failed", codes=reasons)


def forms_within_forms_pdf(*, depth: int = 6, width: int = 10, shade: float = 0.0) -> Hostile:
    """Two kilobytes in which each form draws the next ten times: never done. ``shade`` makes it another file."""
    objects: dict[int, bytes] = {}
    for level in range(depth):
        last = level == depth - 1
        drawn = b"%.4f g 0 0 500 500 re f" % shade if last else b"/F Do " * width
        within = b"" if last else b" /Resources << /XObject << /F %d 0 R >> >>" % (level + 6)
        head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800]%b /Length %d >>" % (within, len(drawn))
        objects[level + 5] = head + b"\nstream\n" + drawn + b"\nendstream"
    objects[3] = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R >> >> >>"
    )
    objects[4] = b"<< /Length 5 >>\nstream\n/F Do\nendstream"
    return Hostile(name="forms.pdf", media_type="application/pdf", content=_pdf(objects), ending="neutral")


def huge_page_pdf() -> Hostile:
    """A page of 10⁷ × 10⁷ points."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10000000 10000000] >>"
    return Hostile(name="huge.pdf", media_type="application/pdf", content=_pdf({3: page}), ending="neutral")


def many_pages_pdf(*, count: int = 5_000) -> Hostile:
    """Thousands of pages that are one and the same object."""
    pages = b"<< /Type /Pages /Count %d /Kids [" % count + b"3 0 R " * count + b"] >>"
    return Hostile(name="many.pdf", media_type="application/pdf", content=_pdf({2: pages}), ending="neutral")


def deflated_dicom_bomb() -> Hostile:
    """A deflated DICOM file of half a megabyte that inflates to 512 MB."""
    from tests.tooling.imaging import DEFLATED, dicom_slice

    whole = dicom_slice(transfer_syntax=DEFLATED).content
    meta_end = 144 + struct.unpack_from("<I", whole, 140)[0]
    body = _repeated_deflate(bytes(1024), 512 * 1024)
    return _refused("bomb.dcm", "application/dicom", whole[:meta_end] + body, "expands_too_much", "damaged")


def nested_dicom(*, depth: int = 40_000) -> Hostile:
    """Sequences within sequences."""
    from tests.tooling.imaging import dicom_slice

    whole = dicom_slice().content
    meta_end = 144 + struct.unpack_from("<I", whole, 140)[0]
    sequence = b"\x08\x00\x15\x11SQ\x00\x00\xff\xff\xff\xff"
    item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return _refused("nested.dcm", "application/dicom", whole[:meta_end] + (sequence + item) * depth, "damaged")


def lying_dicom() -> Hostile:
    """An image of 60,000 × 60,000 pixels with the bytes of a small one."""
    from tests.tooling.imaging import dicom_slice

    whole = dicom_slice().content
    tall = whole.replace(b"\x28\x00\x10\x00US\x02\x00\x00\x01", b"\x28\x00\x10\x00US\x02\x00\x60\xea")
    wide = tall.replace(b"\x28\x00\x11\x00US\x02\x00\x00\x01", b"\x28\x00\x11\x00US\x02\x00\x60\xea")
    return _refused("lie.dcm", "application/dicom", wide, "too_many_pixels")


def eicar() -> Hostile:
    """The antivirus test file as plain text."""
    mark = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    return _refused("notes.txt", "text/plain", mark.encode(), "malware")


def binary_text() -> Hostile:
    """A text file that turns into controls after its first pages."""
    return _refused("notes.txt", "text/plain", b"Hemoglobin 9.1 g/dL\n" * 300 + bytes(range(1, 32)), "wrong_type")


def web_page_named_text() -> Hostile:
    """A web page with a script, named as a text."""
    body = b"<!DOCTYPE html><script>alert('MARKER_HTML')</script>"
    return _refused("notes.txt", "text/plain", body, "wrong_type")


def office_file() -> Hostile:
    """A Word document, as ZIP."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("word/document.xml", "<w:document/>")
    declared = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _refused("letter.docx", declared, archive.getvalue(), "wrong_type")


def heic_photo() -> Hostile:
    """The head of a phone's photo and no picture."""
    return _refused("photo.heic", "image/heic", struct.pack(">I", 24) + b"ftypheic" + bytes(300), "damaged")


CORPUS: tuple[Callable[[], Hostile], ...] = (
    program_named_pdf,
    png_named_jpg,
    pdf_declared_png,
    empty,
    thirty_megabytes,
    encrypted_pdf,
    javascript_pdf,
    obscured_javascript_pdf,
    launching_pdf,
    attachment_pdf,
    png_bomb,
    lying_png,
    truncated_png,
    tiff_loop,
    pdf_zip_polyglot,
    dicom_program_polyglot,
    truncated_pdf,
    not_quite_pdf,
    deep_pdf,
    page_tree_loop,
    stream_bomb_pdf,
    forms_within_forms_pdf,
    huge_page_pdf,
    many_pages_pdf,
    deflated_dicom_bomb,
    nested_dicom,
    lying_dicom,
    eicar,
    binary_text,
    web_page_named_text,
    office_file,
    heic_photo,
)


def _png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A white one-bit PNG, written row by row so that making it stays cheap."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    row = b"\x00" + b"\xff" * ((width + 7) // 8)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _repeated_deflate(unit: bytes, times: int) -> bytes:
    """`unit` × `times`, compressed without ever holding the whole. Raw deflate for DICOM, zlib else."""
    block = unit * max(1, 65_536 // len(unit))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15 if len(unit) == 1024 else 15)
    return b"".join(packer.compress(block) for _ in range(len(unit) * times // len(block))) + packer.flush()


def _pdf(objects: dict[int, bytes], *, catalog: bytes = b"", in_object_stream: set[int] | None = None) -> bytes:
    """A one-page PDF with the given objects added or replaced; some of them packed into an object stream."""
    packed = in_object_stream or set()
    base = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    }
    every = {**base, **objects}
    out = bytearray(b"%PDF-1.5\n")
    places: dict[int, int] = {}
    for number, body in every.items():
        if number not in packed:
            places[number] = len(out)
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    if packed:
        return bytes(out) + _object_stream(out, every, places, sorted(packed))
    start = len(out)
    size = max(every) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def _object_stream(out: bytearray, every: dict[int, bytes], places: dict[int, int], packed: list[int]) -> bytes:
    """The tail of a PDF 1.5 file: one object stream with `packed`, and a cross-reference stream."""
    holder, table = max(every) + 1, max(every) + 2
    bodies, index, at = b"", b"", 0
    for number in packed:
        index += b"%d %d " % (number, at)
        bodies += every[number] + b" "
        at = len(bodies)
    content = zlib.compress(index + bodies)
    places[holder] = len(out)
    tail = b"%d 0 obj\n<< /Type /ObjStm /N %d /First %d /Length %d /Filter /FlateDecode >>\nstream\n" % (
        holder,
        len(packed),
        len(index),
        len(content),
    )
    tail += content + b"\nendstream\nendobj\n"
    places[table] = len(out) + len(tail)
    rows = b""
    for number in range(table + 1):
        if number in packed:
            rows += struct.pack(">BIB", 2, holder, packed.index(number))
        else:
            rows += struct.pack(">BIB", 1 if number in places else 0, places.get(number, 0), 0)
    tail += b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % (
        table,
        table + 1,
        len(rows),
    )
    return tail + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[table]
