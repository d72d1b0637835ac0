"""Dates as people write them: in digits, with the month in words, in any order; and ages that few reach."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from config.kernel.privacy.deidentification.vocabulary import MONTHS
from config.kernel.privacy.deidentification.words import folded

NUMERIC = re.compile(
    r"(?<!\d)(?:(\d{4})[ \t]?[-/.][ \t]?(\d{1,2})[ \t]?[-/.][ \t]?(\d{1,2})"
    r"|(\d{1,2})[ \t]?[-/.][ \t]?(\d{1,2})[ \t]?[-/.][ \t]?(\d{4}|\d{2}))(?!\d)"
)
_COMPACT = re.compile(
    r"(?<!\d)(?:(\d{4})[ _]?(\d{2})[ _]?(\d{2})|(\d{2})[ _](\d{2})[ _](\d{4})|(\d{2})(\d{2})(\d{4}))(?!\d)"
)
_OF = r"(?:st|nd|rd|th|er|re|[º°ª.])?[\s,-]{0,3}(?:(?:of|de|del|the)\s{1,2})?"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}}){_OF}([^\W\d_]{{3,10}})\.?[\s,/-]{{0,3}}(?:(?:de|del|of)\s{{1,2}})?(\d{{4}}"
    rf"|['’]?\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{3,10})\.?[\s-]{1,2}(\d{1,2})(?:st|nd|rd|th)?[\s,-]{1,3}(\d{4}|['’]?\d{2})(?!\d)",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[\s,-]{1,3}([^\W\d_]{3,10})\.?[\s-]{1,2}(\d{1,2})(?!\d)")
_BORN = re.compile(
    r"(?i)(?<![^\W\d_])(?:born(?: on| in)?|d\.?o\.?b\.?|(?:date of )?birth(?: ?date|day)?(?: is)?|geb(?:oren"
    r"|\.)?(?: am)?|geburts(?:datum|tag)(?: ist)?"
    r"|n[ée]{1,2}(?:\(e\))?(?: le)?|date de naissance|ddn|nacid[oa](?:/a)?(?: el)?|fecha de nacimiento"
    r"|f\.? ?(?:de )?nac(?:imiento)?\.?|fn)"
    r"(?![^\W\d_])[\s:=.*(]{0,6}"
)
_AGED = re.compile(
    r"(?i)(?<![\d.,/])(9\d|1[01]\d)(?=[- \t\n]{0,2}(?:years?|yrs?|y/?o\b|y\.o|-?j[äa]hrig|jahre|j\.|ans\b|a[ñn]os))"
    r"|(?:\b(?:aged|age|alter(?: von)?|âgée? de|edad(?: de)?|â?ge)[ \t:]{1,3})(9\d|1[01]\d)\b(?![.,/]\d)"
)
_NINETIES = re.compile(
    r"(?i)\b(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:ein|zwei|drei|vier|fünf|sechs"
    r"|sieben|acht|neun)undneunzig"
    r"|neunzig|quatre[- ]vingt[- ](?:dix(?:[- ](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)"
    r"|nonante(?:[- ](?:et[- ])?\w{2,6})?"
    r"|noventa(?: y (?:uno?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve))?)(?=[\s-]{0,2}(?:years?|j[äa]hrig|jahre"
    r"|ans\b|a[ñn]os))"
)


def written_dates(text: str) -> Iterator[tuple[int, int, frozenset[date]]]:
    """Every written date: its place, and which days it may mean."""
    for found in NUMERIC.finditer(text):
        yield *found.span(), _of_numbers(*found.groups())
    for found in _COMPACT.finditer(text):
        year, month, day, *others = found.groups()
        first, second, last = next((others[at : at + 3] for at in (0, 3) if others[at]), (None, None, None))
        yield *found.span(), _of_numbers(year, month, day, first, second, last)
    for rule, order in ((_DAY_FIRST, (2, 1, 0)), (_MONTH_FIRST, (2, 0, 1)), (_YEAR_FIRST, (0, 1, 2))):
        for found in rule.finditer(text):
            year, name, day = (found.groups()[place] for place in order)
            month = MONTHS.get(folded(name))
            if month:
                yield *found.span(), frozenset(made for one in _years(year) if (made := _made(one, month, int(day))))


def births(text: str, known: Iterable[date]) -> Iterator[tuple[int, int]]:
    """The known days of birth, and every date that is labelled as one."""
    born = frozenset(known)
    labelled = {found.end() for found in _BORN.finditer(text)}
    for start, end, days in written_dates(text):
        if days & born or start in labelled:
            yield start, end


def great_ages(text: str) -> Iterator[tuple[int, int]]:
    """Ages over 89, in digits and in words."""
    for found in _AGED.finditer(text):
        yield found.span(1) if found[1] else found.span(2)
    for found in _NINETIES.finditer(text):
        yield found.span()


def _of_numbers(
    year: str | None, month: str | None, day: str | None, first: str | None, second: str | None, last: str | None
) -> frozenset[date]:
    """The dates that a printed one may mean: day and month in either order."""
    if year and month and day:
        options = [(int(year), int(month), int(day)), (int(year), int(day), int(month))]
    elif first and second and last:
        pairs = ((int(second), int(first)), (int(first), int(second)))
        options = [(one, *pair) for one in _years(last) for pair in pairs]
    else:
        return frozenset()
    return frozenset(made for option in options if (made := _made(*option)))


def _years(written: str) -> tuple[int, ...]:
    digits = int(written.strip("'’"))
    return (digits,) if digits > 99 else (1900 + digits, 2000 + digits)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
