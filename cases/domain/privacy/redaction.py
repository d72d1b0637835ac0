"""A copy of what a patient wrote without who wrote it, for readers who judge the opinion and not the person."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

REMOVED = "[removed]"
# Whom the patient names is part of who the patient is.
_PEOPLE = ("treating_clinician", "involved", "referrer", "facilities", "contacts")
_MIN_LENGTH = 3
_MAIL = re.compile(r"[\w.+-]{1,64}+@[\w-]+\.[\w.]+")
_PHONE = re.compile(r"\+?\d[\d /().-]{7,}\d")


def redacted(value: Any, terms: Iterable[str]) -> Any:
    """``value`` (JSON) with each of ``terms``, mail addresses and telephone numbers replaced, and people left out.

    Known identifiers are found whatever their case, as whole words. What the platform does not know of, such as a
    relative's name in a history, stays: this is a removal of known identifiers, not an anonymisation.
    """
    known = sorted({term.strip() for term in terms if len(term.strip()) >= _MIN_LENGTH}, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(term)}(?!\w)" for term in known), re.IGNORECASE)
    return _walk(value, pattern if known else None)


def identifiers(*, full_name: str, email: str, phone: str, date_of_birth: date | None) -> tuple[str, ...]:
    """What is known of a person, in the forms in which people write it."""
    found = [full_name, *full_name.split(), email, phone]
    if date_of_birth:
        born = date_of_birth
        found += [born.isoformat(), f"{born:%d.%m.%Y}", f"{born:%d/%m/%Y}", f"{born:%m/%d/%Y}"]
        found += [f"{born.day}.{born.month}.{born.year}", f"{born.month}/{born.day}/{born.year}"]
    return tuple(found)


def _walk(value: Any, pattern: re.Pattern[str] | None) -> Any:
    if isinstance(value, str):
        text = pattern.sub(REMOVED, value) if pattern else value
        return _PHONE.sub(REMOVED, _MAIL.sub(REMOVED, text))
    if isinstance(value, dict):
        return {key: _walk(one, pattern) for key, one in value.items() if key not in _PEOPLE}
    if isinstance(value, list | tuple):
        return [_walk(one, pattern) for one in value]
    return value
