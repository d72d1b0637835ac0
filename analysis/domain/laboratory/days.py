"""Days and times as reports print them: they are no values, and say which of several values is the newest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän jänner ene enero janv janvier",
            "feb february februar febrero fév févr février fevr",
            "mar march mär märz marzo mars mrz",
            "apr april abr abril avr avril",
            "may mai mayo",
            "jun june juni junio juin",
            "jul july juli julio juil juillet",
            "aug august ago agosto août aout",
            "sep sept september septiembre septembre",
            "oct october okt oktober octubre octobre",
            "nov november noviembre novembre",
            "dec december dez dezember dic diciembre déc décembre",
        ),
        1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
DAY: Final = (
    r"\d{4}-\d{2}-\d{2}(?!\d)|\d{4}/\d{2}/\d{2}(?!\d)|\d{1,2}(?P<sep>[./-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er)?\.?[ -]?(?:de )?(?:{_NAMES})\b\.?(?:[ ,.-]{{1,2}}(?:de )?(?:\d{{4}}|"
    rf"\d{{2}}(?![\d.,:])))?"
    rf"|(?<![^\W\d_])(?:{_NAMES})\b\.? \d{{1,2}}(?:, ?\d{{4}}|(?![\d.,]))"
    r"|\d{1,2}\.\d{1,2}\.(?![\d.])"
)
TIME: Final = (
    r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s?(?:am|pm|uhr|h)\b)?|(?:[01]?\d|"
    r"2[0-3])\s?h\s?[0-5]\d\b|\d{1,2}\s?uhr\b"
)
_DAY = re.compile(rf"(?<![\d.,/-])(?:{DAY})", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SHORT = re.compile(r"(?<![\d.,/-])(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})(?![\d/-]|[.,]\d)")
_NUMERIC = re.compile(r"(?P<first>\d{1,4})[./-](?P<second>\d{1,2})[./-]?(?P<third>\d{2,4})?")
_WORDED = re.compile(
    rf"(?P<day>\d{{1,2}})?\D{{0,16}}?(?P<month>{_NAMES})\b\D{{0,16}}(?P<rest>\d{{1,4}})?(?:, ?(?P<year>\d{{4}}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A printed day. ``first``/``second`` may be day and month or month and day; a year of 0 is not printed."""

    start: int
    end: int
    text: str
    year: int
    first: int
    second: int
    sure: bool = False

    def iso(self, *, month_first: bool | None) -> str:
        """The ISO day, or nothing where it can be two days or has no year."""
        if not self.year or (month_first is None and not self.sure and self.first != self.second):
            return ""
        made = self.key(month_first=bool(month_first))
        try:
            return date(*made).isoformat()
        except ValueError:
            return ""

    def key(self, *, month_first: bool) -> tuple[int, int, int]:
        """(year, month, day), to be compared with others of the page."""
        day, month = (self.second, self.first) if month_first and not self.sure else (self.first, self.second)
        return (self.year, day, month) if month > 12 >= day else (self.year, month, day)


def days_in(text: str, *, short: bool = False) -> list[Day]:
    """Every printed day of a stretch of text; ``short`` takes ``05/11`` too."""
    if _DIGIT.search(text) is None:
        return []
    found = [one for one in (_made(match) for match in _DAY.finditer(text)) if one is not None]
    if short:
        for match in _SHORT.finditer(text):
            first, second = int(match["first"]), int(match["second"])
            fits = 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12
            if fits and not any(day.start < match.end() and match.start() < day.end for day in found):
                found.append(Day(match.start(), match.end(), match[0], 0, first, second))
        found.sort(key=lambda day: day.start)
    return found


def ordered(days: Iterable[Day], months: bool | None) -> bool:
    """Whether the days of a row of columns are written month first: as the page shows, or as makes them run one way."""
    if months is not None:
        return months
    found = list(days)
    for first in (False, True):
        keys = [day.key(month_first=first) for day in found]
        if keys in (sorted(keys), sorted(keys, reverse=True)):
            return first
    return False


def month_first(days: Iterable[Day]) -> bool | None:
    """In which order a page writes its days; ``None`` where it does not show."""
    first = any(day.second > 12 and not day.sure for day in days)
    second = any(day.first > 12 and not day.sure for day in days)
    return None if first == second else first


def _made(match: re.Match[str]) -> Day | None:
    text = match[0]
    worded = _WORDED.search(text)
    if worded is not None and worded["month"]:
        return _worded(match, worded)
    found = _NUMERIC.match(text)
    if found is None:
        return None
    if len(found["first"]) == 4:
        year, second, first = int(found["first"]), int(found["second"]), int(found["third"] or 0)
        return _valid(Day(match.start(), match.end(), text, year, first, second, sure=True))
    year = int(found["third"] or 0)
    year = year + 2000 if found["third"] and len(found["third"]) == 2 else year
    return _valid(Day(match.start(), match.end(), text, year, int(found["first"]), int(found["second"])))


def _worded(match: re.Match[str], found: re.Match[str]) -> Day | None:
    month = _MONTHS[found["month"].casefold()]
    rest, year = found["rest"] or "", int(found["year"] or 0)
    day = int(found["day"] or 0)
    if not day:
        day, rest = int(rest or 0), ""
    if rest and not year:
        year = int(rest) + (2000 if len(rest) == 2 else 0)
    return _valid(Day(match.start(), match.end(), match[0], year, day, month, sure=True))


def _valid(day: Day) -> Day | None:
    if day.year and not 1900 <= day.year <= 2100:
        return None
    fits = 1 <= day.first <= 31 and 1 <= day.second <= 31 and min(day.first, day.second) <= 12
    return day if fits else None
