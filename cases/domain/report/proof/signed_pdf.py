"""The seal of a PDF: manifest and signed hash, appended as an incremental update (ISO 32000-1, 7.5.6).

The signed hash covers every byte of the finished PDF; the update behind it is rendered anew from these bytes and the
two statements, and compared: so no byte of the sealed file is outside of the proof.
"""

from __future__ import annotations

import re

from cases.domain.report.proof.jws import PublicKeys, Signer, Unsigned, read
from cases.domain.report.proof.manifest import digest

KIND_SEAL = "report-pdf"
_MARK = b"<< /Type /SecondOpinionProof /Manifest ("
_UPDATE = re.compile(rb"\d+ 0 obj\n" + re.escape(_MARK) + rb"([\w.-]+)\) /Seal \(([\w.-]+)\) >>\nendobj\n")
_NOT_SEALED = "The file carries no seal of this platform at its end."


def seal_pdf(pdf: bytes, manifest: str, by: Signer) -> bytes:
    """The finished PDF with its proof appended."""
    seal = by.sign(KIND_SEAL, {"manifest": digest(manifest.encode()), "pdf": digest(pdf), "bytes": len(pdf)})
    return pdf + _update(pdf, manifest, seal)


def manifest_in_pdf(file: bytes, keys: PublicKeys) -> str:
    """The manifest of a sealed PDF whose every byte is as it was sealed. Raises ``Unsigned``."""
    found = None
    # The last update alone is ours: earlier bytes are content, and covered by the hash.
    at = file.rfind(_MARK)
    if at >= 0:
        found = _UPDATE.match(file, file.rfind(b"\n", 0, file.rfind(b"\n", 0, at)) + 1)
    if found is None:
        raise Unsigned(_NOT_SEALED)
    pdf = file[: found.start()]
    manifest, seal = found[1].decode(), found[2].decode()
    said = read(KIND_SEAL, seal, keys)
    if said != {"manifest": digest(found[1]), "pdf": digest(pdf), "bytes": len(pdf)}:
        raise Unsigned("The file's bytes are not those that were sealed.")
    if file != pdf + _update(pdf, manifest, seal):
        raise Unsigned("Something follows the seal, or the seal's surroundings were changed.")
    return manifest


def _update(pdf: bytes, manifest: str, seal: str) -> bytes:
    trailer = pdf[pdf.rfind(b"trailer") :]
    size, root, info = (_only(rb"/%s (\d+(?: 0 R)?)" % name, trailer) for name in (b"Size", b"Root", b"Info"))
    ids = _only(rb"/ID\s*\[\s*(<[0-9a-fA-F]+>\s*<[0-9a-fA-F]+>)\s*\]", trailer)
    previous = _only(rb"startxref\s+(\d+)\s+%%EOF", trailer)
    body = b"%s 0 obj\n%s%s) /Seal (%s) >>\nendobj\n" % (size, _MARK, manifest.encode(), seal.encode())
    table = b"xref\n0 1\n0000000000 65535 f \n%s 1\n%010d 00000 n \n" % (size, len(pdf))
    entries = b"/Size %d /Root %s /Info %s /ID [%s] /Prev %s" % (int(size) + 1, root, info, ids, previous)
    return b"%s%strailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (body, table, entries, len(pdf) + len(body))


def _only(pattern: bytes, trailer: bytes) -> bytes:
    found = re.findall(pattern, trailer)
    if len(found) != 1:
        raise Unsigned(_NOT_SEALED)
    return b" ".join(found[0].split()) if b"<" in found[0] else bytes(found[0])
