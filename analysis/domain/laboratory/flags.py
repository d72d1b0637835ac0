"""Comparing a value with a range. Nothing is guessed: what cannot be decided says why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from analysis.domain.laboratory.catalogue import Analyte, Limits
from analysis.domain.laboratory.ranges import PrintedRange
from analysis.domain.laboratory.results import Result
from analysis.domain.subject import Subject

Flag = Literal["H", "L", "N", "*"]
_TITRE = re.compile(r"[<>≤≥]?\s?1\s?[:/]\s?(?P<titre>\d+)")
_NEGATIVE = re.compile(
    r"(?:non|not|nicht|no)\W?(?:reac|reak|réac|det|nach|dét)|neg|nég|absen|ausente|abwesend|nil|normal", re.IGNORECASE
)
_POSITIVE = re.compile(
    r"pos|reac|reak|réac|detec|dét|nachweisbar|\+|spuren|trace|trazas|présen|present|indicios", re.IGNORECASE
)
ADULT = 18


@dataclass(frozen=True, slots=True)
class Judged:
    """A recomputed flag and what it rests on (``printed``, ``catalogue``), or no flag and the reason."""

    flag: Flag | None
    basis: str
    reason: str = ""


def compare(value: Decimal, comparator: str, limits: Limits | PrintedRange) -> Flag | None:
    """H, L or N; ``None`` when ``<`` or ``>`` leaves it open."""
    low, high = limits.low, limits.high
    if comparator.startswith("<"):
        if low is not None and value <= low:
            return "L"
        return "N" if low is None and high is not None and value <= high else None
    if comparator.startswith(">"):
        if high is not None and value >= high:
            return "H"
        return "N" if high is None and low is not None and value >= low else None
    if low is not None and value < low:
        return "L"
    return "H" if high is not None and value > high else "N"


def judge(result: Result, normal: Decimal | None, subject: Subject) -> Judged:
    """Recompute the flag from the printed range, else from the catalogue's adult range."""
    if result.value.value is None:
        return _by_words(result)
    if not result.valid:
        return Judged(None, "", "the laboratory says that the value is not valid")
    if result.doubt:
        return Judged(None, "", result.doubt)
    if result.reference is not None:
        flag = compare(result.value.value, result.value.comparator, result.reference)
        return Judged(flag, "printed", "" if flag else "the value is printed as a bound")
    if result.unfit:
        return Judged(None, "", result.unfit)
    if result.analyte is None:
        return Judged(None, "", "no range is printed, and the catalogue does not hold it")
    if normal is None:
        return Judged(None, "", "the unit is not known for this analyte")
    return _by_catalogue(result.analyte, normal, result.value.comparator, subject)


def panic(result: Result, normal: Decimal | None, subject: Subject) -> Flag | None:
    """L or H when a current, valid and undoubted value reaches a limit at which laboratories telephone; else ``None``.

    A value within the printed range is none: the laboratory knows specimen, method and age; the finding says so.
    """
    analyte = result.analyte
    if normal is None or analyte is None or not analyte.panic.known or not result.valid or result.doubt:
        return None
    if within(result) or _young(result, subject):
        return None
    return beyond(result, normal)


def beyond(result: Result, normal: Decimal | None) -> Flag | None:
    """L or H when the number reaches a limit for adults, whatever else is printed."""
    analyte = result.analyte
    if normal is None or analyte is None:
        return None
    low, high = analyte.panic.low, analyte.panic.high
    if low is not None and normal <= low and not result.value.comparator.startswith(">"):
        return "L"
    return "H" if high is not None and normal >= high and not result.value.comparator.startswith("<") else None


def _young(result: Result, subject: Subject) -> bool:
    """Whether limits for adults say nothing: of a child without a printed range."""
    return subject.age_years is not None and subject.age_years < ADULT and result.reference is None


def within(result: Result) -> bool:
    """Whether the value lies within the printed range."""
    if result.reference is None or result.value.value is None:
        return False
    return compare(result.value.value, result.value.comparator, result.reference) == "N"


def _by_words(result: Result) -> Judged:
    """A result in words is normal when it is what the laboratory expects; a titre below the printed one too."""
    if not result.valid or result.note:
        return Judged(None, "", "the laboratory gives no valid value")
    expected, said = result.reference_words.casefold().strip("()[] "), result.value.text.casefold().strip("()[] ")
    if expected and said == expected:
        return Judged("N", "printed")
    titre, bound = _TITRE.fullmatch(said), _TITRE.search(expected)
    if titre and bound:
        below = said.startswith("<") or int(titre["titre"]) < int(bound["titre"])
        return Judged("N" if below else "H", "printed")
    if _NEGATIVE.match(expected) and not _NEGATIVE.match(said) and _POSITIVE.search(said):
        return Judged("*", "printed")
    return Judged(None, "", result.doubt or "the result is not a number")


def _by_catalogue(analyte: Analyte, normal: Decimal, comparator: str, subject: Subject) -> Judged:
    if subject.age_years is not None and subject.age_years < ADULT:
        return Judged(None, "", "no range is printed, and the catalogue holds adult ranges only")
    ranges = {"male": (analyte.male,), "female": (analyte.female,)}.get(
        subject.sex or "", (analyte.male, analyte.female)
    )
    if not any(limits.known for limits in ranges):
        return Judged(None, "", "no range is printed, and the catalogue holds none")
    flags = {compare(normal, comparator, limits) for limits in ranges}
    if len(flags) > 1:
        return Judged(None, "", "no range is printed, and the catalogue's depends on sex, which is not known")
    flag = flags.pop()
    return Judged(flag, "catalogue", "" if flag else "the value is printed as a bound")
