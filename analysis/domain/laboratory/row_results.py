"""A row that was read made into a result: its specimen, unit, analyte, number, range and days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.domain.doubts import both_readings
from analysis.domain.laboratory.cells import Sort, Token
from analysis.domain.laboratory.days import Day
from analysis.domain.laboratory.drafts import Draft
from analysis.domain.laboratory.notes import HAEMOLYSIS, haemolysed, named_in
from analysis.domain.laboratory.numbers import Printed
from analysis.domain.laboratory.ranges import PrintedRange, fitting, labelled, told_apart
from analysis.domain.laboratory.result_words import invalid_in
from analysis.domain.laboratory.results import Earlier, Result, chosen, settled
from analysis.domain.laboratory.specimens import column_specimen
from analysis.domain.laboratory.tokens import tokens_of
from analysis.domain.laboratory.units import ucums_of
from analysis.domain.spans import SourcePage
from analysis.domain.subject import Subject


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """How a page writes: its decimal sign, its order of days, and its latest day, for those without a year."""

    sign: str = ""
    months: bool | None = None
    latest: tuple[int, int, int] = (0, 0, 0)


def result_of(habits: Habits, draft: Draft, specimen: str, who: Subject) -> Result:
    value = draft.value
    assert value is not None
    specimen = draft.name.specimen or column_specimen(draft.specimen_words) or specimen
    unit, ucums = _unit(draft, value)
    text = draft.row.text
    own = [token.reference for token in draft.ranges if token.reference is not None]
    ranges = labelled(text, own, draft.range_start, max(draft.range_end, max((one.end for one in own), default=0)))
    ranges += _two_cells(draft)
    for row, start, end in draft.more:
        ranges += labelled(
            row.text, [t.reference for t in tokens_of(row, start) if t.reference is not None], start, end
        )
    ranges = told_apart(ranges)
    which = chosen(draft.name, specimen, ucums, [one for one in ranges if not one.ages], unit)
    printed = value.printed or Printed(value.start, value.end, value.text, "", None)
    both = settled(printed, ranges, which.analyte, which.ucum, habits.sign)
    reference, unfit = fitting(both.ranges, who)
    start, end = draft.start, max(draft.end, value.end)
    span, *places = draft.row.line.places(start, len(text[:end].rstrip()))
    return Result(
        analyte=which.analyte,
        name=draft.name.printed,
        printed_name=draft.name.printed,
        value=both.value,
        unit=unit,
        ucum=which.ucum,
        reference=reference,
        flag=_flag(draft.flags),
        span=span,
        places=tuple(places),
        specimen=specimen,
        day=iso_of(draft.day, habits),
        history=tuple(_earlier(token, day, habits) for token, day in draft.history),
        note=draft.note or (value.text if value.sort is Sort.TEXT and invalid_in(value.text) else ""),
        valid=not draft.note and not (value.sort is Sort.TEXT and invalid_in(value.text)),
        doubt=draft.doubt or both.doubt,
        unproven=draft.unproven,
        mismatch=which.doubt,
        unfit=unfit,
        reference_words=draft.reference_words if not reference else "",
    )


def _two_cells(draft: Draft) -> list[PrintedRange]:
    """The range whose bounds stand in columns of their own."""
    bounds = [token for token in draft.ranges if token.reference is None and token.printed is not None]
    if not bounds:
        return []
    low = bounds[0].printed
    high = bounds[-1].printed if len(bounds) > 1 else None
    assert low is not None
    start, end = bounds[0].start, bounds[-1].end
    text = draft.row.text[start:end]
    if draft.only_high:
        return [PrintedRange(start, end, text, None, low.value, ("", low.digits))]
    prints = (low.digits, high.digits if high else "")
    return [PrintedRange(start, end, text, low.value, high.value if high else None, prints)]


def iso_of(day: Day | None, habits: Habits) -> str:
    """The ISO day; one without a year is of the latest year that the page prints."""
    if day is None:
        return ""
    return dated(day, habits).iso(month_first=habits.months)


def dated(day: Day, habits: Habits) -> Day:
    """A day without a year with the last year in which it is not later than the sheet."""
    latest = habits.latest
    if day.year or not latest[0]:
        return day
    whole = replace(day, year=latest[0])
    return replace(day, year=latest[0] - 1) if whole.key(month_first=bool(habits.months)) > latest else whole


def _earlier(token: Token, day: Day | None, habits: Habits) -> Earlier:
    when = (iso_of(day, habits) or day.text) if day else ""
    if token.printed is None:
        return Earlier(value=token.text, day=when)
    return Earlier(value=token.printed.text, day=when, number=token.printed.number)


def _unit(draft: Draft, value: Token) -> tuple[str, tuple[str, ...]]:
    """The unit of the value: behind it, before it, in brackets in the name, or as words of the column of units."""
    behind = [token for token in draft.units if token.start >= value.end]
    before = [token for token in draft.units if token.end <= value.start]
    for token in (*behind[:1], *before[-1:]):
        return token.text.strip("()[] "), token.ucums
    if draft.column_unit and not (behind or before):
        return draft.column_unit, ucums_of(draft.column_unit)
    if draft.name.unit:
        return draft.name.unit, ucums_of(draft.name.unit)
    if draft.unit_words:
        return draft.unit_words.strip("()[] "), ucums_of(draft.unit_words)
    return _unknown_unit(draft, value)


def _unknown_unit(draft: Draft, value: Token) -> tuple[str, tuple[str, ...]]:
    """A word with a stroke right behind the value is a unit that we do not know."""
    rest = draft.row.text[value.end :].split(maxsplit=1)
    word = rest[0].strip("()[],;") if rest else ""
    known = "/" in word and not word[0].isdigit() and any(sign.isalpha() for sign in word)
    return (word, ()) if known else ("", ())


def _flag(sides: Sequence[str]) -> str:
    found = [side for side in sides if side]
    sided = [side for side in found if side in ("H", "L")]
    return (sided or found or [""])[0]


def remarked(results: list[Result], remarks: Sequence[tuple[int, str]], page: SourcePage) -> list[Result]:
    """The results with what the laboratory remarks of them, and with the second readings of their places."""
    for start, remark in remarks:
        names = named_in(remark)
        for index in _meant(results, start, remark, names):
            results[index] = replace(results[index], note=remark, valid=False)
    return [_doubted(one, page) for one in results]


def _meant(results: Sequence[Result], start: int, remark: str, names: frozenset[str]) -> Iterator[int]:
    above = [index for index, one in enumerate(results) if one.span.start < start]
    if names:
        same = [
            index
            for index, one in enumerate(results)
            if one.analyte and ({one.analyte.loinc, one.analyte.name} & names)
        ]
        if same:
            yield from same
            return
    if above:
        last = above[-1]
        yield last
        if haemolysed(remark):
            touched = (
                n for n in above if n != last and (a := results[n].analyte) is not None and a.loinc in HAEMOLYSIS
            )
            yield from (index for index in touched if start - results[last].span.end > 200)


def _doubted(result: Result, page: SourcePage) -> Result:
    doubt = both_readings(page, result.span.start, result.span.end)
    return replace(result, doubt=doubt) if doubt else result
