"""Which token of a row is the value and which are earlier ones, by the columns or by the order in the line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from analysis.domain.laboratory.cells import Row, Sort, Token
from analysis.domain.laboratory.columns import VALUES, Column, Role
from analysis.domain.laboratory.days import Day
from analysis.domain.laboratory.drafts import Draft, Sheet
from analysis.domain.laboratory.result_words import invalid_in
from analysis.domain.laboratory.row_names import LINK

_ARROW = re.compile(r"\s*+[↑↓*+HL]{0,2}+\s*+(?:->|→|=>|⇒|-->|⟶|–>)\s*+[↑↓*]{0,2}+\s*+")
#: As near to a number stands the unit that is its own.
_BESIDE = 3
_EARLIER = re.compile(
    r"(?<![^\W\d_])(?:previous(?:ly)?|prior|prev\.?|vorwert|vorher|zuvor|früher|letzter|anterior|previo|"
    r"antérieur\w*|précédent\w*|vor\.?|ant\.?)(?![^\W\d_])",
    re.IGNORECASE,
)


def fill(draft: Draft, tokens: list[Token], columns: Sequence[Column], every: Sequence[Column], sheet: Sheet) -> bool:
    """Find the value of a row; whether it stands under the heading of a column."""
    own = [column for column in every if column.role is not Role.NAME]
    draft.units = [token for token in tokens if token.sort is Sort.UNIT]
    if any(column.role in VALUES for column in own):
        placed = _by_place(draft.row, tokens, own) if draft.row.placed else _by_order(tokens, own)
        if placed is not None:
            _from_columns(draft, [pair for pair in placed if len(columns) == len(every) or pair[1] in columns], sheet)
    headed = draft.value is not None
    if draft.value is None and not draft.history and len(columns) == len(every):
        _from_order(draft, tokens, sheet)
    if draft.value is not None and draft.value.sort is not Sort.TEXT:
        draft.note = next(
            (
                token.text
                for token in tokens
                if token.sort is Sort.TEXT
                and token.start >= draft.value.end
                and invalid_in(token.text)
                and not _of_other(token, draft, columns)
            ),
            "",
        )
    if tokens:
        used = {id(token) for token in (draft.value, *draft.units, *draft.ranges)}
        draft.end = max([draft.end, *(t.end for t in tokens if t.sort is Sort.FLAG or id(t) in used)])
    return headed


def _of_other(token: Token, draft: Draft, columns: Sequence[Column]) -> bool:
    """Whether a word stands in a column of earlier values, or is one of them."""
    return any(token is other for other, _ in draft.history) or (
        bool(columns) and draft.row.placed and token.run != (draft.value.run if draft.value else -1)
    )


def _by_place(row: Row, tokens: Sequence[Token], columns: Sequence[Column]) -> list[tuple[Token, Column]]:
    """Each token with the column under which it stands."""
    del row
    found = []
    for token in tokens:
        distances = [_away(token, column) for column in columns]
        found.append((token, columns[distances.index(min(distances))]))
    return found


def _away(token: Token, column: Column) -> float:
    gap = max(column.x0 - token.x1, token.x0 - column.x1, 0.0)
    middle = abs((token.x0 + token.x1) / 2 - (column.x0 + column.x1) / 2)
    return gap + 0.05 * middle + (0.0 if _suits(token, column.role) else 0.08)


def _suits(token: Token, role: Role) -> bool:
    """Whether what a token is can stand in a column."""
    if role in VALUES:
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
    values = [column for column in columns if column.role in VALUES]
    ranged = next((n for n, column in enumerate(columns) if column.role is Role.RANGE), None)
    numbers = [token for token in tokens if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT)]
    if ranged is not None and not any(token.sort is Sort.RANGE for token in tokens):
        before = sum(column.role in VALUES for column in columns[:ranged])
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
                column = (
                    last
                    if token.sort in (Sort.FLAG, Sort.DAY, Sort.TIME)
                    else next((c for c in columns if c.role is Role.RANGE), last)
                )
        else:
            last = column
        found.append((token, column))
    return found


def _from_columns(draft: Draft, placed: list[tuple[Token, Column]], sheet: Sheet) -> None:
    values: dict[int, list[Token]] = {}
    order: list[Column] = []
    for token, column in placed:
        if column.role in VALUES:
            if column not in order:
                order.append(column)
            values.setdefault(order.index(column), []).append(token)
    draft.ranges = [
        token
        for token, column in placed
        if token.sort is Sort.RANGE or (token.sort is Sort.BOUND and column.role is Role.RANGE)
    ]
    _limits(draft, placed, sheet)
    _words(draft, placed)
    cells = []
    for index, own in values.items():
        mains = [
            token for token in own if token.sort in (Sort.NUMBER, Sort.BOUND, Sort.TEXT) and token not in draft.ranges
        ]
        under = [token for token in mains if token.x0 < order[index].x1 and order[index].x0 < token.x1]
        # What stands under the heading itself, before what only has no heading of its own.
        main = next(iter(under if under and draft.row.placed else mains), None)
        if main is None:
            main = next(
                (
                    token
                    for token in own
                    if token.sort is Sort.FLAG
                    and token.text in ("+", "++", "+++", "-")
                    and order[index].role is Role.VALUE
                    and not draft.units
                ),
                None,
            )
        if main is not None:
            day = next((token.day for token in own if token.day), None) or order[index].day
            cells.append(
                (
                    order[index],
                    main,
                    day,
                    [token.side for token in own if token.sort is Sort.FLAG and token is not main],
                )
            )
    _choose(draft, cells, sheet)
    draft.flags += [
        token.side
        for token, column in placed
        if token.sort is Sort.FLAG and column.role in (Role.FLAG, Role.UNIT, Role.RANGE, Role.OTHER)
    ]
    if draft.value is not None and draft.day is None:
        draft.day = next(
            (token.day for token, column in placed if token.sort is Sort.DAY and column.role is Role.DAY), None
        )


def _limits(draft: Draft, placed: Sequence[tuple[Token, Column]], sheet: Sheet) -> None:
    """A range in two columns, one for each bound: by where the bounds of the page end, as headings stand elsewhere."""
    roles = (Role.LOW, Role.HIGH)
    bounds = [
        (token, column.role)
        for token, column in placed
        if column.role in roles and token.sort in (Sort.NUMBER, Sort.BOUND) and token is not draft.value
    ]
    if sheet.limits is not None and draft.row.placed:
        ends = sheet.limits
        bounds = [
            (token, Role.LOW if abs(token.x1 - ends[0]) < abs(token.x1 - ends[1]) else Role.HIGH) for token, _ in bounds
        ]
    low = next((token for token, role in bounds if role is Role.LOW), None)
    high = next((token for token, role in bounds if role is Role.HIGH), None)
    draft.ranges += [token for token in (low, high) if token is not None and token not in draft.ranges]
    draft.only_high = high is not None and low is None


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
    dated = [
        cell for cell in cells if cell[0].role is Role.DATED or (cell[0].role is Role.VALUE and cell[2] is not None)
    ]
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
    draft.history = [
        (other, when)
        for which, other, when, _ in cells
        if (other is not token and which.role is not Role.VALUE)
        or (other is not token and which in [c[0] for c in dated])
    ]


def _from_order(draft: Draft, tokens: list[Token], sheet: Sheet) -> None:
    """Without columns: the first number is the value, a bound or range behind it the reference, others are earlier."""
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
    chained = {id(token) for token in chain}
    rest = [token for token in main if id(token) not in chained]
    bounds = [token for token in rest if token.sort is Sort.BOUND]
    draft.ranges = ranges or bounds
    draft.range_start = min((token.start for token in draft.ranges), default=0)
    if draft.ranges:
        before = [
            token
            for token in tokens
            if token.start < draft.range_start
            and token.sort in (Sort.NUMBER, Sort.BOUND, Sort.UNIT, Sort.FLAG, Sort.RANGE)
        ]
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
    days = [token for token in tokens if token.sort is Sort.DAY]
    starts = [token.start for token in days]
    found = []
    for index, token in enumerate(numbers):
        limit = numbers[index + 1].start if index + 1 < len(numbers) else 10**6
        at = bisect_left(starts, token.end)
        day = days[at].day if at < len(days) and starts[at] < limit else None
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


def _near(draft: Draft, tokens: Sequence[Token], value: Token) -> bool:
    """Whether nothing but signs, flags, units, days and linking words stands between the name and the value."""
    between = [token for token in tokens if token.end <= value.start and token.sort is Sort.WORD]
    return all(LINK.fullmatch(token.text) for token in between) or draft.in_table


def _flag_of(flag: Token, value: Token, tokens: Sequence[Token]) -> bool:
    """Whether a flag stands at the value: before it, or behind it with no other number in between."""
    if flag.end <= value.start:
        return True
    return not any(token.sort is Sort.NUMBER and value.end <= token.start < flag.start for token in tokens)


def _behind(tokens: Sequence[Token], starts: Sequence[int], place: int) -> Token | None:
    """The first of several tokens in order that begins at a place or behind it."""
    at = bisect_left(starts, place)
    return tokens[at] if at < len(tokens) else None


def _earlier(draft: Draft, others: Sequence[Token], days: Sequence[Token]) -> None:
    """Numbers beside the value without a heading: earlier ones where words or days say so, else a doubt."""
    value = draft.value
    if value is None:
        return
    if days:
        nearest = [token for token in days if token.end <= value.start] or ([] if others else list(days))
        draft.day = nearest[-1].day if nearest else None
    called = _EARLIER.search(draft.row.text, value.end)
    starts, day_starts = [token.start for token in draft.units], [token.start for token in days]
    first = _behind(draft.units, starts, value.end)
    for other in others:
        dated = _behind(days, day_starts, other.end)
        day = dated.day if dated else None
        unit = _behind(draft.units, starts, other.end)
        unit = unit if unit is not None and unit.start - other.end < _BESIDE else None
        if (called is not None and called.end() <= other.start) or day is not None:
            draft.history.append((other, day))
        elif unit is not None and first is not None and unit is not first and unit.ucums != first.ucums:
            continue  # the same value in another unit
        else:
            draft.history.append((other, None))
            draft.doubt = "two values stand in this row, and nothing says which is the current one"
