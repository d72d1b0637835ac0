"""Numbers as reports print them. A thousands mark is told from a decimal sign, or both readings are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

#: Digits in groups (12 000, 12'500, 1.234.567,8) or plain, with a decimal part. One blank at most within a group.
NUMBER = r"(?<![^\W_])(?<![.,])\d{1,9}(?:[.,'’ \u202f\u2009\u00a0]\d{3}(?!\d)){0,3}(?:[.,]\d{1,9})?+"
_SIGN = {"≤": "<=", "≥": ">="}
_GROUPING = str.maketrans("", "", "'’ \u202f\u2009\u00a0")
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[.,'’ \u202f\u2009\u00a0])\d{3}(?:(?P=mark)\d{3})*+(?P<rest>[.,]\d+)?")
_MARKED = re.compile(r"(?P<whole>\d+)(?P<mark>[.,])(?P<part>\d+)")


@dataclass(frozen=True, slots=True)
class Printed:
    """A number at its place in a line. ``value`` is ``None`` where the print can be read in two ways."""

    start: int
    end: int
    text: str
    comparator: str
    value: Decimal | None
    negative: bool = False

    @property
    def number(self) -> str:
        """The one number that this is; empty for a bound, and where it can be read in two ways."""
        return "" if self.value is None or self.comparator else str(self.value)

    @property
    def digits(self) -> str:
        """The print without comparator, sign and blanks around."""
        return self.text.lstrip("<>=≤≥+-−– ")


def readings(text: str) -> tuple[Decimal, ...]:
    """What the digits can mean: one value, or two, with the mark read as decimal sign first and as thousands next.

    ``9.1``, ``0,125``, ``12,500.5``, ``12 000`` and ``1.234.567`` are clear; ``12,500`` is twelve and a half or
    twelve thousand. Nothing is what cannot be a number.
    """
    text = text.strip()
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None and (grouped["mark"] not in ".," or _clear(text, grouped)):
        whole = text[: grouped.start("rest")] if grouped["rest"] else text
        bare = whole.replace(grouped["mark"], "")
        return (Decimal(bare + (grouped["rest"] or "").replace(",", ".")),)
    marked = _MARKED.fullmatch(text.translate(_GROUPING))
    if marked is None:
        return (Decimal(text),) if text.isdecimal() and text.isascii() else ()
    decimal = Decimal(f"{marked['whole']}.{marked['part']}")
    if len(marked["part"]) != 3 or marked["whole"].startswith("0") or len(marked["whole"]) > 3:
        return (decimal,)
    return decimal, Decimal(marked["whole"] + marked["part"])


def _clear(text: str, grouped: re.Match[str]) -> bool:
    """Whether marks group thousands beyond doubt: more than one of them, or another decimal sign behind."""
    rest = grouped["rest"]
    return (rest is not None and rest[0] != grouped["mark"]) or (rest is None and text.count(grouped["mark"]) > 1)


def decimal_of(text: str) -> Decimal | None:
    """The value of a print that has one reading; ``None`` for two or none."""
    found = readings(text)
    return found[0] if len(found) == 1 else None


def thousands(text: str) -> Decimal | None:
    """``12,500`` and ``7.500`` read as counts; ``None`` when it is not grouped in threes."""
    found = readings(text)
    return found[-1] if len(found) == 2 else None


def mark_of(text: str) -> str:
    """The mark of a print with two readings, else nothing."""
    return "," if "," in text else "." if "." in text else ""


def decimal_sign(texts: Iterable[str]) -> str:
    """The decimal sign of a page by its clear numbers: ``.`` or ``,``; nothing where it shows none, or both."""
    seen: Counter[str] = Counter()
    for text in texts:
        marked = _MARKED.fullmatch(text)
        if marked is not None and len(readings(text)) == 1:
            seen[marked["mark"]] += 1
    if not seen:
        return ""
    (sign, count), *others = seen.most_common()
    return sign if not others or count >= 10 * others[0][1] else ""


def signed(comparator: str) -> str:
    """A comparator in two ASCII signs at most."""
    return _SIGN.get(comparator, comparator)
