"""The days of birth that the case holds, in whatever signs, words, calendars' order and groups they are written."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from config.kernel.privacy.deidentification.spelling import in_place, scanned_code
from config.kernel.privacy.deidentification.vocabulary import MONTHS

ROMAN: Final = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_DAYS: Final = """
first erste ersten erster premier primero uno; second zweite zweiten zweiter deux dos
; third dritte dritten dritter trois tres; fourth vierte vierten vierter quatre cuatro
; fifth funfte fuenfte funften fuenften cinq cinco; sixth sechste sechsten six seis
; seventh siebte siebten sept siete; eighth achte achten huit ocho; ninth neunte neunten neuf nueve
; tenth zehnte zehnten dix diez; eleventh elfte elften onze once; twelfth zwolfte zwolften zwoelften douze doce
; thirteenth dreizehnten treize trece; fourteenth vierzehnten quatorze catorce
; fifteenth funfzehnten fuenfzehnten quinze quince; sixteenth sechzehnten seize dieciseis
; seventeenth siebzehnten dix-sept diecisiete; eighteenth achtzehnten dix-huit dieciocho
; nineteenth neunzehnten dix-neuf diecinueve; twentieth zwanzigsten vingt veinte
; twenty-first einundzwanzigsten vingt-et-un veintiuno; twenty-second zweiundzwanzigsten vingt-deux veintidos
; twenty-third dreiundzwanzigsten vingt-trois veintitres
; twenty-fourth vierundzwanzigsten vingt-quatre veinticuatro
; twenty-fifth funfundzwanzigsten fuenfundzwanzigsten vingt-cinq veinticinco
; twenty-sixth sechsundzwanzigsten vingt-six veintiseis
; twenty-seventh siebenundzwanzigsten vingt-sept veintisiete
; twenty-eighth achtundzwanzigsten vingt-huit veintiocho
; twenty-ninth neunundzwanzigsten vingt-neuf veintinueve; thirtieth dreissigsten dreisigsten trente treinta
; thirty-first einunddreissigsten trente-et-un treintaiuno"""
#: The days of a month in words, each in several languages.
ORDINALS: Final = tuple(tuple(words.split()) for words in _DAYS.split(";"))
_NAMES: Final = {
    number: sorted(
        {way for name, its in MONTHS.items() if its == number for way in (name, name.replace("ae", "a"))},
        key=len,
        reverse=True,
    )
    for number in range(1, 13)
}
# Between the parts of a date: signs, blanks, the end of a line, small words.
_SIGNS: Final = r"[\s./,:·_|–—-]{1,4}"
_SMALL: Final = (
    r"(?:(?:st|nd|rd|th|er|re|te|ten|o|a|º|ª|°)\b)?[\s./,:·_|–—'’-]{0,4}"
    r"(?:(?:of|the|de|del|di|d|den|le|el)[\s'’]{1,2}){0,2}"
)
_SPACED: Final = r"[\s./,:·_-]{0,3}"
_BORN_IN: Final = (
    r"(?:born|dob|birth\w{0,4}|geb(?:oren)?|jahrgang|jg|ne|nee|naissance|nacid[oa]|nacimiento|nac)"
    r"[\s.:(*-]{0,4}(?:am|on|in|en|el|le|im|um)?[\s]{0,2}"
)


def known_days(text: str, born: Iterable[date]) -> Iterator[tuple[int, int]]:
    """Where such a day stands."""
    days = tuple(born)
    if not days:
        return
    plain = in_place(text)
    seen = scanned_code(plain)
    for day in days:
        for pattern in _in_digits(day):
            for signs in {plain, seen}:
                yield from (found.span() for found in re.finditer(pattern, signs))
        for pattern in _in_words(day):
            for found in re.finditer(pattern, plain):
                yield found.span(found.lastindex or 0)


def _in_digits(day: date) -> Iterator[str]:
    """The three numbers in each order; without signs between them, in two digits each, perhaps far apart."""
    year, month, number = rf"(?:{day.year}|{day.year % 100:02d})", rf"0?{day.month}", rf"0?{day.day}"
    orders = ((number, month, year), (month, number, year), (str(day.year), month, number), (year, month, number))
    alternatives = "|".join(_SIGNS.join(order) for order in dict.fromkeys(orders))
    yield rf"(?<!\d)(?<!\d[.,])(?:{alternatives})(?!\d)"
    full = (f"{day:%d%m%Y}", f"{day:%m%d%Y}", f"{day:%Y%m%d}")
    spaced = "|".join(_SPACED.join(one) for one in dict.fromkeys(full))
    yield rf"(?<!\d)(?:{spaced})(?!\d)"
    short = "|".join(dict.fromkeys((f"{day:%d%m%y}", f"{day:%m%d%y}", f"{day:%y%m%d}")))
    yield rf"(?<![\d.,])(?:{short})(?![\d.,]\d|\d)"


def _in_words(day: date) -> Iterator[str]:
    """With the month in words or as Romans write it, the day too, and the year alone where a label asks for it."""
    month = "(?:" + "|".join("".join(rf"{sign}(?:-\s{{0,3}})?" for sign in name) for name in _NAMES[day.month]) + ")"
    number = rf"(?:0?{day.day}|{'|'.join(map(re.escape, ORDINALS[day.day - 1]))})"
    year = rf"(?:{day.year}|['’]?{day.year % 100:02d})"
    behind = r"[\s.,/'’-]{0,4}(?:(?:of|de|del)\s{1,2})?"
    yield rf"(?<![^\W_])(?:{number}{_SMALL}{month}{behind}{year})(?!\d)"
    yield rf"(?<![^\W_]){month}\.?[\s-]{{0,3}}{number}(?:st|nd|rd|th)?[\s,.-]{{0,4}}{year}(?!\d)"
    yield rf"(?<!\d){day.year}[\s,.-]{{1,3}}{month}\.?[\s-]{{0,3}}{number}(?!\d)"
    yield rf"(?<!\d)0?{day.day}[\s./-]{{1,3}}{ROMAN[day.month - 1]}[\s./-]{{1,3}}{year}(?!\d)"
    yield rf"(?<![^\W_]){_BORN_IN}({day.year}|0?{day.day}[\s./]{{1,3}}(?:0?{day.month}|{month})\.?)(?![\d/-])"
