"""Whether a critical value is proven: its place in the row, its unit, its flag, and that people live with it.

What is not proven is kept with the reason, and is not critical: the reader looks at the document instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from analysis.domain.laboratory.cells import Sort, Token
from analysis.domain.laboratory.columns import VALUES, Column, Role
from analysis.domain.laboratory.drafts import Draft, Sheet
from analysis.domain.laboratory.flags import compare
from analysis.domain.laboratory.names import name_of
from analysis.domain.laboratory.results import Result

#: By LOINC, in the catalogue's unit: what has been measured in the living, widely taken. What lies outside is a slip of
#: unit, decimal mark, row or specimen far more often than a value.
_POSSIBLE: Final = {
    "718-7": ("1.5", "26"),
    "4544-3": ("5", "80"),
    "6690-2": ("0.05", "900"),
    "777-3": ("1", "3500"),
    "751-8": ("0", "200"),
    "2951-2": ("85", "210"),
    "2823-3": ("1.2", "12"),
    "2075-0": ("50", "160"),
    "1963-8": ("1", "60"),
    "2028-9": ("1", "60"),
    "3094-0": ("1", "350"),
    "2160-0": ("0.05", "45"),
    "2345-7": ("3", "2600"),
    "1558-6": ("3", "2600"),
    "17861-6": ("2", "25"),
    "19123-9": ("0.2", "20"),
    "2777-1": ("0.2", "30"),
    "3084-1": ("0.1", "50"),
    "2524-7": ("0.1", "40"),
    "6301-6": ("0.5", "30"),
    "5902-2": ("5", "300"),
    "14979-9": ("10", "400"),
    "3255-7": ("5", "2000"),
    "14334-7": ("0", "12"),
    "2744-1": ("6.5", "7.9"),
    "2019-8": ("5", "250"),
    "2703-7": ("5", "700"),
}
_VENOUS = re.compile(
    r"(?<!\w)(?:venous|venös\w{0,2}|venos[ao]s?|veineu(?:x|se)|capillary|kapill[aä]r\w{0,10}|capilar|capillaire)(?!\w)",
    re.IGNORECASE,
)
_ARTERIAL = re.compile(r"(?<!\w)(?:arterial|arteriell\w{0,2}|artériel\w{0,2})(?!\w)", re.IGNORECASE)
#: So far from the heading of its column, in widths of the page, a value may stand beside it.
_BESIDE: Final = 0.05
_MARKED: Final = 2
#: A table of these holds no number that could be taken for a result.
_PLAIN: Final = frozenset({Role.NAME, Role.VALUE, Role.UNIT, Role.RANGE, Role.FLAG})


def unproven(
    draft: Draft, tokens: Sequence[Token], columns: Sequence[Column], *, headed: bool, parted: bool, sheet: Sheet
) -> str:
    """Why the place of a row's value is not proven.

    ``headed``: it was found under the heading of a column; ``parted``: further values of the row are under other units.
    """
    value = draft.value
    if value is None:
        return ""
    if _other_name(draft, value):
        return "another test is named between the name and the value"
    if headed:
        return _under_heading(draft, [] if parted else tokens, columns, sheet)
    spare = [
        token
        for token in tokens
        if token.sort is Sort.NUMBER
        and token is not value
        and token not in draft.ranges
        and not any(token is earlier and day is not None for earlier, day in draft.history)
    ]
    if any(column.role in VALUES for column in columns):
        # Without places a row under plain headings is proven by its only number, with the unit behind it.
        plain = all(column.role in _PLAIN and not column.beside_unknown for column in columns)
        alone = plain and not spare and draft.units
        return "" if alone else "the value stands under no heading of results"
    return "another number stands in the row" if spare and not draft.units else ""


def _under_heading(draft: Draft, tokens: Sequence[Token], columns: Sequence[Column], sheet: Sheet) -> str:
    if draft.away > _BESIDE:
        return "the value stands beside its column"
    dated = [day for _, day in draft.history if day is not None]
    if draft.day is not None and dated and not sheet.days_sure and not any(one.role is Role.VALUE for one in columns):
        newest = [max((draft.day, *dated), key=lambda day: day.key(month_first=first)) for first in (False, True)]
        if newest[0] != newest[1]:
            return "the newest of the days is not sure"
    return "two numbers stand in the column of results" if _crowded(draft, tokens) else ""


def _crowded(draft: Draft, tokens: Sequence[Token]) -> bool:
    """Whether a further number, neither range nor earlier value nor the same in another unit, stands beside it."""
    value = draft.value
    others = [
        token
        for token in tokens
        if token.sort is Sort.NUMBER
        and token is not value
        and token not in draft.ranges
        and not any(token is earlier for earlier, _ in draft.history)
    ]
    return bool(others) and len(draft.units) < 2


def _other_name(draft: Draft, value: Token) -> bool:
    """Whether a cell between the name and the value names another test."""
    row = draft.row
    cells = [row.text[run.start : run.end].strip() for run in row.runs if draft.start < run.start < value.start]
    own = {analyte.loinc for analyte in draft.name.analytes}
    return any(
        found and not own & {analyte.loinc for analyte in found}
        for found in (name_of(cell).analytes for cell in cells if len(cell) > 1 and cell[0].isalpha())
    )


def contradicted(result: Result, normal: Decimal | None, side: str) -> str:
    """Why a value at a critical limit on a side is not believed: its flag, its row, or that nobody lives with it."""
    if result.unproven:
        return result.unproven
    if result.mismatch:
        return result.mismatch
    if result.flag == "N" or (result.flag in ("H", "L") and result.flag != side):
        return f"the printed flag {result.flag} does not fit the value"
    low, high = (
        Decimal(bound) for bound in _POSSIBLE.get(result.analyte.loinc if result.analyte else "", ("0", "1e9"))
    )
    if normal is not None and not low <= normal <= high:
        return "hardly anybody lives with such a value: unit, decimal mark, row or specimen may be another one"
    return ""


def of_another_vessel(result: Result, text: str) -> bool:
    """Whether a limit of arterial blood meets a value of a page that names venous or capillary blood only."""
    arterial = result.analyte is not None and "arterial" in result.analyte.name
    return arterial and _VENOUS.search(text) is not None and _ARTERIAL.search(text) is None


def marks_all_but(results: Sequence[Result], one: Result) -> bool:
    """Whether a page marks what lies outside its printed ranges, and this value alone is not marked."""
    outside = [
        result
        for result in results
        if result.reference is not None
        and result.value.value is not None
        and compare(result.value.value, result.value.comparator, result.reference) in ("H", "L")
    ]
    marked = sum(bool(result.flag) for result in outside)
    return one in outside and not one.flag and marked >= _MARKED and marked == len(outside) - 1
