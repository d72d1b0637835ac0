"""What a notice says inside the application, in its reader's language: what happened, what to do, and by when.

A text is a list of sentences. One that names a value (``{due}``) is said when the notice has that value, and left out
otherwise. Values are instants, days and numbers; never words of anybody, and nothing of what the news is.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "de", "es")
# What each value is; a notice has no others.
VALUES: dict[str, type] = {"due": datetime, "day": date, "days": int}
_PLACE = re.compile(r"\{(\w+)\}")
_NEWS = {"en": "There is news for you.", "de": "Es gibt Neues für Sie.", "es": "Hay novedades para usted."}
_MONTHS = {
    language: tuple(names.split())
    for language, names in {
        "en": "January February March April May June July August September October November December",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    }.items()
}
_DATES = {"en": "{day} {month} {year}", "de": "{day}. {month} {year}", "es": "{day} de {month} de {year}"}
CATEGORY_NAMES = {
    "security": {"en": "Security", "de": "Sicherheit", "es": "Seguridad"},
    "legal": {"en": "Your rights", "de": "Ihre Rechte", "es": "Sus derechos"},
    "case": {"en": "Case", "de": "Fall", "es": "Caso"},
    "messages": {"en": "Message", "de": "Nachricht", "es": "Mensaje"},
    "reminders": {"en": "Reminder", "de": "Erinnerung", "es": "Recordatorio"},
    "offers": {"en": "Offer", "de": "Angebot", "es": "Oferta"},
    "announcements": {"en": "Announcement", "de": "Mitteilung", "es": "Anuncio"},
}


@cache
def notice_texts() -> dict[str, dict[str, list[str]]]:
    """The sentences of every kind, by language."""
    texts: dict[str, dict[str, list[str]]] = json.loads(
        Path(__file__).with_name("notice_texts.json").read_text("utf-8")
    )
    return texts


def notice_text(kind: str, language: str, values: Mapping[str, Any] | None = None, zone: tzinfo = UTC) -> str:
    """What the notice says; rows outlive the release that wrote them, so a kind that is gone reads as plain news."""
    language = language if language in LANGUAGES else "en"
    sentences = notice_texts().get(kind, {}).get(language)
    if not sentences:
        return _NEWS[language]
    known = {name: _shown(value, language, zone) for name, value in parsed(values or {}).items()}
    return " ".join(one.format_map(known) for one in sentences if known.keys() >= set(_PLACE.findall(one)))


def category_name(category: str, language: str) -> str:
    """A category as pages name it; empty for one that a later release wrote."""
    return CATEGORY_NAMES.get(category, {}).get(language if language in LANGUAGES else "en", "")


def stored(values: Mapping[str, Any]) -> dict[str, str | int]:
    """Values as a row keeps them; ``TypeError`` for anything but an instant with its zone, a day or a number."""
    found: dict[str, str | int] = {}
    for name, value in values.items():
        if type(value) is not VALUES.get(name) or (isinstance(value, datetime) and value.tzinfo is None):
            raise TypeError(f"a notice has no value {name} of this type")
        found[name] = value.isoformat() if isinstance(value, date) else int(str(value))
    return found


def parsed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row keeps as values; what a later release wrote, or nobody can read, is left out."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        wanted = VALUES.get(name)
        try:
            if wanted is int and type(value) is int:
                found[name] = value
            elif wanted in (date, datetime) and isinstance(value, str):
                found[name] = wanted.fromisoformat(value)
        except ValueError:
            continue
    return found


def _shown(value: Any, language: str, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{_day(local, language)}, {local:%H:%M %Z}"
    return _day(value, language) if isinstance(value, date) else str(value)


def _day(value: date, language: str) -> str:
    month = _MONTHS[language][value.month - 1]
    return _DATES[language].format(day=value.day, month=month, year=value.year)
