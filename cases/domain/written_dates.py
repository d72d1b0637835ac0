"""Dates as English, German, French and Spanish records write them."""

import re
from datetime import date
from typing import Final

from cases.domain.plain_words import plain

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
_LABELLED = re.compile(
    rf"(?im)(?:^|\s)(?:date|datum|fecha|dated|vom|le|am|reported on|report date|befunddatum)\s*[:=]?\s*(?P<date>{DATE})"
)
_YEAR_FIRST = re.compile(r"(\d{4})-?(\d{1,2})-?(\d{1,2})$")
_DIGITS = re.compile(r"(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})$")
_DAY_WORD = re.compile(rf"(\d{{1,2}})\D{{0,3}}[ -](?:de )?({_WORD})\.?[ -](?:de |del )?(\d{{4}})$")
_WORD_DAY = re.compile(rf"({_WORD})\.? (\d{{1,2}}), ?(\d{{4}})$")


def possible_dates(text: str) -> frozenset[date]:
    """Every date that ``text`` may mean: 04/05/1961 is two, 17.04.61 is 1961 and 2061; empty for no date."""
    text = " ".join(text.split())
    if found := _YEAR_FIRST.match(text):
        return _real([(int(found[1]), int(found[2]), int(found[3]))])
    if found := _DIGITS.match(text):
        one, two = int(found[1]), int(found[2])
        years = [int(found[3])] if len(found[3]) == 4 else [1900 + int(found[3]), 2000 + int(found[3])]
        return _real([triple for year in years for triple in ((year, two, one), (year, one, two))])
    if found := _DAY_WORD.match(text):
        return _real([(int(found[3]), _month(found[2]), int(found[1]))])
    if found := _WORD_DAY.match(text):
        return _real([(int(found[3]), _month(found[1]), int(found[2]))])
    return frozenset()


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


def labelled_date(text: str) -> date | None:
    """The date a document gives itself, when it can mean one day only."""
    for found in _LABELLED.finditer(text):
        possible = possible_dates(found["date"])
        before = text[max(0, found.start() - 12) : found.start("date")].casefold()
        if len(possible) == 1 and not re.search(r"birth|geb|naiss|nacim|born|n[ée]e", before):
            return next(iter(possible))
    return None
