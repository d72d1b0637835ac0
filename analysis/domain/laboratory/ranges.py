"""Reference ranges as printed: two bounds or one, by sex and age, in the signs and words of four languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from analysis.domain.laboratory.numbers import NUMBER, readings, thousands
from analysis.domain.subject import Subject

_HIGH = r"\d{1,9}(?:[.,'’ \u202f\u2009\u00a0]\d{3}(?!\d)){0,3}(?:[.,]\d{1,9})?+"
_SIGN = r"(?:(?<![\d.,)])[-−])?"
_DASH = r"(?:\s?(?:-|–|—|−|‑|‐|~|÷|\.{2,3}|…|;)\s{0,3}|\s{2,3}(?:-|–|—|−|‑|‐|~|÷|…|;)\s{1,3}|\s(?:to|bis|à|a)\s)"
_UP_TO = (
    r"<=|≤|<|up\s?to|less\s?than|below|under|bis\s?zu|bis|unter|kleiner|hasta|menor\s?(?:de|que|a)|inferior\s?a|"
    r"inf(?:érieur|erieur|\.)?\s?à|jusqu['’]?à|moins\s?de"
)
_FROM = (
    r">=|≥|>|more\s?than|over|above|greater\s?than|at\s?least|über|ab|grösser|größer|mind(?:estens|\.)|"
    r"mayor\s?(?:de|que|a)|superior\s?a|sup(?:érieur|erieur|\.)?\s?à|plus\s?de|desde"
)
#: Both bounds with signs or words of their own: "≥ 3.5 ≤ 5.1", "3.5 < N < 5.1", "between 3.5 and 5.1", "min. 3 max. 5".
_BOTH = (
    rf"(?:(?:≥|>=|>)\s?(?P<over>{_HIGH})\s{{0,3}}(?:≤|<=|<)\s?(?P<under>{_HIGH})"
    rf"|(?P<lower>{NUMBER})\s?(?:<=|<|≤)\s?[^\W\d_]{{0,12}}\s?(?:<=|<|≤)\s?(?P<upper>{_HIGH})"
    rf"|(?<![^\W\d_])(?:between|zwischen|entre|min(?:imum|\.)?|mín(?:imo|\.)?)\s{{0,2}}(?P<least_of>{_HIGH})\s{{0,3}}"
    rf"(?:and|und|y|et|max(?:imum|\.)?|máx(?:imo|\.)?)\s{{0,2}}(?P<most_of>{_HIGH}))"
    rf"(?![\w/:]|[.,]\d)"
)
#: A range in brackets with one bound left out: "[ - 1.5]", "(60 - )".
_OPEN = (
    rf"[\[(]\s{{0,2}}[-–−]\s{{1,2}}(?P<only_high>{_HIGH})\s?[\])]"
    rf"|[\[(]\s?(?P<only_low>{_HIGH})\s{{0,2}}[-–−]\s{{0,2}}[\])]"
)
_RANGE = re.compile(
    rf"{_OPEN}|{_BOTH}|(?:[\[({{]\s?)?(?:(?<!\d-)(?P<low>{_SIGN}{NUMBER})(?:{_DASH}|(?<=\d)\s/\s)(?P<high>[-−]?{_HIGH})"
    rf"(?![\w/:]|[.,]\d|{_DASH}\d)"
    rf"|(?<![\w=>–-])(?:(?P<most>{_UP_TO})|(?P<least>{_FROM}))\s{{0,2}}(?P<limit>{_HIGH}))(?:\s?[\])}}])?",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[ \u202f\u2009\u00a0]")
_MALE = re.compile(
    r"(?<![^\W\d_])(?:m(?:en|ale)?s?|♂|männer|männlich|mann|hombres?|varon(?:es)?|varón|masc(?:ulin[oe]?)?\.?|"
    r"hommes?|h(?=\s?[:.]|\s\d))"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_FEMALE = re.compile(
    r"(?<![^\W\d_])(?:f(?:emale)?s?|♀|wom[ae]n|frauen|weiblich|frau|w|mujer(?:es)?|hembras?|fem(?:enin[oa]|\.)?|"
    r"femmes?|"
    r"féminin)(?![^\W\d_])",
    re.IGNORECASE,
)
_YEARS = r"(?:years?|yrs?|y(?:\.?o\.?)?|jahren?|j\.?|ans?|años?|a)(?![^\W\d_])"
AGE = re.compile(
    rf"(?P<from>\d{{1,3}})\s?(?:-|–|to|bis|à|a)\s?(?P<to>\d{{1,3}})\s?{_YEARS}"
    rf"|(?P<below><|≤|unter|under|bis|up to|hasta|jusqu['’]à|menores de|moins de)\s?(?P<under>\d{{1,3}})\s?{_YEARS}"
    rf"|(?P<above>>|≥|ab|über|over|from|desde|mayores de|plus de|dès)\s?(?P<over>\d{{1,3}})\s?{_YEARS}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedRange:
    """A reference range at its place; ``low``/``high`` are ``None`` where no bound is printed.

    ``prints`` are the bounds' digits as printed; ``sex`` and ``ages`` (from, below) say for whom it is printed.
    """

    start: int
    end: int
    text: str
    low: Decimal | None
    high: Decimal | None
    prints: tuple[str, str] = ("", "")
    sex: str = ""
    ages: tuple[int, int] | None = None

    @property
    def two_sided(self) -> bool:
        """Whether both bounds are printed."""
        return self.low is not None and self.high is not None


def ranges_in(text: str, start: int = 0, end: int | None = None) -> list[PrintedRange]:
    """Every reference range of a stretch of a line, in order."""
    found: list[PrintedRange] = []
    stop = len(text) if end is None else end
    at = start
    while (match := _RANGE.search(text, at, stop)) is not None:
        made = _made(match)
        if made is not None:
            found.append(made)
        # What is none as a whole may hold one further on: "19,2  bis 10,0".
        at = (
            match.end("low")
            if made is None and match["low"]
            else max(match.end(), at + 1)
            if made is None
            else made.end
        )
    return found


def resolved(found: PrintedRange, *, grouped: bool, mark: str) -> PrintedRange:
    """The range with the bounds that have two readings read as thousands or as decimals."""

    def read(text: str, value: Decimal | None) -> Decimal | None:
        if not text or len(readings(text)) != 2 or mark not in text:
            return value
        sign = -1 if text[:1] in "-−" else 1
        return sign * readings(text.lstrip("-−"))[1 if grouped else 0]

    return replace(found, low=read(found.prints[0], found.low), high=read(found.prints[1], found.high))


def labelled(text: str, found: Sequence[PrintedRange], start: int, end: int) -> list[PrintedRange]:
    """The ranges with sex and age from the words before each, or behind each where none stand before the first."""
    if not found:
        return []
    edges = [start, *(one.end for one in found)]
    before = [text[edges[index] : one.start] for index, one in enumerate(found)]
    behind = [*before[1:], text[found[-1].end : end]]
    words = before if _says(before[0]) or not any(map(_says, behind)) else behind
    if len(found) > 1 and not all(_says(each) for each in words) and all(_says(each) for each in behind):
        words = behind
    return [replace(one, sex=_sex(each), ages=_ages(each)) for one, each in zip(found, words, strict=True)]


def fitting(found: Sequence[PrintedRange], subject: Subject) -> tuple[PrintedRange | None, str]:
    """The range for this person, or none and why: what is printed by sex or age is not taken for anybody else."""
    if not found:
        return None, ""
    by_age = [one for one in found if one.ages is not None]
    if by_age:
        if subject.age_years is None:
            return None, "the printed ranges depend on age, which is not known"
        found = [one for one in found if one.ages is None or one.ages[0] <= subject.age_years < one.ages[1]]
        aged = [one for one in found if one.ages is not None]
        found = aged or [one for one in found if one.ages is None]
    by_sex = [one for one in found if one.sex]
    if by_sex:
        mine = [one for one in by_sex if one.sex == subject.sex]
        others = [one for one in found if not one.sex]
        if not mine and len({(one.low, one.high) for one in by_sex}) > 1 and subject.sex not in ("male", "female"):
            return None, "the printed ranges depend on sex, which is not known"
        found = mine or others or ([] if subject.sex in ("male", "female") else by_sex)
    if not found:
        return None, "no printed range is for this sex and age"
    return found[0], ""


def told_apart(found: Sequence[PrintedRange]) -> list[PrintedRange]:
    """The ranges with their sexes as one sheet means them: beside H for hombre or homme, M is mujer."""
    if any(one.sex == "h" for one in found):
        return [replace(one, sex={"h": "male", "m": "female"}.get(one.sex, one.sex)) for one in found]
    return [replace(one, sex="male" if one.sex == "m" else one.sex) for one in found]


def _says(words: str) -> bool:
    return bool(_sex(words) or _ages(words))


def _sex(words: str) -> str:
    if _FEMALE.search(words):
        return "" if _MALE.search(words) else "female"
    found = _MALE.search(words)
    if found is None:
        return ""
    return found[0].casefold() if found[0].casefold() in ("m", "h") else "male"


def _ages(words: str) -> tuple[int, int] | None:
    found = AGE.search(words)
    if found is None:
        return None
    if found["from"]:
        return int(found["from"]), int(found["to"]) + 1
    return (0, int(found["under"])) if found["under"] else (int(found["over"]), 200)


def _made(found: re.Match[str]) -> PrintedRange | None:
    start, end = found.span()
    pair = _pair(found)
    if pair is not None:
        low, high = (_bound(text) if text else None for text in pair)
        if low is not None and high is not None and low > high:
            return None
        return PrintedRange(start, end, found.string[start:end].strip(), low, high, pair)
    if found["low"] is not None:
        first, last = _cut(found["low"], found["high"])
        start += (found.start("low") - start) + len(found["low"]) - len(first) if first != found["low"] else 0
        end = found.start("high") + len(last) if last != found["high"] else end
        low, high = _bound(first), _bound(last)
        if low is None or high is None or (low > high and not any(len(readings(each)) == 2 for each in (first, last))):
            return None
        prints = (first, last)
    else:
        limit = _bound(found["limit"])
        if limit is None:
            return None
        low, high = (None, limit) if found["most"] else (limit, None)
        prints = ("", found["limit"]) if found["most"] else (found["limit"], "")
    return PrintedRange(start, end, found.string[start:end].strip(), low, high, prints)


def _pair(found: re.Match[str]) -> tuple[str, str] | None:
    """The bounds that have signs or words of their own, or stand alone in brackets; ``None`` for other ranges."""
    for low, high in (("over", "under"), ("lower", "upper"), ("least_of", "most_of")):
        if found[low] is not None:
            return found[low], found[high]
    if found["only_high"] is not None or found["only_low"] is not None:
        return found["only_low"] or "", found["only_high"] or ""
    return None


def _cut(low: str, high: str) -> tuple[str, str]:
    """The bounds without a number beside them that a blank seems to join: in ``135-145 128`` and ``188 150 - 400``."""
    if _BLANK.search(low) and not _BLANK.search(high):
        parts = _BLANK.split(low)
        low = parts[1] if len(parts) == 2 else low
    elif _BLANK.search(high) and not _BLANK.search(low):
        head = _BLANK.split(high)[0]
        first, bound = _bound(head), _bound(low)
        high = head if first is not None and bound is not None and first > bound else high
    return low, high


def _bound(text: str, *, grouped: bool = False) -> Decimal | None:
    bare = text.lstrip("-−")
    if not bare:
        return None
    value = (thousands(bare) if grouped else None) or next(iter(readings(bare)), None)
    return -value if value is not None and text[:1] in "-−" else value
