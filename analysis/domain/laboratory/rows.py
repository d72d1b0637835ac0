"""The rows of a line: one, or one for each table or each column of values that stands beside another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from analysis.domain.laboratory.cells import Row
from analysis.domain.laboratory.columns import Column
from analysis.domain.laboratory.drafts import Draft, Sheet
from analysis.domain.laboratory.evidence import unproven
from analysis.domain.laboratory.names import name_of
from analysis.domain.laboratory.row_names import lead_of, name_end, segments, unknown_end, whole_cell, with_rest
from analysis.domain.laboratory.row_values import fill
from analysis.domain.laboratory.tokens import tokens_of

_LETTER = re.compile(r"[^\W\d_]")
_LEADER = re.compile(r"(?:(?<!\s)\s++)?(?:(?:\.\s?){3,}|…+\s*|_{3,}\s*)")
_LEADERS = re.compile(r"(?:\.{2,80}+|[…_:\s]{1,80}+){1,6}+$")


def drafts_in(row: Row, columns: Sequence[Column], sheet: Sheet) -> list[Draft]:
    """The results of a line, in order: one, or one for each table or column of values beside another."""
    found = []
    for start, end, own in segments(row, columns, sheet.edges):
        for part in _by_unit(row, own):
            draft = _draft(row, start, end, part, own, sheet)
            if draft is not None:
                found.append(draft)
    return found


def _by_unit(row: Row, columns: Sequence[Column]) -> list[Sequence[Column]]:
    """The columns, or those of each value where several are headed by units: a share and a count of the same cells."""
    headed = [n for n, column in enumerate(columns) if column.unit]
    if len(headed) < 2 or not row.placed:
        return [columns]
    return [columns[index : headed[n + 1] if n + 1 < len(headed) else None] for n, index in enumerate(headed)]


def _draft(
    row: Row, start: int, end: int, columns: Sequence[Column], every: Sequence[Column], sheet: Sheet
) -> Draft | None:
    lead, start = lead_of(row, start, end, columns)
    stop, known = name_end(row, start, end)
    whole = whole_cell(row, start, end, stop if known else start, columns)
    if whole:
        stop, known = whole, True
    tokens = [
        token for token in tokens_of(row, stop if known else start, end) if token.end <= end and token.start >= start
    ]
    if not known:
        stop = unknown_end(row, start, end, tokens, columns)
        tokens = [token for token in tokens_of(row, stop, end) if token.end <= end] if stop > start else []
    else:
        stop = with_rest(row, stop, tokens)
        tokens = [token for token in tokens if token.start >= stop]
    printed = row.text[start:stop].strip()
    leader = _LEADER.search(printed)
    tail = printed[leader.end() :] if leader else ""
    printed = _LEADERS.sub("", printed[: leader.start()] if leader else printed)
    if len(_LETTER.findall(printed)) < (1 if known else 2):
        return None
    name = name_of(printed)
    if name.unit:
        name = replace(name, printed=name.bare)
    draft = Draft(row, name, start, stop, known=bool(name.analytes), in_table=bool(columns) or row.made)
    draft.specimen_words = tail
    draft.column_unit = next((column.unit for column in columns if column.unit), "")
    if lead:
        draft.flags.append(lead)
    headed = fill(draft, tokens, columns, every, sheet)
    draft.unproven = unproven(draft, tokens, every, headed=headed, parted=len(columns) < len(every), sheet=sheet)
    return draft if draft.value is not None else None


def item_draft(row: Row, start: int, end: int, sheet: Sheet) -> Draft | None:
    """A result of a list in running text: ``Name: value unit (range)``."""
    return _draft(row, start, end, (), (), sheet)
