"""Lines that look like results of which none was read: they are told as not read, with their place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from analysis.domain.laboratory.cells import Row, Sort, Token
from analysis.domain.laboratory.names import name_of
from analysis.domain.laboratory.notes import is_comment
from analysis.domain.laboratory.prose import VITAL
from analysis.domain.laboratory.result_words import side_of
from analysis.domain.laboratory.row_names import begins, name_end
from analysis.domain.laboratory.tokens import tokens_of
from analysis.domain.spans import Span, span_of

_LETTER = re.compile(r"[^\W\d_]")
_VALUES = (Sort.NUMBER, Sort.BOUND)
#: A number that runs into the power of its unit, which is not read as a value.
_RUN_IN = re.compile(r"\d{3}(?:[*^]\d|[⁰¹²³⁴⁵⁶⁷⁸⁹])")
#: A row of a table is no longer than this, nor a name that stands above its value.
_MAX_ROW, _MAX_NAME, _CELLS, _ACROSS = 180, 70, 2, 3
#: A line of running text, and how many of its values are looked at, each behind so many words of a name.
_MAX_TEXT, _MAX_TOLD, _WORDS = 300, 20, 4
#: So near behind a value stands its unit.
_BESIDE = 4
#: A known name that may stand without a number has so many signs; a row of one result has so few words.
_SHORT, _FEW = 3, 8
#: So many lines away a result makes an unknown name with a value another one.
_LINES = 5


def remainders(rows: Sequence[Row], read: Sequence[Span]) -> Iterator[Span]:
    """The places of lines with a name and a value, or a value in a unit of measurement, that no result covers."""
    places = sorted((span.start, span.end) for span in read)
    for index, row in enumerate(rows):
        if _passed_over(row, places) or _empty(row, places):
            yield row.line.whole()
            continue
        if len(row.text) > _MAX_ROW or not row.runs or is_comment(row.text) or row.text.rstrip().endswith("."):
            continue
        values = [token for token in tokens_of(row) if token.sort in _VALUES]
        if (row.unclear and len(row.runs) > _CELLS) or (not values and (_valueless(row, places) or _runs_in(row))):
            yield row.line.whole()
            continue
        if (
            not values
            or VITAL.search(row.text)
            or any(_covered(places, row, token.start, token.end) for token in values)
        ):
            continue
        above = rows[index - 1] if index and rows[index - 1].order == row.order - 1 else None
        if _shaped(row, values, near=_near(rows, index, places)):
            yield row.line.whole()
        elif _named(row, values) or _dated(row, values) or (_measured(row, values) and not _again(rows, index, places)):
            yield _with_name(row, above, places)


def _runs_in(row: Row) -> bool:
    return bool(_RUN_IN.search(row.text)) and any(begins(row, run.start, run.end) for run in row.runs)


def _near(rows: Sequence[Row], index: int, places: Sequence[tuple[int, int]]) -> bool:
    """Whether a result was read a few lines before or behind."""
    beside = rows[max(index - _LINES, 0) : index + _LINES + 1]
    return any(_covered(places, row, run.start, run.end) for row in beside for run in row.runs)


def _passed_over(row: Row, places: Sequence[tuple[int, int]]) -> bool:
    """Whether a line of running text holds, beside what was read or not, a name with a value in a unit of its own."""
    if len(row.runs) > 1 or len(row.text) > _MAX_TEXT or VITAL.search(row.text) or is_comment(row.text):
        return False
    tokens = tokens_of(row)
    units = [token for token in tokens if token.sort is Sort.UNIT][:_MAX_TOLD]
    for value in [token for token in tokens if token.sort in _VALUES][:_MAX_TOLD]:
        unit = next((one for one in units if 0 <= one.start - value.end < _BESIDE), None)
        before = row.text[: value.start]
        # In brackets stand limits, and values of former days.
        if unit is None or before.count("(") > before.count(")") or _covered(places, row, value.start, value.end):
            continue
        words = before[-_MAX_NAME:].rstrip(" :=").split()
        if any(
            analyte.takes(ucum)
            for used in range(1, min(len(words), _WORDS) + 1)
            for analyte in name_of(" ".join(words[-used:])).analytes
            for ucum in unit.ucums
        ):
            return True
    return False


def _empty(row: Row, places: Sequence[tuple[int, int]]) -> bool:
    """Whether a row that was put together under columns of its own gave no result."""
    return bool(row.columns) and not any(_covered(places, row, run.start, run.end) for run in row.runs)


def _covered(places: Sequence[tuple[int, int]], row: Row, begin: int, end: int) -> bool:
    start = row.line.places(begin, end)[0].start
    at = bisect_right(places, (start, 10**9)) - 1
    return any(first <= start < last for first, last in places[max(at - 2, 0) : at + 1])


def _named(row: Row, values: Sequence[Token]) -> bool:
    """Whether a cell begins with a known name of some length and a value stands behind it with a unit or a range."""
    tokens = tokens_of(row)
    if not any(token.sort in (Sort.UNIT, Sort.RANGE) for token in tokens) and len(row.runs) < 2:
        return False
    for run in row.runs:
        stop, known = name_end(row, run.start, run.end)
        if known and stop - run.start > 1 and any(value.start >= stop for value in values):
            return begins(row, run.start, run.end)
    return False


def _valueless(row: Row, places: Sequence[tuple[int, int]]) -> bool:
    """Whether a known name stands in front of a unit, or of one word of a result, without any number."""
    if any(_covered(places, row, run.start, run.end) for run in row.runs):
        return False
    stop, known = name_end(row, row.runs[0].start, row.runs[0].end)
    if not known or stop - row.runs[0].start < _SHORT or not _LETTER.match(row.text, row.runs[0].start):
        return False
    behind = [token for token in tokens_of(row) if token.start >= stop]
    if len(behind) == 1 and row.text[behind[0].start : behind[0].end].isalpha():
        return bool(side_of(behind[0].text)) or behind[0].sort is not Sort.WORD
    return len(behind) <= _FEW and any(token.sort is Sort.UNIT and "/" in token.text for token in behind)


def _shaped(row: Row, values: Sequence[Token], *, near: bool) -> bool:
    """Whether a line is a name that nobody knows, a value in a unit of measurement, and a range or a result near it."""
    tokens = tokens_of(row)
    if len(row.runs) > 1 or not tokens or tokens[0].sort is not Sort.WORD or len(values) > 1 or len(tokens) > _FEW:
        return False
    unit = next((one for one in tokens if one.sort is Sort.UNIT and 0 <= one.start - values[0].end < _BESIDE), None)
    if unit is None or not ("/" in unit.text or "%" in unit.text):
        return False
    return near or any(token.sort is Sort.RANGE for token in tokens)


def _measured(row: Row, values: Sequence[Token]) -> bool:
    """Whether a line holds values in units of measurement, flags and no other words."""
    tokens = tokens_of(row)
    words = [token for token in tokens if token.sort is Sort.WORD and _LETTER.search(token.text)]
    units = [token for token in tokens if token.sort is Sort.UNIT and ("/" in token.text or "%" in token.text)]
    beside = any(0 <= unit.start - value.end < _BESIDE for unit in units for value in values[:_BESIDE])
    return beside and not any(not side_of(word.text) for word in words)


def _dated(row: Row, values: Sequence[Token]) -> bool:
    """Whether a line is a day and several values in cells of their own: one of a table with its tests across."""
    tokens = tokens_of(row)
    led = bool(tokens) and tokens[0].sort is Sort.DAY
    words = any(token.sort is Sort.WORD and _LETTER.search(token.text) for token in tokens)
    return led and not words and row.placed and len({token.run for token in values}) >= _ACROSS


def _again(rows: Sequence[Row], index: int, places: Sequence[tuple[int, int]]) -> bool:
    """Whether a line tells the value of the row right above it, which was read, in another unit."""
    own = {token.text for token in tokens_of(rows[index]) if token.sort is Sort.UNIT}
    for row in rows[max(index - 2, 0) : index]:
        tokens = tokens_of(row)
        units = {token.text for token in tokens if token.sort is Sort.UNIT}
        read = any(token.sort in _VALUES and _covered(places, row, token.start, token.end) for token in tokens)
        if read and units and not units & own:
            return True
    return False


def _with_name(row: Row, above: Row | None, places: Sequence[tuple[int, int]]) -> Span:
    """The place of the line, with the words of the line above where those are no result of their own."""
    whole = row.line.whole()
    if above is None or len(above.text) > _MAX_NAME or not _LETTER.search(row.text) or above.line.start > whole.start:
        return whole
    start = above.line.whole().start
    taken = any(begin < whole.start and start < end for begin, end in places[-200:])
    if taken or any(token.sort in _VALUES for token in tokens_of(above)):
        return whole
    return span_of(row.line.page, start, whole.end)
