"""The cells of a line and what stands in them: numbers, ranges, units, flags, days, and words that are results."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.domain.laboratory.days import TIME, Day, days_in
from analysis.domain.laboratory.numbers import NUMBER, Printed, decimal_of, signed
from analysis.domain.laboratory.ranges import AGE, PrintedRange, ranges_in
from analysis.domain.laboratory.result_words import RESULTS, side_of
from analysis.domain.laboratory.units import MAX_LENGTH, ucums_of
from analysis.domain.spans import SourcePage, TextLine, lines_of

MAX_CELLS = 60


class Sort(StrEnum):
    """What a token is."""

    NUMBER = "number"
    BOUND = "bound"
    RANGE = "range"
    UNIT = "unit"
    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    AGE = "age"
    TEXT = "text"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Run:
    """A cell of a line: its place in the line, and its extent across the page."""

    start: int
    end: int
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its cells. ``placed`` tells whether their extents are those on the page, or counted in signs."""

    line: TextLine
    runs: tuple[Run, ...]
    placed: bool

    @property
    def text(self) -> str:
        """What the line says."""
        return self.line.text

    def x(self, at: int) -> float:
        """Where a sign of the line stands across the page."""
        index = max(bisect_right([run.start for run in self.runs], at) - 1, 0)
        run = self.runs[index]
        share = (at - run.start) / max(run.end - run.start, 1)
        return run.x0 + min(max(share, 0.0), 1.0) * (run.x1 - run.x0)

    def run_at(self, at: int) -> int:
        """The index of the cell in which a sign stands."""
        return max(bisect_right([run.start for run in self.runs], at) - 1, 0)


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a line with its meaning."""

    sort: Sort
    start: int
    end: int
    text: str
    run: int
    x0: float
    x1: float
    printed: Printed | None = None
    reference: PrintedRange | None = None
    day: Day | None = None
    side: str = ""
    ucums: tuple[str, ...] = ()


_GAP = re.compile(r"\s{2,}|\s*[\t|¦│]\s*")
_WIDE = re.compile(r"\S {3,}\S")
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
_LEADING = re.compile(r"(?:[↑↓▲▼⇑⇓]{1,3}|\*{1,3}|!?[HL]|!)\s?(?=[<>≤≥]?\d)")
_UNITISH = re.compile(r"[^\W\d_]|[%/‰]")
_MASK = "\x00"
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


def rows_of(page: SourcePage) -> list[Row]:
    """The lines of a page with their cells: as the reader placed them, or by the gaps between words."""
    starts = [cell.start for cell in page.cells]
    wide = not page.cells and sum(1 for _ in _WIDE.finditer(page.text)) >= 3
    return [
        Row(line, tuple(_runs(page, starts, line))[:MAX_CELLS], bool(page.cells) or wide) for line in lines_of(page)
    ]


def pieces_of(row: Row) -> list[tuple[str, float, float]]:
    """The cells of a line with their extents; the end of a unit after raised digits belongs to its beginning."""
    found: list[tuple[str, float, float]] = []
    for run in row.runs:
        text = row.text[run.start : run.end]
        if found and text[:1] == "/" and found[-1][0][-1:] in "0123456789⁰¹²³⁴⁵⁶⁷⁸⁹":
            found[-1] = (found[-1][0] + text, found[-1][1], run.x1)
        else:
            found.append((text, run.x0, run.x1))
    return found


def _runs(page: SourcePage, starts: list[int], line: TextLine) -> Iterator[Run]:
    end = line.start + len(line.text)
    own = page.cells[bisect_left(starts, line.start) : bisect_left(starts, end)]
    if own:
        for cell in own:
            yield Run(cell.start - line.start, min(cell.end - line.start, len(line.text)), cell.x0, cell.x1)
        return
    at = len(line.text) - len(line.text.lstrip())
    for gap in _GAP.finditer(line.text.rstrip(), at):
        if gap.start() > at:
            yield Run(at, gap.start(), at / 100, gap.start() / 100)
        at = gap.end()
    yield Run(at, len(line.text.rstrip()), at / 100, len(line.text.rstrip()) / 100)


def tokens_of(row: Row, start: int = 0) -> list[Token]:
    """What stands in a line from ``start`` on, in order."""
    return _Scan(row, start).tokens()


class _Scan:
    """One line, read from what is most surely told apart to what is left."""

    def __init__(self, row: Row, start: int) -> None:
        self._row = row
        self._start = start
        self._text = _MASK * start + row.text[start:]
        self._found: list[Token] = []

    def tokens(self) -> list[Token]:
        """All of it."""
        self._titres()
        self._days()
        self._take(((found, Sort.AGE) for found in AGE.finditer(self._text)), printed=None)
        self._take((found, Sort.TEXT) for found in RESULTS.finditer(self._text) if found["invalid"])
        self._units()
        self._ranges()
        self._numbers()
        self._words()
        return sorted(self._found, key=lambda token: token.start)

    def _add(self, sort: Sort, start: int, end: int, **more: object) -> None:
        row = self._row
        made = Token(sort, start, end, row.text[start:end], row.run_at(start), row.x(start), row.x(end), **more)  # type: ignore[arg-type]  # the rest of a token
        self._found.append(made)
        self._text = self._text[:start] + _MASK * (end - start) + self._text[end:]

    def _take(self, found: Iterable[tuple[re.Match[str], Sort]], **more: object) -> None:
        for match, sort in list(found):
            self._add(sort, match.start(), match.end(), **more)

    def _days(self) -> None:
        for day in days_in(self._text):
            self._add(Sort.DAY, day.start, day.end, day=day)
        self._take((found, Sort.TIME) for found in _TIMES.finditer(self._text))

    def _units(self) -> None:
        words = list(_WORD.finditer(self._text))
        index = 0
        while index < len(words):
            place = _unit_at(self._text, words, index)
            if place is None:
                index += 1
                continue
            start, end, ucums = place
            self._add(Sort.UNIT, start, end, ucums=ucums)
            index = next((n for n in range(index, len(words)) if words[n].start() >= end), len(words))

    def _titres(self) -> None:
        for found in list(_TITRE.finditer(self._text)):
            printed = Printed(found.start(), found.end(), found[0].strip(), signed(found["comparator"] or ""), None)
            self._add(Sort.TEXT, found.start(), found.end(), printed=printed)

    def _ranges(self) -> None:
        found = ranges_in(self._text)
        wide = [one for one in found if one.two_sided and self._apart(one)]
        for one in found:
            if one in wide and len([each for each in found if each.two_sided]) > 1:
                continue
            if one.two_sided or one.text.lstrip("([")[:1] not in "<>≤≥":
                self._add(Sort.RANGE, one.start, one.end, reference=one)
                continue
            digits = (one.prints[0] or one.prints[1]).strip()
            comparator = signed(one.text.strip("([ ")[: 2 if one.text.strip("([ ")[1:2] == "=" else 1])
            printed = Printed(one.start, one.end, one.text.strip("()[] "), comparator, decimal_of(digits))
            self._add(Sort.BOUND, one.start, one.end, reference=one, printed=printed)

    def _apart(self, one: PrintedRange) -> bool:
        """Whether the dash stands alone between two gaps: a flag between two values, where another range is printed."""
        return bool(re.search(r"\s{2,}[-–−]|[-–−]\s{2,}", self._row.text[one.start : one.end]))

    def _numbers(self) -> None:
        for found in list(_NUMBER.finditer(self._text)):
            start = found.start("sign") if found["sign"] else found.start("number")
            start = found.start() if found["comparator"] else start
            text = self._row.text[start : found.end()].strip()
            value = decimal_of(found["number"])
            negative = found["sign"] in ("-", "−")
            value = -value if value is not None and negative else value
            printed = Printed(start, found.end(), text, signed(found["comparator"] or ""), value, negative)
            if found["number"] in "1234" and self._text[found.end() : found.end() + 1] == "+" and not self._measured():
                self._add(Sort.TEXT, start, found.end() + 1)
                continue
            self._add(Sort.NUMBER, start, found.end(), printed=printed)
            glued = _GLUED.match(self._text, found.end())
            if glued is not None:
                self._add(Sort.FLAG, glued.start(), glued.end(), side=side_of(glued[0]) or "*")

    def _measured(self) -> bool:
        """Whether the line prints a unit: without one, ``2+`` is a grade and no number with a flag."""
        return any(token.sort is Sort.UNIT for token in self._found)

    def _words(self) -> None:
        for found in list(RESULTS.finditer(self._text)):
            side = side_of(found[0])
            sort = Sort.FLAG if side and not found["invalid"] and found[0] in ("+", "++", "+++") else Sort.TEXT
            self._add(sort, found.start(), found.end(), side=side)
        for found in list(_WORD.finditer(self._text.replace(_MASK, " "))):
            side = side_of(found[0])
            self._add(Sort.FLAG if side else Sort.WORD, found.start(), found.end(), side=side)


def _unit_at(text: str, words: Sequence[re.Match[str]], index: int) -> tuple[int, int, tuple[str, ...]] | None:
    """The longest unit that begins in a word: behind a number glued to it, in brackets, over up to four words."""
    word = words[index]
    if _UNITISH.search(text, word.start(), min(word.end() + 6, word.start() + MAX_LENGTH)) is None:
        return None
    for begin in _beginnings(word):
        for last in range(min(index + 3, len(words) - 1), index - 1, -1):
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
