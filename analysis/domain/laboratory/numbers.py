"""Numbers as laboratories print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# A number that is not part of a date, a time, a longer number or a code.
NUMBER = r"(?<![\w.,/])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w/])|(?<![\w.,/:])\d+(?:[.,]\d+)?"
_DASH = r"(?:-|–|—|−|\bto\b|\bbis\b)"
_VALUE = re.compile(rf"(?P<comparator><=|>=|[<>≤≥])?\s*(?P<number>{NUMBER})")
_RANGE = re.compile(
    rf"(?:(?P<open>[\[(])\s*+)?(?:(?<!\d-)(?P<low>{NUMBER})\s*{_DASH}\s*(?P<high>\d+(?:[.,]\d+)*)(?![\w/:]|\s*{_DASH}\s*\d)"
    rf"|(?P<bound><=|>=|[<>≤≥]|up to|bis)\s*(?P<limit>\d+(?:[.,]\d+)*))\s*+[\])]?",
    re.IGNORECASE,
)
_SIGN = {"≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class Printed:
    """A number at its place in a line. ``value`` is ``None`` where the print can be read in two ways."""

    start: int
    end: int
    text: str
    comparator: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class PrintedRange:
    """A reference range at its place; ``low``/``high`` are ``None`` where no bound is printed."""

    start: int
    end: int
    text: str
    low: Decimal | None
    high: Decimal | None


def decimal_of(text: str) -> Decimal | None:
    """``9.1``, ``9,1`` and ``12,500.0`` are clear; ``12,500`` is twelve and a half or twelve thousand: ``None``."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return Decimal(text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+", text) or re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", text):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"\d+,\d{3}", text):
        return Decimal(text.replace(",", ".")) if text.startswith("0,") else None
    if re.fullmatch(r"\d+,\d+", text):
        return Decimal(text.replace(",", "."))
    return None


def thousands(text: str) -> Decimal | None:
    """``12,500`` read as a count; ``None`` when it is not grouped in threes."""
    return Decimal(text.replace(",", "")) if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) else None


def value_at(line: str, start: int) -> Printed | None:
    """The number that stands at ``start``, blanks and a comparator before it allowed."""
    found = _VALUE.match(line, start + len(line[start:]) - len(line[start:].lstrip()))
    if found is None:
        return None
    comparator = found["comparator"] or ""
    number = found["number"]
    return Printed(found.start(), found.end(), found[0].strip(), _SIGN.get(comparator, comparator), decimal_of(number))


def range_in(line: str, start: int, *, grouped: bool = False) -> PrintedRange | None:
    """The first reference range at or after ``start``; ``grouped`` reads ``4,000`` as four thousand."""
    for found in _RANGE.finditer(line, start):
        if found["low"] is not None:
            low, high = _bound(found["low"], grouped=grouped), _bound(found["high"], grouped=grouped)
            if low is not None and high is not None and low <= high:
                return PrintedRange(found.start(), found.end(), found[0].strip(), low, high)
            continue
        limit = _bound(found["limit"], grouped=grouped)
        if limit is not None:
            above = found["bound"][0] in ">≥"
            return PrintedRange(
                found.start(), found.end(), found[0].strip(), limit if above else None, None if above else limit
            )
    return None


def _bound(text: str, *, grouped: bool) -> Decimal | None:
    return (thousands(text) if grouped else None) or decimal_of(text)
