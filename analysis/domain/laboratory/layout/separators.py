"""Text of a table whose cells stand between separators, as a spreadsheet writes it: ``"Na";"140";"mmol/L"``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from analysis.domain.laboratory.cells import Row, Run
from analysis.domain.laboratory.days import days_in
from analysis.domain.spans import TextLine

#: So many cells a line has at least, and so many lines the table, which are most of those with a separator.
_CELLS, _LINES = 4, 3
_MAX_CELLS = 60
_WIDE = 0.8
_SEPARATORS = ";\t,"
_CELL = {
    separator: re.compile(rf' *+(?:"(?P<quoted>[^"]*+)" *+|(?P<plain>[^{separator}"]*+))(?:{separator}|$)')
    for separator in _SEPARATORS
}
_BLANK = {separator: str.maketrans({separator: "\t", '"': " "}) for separator in _SEPARATORS}
_SPACED = re.compile(r",\s")


def separated(rows: Sequence[Row]) -> list[Row]:
    """The rows, those of such a table with their cells, each in the place of its column, and without separators."""
    for separator in _SEPARATORS:
        found = [_cells(row.text, separator) if len(row.runs) == 1 or separator == "\t" else [] for row in rows]
        counts = Counter(len(cells) for cells in found if len(cells) >= _CELLS)
        if not counts:
            continue
        width, often = counts.most_common(1)[0]
        own = [row for row, cells in zip(rows, found, strict=True) if len(cells) == width]
        if often >= _LINES and often * 4 >= sum(counts.values()) * 3 and _headed(own, separator):
            return [
                _placed(row, separator, cells) if len(cells) == width else row
                for row, cells in zip(rows, found, strict=True)
            ]
    return list(rows)


def _headed(rows: Sequence[Row], separator: str) -> bool:
    """Whether the lines are those of a table: none of the cells of a first line holds a number; commas stand tight."""
    first = rows[0].text
    if any(sign.isdigit() for sign in first) and not days_in(first):
        return False
    return separator != "," or all('"' in row.text or not _SPACED.search(row.text) for row in rows)


def _cells(text: str, separator: str) -> list[tuple[int, int]]:
    if separator not in text:
        return []
    found: list[tuple[int, int]] = []
    at = 0
    end = len(text.rstrip(" \r"))
    while at <= end and len(found) < _MAX_CELLS:
        cell = _CELL[separator].match(text, at, end)
        if cell is None:
            return []
        which = "quoted" if cell["quoted"] is not None else "plain"
        found.append(cell.span(which))
        if cell.end() == end and text[end - 1] != separator:
            break
        at = cell.end()
        if at == end:
            found.append((end, end))
            break
    return found


def _placed(row: Row, separator: str, cells: Sequence[tuple[int, int]]) -> Row:
    """The row with its cells; its separators and quotes are white space, what stands inside of a cell stays."""
    blank, text, at, runs = _BLANK[separator], "", 0, []
    for index, (begin, stop) in enumerate(cells):
        text += row.text[at:begin].translate(blank) + row.text[begin:stop]
        at = stop
        words = row.text[begin:stop]
        start, end = begin + len(words) - len(words.lstrip()), begin + len(words.rstrip())
        if end > start:
            runs.append(Run(start, end, index / len(cells), (index + _WIDE) / len(cells)))
    text += row.text[at:].translate(blank)
    return replace(row, line=TextLine(row.line.page, row.line.start, text), runs=tuple(runs), placed=True)
