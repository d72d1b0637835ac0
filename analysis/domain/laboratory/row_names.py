"""Where the names in a line begin and end: of one table, or of several that stand beside one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise

from analysis.domain.laboratory.cells import Row, Sort, Token
from analysis.domain.laboratory.columns import VALUES, Column, Role, label_at
from analysis.domain.laboratory.names import MAX_NAME, name_of
from analysis.domain.laboratory.result_words import side_of
from analysis.domain.laboratory.units import ucums_of

_WORD = re.compile(r"\S+")
_RESULT = re.compile(r"[^\W\d_]{3}|\+")
LINK = re.compile(r"[.:=…_\-–\s]*|(?:level|count|value|result|wert|valor|valeur)s?[.:=\s]*", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:\d{1,3}[.)]|[•·*†#>\-–]+|\[[ xX]?\])\s+(?=[^\W\d_])")
#: Flags that may stand in the cell of a name, in front of it.
_LEADS = frozenset({"HH", "LL", "H", "L", "++", "--", "+", "-", "↑", "↓", "↑↑", "↓↓", "▲", "▼", "!", "!!"})
_FEW = 3
_OFTEN = 4
_CLOSE = 0.012
_NAMELIKE = re.compile(r"[^\W\d_]|\d{1,2}(?:,\d\d)?-[^\W\d_]{2}")
_METHOD = re.compile(
    r"[A-Z]{2,6}|[\w-]{0,40}metr\w{0,40}|berechnet|calcul\w{0,40}|[\w-]{0,40}(?:assay|skop\w{0,40}|chrom\w{0,40})",
    re.IGNORECASE,
)
#: "N :" in front of a range is the word for normal values.
_NORMAL = re.compile(r"[Nn]\s{0,2}[:=]")
#: What a cell of a value begins with.
_VALUED = re.compile(r"(?:[*!↑↓▲▼+-]{1,3}\s*|[HL]{1,2}\s+)?[<>≤≥]?=?\s?[-−]?\d")
#: A number in the cell of a name that is none of its letters.
_HOLDS_VALUE = re.compile(r"(?:^|[\s.:=(\[<>≤≥])\d[\d.,'’]{0,12}(?![\w.,'’]|-\w)")
_ONLY_VALUE = re.compile(
    r"[:=.…_\s]{0,80}+(?:[*!↑↓▲▼+-]{1,3}\s*|[HL]{1,2}\s+)?[<>≤≥]?=?\s?[-−]?\d[\d.,'’]{0,24}(?=[\s%*+/↑↓]|$|"
    r"[HL]{1,2}\b|[^\W\d_]+/)"
)


def name_end(row: Row, start: int, end: int) -> tuple[int, bool]:
    """Where the name that begins at ``start`` ends, and whether the catalogue knows it."""
    words = list(islice(_WORD.finditer(row.text, start, end), 9))
    for used in range(len(words), 0, -1):
        stop = words[used - 1].end()
        if stop - start > MAX_NAME or (
            "  " in row.text[start:stop].strip() and used > 1 and row.run_at(start) != row.run_at(stop - 1)
        ):
            continue
        found = name_of(row.text[start:stop])
        if found.analytes:
            return stop, True
    return start, False


def segments(row: Row, columns: Sequence[Column], panels: Sequence[float]) -> list[tuple[int, int, list[Column]]]:
    """Stretches of a line with the columns of each: tables side by side begin at each column of names."""
    heads = [n for n, column in enumerate(columns) if column.role is Role.NAME]
    if len(heads) > 1 and row.placed:
        edges = [-1.0, *((columns[n - 1].x1 + columns[n].x0) / 2 if n else -1.0 for n in heads[1:]), 2.0]
        edges[1:-1] = [
            min(edge, columns[n].x0 - 0.001) if edge > columns[n].x0 else edge
            for edge, n in zip(edges[1:-1], heads[1:], strict=True)
        ]
        found = []
        for index, (left, right) in enumerate(pairwise(edges)):
            runs = [run for run in row.runs if left <= run.x0 < right]
            own = list(
                columns[0 if index == 0 else heads[index] : heads[index + 1] if index + 1 < len(heads) else None]
            )
            if runs:
                found.append((runs[0].start, runs[-1].end, own))
        return found
    starts = [
        run.start
        for run in row.runs[1:]
        if begins(row, run.start, run.end) or (not columns and _at_edge(row, run.start, run.x0, panels))
    ]
    first = row.runs[0].start if row.runs else 0
    edges_at = [first, *starts, len(row.text.rstrip())]
    return [(left, right, list(columns)) for left, right in pairwise(edges_at) if right > left]


def _at_edge(row: Row, start: int, x0: float, panels: Sequence[float]) -> bool:
    return any(abs(x0 - edge) < _CLOSE for edge in panels) and bool(_NAMELIKE.match(row.text, start))


def panel_edges(rows: Sequence[Row]) -> tuple[float, ...]:
    """Where the names of further tables begin across the page: words between numbers, again and again at one place."""
    seen: Counter[float] = Counter()
    for row in rows:
        if row.placed:
            seen.update(round(run.x0, 2) for index, run in enumerate(row.runs) if index and _between(row, index))
    return tuple(edge for edge, count in seen.items() if count + seen[round(edge + 0.01, 2)] >= _OFTEN)


def _between(row: Row, index: int) -> bool:
    """Whether a cell may be a name: words, with a number before it and another one behind."""
    run = row.runs[index]
    text = row.text[run.start : run.end].strip()
    if len(text) < 2 or not _NAMELIKE.match(text) or ucums_of(text) or side_of(text) or _METHOD.fullmatch(text):
        return False
    if _labels(text):
        return False
    before, behind = row.text[: run.start], row.text[run.start :]
    return any(sign.isdigit() for sign in before) and any(sign.isdigit() for sign in behind)


def _labels(text: str) -> bool:
    """Whether a cell begins with a word for the range that it holds."""
    label = label_at(text, 0)
    return bool(_NORMAL.match(text)) or (label is not None and label[0] is Role.RANGE)


def begins(row: Row, start: int, end: int) -> bool:
    """Whether a cell inside a line begins another result: it is a known name, or begins with one and a number."""
    text = row.text[start:end]
    if (
        not text[:1].isalnum()
        or _labels(text)
        or sum(sign.isalpha() for sign in text) < 1
        or len(text.strip()) < 2
        or ucums_of(text.strip())
        or side_of(text)
    ):
        return False
    stop, known = name_end(row, start, end)
    return (
        known
        and not ucums_of(row.text[start:stop].strip())
        and (stop == end or bool(re.match(r"\W*\d", row.text[stop:end])))
    )


def whole_cell(row: Row, start: int, end: int, known: int, columns: Sequence[Column]) -> int:
    """The end of the cell in which the name stands, where the value stands in another one; 0 where it does not."""
    if not row.placed or len(row.runs) < 2:
        return 0
    index = row.run_at(start)
    run = row.runs[index]
    if not columns and (
        index + 1 >= len(row.runs)
        or not _VALUED.match(row.text, row.runs[index + 1].start)
        or _HOLDS_VALUE.search(row.text, max(known, start), min(run.end, end))
    ):
        return 0
    stop = min(run.end, end)
    rest = row.text[max(known, start) : stop]
    if known > start and _ONLY_VALUE.match(rest):
        return 0
    value = next((column for column in columns if column.role in VALUES), None)
    if value is not None and run.x1 > value.x0 + 0.02 and _ONLY_VALUE.search(rest):
        return 0
    later = row.text[stop:end]
    return stop if re.search(r"\d", later) or _RESULT.search(later) else 0


def lead_of(row: Row, start: int, end: int, columns: Sequence[Column]) -> tuple[str, int]:
    """A flag or a number in front of the name, and where the name begins."""
    head = next((column for column in columns if column.role is Role.NAME), None)
    if head is not None and row.placed and len(row.runs) > 1:
        left = [column for column in columns if column.x1 < head.x0]
        if left:
            at = next((run for run in row.runs if start <= run.start < end and run.x1 > head.x0 - 0.01), None)
            if at is not None and at.start > start:
                return side_of(row.text[start : at.start].strip()), at.start
    numbered = _NUMBERED.match(row.text, start, end)
    if numbered is not None:
        side = side_of(numbered[0].strip())
        return ("*" if side == "*" else ""), numbered.end()
    word = _WORD.search(row.text, start, end)
    if word is not None and word[0] in _LEADS and not name_end(row, start, end)[1]:
        after = word.end() + len(row.text[word.end() : end]) - len(row.text[word.end() : end].lstrip())
        if name_end(row, after, end)[1]:
            return side_of(word[0]), after
    if word is not None and side_of(word[0]) and row.run_at(word.start()) < row.run_at(min(word.end() + 2, end - 1)):
        after = next((run.start for run in row.runs if run.start > word.start()), start)
        known = name_end(row, after, end)[1]
        if known and len(word[0]) <= 2:
            return side_of(word[0]), after
    return "", start


def with_rest(row: Row, stop: int, tokens: Sequence[Token]) -> int:
    """The end of a known name with the words that still stand in its cell: they may make it another analyte."""
    run = row.run_at(max(stop - 1, 0))
    for token in tokens:
        if token.run != run or token.sort is not Sort.WORD or LINK.fullmatch(token.text):
            break
        if row.text[stop : token.start].strip(" "):
            break
        stop = token.end
    return stop


def unknown_end(row: Row, start: int, end: int, tokens: Sequence[Token], columns: Sequence[Column]) -> int:
    """Where a name ends that the catalogue does not know: with its cell, or before the first number."""
    run = row.runs[row.run_at(start)] if row.runs else None
    if run is None:
        return start
    later = [token for token in tokens if token.start >= run.end and token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT)]
    if later and (columns or len(row.runs) >= _FEW):
        unit = next(
            (
                token
                for token in tokens
                if token.sort is Sort.UNIT and token.end >= run.end - 1 and token.start < run.end
            ),
            None,
        )
        return min(run.end, end) if unit is None or row.text[unit.start - 1 : unit.start] in "([" else unit.start
    first = next(
        (token for token in tokens if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT) and token.start > start), None
    )
    return first.start if first is not None else start
