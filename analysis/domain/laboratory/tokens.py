"""What stands in the cells of a line: numbers, ranges, units, flags, days, and words that are results."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from analysis.domain.laboratory.cells import Found, Row, Sort, Token
from analysis.domain.laboratory.days import TIME, days_in
from analysis.domain.laboratory.numbers import NUMBER, Printed, decimal_of, signed
from analysis.domain.laboratory.ranges import AGE, PrintedRange, ranges_in
from analysis.domain.laboratory.result_words import RESULTS, side_of
from analysis.domain.laboratory.units import MAX_LENGTH, ucums_of

_WORD = re.compile(r"\S+")
_NUMBER = re.compile(
    rf"(?P<comparator>(?<![=-])(?:<=|>=|[<>≤≥]))?\s{{0,2}}(?P<sign>(?<![\w.,)%])[-−+](?=\d))?(?P<number>{NUMBER})"
)
_TITRE = re.compile(
    r"(?<![\w.,:/])(?P<comparator>[<>≤≥])?\s?1\s?[:/]\s?\d{1,6}(?![\d:.,/]|\s?(?:am|pm|h\b|uhr))", re.IGNORECASE
)
_TIMES = re.compile(rf"(?<![\d:.,])(?:{TIME})(?![\d:])", re.IGNORECASE)
_GLUED = re.compile(
    r"(?:HH|LL|H|L|!H|!L)(?![\w/])\*?|\*{1,3}|\+{1,3}(?!\d)|-{1,3}(?![\d\w])|[↑↓▲▼⇑⇓]{1,3}|!{1,2}(?!\w)|"
    r"(?<=\d)[–−](?=\s|$)"
)
_MASK = "\x00"
_DIGIT = re.compile(r"\d")
_RAISED = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹^")
_POWER = re.compile(r"[*^]\d")
_NORMAL = frozenset({"N", "n"})
_LABELS = frozenset({"N:", "n:", "N=", "n="})
_RANGED = re.compile(r"\s{0,2}[:=]")
_STROKE = re.compile(r"[/%]")
#: Blanks in a unit that do not count.
_ROOM = 8
_UNITISH = re.compile(r"[^\W\d_]|[%/‰]")
#: How many signs behind the end of a part are looked at to tell what its last signs are.
_AHEAD = 64
_MAX_MEMO, _MAX_UNITS = 512, 8192
_UNIT_WORDS = 4
_SOLO = frozenset(
    [
        "s",
        "sec",
        "seg",
        "sek",
        "sec.",
        "sek.",
        "seg.",
        "seconds",
        "secondes",
        "segundos",
        "sekunden",
        "fl",
        "pg",
        "mmhg",
        "kpa",
        "%",
        "‰",
        "g%",
        "mg%",
        "mm",
        "inr",
        "x10-3",
        "x10⁻³",
        "10-3",
        "x10^-3",
    ]
)


def tokens_of(row: Row, start: int = 0, end: int | None = None) -> list[Token]:
    """What stands in a line from ``start`` on, in order; with ``end`` what ends before it, and perhaps some behind."""
    stop = len(row.text) if end is None else min(end + _AHEAD, len(row.text))
    text, starts = row.text, [run.start for run in row.runs]
    made = []
    for one in _found(row, start, stop):
        run = max(bisect_right(starts, one.start) - 1, 0)
        # Where nothing is known of places on the page nobody asks for them.
        x0, x1 = (row.x(one.start), row.x(one.end)) if row.placed else (0.0, 0.0)
        made.append(
            Token(
                one.sort,
                one.start,
                one.end,
                text[one.start : one.end],
                run,
                x0,
                x1,
                one.printed,
                one.reference,
                one.day,
                one.side,
                one.ucums,
            )
        )
    return made


def _found(row: Row, start: int, stop: int) -> tuple[Found, ...]:
    """What stands in a part of a line: read once for all rows of a page that say the same."""
    memo, key = row.memo.found, (row.text, start, stop)
    if key not in memo:
        if len(memo) >= _MAX_MEMO:
            memo.clear()
        memo[key] = tuple(_Scan(row, start, stop).read())
    return memo[key]


def _last_unit(row: Row) -> int:
    """Where the last unit of a line begins; -1 where it prints none."""
    memo = row.memo.last_units
    if row.text not in memo:
        if len(memo) >= _MAX_MEMO:
            memo.clear()
        found = _found(row, 0, len(row.text))
        memo[row.text] = max((one.start for one in found if one.sort is Sort.UNIT), default=-1)
    return memo[row.text]


class _Scan:
    """A part of a line, read from what is most surely told apart to what is left."""

    def __init__(self, row: Row, start: int, stop: int) -> None:
        self._row = row
        self._start = start
        self._whole = stop == len(row.text)
        # What stands before the part is masked: one sign does for all of it, and a blank stays one.
        self._shift = max(start - 1, 0)
        lead = row.text[self._shift : start]
        self._text = (lead if lead.isspace() else _MASK * len(lead)) + row.text[start:stop]
        self._own = row.text[self._shift : stop]
        self._found: list[Found] = []
        self._flushed = 0

    def read(self) -> list[Found]:
        """All of it, at its places in the line."""
        if _DIGIT.search(self._text) is not None:
            self._titres()
            self._days()
            self._take(((found, Sort.AGE) for found in AGE.finditer(self._text)), printed=None)
        self._take((found, Sort.TEXT) for found in RESULTS.finditer(self._text) if found["invalid"])
        self._units()
        if _DIGIT.search(self._text) is not None:
            self._ranges()
            self._numbers()
        self._words()
        return sorted((_shifted(one, self._shift) for one in self._found), key=lambda one: one.start)

    def _add(self, sort: Sort, start: int, end: int, **more: object) -> None:
        self._found.append(Found(sort, start, end, **more))  # type: ignore[arg-type]  # the rest of what was found

    def _mask(self) -> None:
        """Take what was found since the last time out of what is still to be read."""
        fresh = self._found[self._flushed :]
        if fresh:
            signs = list(self._text)
            for one in fresh:
                signs[one.start : one.end] = _MASK * (one.end - one.start)
            self._text = "".join(signs)
            self._flushed = len(self._found)

    def _take(self, found: Iterable[tuple[re.Match[str], Sort]], **more: object) -> None:
        for match, sort in found:
            self._add(sort, match.start(), match.end(), **more)
        self._mask()

    def _days(self) -> None:
        for day in days_in(self._text):
            self._add(Sort.DAY, day.start, day.end, day=day)
        self._mask()
        self._take((found, Sort.TIME) for found in _TIMES.finditer(self._text))

    def _units(self) -> None:
        words = list(_WORD.finditer(self._text))
        index = 0
        while index < len(words):
            place = self._unit(words, index)
            if place is None:
                index += 1
                continue
            start, end, ucums = place
            self._add(Sort.UNIT, start, end, ucums=ucums)
            index += 1
            while index < len(words) and words[index].start() < end:
                index += 1
        self._mask()

    def _unit(self, words: Sequence[re.Match[str]], index: int) -> tuple[int, int, tuple[str, ...]] | None:
        """The unit that begins in a word, looked up once for the same words: they alone decide."""
        at, memo = words[index].start(), self._row.memo.units
        key = self._text[at : words[min(index + _UNIT_WORDS, len(words)) - 1].end()]
        if key not in memo:
            if len(memo) >= _MAX_UNITS:
                memo.clear()
            found = _unit_at(self._text, words, index)
            memo[key] = (found[0] - at, found[1] - at, found[2]) if found else None
        place = memo[key]
        return (place[0] + at, place[1] + at, place[2]) if place else None

    def _titres(self) -> None:
        for found in _TITRE.finditer(self._text):
            printed = Printed(found.start(), found.end(), found[0].strip(), signed(found["comparator"] or ""), None)
            self._add(Sort.TEXT, found.start(), found.end(), printed=printed)
        self._mask()

    def _ranges(self) -> None:
        found = ranges_in(self._text)
        several = sum(one.two_sided for one in found) > 1
        for one in found:
            if several and one.two_sided and self._apart(one):
                continue
            if one.two_sided or one.text.lstrip("([{")[:1] not in "<>≤≥":
                self._add(Sort.RANGE, one.start, one.end, reference=one)
                continue
            digits = (one.prints[0] or one.prints[1]).strip()
            comparator = signed(one.text.strip("([ ")[: 2 if one.text.strip("([ ")[1:2] == "=" else 1])
            printed = Printed(one.start, one.end, one.text.strip("()[] "), comparator, decimal_of(digits))
            self._add(Sort.BOUND, one.start, one.end, reference=one, printed=printed)
        self._mask()

    def _apart(self, one: PrintedRange) -> bool:
        """Whether the dash stands alone between two gaps: a flag between two values, where another range is printed."""
        return bool(re.search(r"\s{2}[-–−]|[-–−]\s{2}", self._own[one.start : one.end]))

    def _numbers(self) -> None:
        for found in _NUMBER.finditer(self._text):
            start = found.start("sign") if found["sign"] else found.start("number")
            start = found.start() if found["comparator"] else start
            if self._text[found.end() : found.end() + 1] in _RAISED or _POWER.match(self._text, found.end()):
                continue  # "34910³/µL": nobody can tell where the value ends and the power of its unit begins
            if self._own[start - 1 : start] in ("*", "^") and self._own[max(start - 2, 0) : start - 1].isdigit():
                continue  # nor is the power itself a value
            text = self._own[start : found.end()].strip()
            value = decimal_of(found["number"])
            negative = found["sign"] in ("-", "−")
            value = -value if value is not None and negative else value
            printed = Printed(start, found.end(), text, signed(found["comparator"] or ""), value, negative)
            if found["number"] in "1234" and self._text[found.end() : found.end() + 1] == "+" and not self._measured:
                self._add(Sort.TEXT, start, found.end() + 1)
                continue
            self._add(Sort.NUMBER, start, found.end(), printed=printed)
            glued = _GLUED.match(self._text, found.end())
            if glued is not None:
                self._add(Sort.FLAG, glued.start(), glued.end(), side=side_of(glued[0]) or "*")
        self._mask()

    @cached_property
    def _measured(self) -> bool:
        """Whether the line prints a unit from here on: without one, ``2+`` is a grade and no number with a flag."""
        if any(one.sort is Sort.UNIT for one in self._found):
            return True
        return not self._whole and _last_unit(self._row) >= self._start

    def _words(self) -> None:
        for found in RESULTS.finditer(self._text):
            side = side_of(found[0])
            sort = Sort.FLAG if side and not found["invalid"] and found[0] in ("+", "++", "+++") else Sort.TEXT
            self._add(sort, found.start(), found.end(), side=side)
        self._mask()
        for found in _WORD.finditer(self._text.replace(_MASK, " ")):
            # "N :" in front of a range is the word for normal values, and no flag.
            label = found[0].strip("([{") in _NORMAL and _RANGED.match(self._text, found.end())
            side = "" if label or found[0].strip("([{") in _LABELS else side_of(found[0])
            end = found.start() + len(found[0].rstrip(",;")) if side else found.end()
            self._add(Sort.FLAG if side else Sort.WORD, found.start(), end, side=side)


def _shifted(one: Found, by: int) -> Found:
    """What was found, at its place in the line."""
    if not by:
        return one
    printed, reference, day = one.printed, one.reference, one.day
    return Found(
        one.sort,
        one.start + by,
        one.end + by,
        replace(printed, start=printed.start + by, end=printed.end + by) if printed else None,
        replace(reference, start=reference.start + by, end=reference.end + by) if reference else None,
        replace(day, start=day.start + by, end=day.end + by) if day else None,
        one.side,
        one.ucums,
    )


def _unit_at(text: str, words: Sequence[re.Match[str]], index: int) -> tuple[int, int, tuple[str, ...]] | None:
    """The longest unit that begins in a word: behind a number glued to it, in brackets, over up to four words."""
    word = words[index]
    if _UNITISH.search(text, word.start(), min(word.end() + 6, word.start() + MAX_LENGTH)) is None:
        return None
    for begin in _beginnings(word):
        # Units of several words hold a stroke or a per cent sign.
        sign = _STROKE.search(text, begin, begin + MAX_LENGTH + _ROOM)
        for last in range(min(index + _UNIT_WORDS, len(words)) - 1, index - 1, -1):
            if last > index and (
                sign is None or sign.start() >= words[last].end() or words[last].start() - begin > MAX_LENGTH + _ROOM
            ):
                continue
            for end in _ends(text, words[last], begin):
                piece = text[begin:end].replace("  /", " /")
                if (
                    len(piece) > MAX_LENGTH
                    or _MASK in piece
                    or "  " in piece
                    or not _unitlike(piece, glued=begin > word.start())
                ):
                    continue
                ucums = ucums_of(piece)
                if ucums and (piece.casefold() not in ("inr",) or begin > word.start()):
                    return begin, end, ucums
    return None


def _beginnings(word: re.Match[str]) -> Iterator[int]:
    yield word.start()
    text = word[0]
    bracket = next((n for n, sign in enumerate(text) if sign in "([" and n + 1 < len(text)), None)
    if bracket is not None:
        yield word.start() + bracket + 1
    if text[:1] in "<>≤≥0123456789":
        digits = next((n for n, sign in enumerate(text) if not (sign.isdigit() or sign in ".,'’<>≤≥=")), None)
        if digits:
            yield word.start() + digits


def _ends(text: str, word: re.Match[str], begin: int) -> Iterator[int]:
    end = bare = word.end()
    while bare > begin and text[bare - 1] in ")],;:.":
        bare -= 1
    if bare != end:
        yield bare
    yield end
    for sign in "([":
        at = text.find(sign, max(begin, word.start()) + 1, end)
        if (at > begin and not text[at + 1 : at + 2].isdigit()) or (at > begin and "/" in text[begin:at]):
            yield at
    for sign in ",;:":
        at = text.find(sign, max(begin, word.start()) + 1, end)
        if at > begin:
            yield at


def _unitlike(piece: str, *, glued: bool) -> bool:
    if "/" in piece or "%" in piece:
        return True
    return piece.casefold() in _SOLO or (glued and piece.casefold() in ("g", "s"))
