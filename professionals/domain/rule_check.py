"""What is wrong with a legal rule that somebody writes, field by field."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from professionals.domain.legal_rules import ANY, MODES, NEEDS
from professionals.domain.specialties import SPECIALTIES

_PLACE = re.compile(r"\*|[A-Z]{2}(-[A-Z0-9]{1,3})?")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def fits_code(code: str) -> bool:
    """Whether a rule may be called so."""
    return len(code) <= 60 and _CODE.fullmatch(code) is not None


def rule_faults(body: Mapping[str, Any], *, today: date) -> Iterator[tuple[str, str]]:
    """(field, what to change) of everything that is wrong."""
    if not _PLACE.fullmatch(str(body.get("place", ""))):
        yield "place", "Write a country (DE), a region of it (US-CA), or * for every place."
    for name, known in (("mode", MODES), ("needs", NEEDS), ("specialty", (ANY, *SPECIALTIES))):
        if body.get(name) not in known:
            yield name, f"Choose one of: {', '.join(known)}."
    if len(str(body.get("source", "")).strip()) < 10:
        yield "source", "Name the act, its article and the edition that was read."
    try:
        if date.fromisoformat(str(body.get("valid_from", ""))) < today:
            yield "valid_from", "A rule holds from today on, or later; it does not judge what was."
    except ValueError:
        yield "valid_from", "Write the day as 2027-01-31."
    if body.get("mode") == "licence" and body.get("needs") == "nothing" and body.get("place") == ANY:
        yield "needs", "Without a licence nobody advises everywhere; name the place whose law allows it."
