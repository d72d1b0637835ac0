"""Rows of a form in which one of several printed answers is marked: the marked one is the result, the others nothing.

A row whose mark is missing, or that has two of them, is not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analysis.domain.laboratory.cells import Row, Run
from analysis.domain.laboratory.columns import Column, Role, label_at
from analysis.domain.laboratory.layout.lines import Cut, made_of

_OPEN = re.compile(r"(?:[☐□▢◻◯○❏❑]|\[\s?\]|\(\s\))\s*")
_MARKED = re.compile(r"(?:[☒☑✓✔✗✘■◼●◉⊠]|\[\s?[xX✓]\s?\]|\([xX]\))\s*")
_CROSS = re.compile(r"[xX✗✕]\s+(?=\S)")
_OPTIONS, _FORMS, _CROSSED = 2, 3, 2
_NEAR = 0.035
#: How far left of its heading a range may begin.
_BEFORE = 0.05


def choices(rows: Sequence[Row]) -> list[Row]:
    """The rows, each row of answers as its name, the marked answer and its range."""
    boxed = [_boxes(row) for row in rows]
    crossed = [_crosses(row) for row in rows]
    places = sorted({run.x0 for row, own in zip(rows, crossed, strict=True) if own for run in row.runs[1:]})
    form = sum(bool(own) for own in crossed) >= _CROSSED
    found: list[Row] = []
    range_x: float | None = None
    for row, own, crosses in zip(rows, boxed, crossed, strict=True):
        head = _range_head(row)
        range_x = head if head is not None else range_x
        if own:
            found.append(_chosen(row, own, [at for at in own if _MARKED.match(_text(row, at))], range_x))
        elif form and _offers(row, crosses, places, range_x):
            answers = [n for n in range(1, len(row.runs)) if range_x is None or row.runs[n].x0 < range_x - _BEFORE]
            found.append(_chosen(row, answers, crosses, range_x))
        else:
            found.append(row)
    return found


def _text(row: Row, at: int) -> str:
    return row.text[row.runs[at].start : row.runs[at].end]


def _boxes(row: Row) -> list[int]:
    """The cells that begin with a box, where there are several and a name stands before them."""
    if not row.placed:
        return []
    found = [n for n in range(len(row.runs)) if _OPEN.match(_text(row, n)) or _MARKED.match(_text(row, n))]
    return found if len(found) >= _OPTIONS and found[0] > 0 else []


def _crosses(row: Row) -> list[int]:
    """The cells behind the first that begin with a cross, in a row of several cells."""
    if not row.placed or len(row.runs) <= _OPTIONS:
        return []
    return [n for n in range(1, len(row.runs)) if _CROSS.match(_text(row, n))]


def _range_head(row: Row) -> float | None:
    """Where the ranges of a form begin: at the last cell of a heading that is a word for them."""
    if len(row.runs) < 2:
        return None
    label = label_at(f"{_text(row, len(row.runs) - 1)}:", 0)
    return row.runs[-1].x0 if label is not None and label[0] is Role.RANGE else None


def _offers(row: Row, crosses: Sequence[int], places: Sequence[float], range_x: float | None) -> bool:
    """Whether a row offers answers: it has a cross, or so many cells where the answers of crossed rows stand."""
    if crosses:
        return True
    if not row.placed:
        return False
    own = [run for run in row.runs[1:] if range_x is None or run.x0 < range_x - _BEFORE]
    return len(own) >= _FORMS and all(any(abs(run.x0 - x) < _NEAR for x in places) for run in own)


def _chosen(row: Row, answers: Sequence[int], marked: Sequence[int], range_x: float | None) -> Row:
    if len(marked) != 1:
        return replace(row, unclear=True)
    run = row.runs[marked[0]]
    text = _text(row, marked[0])
    sign = _MARKED.match(text) or _CROSS.match(text)
    start = run.start + (sign.end() if sign is not None else 0)
    if start >= run.end:
        return replace(row, unclear=True)
    name, value = row.runs[0], Run(start, run.end, run.x0, run.x1)
    behind = [
        row.runs[n]
        for n in range(answers[-1] + 1, len(row.runs))
        if range_x is None or row.runs[n].x0 >= range_x - _BEFORE
    ]
    made = made_of([Cut(row, name), Cut(row, value), *(Cut(row, one) for one in behind)], row.memo)
    columns = [Column(Role.NAME, name.x0, name.x1, ""), Column(Role.VALUE, value.x0, value.x1, "")]
    columns += [Column(Role.RANGE, behind[0].x0, behind[-1].x1, "")] if behind else []
    return replace(made, order=row.order, columns=tuple(columns))
