"""Finding laboratory results in lines of text, tables and sentences alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.domain import knowledge
from analysis.domain.laboratory.catalogue import Analyte, by_name, normal_name, ucum_of
from analysis.domain.laboratory.numbers import Printed, PrintedRange, range_in, thousands, value_at
from analysis.domain.spans import SourcePage, Span, TextLine, lines_of

_WORD = re.compile(r"[^\s:=]+")
_FLAG = re.compile(
    r"(?<![\w/])[(\[]?(?P<flag>HH|LL|H|L|high|low|hoch|niedrig|critical|↑+|↓+|\*+|\+|N|normal)[)\]]?(?![\w/])",
    re.IGNORECASE,
)
_GLUED = re.compile(r"\s*(?P<flag>HH|LL|H|L)(?![\w/])")
_LINK = re.compile(
    r"\s*(?:\([^)]{1,24}\))?\s*(?:[:=]\s*|(?:level|count|value|result)?\s*"
    r"(?:(?:was|is|of|at|now|rose to|fell to|dropped to|increased to|decreased to|up to|down to|measured)\s+)?)",
    re.IGNORECASE,
)
_FLAGS = {"HH": "H", "HIGH": "H", "HOCH": "H", "+": "H", "LL": "L", "LOW": "L", "NIEDRIG": "L", "NORMAL": "N"}
_MAX_WORDS = 6
_SHORT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class LabLine:
    """One printed result, as it stands. ``flag`` is H, L, N, ``*`` (abnormal, side not said) or empty."""

    analyte: Analyte
    printed_name: str
    value: Printed
    unit: str
    ucum: str | None
    reference: PrintedRange | None
    flag: str
    span: Span


def read_page(page: SourcePage) -> Iterator[LabLine]:
    """Every result on the page, in order."""
    for line in lines_of(page):
        yield from _results(line)


def _results(line: TextLine) -> Iterator[LabLine]:
    words = list(_WORD.finditer(line.text))
    index = 0
    while index < len(words):
        found = _name_at(line, words, index)
        if found is None:
            index += 1
            continue
        analyte, used = found
        begin, end = words[index].start(), words[index + used - 1].end()
        result = _result(line, analyte, begin, end, first=_is_first(line, begin))
        if result is None:
            index += 1
            continue
        yield result
        stop = result.span.end - line.start
        index = next((n for n, word in enumerate(words) if word.start() >= stop), len(words))


@knowledge.per_release
def _firsts() -> frozenset[str]:
    return frozenset(name[:1] for name in by_name())


def _name_at(line: TextLine, words: list[re.Match[str]], index: int) -> tuple[Analyte, int] | None:
    head = normal_name(words[index][0])
    if not head or head[:1] not in _firsts():
        return None
    for used in range(min(_MAX_WORDS, len(words) - index), 0, -1):
        name = normal_name(line.text[words[index].start() : words[index + used - 1].end()])
        analyte = by_name().get(name)
        if analyte is not None:
            return analyte, used
    return None


def _is_first(line: TextLine, begin: int) -> bool:
    """Whether nothing but bullets, numbering and blanks stands before the name."""
    return not re.search(r"[^\W\d_]", line.text[:begin])


def _result(line: TextLine, analyte: Analyte, begin: int, end: int, *, first: bool) -> LabLine | None:
    link = _LINK.match(line.text, end)
    value_from = link.end() if link else end
    early = _FLAG.match(line.text, value_from)
    if early:
        value_from = early.end()
    before = _range_first(line.text, value_from)
    value = value_at(line.text, before.end if before else value_from)
    if value is None:
        return None
    unit, ucum, unit_end = _unit(line.text, value.end)
    grouped = bool(ucum and ucum.startswith("/"))
    reference = before or range_in(line.text, unit_end, grouped=grouped)
    if reference and not before and not _belongs(line.text[unit_end : reference.start]):
        reference = None
    if reference and not unit:
        unit, ucum, unit_end = _unit(line.text, max(unit_end, reference.end))
    name = line.text[begin:end]
    if not _plausible(analyte, name, unit, ucum, reference, first=first):
        return None
    stop = max(unit_end, value.end, reference.end if reference else 0)
    flag, stop = _flag(line.text, value.end, unit_end, stop, early)
    if value.value is None and grouped:
        value = replace(value, value=thousands(value.text.lstrip("<>=≤≥ ")))
    return LabLine(
        analyte=analyte,
        printed_name=name,
        value=value,
        unit=unit,
        ucum=ucum,
        reference=reference,
        flag=flag,
        span=line.span(begin, len(line.text[:stop].rstrip())),
    )


def _range_first(text: str, start: int) -> PrintedRange | None:
    """A range that stands where the value is expected: some laboratories print it first."""
    ahead = range_in(text, start)
    if ahead is None or ahead.low is None or ahead.high is None or text[start : ahead.start].strip():
        return None
    return ahead


def _unit(text: str, start: int) -> tuple[str, str | None, int]:
    """The unit after the value: as printed, in UCUM (``None``: not known), and where it ends."""
    glued = _GLUED.match(text, start)
    at = glued.end() if glued else start
    tokens = list(re.finditer(r"\S+", text[at : at + 40]))
    for used in range(min(3, len(tokens)), 0, -1):
        printed = text[at + tokens[0].start() : at + tokens[used - 1].end()]
        ucum = ucum_of(printed)
        if ucum:
            left = printed.rstrip(".,;)]")
            return left, ucum, at + tokens[0].start() + len(left)
    if tokens and re.match(r"[A-Za-zµμ%/]", tokens[0][0]) and not _FLAG.fullmatch(tokens[0][0]):
        return tokens[0][0].rstrip(".,;"), None, at + tokens[0].end()
    return "", None, start


def _belongs(between: str) -> bool:
    """Whether a range this far behind the unit is still this result's: only flags and labels in between."""
    rest = re.sub(r"(?i)\b(ref(erence)?|range|normal|norm|interval|nr)\b", "", _FLAG.sub("", between))
    return not re.search(r"\w", rest)


def _plausible(
    analyte: Analyte, name: str, unit: str, ucum: str | None, reference: PrintedRange | None, *, first: bool
) -> bool:
    if ucum is not None and ucum in analyte.factors:
        return first or len(name.strip("()")) > _SHORT or name.isupper() or name[:1].isupper()
    if analyte.dimensionless:
        return not unit
    return first and reference is not None


def _flag(text: str, value_end: int, unit_end: int, stop: int, early: re.Match[str] | None) -> tuple[str, int]:
    if early:
        return _side(early["flag"]), stop
    glued = _GLUED.match(text, value_end)
    if glued and glued.end() <= max(unit_end, stop):
        return _side(glued["flag"]), max(stop, glued.end())
    between = _FLAG.search(text, unit_end, stop)
    if between and not re.search(r"\w", text[unit_end : between.start()]):
        return _side(between["flag"]), stop
    after = _FLAG.match(text, stop + len(text[stop:]) - len(text[stop:].lstrip()))
    if after and not re.match(r"\s+\w", text[after.end() :]):
        return _side(after["flag"]), after.end()
    return "", stop


def _side(printed: str) -> str:
    flag = printed.upper()
    if flag[0] in "↑↓":
        return "H" if flag[0] == "↑" else "L"
    if flag[0] == "*" or flag == "CRITICAL":
        return "*"
    return _FLAGS.get(flag, flag)
