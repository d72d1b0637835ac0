"""A result as it was read: which analyte it is by specimen and unit, and what its digits mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from analysis.domain.laboratory.catalogue import Analyte
from analysis.domain.laboratory.names import Name
from analysis.domain.laboratory.numbers import Printed, mark_of, readings
from analysis.domain.laboratory.ranges import PrintedRange, resolved
from analysis.domain.laboratory.specimens import URINE
from analysis.domain.spans import Span

#: A printed range this many times above or below the usual one is of another specimen or property.
_MISFIT = 8
_MISFIT_BOUND = 25
_MISFIT_NARROW = 1.6
#: Units of what is collected, or compared with the creatinine of the same urine.
_OF_URINE = ("/(24.h)", "mg/g", "mg/mmol")
#: In powers of ten: how near a reading of a number comes to its range, and how much farther the other one must be.
_NEAR, _APART, _IMPOSSIBLE = 0.7, 1.0, 9.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """A previous value of a row, with its day (ISO or as printed); ``number`` is empty where it is none for certain."""

    value: str
    day: str
    number: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One printed result. ``analyte`` is ``None`` where the catalogue has none of that specimen, property or name.

    ``flag`` is H, L, N, A, ``*`` (abnormal, side not said) or empty; ``doubt`` says why the value is not sure,
    ``unproven`` why its place is not proven enough for an alarm, ``note`` what the laboratory
    says of it, ``unfit`` why no printed range is for this person.
    """

    analyte: Analyte | None
    name: str
    printed_name: str
    value: Printed
    unit: str
    ucum: str | None
    reference: PrintedRange | None
    flag: str
    span: Span
    specimen: str = ""
    day: str = ""
    history: tuple[Earlier, ...] = ()
    note: str = ""
    valid: bool = True
    doubt: str = ""
    unproven: str = ""
    mismatch: str = ""
    unfit: str = ""
    reference_words: str = ""
    places: tuple[Span, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Chosen:
    """An analyte of a name's, and the UCUM unit that the print means for it."""

    analyte: Analyte | None
    ucum: str | None
    doubt: str = ""


def chosen(name: Name, specimen: str, ucums: Sequence[str], references: Sequence[PrintedRange], unit: str) -> Chosen:
    """The analyte that a name means in a specimen with a unit; none rather than another property's."""
    own = [one for one in name.analytes if one.specimen == ("" if specimen in ("", "blood") else specimen)]
    if not own and name.analytes and specimen in ("", "blood") and not name.specimen:
        own = [one for one in name.analytes if len({each.specimen for each in name.analytes}) == 1]
    if not ucums:
        return Chosen(_without_unit(own, name, unit), None)
    if specimen == "" and any(ucum.endswith(_OF_URINE) for ucum in ucums):
        own = [one for one in name.analytes if one.specimen == URINE]
    fits = [(one, ucum) for one in own for ucum in ucums if one.takes(ucum)]
    if not fits:
        return Chosen(None, ucums[0])
    likely = [pair for pair in fits if not misfits(*pair, references)]
    if not likely:
        return Chosen(None, fits[0][1], f"the printed range is not that of {fits[0][0].name}")
    others = [one for one, _ in likely if one is not likely[0][0]]
    if others:
        return Chosen(None, likely[0][1], f"the name can mean {likely[0][0].name} and {others[0].name}")
    return Chosen(*likely[0])


def _without_unit(own: Sequence[Analyte], name: Name, unit: str) -> Analyte | None:
    if name.share is not None:
        own = [one for one in own if (one.unit == "%") is name.share]
    plain = [one for one in own if one.dimensionless]
    if plain and not unit:
        return plain[0]
    return own[0] if len(own) == 1 else None


def misfits(analyte: Analyte, ucum: str, references: Sequence[PrintedRange]) -> bool:
    """Whether a printed range lies so far from the analyte's usual one that it must be of something else."""
    usual, factor = _usual(analyte), analyte.factor(ucum)
    if usual is None or factor is None:
        return False
    for reference in references:
        if reference.two_sided:
            size, bound = _middle(reference.low, reference.high), _apart(analyte)
        elif reference.high is not None and analyte.male.high is not None:
            size, bound = _size(reference.high), _MISFIT_BOUND
        else:
            continue
        if any(len(readings(text.lstrip("-−"))) == 2 for text in reference.prints if text):
            continue
        if size and not 1 / bound < float(size * factor) / usual < bound:
            return True
    return False


def _apart(analyte: Analyte) -> float:
    """How far a printed range may lie from the usual one: little where that is narrow, as for sodium and calcium."""
    low, high = analyte.male.low, analyte.male.high
    if low is None or high is None or low <= 0:
        return _MISFIT
    return min(max(float(high / low) ** 2, _MISFIT_NARROW), _MISFIT)


def _usual(analyte: Analyte) -> float | None:
    for limits in (analyte.male, analyte.female, analyte.panic):
        if limits.low is not None and limits.high is not None:
            return float(_middle(limits.low, limits.high))
    return float(analyte.male.high) / 2 if analyte.male.high else None


def _middle(low: Decimal | None, high: Decimal | None) -> Decimal:
    """The middle of a range as sizes are compared: half its upper bound where the lower one is nothing."""
    low, high = low or Decimal(0), high or Decimal(0)
    return (low * high).sqrt() if low > 0 and high > 0 else abs(high) / 2


def _size(value: Decimal) -> Decimal:
    return abs(value) / 2


@dataclass(frozen=True, slots=True)
class Settled:
    """The value and the ranges in one reading of their marks; ``doubt`` where two readings remain."""

    value: Printed
    ranges: tuple[PrintedRange, ...]
    doubt: str = ""


def settled(
    value: Printed, ranges: Sequence[PrintedRange], analyte: Analyte | None, ucum: str | None, sign: str
) -> Settled:
    """What digits with a mark between threes mean, by the unit, the printed range, the usual range and the page."""
    prints = [value.digits, *(text.lstrip("-−") for one in ranges for text in one.prints if text)]
    unclear = [text for text in prints if len(readings(text)) == 2]
    if not unclear:
        return Settled(value, tuple(ranges))
    mark = mark_of(unclear[0])
    clear = next((text for text in prints if mark in text and len(readings(text)) == 1 and text.count(mark) == 1), "")
    grouped = _grouped(value, ranges, analyte, ucum, sign, mark, clear)
    both = tuple(resolved(one, grouped=bool(grouped), mark=mark) for one in ranges)
    if grouped is None:
        found = Settled(value, both, f"{value.digits} can be read in two ways")
        return (
            found
            if len(readings(value.digits)) == 2
            else replace(found, doubt="the printed range can be read in two ways")
        )
    if len(readings(value.digits)) == 2:
        number = readings(value.digits)[1 if grouped else 0]
        value = replace(value, value=-number if value.negative else number)
    return Settled(value, both)


def _grouped(
    value: Printed,
    ranges: Sequence[PrintedRange],
    analyte: Analyte | None,
    ucum: str | None,
    sign: str,
    mark: str,
    clear: str,
) -> bool | None:
    """Whether the mark groups thousands; ``None`` where nothing decides."""
    if ucum == "/uL":
        return True
    if clear or (analyte is not None and analyte.dimensionless):
        return False
    near = {grouped: _distance(value, ranges, analyte, ucum, mark, grouped=grouped) for grouped in (False, True)}
    by_page = None if not sign else sign != mark
    left, right = near[False], near[True]
    if left is None or right is None:
        return by_page
    better = right < left
    certain = min(left, right) <= _NEAR and abs(left - right) >= _APART
    if by_page is None:
        return better if certain else None
    if certain and better is not by_page:
        return None
    return by_page


def _distance(
    value: Printed,
    ranges: Sequence[PrintedRange],
    analyte: Analyte | None,
    ucum: str | None,
    mark: str,
    *,
    grouped: bool,
) -> float | None:
    """How far, in powers of ten, the reading lies from what is printed or usual; ``None`` where nothing is known."""
    found = readings(value.digits)
    number = found[1 if grouped else 0] if len(found) == 2 else (found[0] if found else None)
    read = [resolved(one, grouped=grouped, mark=mark) for one in ranges]
    middles = [
        _middle(one.low, one.high) if one.two_sided else _size(one.high or one.low or Decimal(0)) for one in read
    ]
    if any(one.low is not None and one.high is not None and one.low > one.high for one in read):
        return _IMPOSSIBLE
    usual = _usual(analyte) if analyte is not None else None
    factor = analyte.factor(ucum) if analyte is not None and ucum else None
    if usual is not None and factor:
        compared = [float(each * factor) for each in (*middles, *([number] if number else []))]
        return max((abs(math.log10(each / usual)) for each in compared if each > 0), default=None)
    if number and middles and middles[0] > 0:
        return abs(math.log10(float(number) / float(middles[0])))
    return None
