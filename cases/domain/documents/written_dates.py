"""Dates as English, German, French and Spanish records write them."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from cases.domain.documents.plain_words import plain

#: What comes first in a date of digits.
Order = Literal["day", "month"]
_ORDERS: Final[tuple[Order, ...]] = ("day", "month")
_MONTHS: Final = (
    "jan januar january janvier enero ene jaenner janner",
    "feb februar february fevrier fev febrero",
    "mar maerz marz march mars marzo mrz",
    "apr april avril avr abril abr",
    "may mai mayo",
    "jun juni june juin junio",
    "jul juli july juillet juil julio",
    "aug august aout agosto ago",
    "sep sept september septembre septiembre setiembre",
    "oct okt oktober october octobre octubre",
    "nov november novembre noviembre",
    "dec dez dezember december decembre diciembre dic",
)
_NUMBER: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_WORD = r"[^\W\d_]{3,10}"
#: What may be a date, for use inside larger patterns; it has no groups.
DATE: Final = (
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[./-]\s?\d{{1,2}}[./-]\s?(?:\d{{4}}|\d{{2}})\b|"
    rf"\d{{1,2}}(?:\.|er|st|nd|rd|th)?[ -](?:de )?{_WORD}\.?[ -](?:de |del )?\d{{4}}|{_WORD}\.? \d{{1,2}}, ?\d{{4}}|"
    r"(?:19|20)\d{6}\b"
)
_YEAR_FIRST = re.compile(r"(\d{4})-?(\d{1,2})-?(\d{1,2})$")
_DIGITS = re.compile(r"(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})$")
_DAY_WORD = re.compile(rf"(\d{{1,2}})\D{{0,3}}[ -](?:de )?({_WORD})\.?[ -](?:de |del )?(\d{{4}})$")
_WORD_DAY = re.compile(rf"({_WORD})\.? (\d{{1,2}}), ?(\d{{4}})$")


def possible_dates(text: str, *, order: Order | None = None) -> frozenset[date]:
    """Every date that ``text`` may mean: 04/05/1961 is two, 17.04.61 is 1961 and 2061; empty for no date.

    ``order`` says which of day and month comes first in a date of digits, where that is known.
    """
    text = " ".join(text.split())
    if found := _YEAR_FIRST.match(text):
        return _real([(int(found[1]), int(found[2]), int(found[3]))])
    if found := _DIGITS.match(text):
        one, two = int(found[1]), int(found[2])
        years = [int(found[3])] if len(found[3]) == 4 else [1900 + int(found[3]), 2000 + int(found[3])]
        day_first, month_first = [(year, two, one) for year in years], [(year, one, two) for year in years]
        return _real({"day": day_first, "month": month_first}.get(order or "", day_first + month_first))
    if found := _DAY_WORD.match(text):
        return _real([(int(found[3]), _month(found[2]), int(found[1]))])
    if found := _WORD_DAY.match(text):
        return _real([(int(found[3]), _month(found[1]), int(found[2]))])
    return frozenset()


def order_shown(written: Iterable[str], *, known: date | None = None) -> Order | None:
    """Whether dates of digits from one paper show that day or month comes first; ``None`` when none or both do.

    17/04/1961 shows it by itself, 04/05/1961 by a day that is ``known`` to be meant (the patient's birth).
    """
    shown: set[Order] = set()
    for text in written:
        found = _DIGITS.match(" ".join(text.split()))
        if found is None or found[1] == found[2]:
            continue
        fitting: list[Order] = [order for order in _ORDERS if possible_dates(text, order=order)]
        if known is not None and len(fitting) == 2:
            fitting = [order for order in fitting if known in possible_dates(text, order=order)]
        if len(fitting) == 1:
            shown.add(fitting[0])
    return shown.pop() if len(shown) == 1 else None


def _month(word: str) -> int:
    return _NUMBER.get(plain(word), 0)


def _real(triples: list[tuple[int, int, int]]) -> frozenset[date]:
    found = set()
    for year, month, day in triples:
        try:
            found.add(date(year, month, day))
        except ValueError:
            continue
    return frozenset(found)
