"""Words that belong to a PDF's page and are no part of its content: filled form fields, notes and comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

#: Hidden, or not to be viewed.
_UNSEEN_FLAGS: Final = 0x02 | 0x20


def unread_words(page: dict[str, Any], text: str) -> bool:
    """Whether a field or a comment of the page holds words that its text does not."""
    known = _bare(text)
    return any(said and said not in known for said in map(_bare, _words(page)))


def _words(page: dict[str, Any]) -> Iterator[str]:
    told = page.get("/Annots")
    for note in told.get_object() if told is not None else ():
        note = note.get_object()
        if isinstance(note, dict) and not int(note.get("/F", 0)) & _UNSEEN_FLAGS:
            yield _SAID.get(str(note.get("/Subtype")), _nothing)(note)


def _bare(words: str) -> str:
    """Letters and digits only: how words are spaced and broken is another matter."""
    return "".join(char for char in words.casefold() if char.isalnum())


def _nothing(note: dict[str, Any]) -> str:
    return ""


def _comment(note: dict[str, Any]) -> str:
    return str(note.get("/Contents", ""))


def _value(note: dict[str, Any]) -> str:
    field, value, kind = note, note.get("/V"), note.get("/FT")
    for _ in range(_DEEPEST):
        if (value is not None and kind is not None) or "/Parent" not in field:
            break
        field = field["/Parent"].get_object()
        value, kind = field.get("/V") if value is None else value, field.get("/FT") if kind is None else kind
    # A button is a sign, whose value is a name that nobody sees.
    return value if isinstance(value, str) and kind != "/Btn" else ""


_DEEPEST: Final = 8
_COMMENTS: Final = (
    "/Text /FreeText /Highlight /Underline /StrikeOut /Squiggly /Square /Circle /Line /Polygon /PolyLine /Ink /Caret"
)
_SAID: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "/Widget": _value,
    **dict.fromkeys(_COMMENTS.split(), _comment),
}
