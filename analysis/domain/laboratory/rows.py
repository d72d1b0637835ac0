"""One row of a table: which of its tokens is the value, which are earlier values, and what belongs to each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from analysis.domain.laboratory.cells import Row, Sort, Token, invalid_in, side_of, tokens_of
from analysis.domain.laboratory.columns import Column, Role
from analysis.domain.laboratory.days import Day
from analysis.domain.laboratory.names import MAX_NAME, Name, name_of
from analysis.domain.laboratory.units import ucums_of

_WORD = re.compile(r"\S+")
_RESULT = re.compile(r"[^\W\d_]{3}|\+")
_LETTER = re.compile(r"[^\W\d_]")
_LINK = re.compile(r"[.:=…_\-–\s]*|(?:level|count|value|result|wert|valor|valeur)s?[.:=\s]*", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:\d{1,3}[.)]|[•·*†#>\-–]+|\[[ xX]?\])\s+(?=[^\W\d_])")
_ARROW = re.compile(r"\s*[↑↓*+HL]{0,2}\s*(?:->|→|=>|⇒|-->|⟶|–>)\s*[↑↓*]{0,2}\s*")
_EARLIER = re.compile(r"(?<![^\W\d_])(?:previous(?:ly)?|prior|prev\.?|vorwert|vorher|zuvor|früher|letzter|anterior|previo|antérieur\w*|précédent\w*|vor\.?|ant\.?)(?![^\W\d_])", re.IGNORECASE)
_VALUES = (Role.VALUE, Role.PREVIOUS, Role.DATED)
_FEW, _FAR_AWAY = 3, 10**6
_OFTEN = 4
_CLOSE = 0.012
_LEADER = re.compile(r"\s*(?:\.\s?){3,}|\s*…+\s*|\s*_{3,}\s*")
_LEADERS = re.compile(r"(?:\s*\.{2,}|[…_:\s])+$")
_NAMELIKE = re.compile(r"[^\W\d_]|\d{1,2}(?:,\d\d)?-[^\W\d_]{2}")
_METHOD = re.compile(r"[A-Z]{2,6}|[\w-]*metr\w*|berechnet|calcul\w*|[\w-]*(?:assay|skop\w*|chrom\w*)", re.IGNORECASE)
_ONLY_VALUE = re.compile(r"\s*(?:[:=.…_]+\s*)*(?:[*!↑↓▲▼+-]{1,3}\s*|[HL]{1,2}\s+)?[<>≤≥]?=?\s?[-−]?\d[\d.,'’]*(?=[\s%*+/↑↓]|$|[HL]{1,2}\b|[^\W\d_]+/)")


@dataclass(slots=True)
class Draft:
    """A row as it is being read."""

    row: Row
    name: Name
    start: int
    end: int
    value: Token | None = None
    flags: list[str] = field(default_factory=list)
    units: list[Token] = field(default_factory=list)
    unit_words: str = ""
    ranges: list[Token] = field(default_factory=list)
    range_start: int = 0
    range_end: int = 0
    reference_words: str = ""
    day: Day | None = None
    history: list[tuple[Token, Day | None]] = field(default_factory=list)
    specimen_words: str = ""
    doubt: str = ""
    note: str = ""
    known: bool = True
    in_table: bool = False
    column_unit: str = ""
    away: float = 0.0
    more: list[tuple[Row, int, int]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """How a page is laid out: where names of further tables begin, whether ranges stand before values, order of days."""

    edges: tuple[float, ...] = ()
    range_first: bool = False
    months: bool | None = None


def drafts_in(row: Row, columns: Sequence[Column], sheet: Sheet) -> list[Draft]:
    """The results of a line, in order: one, or one for each table or each column of values that stands beside another."""
    found = []
    for start, end, own in _segments(row, columns, sheet.edges):
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


def name_end(row: Row, start: int, end: int) -> tuple[int, bool]:
    """Where the name that begins at ``start`` ends, and whether the catalogue knows it."""
    words = [each for each in _WORD.finditer(row.text, start, end)]
    for used in range(min(9, len(words)), 0, -1):
        stop = words[used - 1].end()
        if stop - start > MAX_NAME or "  " in row.text[start:stop].strip() and used > 1 and row.run_at(start) != row.run_at(stop - 1):
            continue
        found = name_of(row.text[start:stop])
        if found.analytes:
            return stop, True
    return start, False


def _segments(row: Row, columns: Sequence[Column], panels: Sequence[float]) -> list[tuple[int, int, list[Column]]]:
    """Stretches of a line with the columns of each: tables side by side begin at each column of names."""
    heads = [n for n, column in enumerate(columns) if column.role is Role.NAME]
    if len(heads) > 1 and row.placed:
        edges = [-1.0, *((columns[n - 1].x1 + columns[n].x0) / 2 if n else -1.0 for n in heads[1:]), 2.0]
        edges[1:-1] = [min(edge, columns[n].x0 - 0.001) if edge > columns[n].x0 else edge for edge, n in zip(edges[1:-1], heads[1:], strict=True)]
        found = []
        for index, (left, right) in enumerate(zip(edges, edges[1:], strict=False)):
            runs = [run for run in row.runs if left <= run.x0 < right]
            own = list(columns[0 if index == 0 else heads[index] : heads[index + 1] if index + 1 < len(heads) else None])
            if runs:
                found.append((runs[0].start, runs[-1].end, own))
        return found
    starts = [run.start for run in row.runs[1:] if _begins(row, run.start, run.end) or (not columns and _at_edge(row, run.start, run.x0, panels))]
    first = row.runs[0].start if row.runs else 0
    edges_at = [first, *starts, len(row.text.rstrip())]
    return [(left, right, list(columns)) for left, right in zip(edges_at, edges_at[1:], strict=False) if right > left]


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
    before, behind = row.text[: run.start], row.text[run.start :]
    return any(sign.isdigit() for sign in before) and any(sign.isdigit() for sign in behind)


def _begins(row: Row, start: int, end: int) -> bool:
    """Whether a cell inside a line begins another result: it is a known name, or begins with one and a number."""
    text = row.text[start:end]
    if not text[:1].isalnum() or sum(sign.isalpha() for sign in text) < 1 or len(text.strip()) < 2 or ucums_of(text.strip()) or side_of(text):
        return False
    stop, known = name_end(row, start, end)
    return known and not ucums_of(row.text[start:stop].strip()) and (stop == end or bool(re.match(r"\W*\d", row.text[stop:end])))


def _draft(
    row: Row, start: int, end: int, columns: Sequence[Column], every: Sequence[Column], sheet: Sheet
) -> Draft | None:
    lead, start = _lead(row, start, end, columns)
    stop, known = name_end(row, start, end)
    whole = _whole_cell(row, start, end, stop if known else start, columns)
    if whole:
        stop, known = whole, True
    tokens = [token for token in tokens_of(row, stop if known else start) if token.end <= end and token.start >= start]
    if not known:
        stop = _unknown_end(row, start, end, tokens, columns)
        tokens = [token for token in tokens_of(row, stop) if token.end <= end] if stop > start else []
    else:
        stop = _with_rest(row, stop, tokens)
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
    draft = Draft(row, name, start, stop, known=bool(name.analytes), in_table=bool(columns))
    draft.specimen_words = tail
    draft.column_unit = next((column.unit for column in columns if column.unit), "")
    if lead:
        draft.flags.append(lead)
    _fill(draft, tokens, columns, every, sheet)
    return draft if draft.value is not None else None


def _whole_cell(row: Row, start: int, end: int, known: int, columns: Sequence[Column]) -> int:
    """The end of the cell in which the name stands, where the value stands in another one; 0 where it does not."""
    if not row.placed or not columns or len(row.runs) < 2:
        return 0
    index = row.run_at(start)
    run = row.runs[index]
    stop = min(run.end, end)
    rest = row.text[max(known, start) : stop]
    if known > start and _ONLY_VALUE.match(rest):
        return 0
    value = next((column for column in columns if column.role in _VALUES), None)
    if value is not None and run.x1 > value.x0 + 0.02 and _ONLY_VALUE.search(rest):
        return 0
    later = row.text[stop:end]
    return stop if re.search(r"\d", later) or _RESULT.search(later) else 0


def _lead(row: Row, start: int, end: int, columns: Sequence[Column]) -> tuple[str, int]:
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
    if word is not None and side_of(word[0]) and row.run_at(word.start()) < row.run_at(min(word.end() + 2, end - 1)):
        after = next((run.start for run in row.runs if run.start > word.start()), start)
        known = name_end(row, after, end)[1]
        if known and len(word[0]) <= 2:
            return side_of(word[0]), after
    return "", start


def _with_rest(row: Row, stop: int, tokens: Sequence[Token]) -> int:
    """The end of a known name with the words that still stand in its cell: they may make it another analyte."""
    run = row.run_at(max(stop - 1, 0))
    for token in tokens:
        if token.run != run or token.sort is not Sort.WORD or _LINK.fullmatch(token.text):
            break
        if row.text[stop : token.start].strip(" "):
            break
        stop = token.end
    return stop


def _unknown_end(row: Row, start: int, end: int, tokens: Sequence[Token], columns: Sequence[Column]) -> int:
    """Where a name ends that the catalogue does not know: with its cell, or before the first number."""
    run = row.runs[row.run_at(start)] if row.runs else None
    if run is None:
        return start
    later = [token for token in tokens if token.start >= run.end and token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT)]
    if later and (columns or len(row.runs) >= _FEW):
        unit = next((token for token in tokens if token.sort is Sort.UNIT and token.end >= run.end - 1 and token.start < run.end), None)
        return min(run.end, end) if unit is None or row.text[unit.start - 1 : unit.start] in "([" else unit.start
    first = next((token for token in tokens if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT) and token.start > start), None)
    return first.start if first is not None else start


def _fill(
    draft: Draft, tokens: list[Token], columns: Sequence[Column], every: Sequence[Column], sheet: Sheet
) -> None:
    own = [column for column in every if column.role is not Role.NAME]
    draft.units = [token for token in tokens if token.sort is Sort.UNIT]
    if any(column.role in _VALUES for column in own):
        placed = _by_place(draft.row, tokens, own) if draft.row.placed else _by_order(tokens, own)
        if placed is not None:
            _from_columns(draft, [pair for pair in placed if len(columns) == len(every) or pair[1] in columns], sheet)
    if draft.value is None and not draft.history and len(columns) == len(every):
        _from_order(draft, tokens, sheet)
    if draft.value is not None and draft.value.sort is not Sort.TEXT:
        draft.note = next((token.text for token in tokens if token.sort is Sort.TEXT and token.start >= draft.value.end and invalid_in(token.text) and not _of_other(token, draft, columns)), "")
    if tokens:
        draft.end = max([draft.end, *(token.end for token in tokens if _counts(token, draft))])


def _of_other(token: Token, draft: Draft, columns: Sequence[Column]) -> bool:
    """Whether a word stands in a column of earlier values, or is one of them."""
    return any(token is other for other, _ in draft.history) or (bool(columns) and draft.row.placed and token.run != (draft.value.run if draft.value else -1))


def _counts(token: Token, draft: Draft) -> bool:
    used = [draft.value, *draft.units, *draft.ranges]
    return token in used or token.sort is Sort.FLAG


def _by_place(row: Row, tokens: Sequence[Token], columns: Sequence[Column]) -> list[tuple[Token, Column]]:
    """Each token with the column under which it stands."""
    del row
    return [(token, min(columns, key=lambda column, token=token: _away(token, column))) for token in tokens]  # type: ignore[misc]


def _away(token: Token, column: Column) -> float:
    gap = max(column.x0 - token.x1, token.x0 - column.x1, 0.0)
    middle = abs((token.x0 + token.x1) / 2 - (column.x0 + column.x1) / 2)
    return gap + 0.05 * middle + (0.0 if _suits(token, column.role) else 0.08)


def _suits(token: Token, role: Role) -> bool:
    """Whether what a token is can stand in a column."""
    if role in _VALUES:
        return token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT, Sort.FLAG, Sort.DAY, Sort.TIME)
    if role is Role.RANGE:
        return token.sort in (Sort.RANGE, Sort.BOUND, Sort.AGE, Sort.WORD, Sort.TEXT)
    if role is Role.UNIT:
        return token.sort in (Sort.UNIT, Sort.WORD)
    if role in (Role.LOW, Role.HIGH):
        return token.sort in (Sort.NUMBER, Sort.BOUND)
    if role is Role.FLAG:
        return token.sort in (Sort.FLAG, Sort.WORD)
    if role is Role.DAY:
        return token.sort in (Sort.DAY, Sort.TIME)
    return token.sort in (Sort.WORD, Sort.TEXT, Sort.FLAG)


def _by_order(tokens: Sequence[Token], columns: Sequence[Column]) -> list[tuple[Token, Column]] | None:
    """Each value with the column of its turn; ``None`` where a column is empty and it cannot be told which."""
    values = [column for column in columns if column.role in _VALUES]
    ranged = next((n for n, column in enumerate(columns) if column.role is Role.RANGE), None)
    numbers = [token for token in tokens if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT)]
    if ranged is not None and not any(token.sort is Sort.RANGE for token in tokens):
        before = sum(column.role in _VALUES for column in columns[:ranged])
        bounds = [token for token in numbers[before : before + 1] if token.sort in (Sort.BOUND, Sort.TEXT)]
        numbers = [token for token in numbers if token not in bounds]
    if len(numbers) != len(values) or len(values) < 2:
        return None
    given = dict(zip((token.start for token in numbers), values, strict=True))
    others = {Role.UNIT: Sort.UNIT, Role.RANGE: Sort.RANGE}
    found: list[tuple[Token, Column]] = []
    last = columns[0]
    for token in tokens:
        column = given.get(token.start)
        if column is None:
            column = next((c for c in columns if others.get(c.role) is token.sort), None)
            if column is None:
                column = last if token.sort in (Sort.FLAG, Sort.DAY, Sort.TIME) else next((c for c in columns if c.role is Role.RANGE), last)
        else:
            last = column
        found.append((token, column))
    return found


def _from_columns(draft: Draft, placed: list[tuple[Token, Column]], sheet: Sheet) -> None:
    values: dict[int, list[Token]] = {}
    order: list[Column] = []
    for token, column in placed:
        if column.role in _VALUES:
            if column not in order:
                order.append(column)
            values.setdefault(order.index(column), []).append(token)
    draft.ranges = [token for token, column in placed if token.sort is Sort.RANGE or (token.sort is Sort.BOUND and column.role is Role.RANGE)]
    _limits(draft, placed)
    _words(draft, placed)
    cells = []
    for index, own in values.items():
        main = next((token for token in own if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT) and token not in draft.ranges), None)
        if main is None:
            main = next((token for token in own if token.sort is Sort.FLAG and token.text in ("+", "++", "+++", "-") and order[index].role is Role.VALUE and not draft.units), None)
        if main is not None:
            day = next((token.day for token in own if token.day), None) or order[index].day
            cells.append((order[index], main, day, [token.side for token in own if token.sort is Sort.FLAG and token is not main]))
    _choose(draft, cells, sheet)
    draft.flags += [token.side for token, column in placed if token.sort is Sort.FLAG and column.role in (Role.FLAG, Role.UNIT, Role.RANGE, Role.OTHER)]
    if draft.value is not None and draft.day is None:
        draft.day = next((token.day for token, column in placed if token.sort is Sort.DAY and column.role is Role.DAY), None)


def _limits(draft: Draft, placed: Sequence[tuple[Token, Column]]) -> None:
    """A range in two columns, one for each bound."""
    low = next((token for token, column in placed if column.role is Role.LOW and token.sort in (Sort.NUMBER, Sort.BOUND)), None)
    high = next((token for token, column in placed if column.role is Role.HIGH and token.sort in (Sort.NUMBER, Sort.BOUND)), None)
    draft.ranges += [token for token in (low, high) if token is not None and token not in draft.ranges]


def _words(draft: Draft, placed: Sequence[tuple[Token, Column]]) -> None:
    """What stands as words in the columns of units, ranges and specimens."""
    under: dict[Role, list[Token]] = {}
    for token, column in placed:
        under.setdefault(column.role, []).append(token)
    text = draft.row.text
    if Role.SPECIMEN in under and not draft.specimen_words:
        draft.specimen_words = text[under[Role.SPECIMEN][0].start : under[Role.SPECIMEN][-1].end]
    if Role.UNIT in under and not any(token.sort is Sort.UNIT for token in under[Role.UNIT]):
        draft.unit_words = " ".join(token.text for token in under[Role.UNIT] if token.sort is Sort.WORD)
    own = [token for token in under.get(Role.RANGE, []) if token.sort is not Sort.UNIT]
    if own:
        draft.range_start, draft.range_end = own[0].start, own[-1].end
        if not draft.ranges:
            draft.reference_words = text[own[0].start : own[-1].end].strip()


def _choose(draft: Draft, cells: list[tuple[Column, Token, Day | None, list[str]]], sheet: Sheet) -> None:
    """The current value among the columns: that of results, else the newest day's; the others are earlier ones."""
    current = [cell for cell in cells if cell[0].role is Role.VALUE]
    dated = [cell for cell in cells if cell[0].role is Role.DATED or (cell[0].role is Role.VALUE and cell[2] is not None)]
    if len(current) > 1 and all(cell[2] is not None for cell in current):
        dated, current = current + [cell for cell in dated if cell not in current], []
    if not current and dated:
        months = bool(sheet.months)
        best = max(dated, key=lambda cell: (cell[2].key(month_first=months) if cell[2] else (0, 0, 0), cell[0].time))
        current = [best]
    if not current:
        draft.history = [(token, day) for _, token, day, _ in cells]
        return
    column, token, day, sides = current[0]
    draft.value, draft.day = token, day
    draft.away = max(column.x0 - token.x1, token.x0 - column.x1, 0.0) if draft.row.placed else 0.0
    draft.flags += sides
    draft.history = [(other, when) for which, other, when, _ in cells if other is not token and which.role is not Role.VALUE or (other is not token and which in [c[0] for c in dated])]


def _from_order(draft: Draft, tokens: list[Token], sheet: Sheet) -> None:
    """Without columns: the first number is the value, a bound or a range behind it the reference, other numbers earlier."""
    main = [token for token in tokens if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT)]
    ranges = [token for token in tokens if token.sort is Sort.RANGE]
    if not main or not _near(draft, tokens, main[0]):
        return
    value = main[0]
    if value.sort is Sort.BOUND and len(main) > 1 and not ranges and sheet.range_first:
        value = main[1]
    chain = _chain(draft.row.text, main[main.index(value) :])
    value = chain[-1]
    draft.value, draft.history = value, [(token, None) for token in chain[:-1]]
    dated = _dated(main, tokens)
    if dated:
        months = bool(sheet.months)
        best = max(dated, key=lambda pair: pair[1].key(month_first=months))
        value, chain = best[0], [token for token, _ in dated]
        draft.value, draft.day, draft.history = best[0], best[1], [pair for pair in dated if pair is not best]
    rest = [token for token in main if token not in chain]
    bounds = [token for token in rest if token.sort is Sort.BOUND]
    draft.ranges = ranges or bounds
    draft.range_start = min((token.start for token in draft.ranges), default=0)
    if draft.ranges:
        before = [token for token in tokens if token.start < draft.range_start and token.sort in (Sort.NUMBER, Sort.BOUND, Sort.UNIT, Sort.FLAG, Sort.RANGE)]
        draft.range_start = max((token.end for token in before), default=draft.end)
        draft.range_end = max(token.end for token in tokens)
    others = [token for token in rest if token.sort is Sort.NUMBER]
    if value.sort is Sort.TEXT and rest and not ranges and rest[0].sort is Sort.TEXT:
        draft.reference_words = rest[0].text
    draft.flags += [token.side for token in tokens if token.sort is Sort.FLAG and _flag_of(token, value, tokens)]
    days = [token for token in tokens if token.sort is Sort.DAY]
    _earlier(draft, others, days)


def _dated(main: Sequence[Token], tokens: Sequence[Token]) -> list[tuple[Token, Day]]:
    """The values with the day behind each, where every one of several has its own."""
    numbers = [token for token in main if token.sort is Sort.NUMBER]
    found = []
    for index, token in enumerate(numbers):
        limit = numbers[index + 1].start if index + 1 < len(numbers) else _FAR_AWAY
        day = next((other.day for other in tokens if other.sort is Sort.DAY and token.end <= other.start < limit), None)
        if day is not None:
            found.append((token, day))
    return found if len(found) > 1 and len(found) == len(numbers) else []


def _chain(text: str, main: Sequence[Token]) -> list[Token]:
    """The values that arrows join, the newest last."""
    found = [main[0]]
    for token in main[1:]:
        if token.sort is Sort.TEXT or not _ARROW.fullmatch(text[found[-1].end : token.start]):
            break
        found.append(token)
    return found


def item_draft(row: Row, start: int, end: int, sheet: Sheet) -> Draft | None:
    """A result of a list in running text: ``Name: value unit (range)``."""
    return _draft(row, start, end, (), (), sheet)


def _near(draft: Draft, tokens: Sequence[Token], value: Token) -> bool:
    """Whether nothing but signs, flags, units, days and linking words stands between the name and the value."""
    between = [token for token in tokens if token.end <= value.start and token.sort is Sort.WORD]
    return all(_LINK.fullmatch(token.text) for token in between) or draft.in_table


def _flag_of(flag: Token, value: Token, tokens: Sequence[Token]) -> bool:
    """Whether a flag stands at the value: before it, or behind it with no other number in between."""
    if flag.end <= value.start:
        return True
    return not any(token.sort is Sort.NUMBER and value.end <= token.start < flag.start for token in tokens)


def _earlier(draft: Draft, others: Sequence[Token], days: Sequence[Token]) -> None:
    """Numbers beside the value without a heading: earlier ones where words or days say so, else a doubt."""
    value = draft.value
    if value is None:
        return
    if days:
        nearest = [token for token in days if token.end <= value.start] or ([] if others else list(days))
        draft.day = nearest[-1].day if nearest else None
    for other in others:
        words = draft.row.text[value.end : other.start] if other.start > value.end else ""
        day = next((token.day for token in days if token.start >= other.end), None)
        unit = next((token for token in draft.units if token.start >= other.end and token.start - other.end < 3), None)
        first = next((token for token in draft.units if token.start >= value.end), None)
        if _EARLIER.search(words) or day is not None:
            draft.history.append((other, day))
        elif unit is not None and first is not None and unit is not first and unit.ucums != first.ucums:
            continue  # the same value in another unit
        else:
            draft.history.append((other, None))
            draft.doubt = "two values stand in this row, and nothing says which is the current one"
