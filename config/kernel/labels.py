"""Codes as people read them: what a page, a mail or a refusal says for ``internal_medicine`` or ``IN_REVIEW``.

Where a code has a name of its own (a specialty, a legal basis) the name is given along; every other code is spelled out
by the same rule, so that a new one is never shown as it is stored.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Names = Mapping[str, str]
# A function where the names are only known once all contexts are loaded.
Labels = Names | Callable[[], Names]
NONE: Names = {}
# ``in_review``, ``cases.offer_made``, ``IN_REVIEW``; one word alone from four letters on, so that DE and en stay.
_PART = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_CODE = re.compile(rf"{_PART}(?:[.:]{_PART})*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*", re.ASCII)
_SHORT = 3
_MAX_LENGTH = 80
_ABBREVIATIONS = frozenset(
    {"ai", "ccda", "coi", "csv", "ct", "dicom", "ecg", "ehr", "fhir", "html", "icd", "ip", "jpeg", "mfa", "mr", "mri"}
    | {"pdf", "pet", "png", "sha256", "sms", "smtp", "totp", "tus"}
)


def is_code(text: str) -> bool:
    """Whether ``text`` is written as codes are: no blank, no capital among small letters; a digest is none."""
    whole = len(text) <= _MAX_LENGTH and _CODE.fullmatch(text) is not None
    return whole and (text.isalpha() or not text.isalnum())


def label(code: object, labels: Labels = NONE) -> str:
    """The name of a code, or the code spelled out; what is no code stays as it is.

    Several codes with commas between them are named one by one.
    """
    text = str(code)
    named = names_of(labels).get(text)
    if named:
        return str(named)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and all(is_code(part) for part in parts):
        return ", ".join(label(part, labels) for part in parts)
    if not is_code(text) or (len(text) <= _SHORT and text.lower() not in _ABBREVIATIONS):
        return text
    return spelled(text)


def lowered(code: object, labels: Labels = NONE) -> str:
    """As ``label``, inside a sentence: a spelled-out code begins with a small letter, a name keeps its own."""
    text = label(code, labels)
    first = text.split(" ", 1)[0]
    return text if first.isupper() else text[:1].lower() + text[1:]


def spelled(code: str) -> str:
    """``in_review`` → In review; ``document.read`` → Document: read."""
    words = code.lower().replace(".", ": ").replace(":", ": ").replace("_", " ").split()
    text = " ".join(_capitals(word) for word in words)
    return text[:1].upper() + text[1:]


def told(value: Any, labels: Labels = NONE) -> str:
    """A value out of a JSON column: codes by their names, lists with commas, objects as ``Name: value`` in lines."""
    if isinstance(value, Mapping):
        return "\n".join(f"{label(key, labels)}: {_inside(one, labels)}" for key, one in value.items()) or "—"
    return _inside(value, labels)


def names_of(labels: Labels) -> Names:
    """The names themselves."""
    return labels() if callable(labels) else labels


def _inside(value: Any, labels: Labels) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{label(key, labels)}: {_inside(one, labels)}" for key, one in value.items()) or "—"
    if isinstance(value, list | tuple):
        return ", ".join(_inside(one, labels) for one in value) or "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "—" if value is None or value == "" else label(value, labels)


def _capitals(word: str) -> str:
    stem = word.rstrip(":")
    return word.upper() if stem in _ABBREVIATIONS else word
