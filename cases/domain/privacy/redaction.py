"""A copy of what a patient wrote without who wrote it, for readers who judge the opinion and not the person."""

import re
from typing import Any

from cases.domain.privacy.case_people import PEOPLE
from config.kernel.privacy.deidentification import Identifiers, without

REMOVED = "[removed]"
# What may be a number to call, in any grouping.
_PHONE = re.compile(r"\+?\d[\d /().-]{7,}\d")
# So many digits are one in any case. Fewer may be a range of results, a date, or blood pressures, and these stay.
_CALLED, _CALLED_PERHAPS = 9, 7
_VALUES = re.compile(r"[./]| - |\A\d{4}-\d{2}-\d{2}\Z")


def redacted(value: Any, known: Identifiers) -> Any:
    """``value`` (JSON) with what identifies people replaced, and the people whom the patient names left out.

    Found by the engine that masks what leaves, which also finds people whom nobody told it of by their titles, their
    relation and their part in a letter. It finds most of those and not all: this is no anonymisation.
    """
    if isinstance(value, str):
        return without(_PHONE.sub(_uncalled, value), known, instead=REMOVED)
    if isinstance(value, dict):
        return {key: redacted(one, known) for key, one in value.items() if key not in PEOPLE}
    if isinstance(value, list | tuple):
        return [redacted(one, known) for one in value]
    return value


def _uncalled(found: re.Match[str]) -> str:
    return REMOVED if to_call(found[0]) else found[0]


def to_call(written: str) -> bool:
    """Whether a group of digits may be a telephone number, and is no result, date or pressure."""
    digits = sum(sign.isdigit() for sign in written)
    return digits >= _CALLED or (digits >= _CALLED_PERHAPS and not _VALUES.search(written))
