"""Comparing a value with a range. Nothing is guessed: what cannot be decided says why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from analysis.domain.laboratory.catalogue import Analyte, Limits
from analysis.domain.laboratory.numbers import PrintedRange
from analysis.domain.laboratory.parser import LabLine
from analysis.domain.subject import Subject

Flag = Literal["H", "L", "N"]
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


def judge(line: LabLine, normal: Decimal | None, subject: Subject) -> Judged:
    """Recompute the flag from the printed range, else from the catalogue's adult range."""
    if line.value.value is None:
        return Judged(None, "", "the number can be read in two ways")
    if line.reference is not None:
        flag = compare(line.value.value, line.value.comparator, line.reference)
        return Judged(flag, "printed", "" if flag else "the value is printed as a bound")
    if normal is None:
        return Judged(None, "", "the unit is not known for this analyte")
    return _by_catalogue(line.analyte, normal, line.value.comparator, subject)


def panic(line: LabLine, normal: Decimal | None) -> Flag | None:
    """L or H when the value reaches a limit at which laboratories telephone; else ``None``."""
    limits = line.analyte.panic
    if normal is None or not limits.known:
        return None
    low, high = limits.low, limits.high
    if low is not None and normal <= low and not line.value.comparator.startswith(">"):
        return "L"
    return "H" if high is not None and normal >= high and not line.value.comparator.startswith("<") else None


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
