"""Numbers that countries give persons and that bear the day of birth: read where their label and sum are right."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from cases.domain.documents.paper_roles import any_of

_DIGIT_LETTERS: Final = str.maketrans("lmnpqrstuv", "0123456789")
_MONTH_LETTERS: Final = "abcdehlmprst"
_ODD_VALUES: Final = "010005070913151719210100050709131517192102041820110306081214161022252423"
_ODD: Final = {
    sign: int(_ODD_VALUES[2 * at : 2 * at + 2]) for at, sign in enumerate("0123456789abcdefghijklmnopqrstuvwxyz")
}
_FINNISH: Final = "0123456789abcdefhjklmnprstuvwxy"
_MEXICAN: Final = "0123456789abcdefghijklmn_opqrstuvwxyz"
_FINNISH_AGES: Final = {"+": 1800, **dict.fromkeys("-yxwvu", 1900), **dict.fromkeys("abcdef", 2000)}

Days = Iterator[tuple[int, int, int]]


class _Kind(NamedTuple):
    """How a number is called, what it looks like in small letters without blanks and signs, and how it is read."""

    labels: str
    shape: str
    read: Callable[[str], Days]


def births_in(plain: str) -> Iterator[tuple[int, int, frozenset[date]]]:
    """Every such number of a line in small letters (``paper_roles.folded``): its place and the days it may mean."""
    for label in _LABEL.finditer(plain):
        behind = _BEHIND_LABEL.match(plain, label.end())
        start = behind.end() if behind else label.end()
        for end, written in _written(plain, start):
            days = {day for kind in _BY_LABEL[label[0]] for day in _read(kind, written)}
            if days:
                yield start, end, frozenset(days)
                break


def _written(plain: str, start: int) -> Iterator[tuple[int, str]]:
    """What may be the number: the group of signs that stands there, with each of the few that follow it."""
    at, number = start, ""
    for _ in range(_MAX_GROUPS):
        group = _GROUP.match(plain, at)
        if group is None or len(number) > _MAX_SIGNS:
            return
        number += group[0].strip(" ./\t")
        at = group.end()
        yield at, number


def _read(kind: _Kind, written: str) -> Iterator[date]:
    for number in {written, re.sub("[-+]", "", written)}:
        if re.fullmatch(kind.shape, number):
            yield from _days(kind.read(number))


def _days(triples: Days) -> Iterator[date]:
    for year, month, day in triples:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _sum(number: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def _luhn(number: str) -> bool:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(number), 1))
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0


def _split(number: str, at: int = 0) -> tuple[int, int, int]:
    """Three pairs of digits."""
    return int(number[at : at + 2]), int(number[at + 2 : at + 4]), int(number[at + 4 : at + 6])


def _polish(number: str) -> Days:
    year, month, day = _split(number)
    if _sum(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0:
        yield {4: 1800, 0: 1900, 1: 2000, 2: 2100}.get(month // 20, 2200) + year, month % 20, day


def _romanian(number: str) -> Days:
    year, month, day = _split(number, 1)
    if _sum(number, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11 % 10 == int(number[12]):
        for age in {"1": (1900,), "2": (1900,), "3": (1800,), "4": (1800,), "5": (2000,), "6": (2000,)}.get(
            number[0], (1900, 2000)
        ):
            yield age + year, month, day


def _czech(number: str) -> Days:
    year, month, day = _split(number)
    if len(number) == 10 and int(number) % 11 and not (int(number[:9]) % 11 == 10 and number[9] == "0"):
        return
    yield (2000 if len(number) == 10 and year < 54 else 1900) + year, month % 50 % 20, day


def _bulgarian(number: str) -> Days:
    year, month, day = _split(number)
    if _sum(number, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(number[9]):
        yield {0: 1900, 1: 1800, 2: 2000}.get(month // 20, 1900) + year, month % 20, day


def _yugoslav(number: str) -> Days:
    year = int(number[4:7])
    total = 11 - _sum(number, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if (0 if total > 9 else total) == int(number[12]):
        yield (1000 if year >= 800 else 2000) + year, int(number[2:4]), int(number[:2])


def _finnish(number: str) -> Days:
    day, month, year = _split(number)
    if _FINNISH[int(number[:6] + number[7:10]) % 31] == number[10]:
        yield _FINNISH_AGES.get(number[6], 1900) + year, month, day


def _italian(number: str) -> Days:
    digits = "".join(
        sign.translate(_DIGIT_LETTERS) if at in (6, 7, 9, 10, 12, 13, 14) else sign for at, sign in enumerate(number)
    )
    total = sum(
        _ODD[sign] if at % 2 == 0 else (int(sign) if sign.isdigit() else ord(sign) - 97)
        for at, sign in enumerate(number[:15])
    )
    if chr(97 + total % 26) == number[15] and digits[8] in _MONTH_LETTERS:
        year, day = int(digits[6:8]), int(digits[9:11])
        for age in (1900, 2000):
            yield age + year, _MONTH_LETTERS.index(digits[8]) + 1, day - 40 if day > 40 else day


def _belgian(number: str) -> Days:
    year, month, day = _split(number)
    for age, before in ((1900, ""), (2000, "2")):
        if 97 - int(before + number[:9]) % 97 == int(number[9:]):
            yield age + year, month, day


def _austrian(number: str) -> Days:
    day, month, year = _split(number, 4)
    if _sum(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(number[3]):
        yield from ((age + year, month, day) for age in (1900, 2000))


def _german(number: str) -> Days:
    """Of the pension insurance; its letter counts as two digits."""
    day, month, year = _split(number, 2)
    digits = f"{number[:8]}{ord(number[8]) - 96:02d}{number[9:11]}"
    products = (int(digit) * weight for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    if sum(one // 10 + one % 10 for one in products) % 10 == int(number[11]):
        yield from ((age + year, month, day) for age in (1900, 2000))


def _mexican(number: str) -> Days:
    total = sum(_MEXICAN.index(sign) * (18 - at) for at, sign in enumerate(number[:17]))
    if str(-total % 10) == number[17]:
        year, month, day = _split(number, 4)
        yield (1900 if number[16].isdigit() else 2000) + year, month, day


def _icelandic(number: str) -> Days:
    day, month, year = _split(number)
    if (11 - _sum(number, (3, 2, 7, 6, 5, 4, 3, 2)) % 11) % 11 == int(number[8]):
        yield {"9": 1900, "0": 2000, "8": 1800}.get(number[9], 1900) + year, month, day % 40


def _baltic(number: str) -> Days:
    total = _sum(number, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if total == 10:
        total = _sum(number, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    if total == int(number[10]):
        year, month, day = _split(number, 1)
        yield 1800 + 100 * ((int(number[0]) - 1) // 2) + year, month, day


def _latvian(number: str) -> Days:
    day, month, year = _split(number)
    if (1101 - _sum(number, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11 == int(number[10]) and number[6] in "012":
        yield 1800 + 100 * int(number[6]) + year, month, day


def _norwegian(number: str) -> Days:
    day, month, year = _split(number)
    first = _sum(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = _sum(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    if first == second == 0:
        yield from ((age + year, month % 40, day % 40) for age in (1900, 2000))


def _swedish(number: str) -> Days:
    year, month, day = _split(number[-10:])
    if _luhn(number[-10:]):
        ages = (int(number[:2]) * 100,) if len(number) == 12 else (1900, 2000)
        yield from ((age + year, month, day % 60) for age in ages)


def _greek(number: str) -> Days:
    day, month, year = _split(number)
    if _luhn(number):
        yield from ((age + year, month, day) for age in (1900, 2000))


def _quebec(number: str) -> Days:
    year, month, day = _split(number, 4)
    yield from ((age + year, month % 50, day) for age in (1900, 2000))


def _chinese(number: str) -> Days:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    if "10x98765432"[_sum(number, weights) % 11] == number[17]:
        yield int(number[6:10]), int(number[10:12]), int(number[12:14])


def _malaysian(number: str) -> Days:
    year, month, day = _split(number)
    yield from ((age + year, month, day) for age in (1900, 2000))


def _kazakh(number: str) -> Days:
    total = _sum(number, range(1, 12)) % 11
    if total == 10:
        total = _sum(number, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    if total == int(number[11]):
        year, month, day = _split(number)
        yield 1800 + 100 * ((int(number[6]) - 1) // 2) + year, month, day


def _ukrainian(number: str) -> Days:
    if _sum(number, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == int(number[9]):
        day = date(1899, 12, 31) + timedelta(days=int(number[:5]))
        yield day.year, day.month, day.day


def _egyptian(number: str) -> Days:
    year, month, day = _split(number, 1)
    yield {"2": 1900, "3": 2000}[number[0]] + year, month, day


_KINDS: Final = (
    _Kind("pesel", r"\d{11}", _polish),
    _Kind("cnp,cod numeric personal", r"[1-9]\d{12}", _romanian),
    _Kind("rc,r.c,rodne cislo,rod. cislo,r. c", r"\d{9,10}", _czech),
    _Kind("егн,egn", r"\d{10}", _bulgarian),
    _Kind("jmbg,јмбг,jmb,emso", r"\d{13}", _yugoslav),
    _Kind("hetu,henkilotunnus,sotu", r"\d{6}[-+a-fu-y]\d{3}[0-9a-y]", _finnish),
    _Kind("c.f,cf,cod. fisc,cod.fisc,codice fiscale", r"[a-z]{6}[0-9l-v]{2}[a-z][0-9l-v]{2}[a-z]\w{3}[a-z]", _italian),
    _Kind(
        "niss,insz,registre national,numero national,numero de registre national,rijksregisternummer,rijksregisternr",
        r"\d{11}",
        _belgian,
    ),
    _Kind(
        "sv-nr,svnr,sv nr,sv-nummer,vsnr,vers.-nr,sozialversicherungsnummer,sozialversicherungsnr", r"\d{10}", _austrian
    ),
    _Kind("rvnr,rv-nr,rentenversicherungsnummer,sv-nummer,sozialversicherungsnummer", r"\d{8}[a-z]\d{3}", _german),
    _Kind("curp", r"[a-z]{4}\d{6}[hmx][a-z]{5}\w\d", _mexican),
    _Kind("kennitala,kt", r"\d{10}", _icelandic),
    _Kind("a.k,asmens kodas,isikukood,ik", r"[1-6]\d{10}", _baltic),
    _Kind("personas kods,p.k", r"\d{11}", _latvian),
    _Kind("fodselsnummer,fodselsnr,fnr,fodselsnummer (11 siffer)", r"\d{11}", _norwegian),
    _Kind("personnummer,personnr,pnr", r"(?:\d{2})?\d{10}", _swedish),
    _Kind("amka,αμκα", r"\d{11}", _greek),
    _Kind("nam,ramq,n.a.m", r"[a-z]{4}\d{8}", _quebec),
    _Kind("身份证号,身份证,公民身份号码", r"\d{17}[\dx]", _chinese),
    _Kind("nric,mykad,no. kp,no kp,ic no,no. k/p", r"\d{12}", _malaysian),
    _Kind("иин,жсн", r"\d{12}", _kazakh),
    _Kind("іпн,рнокпп,ипн", r"\d{10}", _ukrainian),
    _Kind("الرقم القومي", r"[23]\d{13}", _egyptian),
)


def _by_label() -> Mapping[str, tuple[_Kind, ...]]:
    found: dict[str, tuple[_Kind, ...]] = {}
    for kind in _KINDS:
        for label in kind.labels.split(","):
            found[label] = (*found.get(label, ()), kind)
    return found


_BY_LABEL: Final = _by_label()
_LABEL: Final = re.compile(rf"(?<![^\W\d_])(?:{any_of(_BY_LABEL)})(?![^\W\d_])")
_BEHIND_LABEL: Final = re.compile(r"(?:[\s.-]?\(?(?:no|nr|n[º°o]|number|nummer|cislo)\b\.?\)?)?[\s.:#№-]{0,4}")
_GROUP: Final = re.compile(r"[ ./\t]{0,2}[-+]?[0-9a-z]{1,20}(?![0-9a-z])")
_MAX_GROUPS: Final = 6
_MAX_SIGNS: Final = 24
