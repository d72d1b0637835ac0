"""Strength, form, route and frequency as they are written in medication lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"(?<!\d)\d++(?:[.,]\d+)?"
_STRENGTH = re.compile(
    rf"(?P<amount>{_NUMBER}(?:\s*[-/]\s*{_NUMBER})?)\s*"
    r"(?P<unit>mg|mcg|µg|μg|ug|g|ml|units?|iu|ie|mmol|meq|puffs?|drops?|tablets?|tabs?|capsules?|caps?|%)"
    r"(?:\s*/\s*(?:\d+\s*)?(?:ml|h|hr|hour|day|dose))?(?![\w/])",
    re.IGNORECASE,
)
_WORDS = r"once|twice|one|two|three|four|1|2|3|4"
_TIMES = r"morning|noon|midday|evening|night|bedtime|breakfast|lunch|dinner|supper"
_FREQUENCY = re.compile(
    rf"(?P<frequency>\b(?:{_WORDS})(?:\s*(?:x|times))?\s*+(?:(?:a|per|/)\s*+)?(?:daily|day|week|weekly|month|monthly)\b"
    rf"|\b(?:{_WORDS})\s+(?:in\s+the\s+|at\s+)(?:{_TIMES})\b"
    r"|\b(?:qd|od|bid|bd|tid|tds|qid|qds|qhs|hs|qam|qpm|nocte|mane|prn|stat|qod|weekly|daily|nightly)\b"
    r"|\b[bt]\.i\.d\.?|\bq\.?d\.?(?=\s|$)|\bq\s*\d+\s*h(?:ours?)?\b"
    r"|\bevery\s+(?:\d+\s+(?:hours?|days?|weeks?)|other\s+day|day|morning|evening|night|week)\b"
    rf"|\b(?:at|before|with|in\s+the)\s+(?:{_TIMES})\b|\bas\s+(?:needed|required)\b"
    r"|(?<!\d)\d(?:[.,]5)?\s*-\s*\d(?:[.,]5)?\s*-\s*\d(?:[.,]5)?(?:\s*-\s*\d)?(?!\d))",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    r"\b(po|orally|by mouth|oral|iv|intravenous(?:ly)?|im|sc|subcutaneous(?:ly)?|topical(?:ly)?|inhaled|"
    r"sublingual|sl|pr)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dose:
    """What stands behind a medicine's name, verbatim; parts that are not printed are empty. ``end`` is an offset."""

    strength: str
    frequency: str
    route: str
    end: int

    @property
    def printed(self) -> bool:
        """Whether anything of a dose is printed."""
        return bool(self.strength or self.frequency)


def dose_after(text: str, start: int, stop: int) -> Dose:
    """Read the dose between ``start`` and ``stop`` of ``text``."""
    strength = _STRENGTH.search(text, start, stop)
    frequency = _FREQUENCY.search(text, strength.end() if strength else start, stop)
    route = _ROUTE.search(text, start, stop)
    ends = [found.end() for found in (strength, frequency) if found]
    return Dose(
        strength[0].strip() if strength else "",
        frequency["frequency"].strip() if frequency else "",
        route[0] if route else "",
        max(ends, default=start),
    )
