"""Words that lie on a PDF's page and are no part of its content: filled form fields and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final


def written_over(page: dict[str, Any]) -> bool:
    """Whether words lie on the page beside its content: filled fields and notes that are shown."""
    return any(_HOLDS.get(str(note.get("/Subtype")), _nothing)(note) for note in _notes(page))


def _notes(page: dict[str, Any]) -> Iterator[dict[str, Any]]:
    told = page.get("/Annots")
    for note in told.get_object() if told is not None else ():
        note = note.get_object()
        if isinstance(note, dict):
            yield note


def _nothing(note: dict[str, Any]) -> bool:
    return False


def _filled(note: dict[str, Any]) -> bool:
    field = note if "/V" in note else note["/Parent"].get_object() if "/Parent" in note else {}
    value = field.get("/V")
    return isinstance(value, str) and not value.startswith("/Off") and bool(value.strip())


_HOLDS: Final[dict[str, Callable[[dict[str, Any]], bool]]] = {
    "/Widget": _filled,
    "/FreeText": lambda note: bool(str(note.get("/Contents", "")).strip()),
}
