"""Documents whose words never end: what a backtracking matcher is slowest at."""

from __future__ import annotations

from tests.tooling.hostile import Hostile, _pdf


def endless_words_pdf(*, sign: str = "A", number: int = 0, pages: int = 10, length: int = 40_000) -> Hostile:
    """Ten pages of one word each, of 40,000 signs; ``number`` makes it another file."""
    objects: dict[int, bytes] = {2: b"", 4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"}
    words = (sign * length)[:length].encode()
    for page in range(pages):
        text = b"BT /F1 0.01 Tf 1 %d Td (%d %b) Tj ET" % (100 + page, number, words)
        objects[5 + 2 * page] = b"<< /Length %d >>\nstream\n" % len(text) + text + b"\nendstream"
        objects[6 + 2 * page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents %d 0 R"
            b" /Resources << /Font << /F1 4 0 R >> >> >>" % (5 + 2 * page)
        )
    kids = b" ".join(b"%d 0 R" % (6 + 2 * page) for page in range(pages))
    objects[2] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (pages, kids)
    return Hostile(name="words.pdf", media_type="application/pdf", content=_pdf(objects), ending="neutral")
