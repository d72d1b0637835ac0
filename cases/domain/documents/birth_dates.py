"""Dates of birth as the world's papers write them: digits, calendars and months of many scripts, national numbers."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cases.domain.documents.birth_numbers import births_in
from cases.domain.documents.name_letters import listed
from cases.domain.documents.paper_roles import any_of, folded
from cases.domain.documents.written_dates import Order

_MONTHS: Final = """
jan januar january janvier enero ene jaenner janner gennaio gen januari janeiro stycznia ledna januara ocak
    τζαν ιανουαριου ιαν января янв січня януари ינואר يناير ژانویه जनवरी जानेवारी
    มกราคม ม.ค كانون-الثاني januar
feb februar february fevrier fev febrero febbraio februari fevereiro lutego unora februara subat φεβρουαριου
    φεβ февраля фев лютого февруари פברואר فبراير فوریه फरवरी फेब्रुवारी กุมภาพันธ์ ก.พ شباط
mar maerz march mars marz marzo mrz marco maart marca brezna mart μαρτιου μαρ марта мар березня март מרץ مارس
    मार्च มีนาคม มี.ค آذار
apr april avril avr abril abr aprile kwietnia dubna aprila nisan απριλιου απρ апреля апр квітня април אפריל
    أبريل ابريل آوریل अप्रैल एप्रिल เมษายน เม.ย نيسان
may mai mayo maggio maj mei maio maja kvetna mayis μαιου μαι мая травня май מאי مايو مه मई मे พฤษภาคม พ.ค أيار
jun juni june juin junio giugno giu junho czerwca cervna juna haziran ιουνιου ιουν июня июн червня юни יוני
    يونيو ژوئن जून มิถุนายน มิ.ย حزيران
jul juli july juillet juil julio luglio lug julho lipca cervence jula temmuz ιουλιου ιουλ июля июл липня юли
    יולי يوليو ژوئیه जुलाई जुलै กรกฎาคม ก.ค تموز
aug august aout agosto ago augustus sierpnia srpna augusta agustos αυγουστου αυγ августа авг серпня август
    אוגוסט أغسطس اوت अगस्त ऑगस्ट สิงหาคม ส.ค آب
sep sept september septembre septembre septiembre setiembre settembre setembro set wrzesnia zari septembra
    eylul σεπτεμβριου σεπ сентября сен вересня септември ספטמבר سبتمبر سپتامبر सितंबर सप्टेंबर กันยายน ก.ย أيلول
oct okt oktober october octobre octubre ottobre ott outubro out pazdziernika rijna oktobra ekim οκτωβριου οκτ
    октября окт жовтня октомври אוקטובר أكتوبر اکتبر अक्टूबर ऑक्टोबर ตุลาคม ต.ค تشرين-الأول
nov november novembre noviembre novembro listopada listopadu novembra kasim νοεμβριου νοε ноября ноя листопада
    ноември נובמבר نوفمبر نوامبر नवंबर नोव्हेंबर พฤศจิกายน พ.ย تشرين-الثاني
dec dez dezember december decembre diciembre dic dicembre dezembro grudnia prosince decembra aralik δεκεμβριου
    δεκ декабря дек грудня декември דצמבר ديسمبر دسامبر दिसंबर डिसेंबर ธันวาคม ธ.ค كانون-الأول
"""
_MONTH: Final = {
    folded(word).replace("-", " "): number
    for number, line in enumerate(_MONTHS.replace("\n    ", " ").strip().splitlines(), start=1)
    for word in line.split()
}
_DIGIT = re.compile(r"\d|元")
_ROMAN: Final = {word: number for number, word in enumerate(listed("I II III IV V VI VII VIII IX X XI XII"), start=1)}
_NAMED: Final = any_of(_MONTH)
_ERAS: Final = {
    "昭和": 1925,
    "s": 1925,
    "平成": 1988,
    "h": 1988,
    "令和": 2018,
    "r": 2018,
    "大正": 1911,
    "t": 1911,
    "民國": 1911,
    "民国": 1911,
}
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})(?:\s?[-/.]\s?|\s?[年년]\s?)(\d{1,2})(?:\s?[-/.]\s?|\s?[月월]\s?)(\d{1,2})(?!\d)"
)
_ERA = re.compile(
    r"(昭和|平成|令和|大正|民國|民国|(?<![a-z])[shrt](?=\d))\s?(\d{1,3}|元)(?:\s?[-/.]\s?|\s?年\s?)"
    r"(\d{1,2})(?:\s?[-/.]\s?|\s?月\s?)(\d{1,2})(?!\d)"
)
_DIGITS = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/])(?!-\d)")
_SHORT_YEAR_FIRST = re.compile(r"(?<![\d.,/-])(\d{2})([.-])(\d{1,2})\2(\d{1,2})(?![\d/])(?!-\d)")
_NAMED_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:\.|er|st|nd|rd|th|º)?[\s./-]{{0,3}}(?:de |of |ב|ב-)?({_NAMED})\.?"
    r"[\s.,/-]{0,3}(?:de |del )?(\d{4}|\d{2})(?!\d)"
)
_NAMED_FIRST = re.compile(rf"(?<![^\W\d_])({_NAMED})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s?(\d{{4}})(?!\d)")
_ROMAN_DATE = re.compile(r"(?<!\d)(\d{1,2})[-./ ]([ivx]{1,4})[-./ ](\d{4})(?!\d)")
# Sweden's, Denmark's and Korea's numbers of persons begin with the birth; so do eight digits that are a day.
_EIGHT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?:[-+]\d{4})?(?!\d)")
_SIX = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})-(?:\d{4}|[1-8]\d{6}|[1-8][*x]{3,6})(?![\d])")
_YEAR_ONLY = re.compile(r"(?<![\d./-])((?:18|19|20)\d{2}|2[45]\d{2})(?![\d./-])")
_THAI = re.compile("[\u0e00-\u0e7f]")


@dataclass(frozen=True)
class WrittenDate:
    """A place of a line and every day that it may mean."""

    start: int
    end: int
    days: frozenset[date]
    #: It stands in the number that a country gave the person.
    in_number: bool = False


def ascii_digits(text: str) -> str:
    """The digits of every script as 0 to 9, each in its place."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() and sign > "9" else sign for sign in text)


def dates_in(line: str, *, order: Order | None = None) -> tuple[WrittenDate, ...]:
    """Every date of a line, in order of place; of those that overlap the first and longest."""
    if not _DIGIT.search(line):
        return ()
    text = folded(ascii_digits(line))
    thai = bool(_THAI.search(text))
    found = [WrittenDate(*number, in_number=True) for number in births_in(text)]
    found = sorted((*found, *_all(text, order, thai)), key=lambda one: (one.start, -one.end))
    kept: list[WrittenDate] = []
    for one in found:
        if one.days and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return tuple(kept)


def year_only(line: str) -> frozenset[int]:
    """The years that stand alone in a line."""
    return frozenset(int(m[1]) - (543 if int(m[1]) > 2300 else 0) for m in _YEAR_ONLY.finditer(ascii_digits(line)))


def _all(text: str, order: Order | None, thai: bool) -> Iterator[WrittenDate]:
    for m in _ERA.finditer(text):
        year = _ERAS[m[1]] + (1 if m[2] == "元" else int(m[2]))
        yield WrittenDate(m.start(), m.end(), _days([(year, int(m[3]), int(m[4]))]))
    for m in _YEAR_FIRST.finditer(text):
        yield WrittenDate(m.start(), m.end(), _days([(_year(int(m[1])), int(m[2]), int(m[3]))]))
    for m in _DIGITS.finditer(text):
        yield WrittenDate(m.start(), m.end(), _of_digits(m, order, thai))
    for m in _SHORT_YEAR_FIRST.finditer(text):
        if int(m[1]) > 31 or int(m[1]) == 0:
            yield WrittenDate(m.start(), m.end(), _days([(y, int(m[3]), int(m[4])) for y in _years(m[1], thai)]))
    for m in _NAMED_DATE.finditer(text):
        yield WrittenDate(m.start(), m.end(), _days([(y, _MONTH[m[2]], int(m[1])) for y in _years(m[3], thai)]))
    for m in _NAMED_FIRST.finditer(text):
        yield WrittenDate(m.start(), m.end(), _days([(_year(int(m[3])), _MONTH[m[1]], int(m[2]))]))
    for m in _ROMAN_DATE.finditer(text):
        yield WrittenDate(m.start(), m.end(), _days([(_year(int(m[3])), _ROMAN.get(m[2].upper(), 0), int(m[1]))]))
    for m in _EIGHT.finditer(text):
        yield WrittenDate(m.start(), m.end(), _days([(int(m[1]), int(m[2]), int(m[3]))]))
    for m in _SIX.finditer(text) if "-" in text else ():
        one, two, three = m[1], int(m[2]), m[3]
        ways = [(y, two, int(three)) for y in _years(one, False)] + [(y, two, int(one)) for y in _years(three, False)]
        yield WrittenDate(m.start(), m.end(), _days(ways))


def _of_digits(m: re.Match[str], order: Order | None, thai: bool) -> frozenset[date]:
    one, two = int(m[1]), int(m[3])
    years = _years(m[4], thai)
    day_first, month_first = [(y, two, one) for y in years], [(y, one, two) for y in years]
    if m[2] == ".":
        # With points the day comes first, or, in Korea, a year of two digits.
        return _days(day_first + [(y, two, int(m[4])) for y in _years(m[1], False) if len(m[1]) == len(m[4]) == 2])
    return _days({"day": day_first, "month": month_first}.get(order or "", day_first + month_first))


def _year(written: int) -> int:
    """A Buddhist year as the one it is here."""
    return written - 543 if 2300 < written < 2700 else written


def _years(written: str, thai: bool) -> tuple[int, ...]:
    if len(written) == 4:
        return (_year(int(written)),)
    both = (1900 + int(written), 2000 + int(written))
    return (*both, 2500 + int(written) - 543, 2400 + int(written) - 543) if thai else both


def _days(triples: list[tuple[int, int, int]]) -> frozenset[date]:
    found = set()
    for year, month, day in triples:
        try:
            found.add(date(year, month, day))
        except ValueError:
            continue
    return frozenset(found)
