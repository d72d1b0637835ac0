"""How deep a PDF nests its objects and its drawings: beyond its limits the engine leaves them out in silence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cases.adapters.reading.pdf import active_content

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

#: The engine leaves out objects that are nested deeper than 64 arrays and dictionaries.
DEEPEST_OBJECT: Final = 50
#: The engine follows forty forms within forms and leaves out what is deeper.
DEEPEST_FORM: Final = 30
MAX_FORMS: Final = 20_000
_BRACKETS: Final = re.compile(rb"\\.|<<|>>|[\[\]()]", re.DOTALL)


def too_deep(page: PdfPage) -> bool:
    """Whether the page's drawings within drawings may go deeper, or be more, than the engine follows."""
    from pypdfium2 import raw

    for seen, form in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_FORM,), max_depth=DEEPEST_FORM)):
        if form.level >= DEEPEST_FORM - 1 or seen >= MAX_FORMS:
            return True
    return False


def nested_too_deep(content: bytes) -> bool:
    """Whether an object, in the open or in an object stream, is nested deeper than the engine reads."""
    for dictionary, stream in active_content.parts(content):
        if _depth(dictionary) > DEEPEST_OBJECT:
            return True
        if b"ObjStm" in dictionary[-2048:]:
            inner = active_content.inflate(stream, limit=active_content.ONE_STREAM_BYTES)
            if inner is None or _depth(inner) > DEEPEST_OBJECT:
                return True
    return False


def _depth(dictionary: bytes) -> int:
    """How deep arrays and dictionaries are nested; what stands in strings does not count."""
    deepest = depth = quoted = 0
    for sign in _BRACKETS.findall(dictionary):
        if sign == b"(":
            quoted += 1
        elif sign == b")":
            quoted = max(quoted - 1, 0)
        elif quoted or sign[:1] == b"\\":
            continue
        elif sign in (b"[", b"<<"):
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth = max(depth - 1, 0)
    return deepest
