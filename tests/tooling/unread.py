"""PDFs of which a usual engine leaves something out in silence: none of them may be called read to its end."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from tests.tooling.hostile import _pdf, deep_pdf

HIDDEN = "Potassium 7.9 mmol/L"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def _stream(content: bytes, *, head: bytes = b"") -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (head, len(content), content)


def _words(text: str, *, down: int = 100) -> bytes:
    return b"BT /F1 12 Tf 20 %d Td (%b) Tj ET " % (down, text.encode())


def _page(contents: bytes, *, more: bytes = b"", drawn: bytes = b"") -> bytes:
    fonts = b"/Resources << /Font << /F1 9 0 R >> %b >>" % drawn
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents %b %b %b >>" % (contents, fonts, more)


def _one_page(page: bytes, **objects: bytes) -> bytes:
    numbered = {int(name[1:]): body for name, body in objects.items()}
    return _pdf({3: page, 9: _FONT, **numbered})


def forms_too_deep(depth: int = 100) -> bytes:
    """Words in the last of a hundred forms that draw one another."""
    forms = {}
    for level in range(depth):
        last = level == depth - 1
        within = b"/Font << /F1 9 0 R >>" if last else b"/XObject << /X %d 0 R >>" % (11 + level)
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << %b >>" % within
        forms[f"n{10 + level}"] = _stream(_words(HIDDEN) if last else b"/X Do", head=head)
    page = _page(b"4 0 R", drawn=b"/XObject << /X 10 0 R >>")
    return _one_page(page, n4=_stream(_words("Seen", down=50) + b"/X Do"), **forms)


def uncounted_page() -> bytes:
    """Two pages in a tree that counts one."""
    tree = b"<< /Type /Pages /Kids [3 0 R 7 0 R] /Count 1 >>"
    pages = {"n7": _page(b"5 0 R"), "n4": _stream(_words("Seen")), "n5": _stream(_words(HIDDEN))}
    return _one_page(_page(b"4 0 R"), n2=tree, **pages)


def missing_contents() -> bytes:
    """A page whose contents are an object that is not there."""
    return _one_page(_page(b"44 0 R"))


def nested_contents() -> bytes:
    """Contents as an array within an array."""
    return _one_page(_page(b"[[4 0 R]]"), n4=_stream(_words(HIDDEN)))


def contents_cut_off() -> bytes:
    """Compressed contents of which the last part is missing."""
    whole = zlib.compress(b"".join(_words(f"Line {number}", down=6 + 14 * number) for number in range(13)))
    return _one_page(_page(b"4 0 R"), n4=_stream(whole[: len(whole) // 2], head=b"/Filter /FlateDecode"))


def resources_nested_deep() -> bytes:
    """A page's entry nested a hundred dictionaries deep."""
    return _one_page(_page(b"4 0 R", more=b"/A << " * 100 + b">> " * 100), n4=_stream(_words("Seen")))


def deep_object_stream() -> bytes:
    """The same inside an object stream."""
    nested = b"<< /A " * 100 + b"1" + b" >>" * 100
    body = {3: _page(b"4 0 R"), 9: _FONT, 4: _stream(_words("Seen")), 8: nested}
    return _pdf(body, catalog=b"/PieceInfo 8 0 R", in_object_stream={8})


def filled_field() -> bytes:
    """A form field that somebody filled: words over the page that are no part of it."""
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (k) /V (%b) /Rect [0 0 90 20] >>" % HIDDEN.encode()
    return _one_page(_page(b"4 0 R", more=b"/Annots [6 0 R]"), n4=_stream(_words("Seen")), n6=field)


def written_note() -> bytes:
    """A note that is shown on the page."""
    note = b"<< /Type /Annot /Subtype /FreeText /Contents (%b) /Rect [0 0 90 20] >>" % HIDDEN.encode()
    return _one_page(_page(b"4 0 R", more=b"/Annots [6 0 R]"), n4=_stream(_words("Seen")), n6=note)


def side_note() -> bytes:
    """A comment that opens beside the page."""
    note = b"<< /Type /Annot /Subtype /Text /Contents (%b) /Rect [0 0 9 9] >>" % HIDDEN.encode()
    return _one_page(_page(b"4 0 R", more=b"/Annots [6 0 R]"), n4=_stream(_words("Seen")), n6=note)


def other_words_told() -> bytes:
    """A number that is drawn, and another one that the file tells in its place."""
    number = b"/Span << /ActualText (4.8) >> BDC (6.8) Tj EMC ( mmol/L) Tj ET"
    return _one_page(_page(b"4 0 R"), n4=_stream(b"BT /F1 12 Tf 20 100 Td (Potassium ) Tj " + number))


def nested_arrays() -> bytes:
    """Sixty thousand arrays in one another, beside the page."""
    return deep_pdf().content


UNREAD: tuple[Callable[[], bytes], ...] = (
    forms_too_deep,
    uncounted_page,
    missing_contents,
    nested_contents,
    contents_cut_off,
    resources_nested_deep,
    deep_object_stream,
    nested_arrays,
)


def plain_page(*, forms: int = 8) -> bytes:
    """What an honest program writes: words, a few forms within forms, an empty field, a blank second page."""
    nested = {}
    for level in range(forms):
        last = level == forms - 1
        within = b"/Font << /F1 9 0 R >>" if last else b"/XObject << /X %d 0 R >>" % (11 + level)
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << %b >>" % within
        nested[f"n{10 + level}"] = _stream(_words("Within") if last else b"/X Do", head=head)
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (k) /Rect [0 0 90 20] >>"
    page = _page(b"[4 0 R]", drawn=b"/XObject << /X 10 0 R >>", more=b"/Annots [6 0 R]")
    tree = b"<< /Type /Pages /Kids [3 0 R 7 0 R] /Count 2 >>"
    blank = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
    packed = _stream(zlib.compress(_words("Seen", down=50) + b"/X Do"), head=b"/Filter /FlateDecode")
    return _one_page(page, n2=tree, n4=packed, n6=field, n7=blank, **nested)
