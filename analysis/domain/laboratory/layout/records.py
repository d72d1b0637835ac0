"""Results whose parts stand on several lines: a name above or below its value, a unit or a range on its own line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.domain.laboratory.cells import Row, Run, Sort, Token, pieces_of
from analysis.domain.laboratory.columns import Piece, Role, columns_of, label_at
from analysis.domain.laboratory.layout.lines import Cut, made_of
from analysis.domain.laboratory.names import name_of
from analysis.domain.laboratory.notes import fault_in, is_comment
from analysis.domain.laboratory.row_names import name_end
from analysis.domain.laboratory.specimens import heading_specimen
from analysis.domain.laboratory.tokens import tokens_of

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_VALUES = (Sort.NUMBER, Sort.BOUND, Sort.TEXT)
_PARTS = (*_VALUES, Sort.RANGE, Sort.UNIT)
#: So many lines belong to a name, and so many signs a name has.
_LINES, _LONG = 5, 60
_MIN, _BESIDE = 2, 4


class _Kind(StrEnum):
    """What a line holds: a whole result, a name alone, parts of a result, words alone, or anything else."""

    WHOLE = "whole"
    NAME = "name"
    PART = "part"
    WORDS = "words"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with its kind and the sorts of what it holds behind its name."""

    row: Row
    kind: _Kind
    sorts: frozenset[Sort] = frozenset()

    @property
    def valued(self) -> bool:
        """Whether it holds a value that no label calls a range."""
        return bool(self.sorts & set(_VALUES))


def joined(rows: Sequence[Row], *, alone: bool = False) -> list[Row]:
    """The rows of a region with the parts of each result in one; ``alone``: even of one whose name is not known."""
    if not any(row.placed for row in rows):
        return list(rows)
    lines = [_line(row) for row in rows]
    found: list[Row] = []
    at = 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and lines[stop].kind in (_Kind.NAME, _Kind.PART, _Kind.WORDS):
            stop += 1
        found += _group(lines[at:stop], least=1 if alone else _MIN) if stop > at else []
        at = _whole(lines, stop, found) if stop < len(lines) else stop
    return found


def _whole(lines: Sequence[_Line], at: int, found: list[Row]) -> int:
    """Take a whole line, with the unit of a line right below it that holds nothing else."""
    line = lines[at]
    follows = lines[at + 1] if at + 1 < len(lines) else None
    if (
        (line.kind is _Kind.WHOLE or (line.valued and len(line.row.runs) > 1 and line.row.text[:1].isalpha()))
        and follows is not None
        and follows.kind is _Kind.PART
        and follows.sorts == {Sort.UNIT}
        and Sort.UNIT not in line.sorts
    ):
        found.append(_made([line, follows], keep=True))
        return at + 2
    found += _twofold(line) if line.kind is _Kind.WHOLE else [line.row]
    return at + 1


def _twofold(line: _Line) -> list[Row]:
    """A row that prints a share and a count of the same cells, as two: what stands behind each value is its own."""
    row = line.row
    if "%" not in row.text or not row.placed:
        return [row]
    stop, known = name_end(row, row.runs[0].start, len(row.text.rstrip()))
    tokens = tokens_of(row, stop) if known else []
    values = [token for token in tokens if token.sort in (Sort.NUMBER, Sort.BOUND)]
    units = [
        next(
            (unit for unit in tokens if unit.sort is Sort.UNIT and value.end <= unit.start < value.end + _BESIDE), None
        )
        for value in values
    ]
    pairs = [(value, unit) for value, unit in zip(values, units, strict=True) if unit is not None]
    if len(pairs) != _MIN or not all(unit is not None for unit in units[:_MIN]):
        return [row]
    shares = [unit.text.strip("()[] ") == "%" for _, unit in pairs]
    counts = [any(ucum.startswith(("10*", "/")) for ucum in unit.ucums) for _, unit in pairs]
    if sum(shares) != 1 or sum(counts) != 1:
        return [row]
    name = Cut(row, Run(row.runs[0].start, stop, row.x(row.runs[0].start), row.x(stop)))
    first, second = pairs[0][0].start, pairs[1][0].start
    made = []
    for begin, end in ((first, second), (second, len(row.text.rstrip()))):
        text = row.text[begin:end].rstrip(" =,;(")
        made.append(
            made_of([name, Cut(row, Run(begin, begin + len(text), row.x(begin), row.x(begin + len(text))))], row.memo)
        )
    return [replace(one, order=row.order, made=True) for one in made]


def _line(row: Row) -> _Line:
    if len(row.text) > 3 * _LONG or not row.runs or is_comment(row.text) or _heads(row):
        return _Line(row, _Kind.OTHER)
    label = label_at(row.text, row.runs[0].start)
    start, end = label[1] if label is not None else row.runs[0].start, len(row.text.rstrip())
    if label is not None and label[0] is Role.NAME:
        return _Line(row, _Kind.NAME if start < end else _Kind.OTHER)
    stop, known = (start, False) if label is not None else name_end(row, start, end)
    tokens = tokens_of(row, stop if known else start)
    sorts = frozenset(token.sort for token in tokens)
    if label is not None and label[0] is Role.RANGE:
        sorts = frozenset(Sort.RANGE if sort in _VALUES else sort for sort in sorts)
    plain = all(token.sort is not Sort.WORD or _idle(token) for token in tokens)
    if known:
        if sorts & {Sort.NUMBER, Sort.BOUND, Sort.TEXT, Sort.RANGE}:
            return _Line(row, _Kind.WHOLE, sorts)
        return _Line(row, _Kind.NAME if plain or len(row.runs) == 1 else _Kind.OTHER, sorts)
    if plain and sorts & {*_PARTS, Sort.FLAG} and not sorts & {Sort.DAY, Sort.TIME}:
        return _Line(row, _Kind.PART, sorts)
    words = len(row.runs) == 1 and not _DIGIT.search(row.text) and len(row.text.strip()) <= _LONG
    return _Line(row, _Kind.WORDS if words and label is None and not fault_in(row.text) else _Kind.OTHER, sorts)


def _heads(row: Row) -> bool:
    """Whether a line heads a table."""
    return bool(columns_of([Piece(*piece) for piece in pieces_of(row)]))


def _idle(token: Token) -> bool:
    """Whether a word says nothing of its own: a sign, a label of a value."""
    return not _LETTER.search(token.text) or label_at(f"{token.text}:", 0) is not None


def _group(lines: Sequence[_Line], *, least: int) -> list[Row]:
    """Neighbouring lines that are no whole results: names with their parts, above or below."""
    names = [n for n, line in enumerate(lines) if line.kind is _Kind.NAME]
    parts = [n for n, line in enumerate(lines) if line.kind is _Kind.PART and line.valued]
    if not parts or not (names or len(parts) >= least):
        return [line.row for line in lines]
    values_below = _names_above_values(lines, names)
    if values_below is None:
        return [replace(line.row, unclear=True) for line in lines]
    return _names_above(lines) if values_below else _names_below(lines)


def _names_above_values(lines: Sequence[_Line], names: Sequence[int]) -> bool | None:
    """Whether values stand below their names: by the units that fit, else by what begins and ends; else not known."""
    below = sum(_fits(lines[n], _parts(lines, n, 1)) for n in names)
    above = sum(_fits(lines[n], _parts(lines, n, -1)) for n in names)
    if below != above:
        return below > above
    if lines[0].kind is not _Kind.PART:
        return True
    ends = bool(names) and not any(line.valued for line in _parts(lines, names[-1], 1))
    return False if ends else None


def _parts(lines: Sequence[_Line], name: int, step: int) -> list[_Line]:
    """The parts right behind a name, or right before it."""
    found: list[_Line] = []
    at = name + step
    while 0 <= at < len(lines) and lines[at].kind is _Kind.PART and len(found) < _LINES:
        found.append(lines[at])
        at += step
    return found


def _fits(name: _Line, parts: Sequence[_Line]) -> int:
    """1 where the units of the parts are those of the name's analytes, -1 where they are others', 0 if not known."""
    run = name.row.runs[0]
    text = name.row.text[run.start : run.end]
    label = label_at(text, 0)
    analytes = name_of(text[label[1] :] if label is not None else text).analytes
    ucums = [ucum for part in parts for token in tokens_of(part.row) if token.sort is Sort.UNIT for ucum in token.ucums]
    if not analytes or not ucums:
        return 0
    return 1 if any(one.takes(ucum) for one in analytes for ucum in ucums) else -1


def _names_above(lines: Sequence[_Line]) -> list[Row]:
    """Each name with the parts that follow it; words right above a value are a name that is not known."""
    found: list[Row] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        stop = at + 1
        while stop < len(lines) and lines[stop].kind is _Kind.PART and stop - at <= _LINES:
            stop += 1
        own = lines[at + 1 : stop]
        known = line.kind is _Kind.NAME or (line.kind is _Kind.WORDS and _measured(own) and not _section(line))
        if known and any(one.valued for one in own):
            found.append(_made([line, *own]))
        else:
            found += [one.row for one in lines[at:stop]]
        at = stop
    return found


def _names_below(lines: Sequence[_Line]) -> list[Row]:
    """Each name with the parts above it: as many lines as stand above the first one; what follows them is its own."""
    names = [n for n, line in enumerate(lines) if line.kind is _Kind.NAME]
    first = names[0] if names else 0
    lead = 0
    while first - lead > 0 and lines[first - lead - 1].kind is _Kind.PART:
        lead += 1
    found: list[Row] = []
    taken = 0
    for index, name in enumerate(names):
        begin = max(name - lead, taken)
        follow = names[index + 1] - lead if index + 1 < len(names) else len(lines)
        end = name + 1
        while end < follow and lines[end].kind is _Kind.PART and end - name <= _LINES and not lines[end].valued:
            end += 1
        above, own = lines[begin:name], lines[name + 1 : end]
        found += [one.row for one in lines[taken:begin]]
        if all(one.kind is _Kind.PART for one in above) and any(one.valued for one in above):
            found.append(_made([lines[name], *above, *own]))
        else:
            found += [one.row for one in lines[begin:end]]
        taken = end
    return found + [one.row for one in lines[taken:]]


def _measured(lines: Sequence[_Line]) -> bool:
    """Whether a value with its unit or its range stands first."""
    return bool(lines) and lines[0].valued and any(line.sorts & {Sort.UNIT, Sort.RANGE} for line in lines)


def _section(line: _Line) -> bool:
    return bool(heading_specimen(line.row.text)) and line.row.text.strip().isupper()


def _made(lines: Sequence[_Line], *, keep: bool = False) -> Row:
    """One row of several lines: the name, then what holds the value, then the rest, without the words of labels."""
    head, *others = lines
    valued = [line for line in others if line.valued]
    order = [*valued[:1], *(line for line in others if not valued or line is not valued[0])]
    cuts = [Cut(head.row, run) for run in _bare(head.row)]
    for line in order:
        cuts += [Cut(line.row, run) for run in _bare(line.row)]
    row = made_of(cuts, head.row.memo)
    return replace(row, order=head.row.order, made=not keep)


def _bare(row: Row) -> list[Run]:
    """The cells of a line without the labels in front of them."""
    found = []
    for run in row.runs:
        label = label_at(row.text[: run.end], run.start)
        start = label[1] if label is not None else run.start
        if start < run.end:
            found.append(Run(start, run.end, row.x(start), run.x1))
    return found
