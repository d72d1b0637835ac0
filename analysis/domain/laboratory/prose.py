"""Results in sentences: "potassium was 6.9 mmol/L on 20/11", "creatinine 3.4 -> 2.4", "Hb 7,2 (Vorwert 9,1)"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from analysis.domain.laboratory.cells import Row, Run, Sort, Token
from analysis.domain.laboratory.days import Day, days_in
from analysis.domain.laboratory.drafts import Draft, Sheet
from analysis.domain.laboratory.names import Name, known_at, name_of
from analysis.domain.laboratory.ranges import labelled
from analysis.domain.laboratory.results import Earlier, Result, chosen, settled
from analysis.domain.laboratory.rows import item_draft
from analysis.domain.laboratory.specimens import heading_specimen, specimen_of
from analysis.domain.laboratory.tokens import tokens_of
from analysis.domain.spans import TextLine

_WORD = re.compile(r"[^\s:=]+")
_LINK = re.compile(
    r"(?:\s|[:=,(]|(?<![^\W\d_])(?:level|count|value|result|was|is|were|went|of|at|now|rose|fell|dropped|increased|"
    r"decreased|up|down|to|from|measured|"
    r"currently|came|come|back|liegt|lag|resultó|salió|ressort|ressorti|war|ist|betrug|beträgt|bei|von|auf|aktuell|jetzt|stieg|fiel|gestiegen|gefallen|um|era|fue|es|de|a|"
    r"en|subió|bajó|"
    r"actual|est|était|à|dosée?|mesurée?|passée?|wert|spiegel|on|am|le|el|vom|den|nur|only|ca|about|"
    r"mit)(?![^\W\d_]))*+",
    re.IGNORECASE,
)
_STOP = re.compile(r"[;\n]|[.!?](?=\s+[A-ZÄÖÜÉÁÍÓÚÑ]|\s*$)")
_ARROW = re.compile(r"\s*(?:->|→|=>|⇒|>{2}|⟶|–>|-->|(?<![^\W\d_])(?:to|auf|a|à)(?![^\W\d_]))\s*")
_BEFORE = re.compile(
    r"(?<![^\W\d_])(?:previous(?:ly)?|prior|before|vorwert|vorher|zuvor|früher|anterior(?:mente)?|previo|antes|"
    r"antérieur\w{0,8}|précéd\w{0,8}|last|letzter)[\s:,(=]*+$",
    re.IGNORECASE,
)
#: A word in front of a name that makes it something else: a fluid's short name, "free", "corrected".
_QUALIFIED = re.compile(
    r"(?:(?<!\S)(?:LP|PE|LC|AS|PD|free|freies|libre|corrected|korrigiert\w*|corregid\w*|corrigée?|adjusted|anti|"
    r"urinary|urine|fluid)\s)$",
    re.IGNORECASE,
)
_COLON = re.compile(r":\s")
#: What is measured at the bedside, and no result of a laboratory.
VITAL = re.compile(
    r"(?<![^\W\d_])(?:bp|rr|ta|blood pressure|blutdruck|pulse?|puls|heart rate|hr|fc|temp\w*|tª|t°|spo2|sato2|"
    r"sao2|weight|gewicht|peso|poids|"
    r"height|größe|talla|taille|bmi|imc|respiratory rate|af|room air|raumluft)(?![^\W\d_])",
    re.IGNORECASE,
)
_FEW_ITEMS, _FEW_DIGITS, _MAX_ITEM_NAME = 2, 3, 50
_SHORT, _MAX_LINES = 3, 40
_FAR = 60
#: More of them is no list of results that anybody writes.
_MAX_COLONS, _MAX_VALUES = 40, 40


@dataclass(frozen=True, slots=True)
class Sentence:
    """Lines of running text as one, with the place of its first sign."""

    row: Row


def sentences_of(rows: Iterable[Row]) -> Iterator[Sentence]:
    """Lines that follow one another joined, so that a result that is wrapped is whole."""
    block: list[Row] = []
    for row in rows:
        after = block and row.line.start == block[-1].line.start + len(block[-1].text) + 1
        if block and not (after and len(block) < _MAX_LINES and len(row.runs) <= 2):
            yield _joined(block)
            block = []
        block.append(row)
    if block:
        yield _joined(block)


def _joined(block: Sequence[Row]) -> Sentence:
    text = " ".join(row.text for row in block)
    line = TextLine(block[0].line.page, block[0].line.start, text)
    return Sentence(Row(line, (Run(0, len(text), 0.0, 1.0),), placed=False))


def items_in(sentence: Sentence, sheet: Sheet) -> list[tuple[Draft, str]]:
    """The results of a list in running text, each with its name first, and the specimen that its heading names.

    Other words are left to ``told_in``.
    """
    row = sentence.row
    if sum(sign.isdigit() for sign in row.text) < _FEW_DIGITS:
        return []
    items = list(_items(row.text))
    if len(items) < _FEW_ITEMS:
        return []
    found: list[tuple[Draft, str]] = []
    specimen = ""
    for begin, start, end in items:
        heading = row.text[begin:start].strip(" ,;.")
        specimen = heading_specimen(heading) if heading else specimen
        draft = item_draft(row, start, end, sheet)
        if draft is not None and draft.value is not None and _measured(draft):
            found.append((draft, specimen))
    known = [draft for draft, _ in found if draft.name.analytes]
    return [one for one in found if one[0].name.analytes or _listed(one[0])] if len(known) >= _FEW_ITEMS else []


def _measured(draft: Draft) -> bool:
    """Whether an item is a result: in a unit of its analyte, or in any where the name is not known."""
    if VITAL.search(draft.name.printed):
        return False
    ucums = [ucum for token in draft.units for ucum in token.ucums]
    if draft.value is not None and draft.value.sort is Sort.TEXT:
        return ":" in draft.value.text or bool(draft.reference_words)
    if not draft.name.analytes:
        return bool(ucums)
    plain = any(one.dimensionless for one in draft.name.analytes) and not draft.units
    return plain or bool(draft.ranges) or any(one.takes(ucum) for one in draft.name.analytes for ucum in ucums)


def _listed(draft: Draft) -> bool:
    """Whether a name that the catalogue does not know is that of a result: with a unit of measurement, and short."""
    unit = any("/" in token.text or token.text.strip("()[] ") == "%" for token in draft.units)
    unit = unit or (draft.value is not None and draft.value.sort is Sort.TEXT)
    return unit and len(draft.name.printed) <= _MAX_ITEM_NAME and not VITAL.search(draft.name.printed)


def _items(text: str) -> Iterator[tuple[int, int, int]]:
    """(begin, begin behind its heading, end) of what stands between commas, semicolons and stops outside brackets."""
    depth, start, digits = 0, 0, False
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]" and depth > 0)
        valued = sign in ",-–" and digits
        digits = digits or sign.isdigit()
        letters = text[at + 1 : at + 2] == " " and text[at + 2 : at + 3].isalpha()
        ends = sign == ";" or (valued and letters and (sign == "," or text[at - 1 : at] == " "))
        ends = ends or (
            sign == "."
            and text[at + 1 : at + 2] in (" ", "")
            and not text[at - 1 : at].isspace()
            and text[at + 2 : at + 3].isupper()
        )
        if depth == 0 and ends:
            yield start, _headless(text, start, at), at
            start, digits = at + 1, False
    yield start, _headless(text, start, len(text)), len(text)


def _headless(text: str, start: int, end: int) -> int:
    """Where an item begins behind its heading: "Electrolytes: Na: 132" begins at Na."""
    while start < end and text[start] in " \t":
        start += 1
    last = next((at for at in range(end - 1, start - 1, -1) if text[at].isdigit()), -1)
    for found in islice(_COLON.finditer(text, start, end), _MAX_COLONS):
        between = text[start : found.start()]
        rest = text[found.end() : end].lstrip()
        days = days_in(between)
        bare = between if not days else between[: days[0].start] + between[days[-1].end :]
        if any(sign.isdigit() for sign in bare) and not days and not name_of(between).analytes:
            continue
        letters = rest[:1].isalpha() and last >= found.end()
        if letters and (not name_of(between).analytes or name_of(re.split(r"[:\d<>]", rest, maxsplit=1)[0]).analytes):
            start = end - len(text[found.end() : end].lstrip())
    return start


def told_in(sentence: Sentence, sign: str, months: bool | None, taken: Sequence[Draft] = ()) -> Iterator[Result]:
    """Every result that running text tells beside the list that it holds."""
    text = sentence.row.text
    if not any(each.isdigit() for each in text):
        return
    words = list(_WORD.finditer(text))
    names = list(_names(text, words))
    tokens = _Tokens(text, tokens_of(sentence.row))
    used = sorted((draft.start, draft.end) for draft in taken)
    for index, (name, start, end) in enumerate(names):
        if _within(used, start) or VITAL.search(name.printed) or _QUALIFIED.search(text, max(0, start - _FAR), start):
            continue
        stop = min(names[index + 1][1] if index + 1 < len(names) else len(text), tokens.stop(end))
        result = _result(sentence.row, name, start, end, stop, tokens.between(end, stop), sign, months)
        if result is not None:
            yield result


def _names(text: str, words: list[re.Match[str]]) -> Iterator[tuple[Name, int, int]]:
    index = 0
    while index < len(words):
        analytes, used = known_at(text, words, index)
        if not used:
            index += 1
            continue
        start, end = words[index].start(), words[index + used - 1].end()
        printed = text[start:end]
        while printed and printed[-1] in ".,;":
            printed = printed[:-1]
        if len(printed) > _SHORT or printed.isupper() or printed[:1].isupper():
            yield Name(printed, analytes, ""), start, start + len(printed)
        index += used


class _Tokens:
    """The tokens of a sentence, and where it stops outside of them."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._tokens, self._length = tokens, len(text)
        self._starts = [token.start for token in tokens]
        extents = [(token.start, token.end) for token in tokens]
        self._stops = [found.start() for found in _STOP.finditer(text) if not _within(extents, found.start())]

    def stop(self, start: int) -> int:
        """The first stop from ``start`` on, or the end of the text."""
        at = bisect_left(self._stops, start)
        return self._stops[at] if at < len(self._stops) else self._length

    def between(self, start: int, stop: int) -> list[Token]:
        """The tokens that stand whole between two places."""
        own = self._tokens[bisect_left(self._starts, start) : bisect_left(self._starts, stop)]
        return [token for token in own if token.end <= stop]


def _within(extents: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether a place lies in one of several stretches that follow one another."""
    at = bisect_right(extents, (place, 10**9)) - 1
    return at >= 0 and extents[at][0] <= place < extents[at][1]


def _result(
    row: Row, name: Name, start: int, end: int, stop: int, own: Sequence[Token], sign: str, months: bool | None
) -> Result | None:
    values = [token for token in own if token.sort in (Sort.NUMBER, Sort.BOUND)]
    if not values or not _linked(row.text, end, values[0], own):
        return None
    values = _related(row.text, values, own)
    units = [token for token in own if token.sort is Sort.UNIT]
    behind = [token for token in units if 0 <= token.start - values[0].end <= _FAR]
    unit = behind[0] if behind else None
    specimen = specimen_of(row.text[max(0, start - 40) : stop])
    references = [token.reference for token in own if token.sort is Sort.RANGE and token.reference is not None]
    ranges = labelled(row.text, references, values[-1].end, stop) if references else []
    which = chosen(name, specimen, unit.ucums if unit else (), ranges, unit.text if unit else "")
    plain = which.analyte is not None and which.analyte.dimensionless and unit is None
    if not plain and (unit is None or not (which.analyte or specimen not in ("", "blood"))):
        return None
    current, day, earlier, doubt = _current(row.text, values, own)
    printed = current.printed
    if printed is None:
        return None
    both = settled(printed, ranges, which.analyte, which.ucum, sign)
    last = max(
        [
            current.end,
            *(
                token.end
                for token in (unit, *[t for t in own if t.sort is Sort.RANGE])
                if token is not None and token.start - current.end < _FAR
            ),
        ]
    )
    flags = [
        token.side
        for token in own
        if token.sort is Sort.FLAG
        and token.side
        and token.text not in ("a", "A", "-", "–")
        and 0 <= token.start - current.end < 12
    ]
    return Result(
        analyte=which.analyte,
        name=name.printed,
        printed_name=name.printed,
        value=both.value,
        unit=unit.text.strip("()[] ") if unit else "",
        ucum=which.ucum,
        reference=both.ranges[0] if both.ranges else None,
        flag=flags[0] if flags else "",
        span=row.line.span(start, len(row.text[:last].rstrip())),
        specimen=specimen,
        day=day.iso(month_first=months) if day else "",
        history=tuple(
            Earlier(
                value=token.text.strip(),
                day=(when.iso(month_first=months) or when.text) if when else "",
                number=token.printed.number if token.printed else "",
            )
            for token, when in earlier
        ),
        doubt=doubt or both.doubt,
        mismatch=which.doubt,
    )


def _linked(text: str, end: int, value: Token, own: Sequence[Token]) -> bool:
    """Whether nothing but linking words, days and brackets stands between the name and its value."""
    between = text[end : value.start]
    for token in own:
        if token.end <= value.start and token.sort in (Sort.DAY, Sort.TIME, Sort.UNIT, Sort.RANGE, Sort.FLAG):
            between = between.replace(token.text, " ", 1)
    linked = _LINK.match(between)
    return len(between) <= _FAR and linked is not None and not between[linked.end() :].strip(" ().,:[]")


def _related(text: str, values: Sequence[Token], own: Sequence[Token]) -> list[Token]:
    """The numbers that are values of the same thing: with the same unit, or joined by an arrow, a day or a word."""
    found = [values[0]]
    for token in values[1:_MAX_VALUES]:
        if token.sort is Sort.BOUND:
            continue
        between = text[found[-1].end : token.start]
        bare = between
        for other in own:
            if (
                found[-1].end <= other.start
                and other.end <= token.start
                and other.sort in (Sort.DAY, Sort.TIME, Sort.UNIT, Sort.FLAG)
            ):
                bare = bare.replace(other.text, " ", 1)
        days = days_in(between, short=True)
        for day in days:
            bare = bare.replace(day.text, " ", 1)
        if (
            _ARROW.fullmatch(between.strip())
            or _ARROW.fullmatch(bare.strip())
            or _BEFORE.search(between)
            or (days and not re.sub(r"[\s,;(/]|on|am|le|el|and|und|et|y|vom|at", "", bare))
        ):
            found.append(token)
    return found


def _current(
    text: str, values: Sequence[Token], own: Sequence[Token]
) -> tuple[Token, Day | None, list[tuple[Token, Day | None]], str]:
    """The newest of several values: by its day, by the arrow that ends at it, or the one not called previous."""
    if len(values) == 1:
        return values[0], _day_at(text, values[0], own, None), [], ""
    days = [_day_at(text, token, own, values[n + 1] if n + 1 < len(values) else None) for n, token in enumerate(values)]
    pairs = list(zip(values, days, strict=True))
    if all(day is not None for day in days):
        best = max(pairs, key=lambda pair: pair[1].key(month_first=False) if pair[1] else (0, 0, 0))
        return best[0], best[1], [pair for pair in pairs if pair is not best], ""
    for index, (token, day) in enumerate(pairs):
        if index and _BEFORE.search(text[values[index - 1].end : token.start]):
            return pairs[0][0], pairs[0][1], [(token, day)], ""
    between = [text[a.end : b.start] for a, b in pairwise(values)]
    if any("<-" in each or "←" in each for each in between):
        return pairs[0][0], pairs[0][1], pairs[1:], ""
    return pairs[-1][0], pairs[-1][1], pairs[:-1], ""


def _day_at(text: str, token: Token, own: Sequence[Token], following: Token | None) -> Day | None:
    """The day behind a value and before the next one, or the one right before it."""
    limit = following.start if following is not None else min(len(text), token.end + 40)
    behind = days_in(text[token.end : limit], short=True)
    if behind:
        return behind[0]
    before = [
        other for other in own if other.sort is Sort.DAY and other.end <= token.start and token.start - other.end <= 4
    ]
    return before[-1].day if before else None
