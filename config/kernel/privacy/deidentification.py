"""The one engine that takes out of a text what identifies people.

Masked, a text keeps its length, so that offsets stay true; or each place is replaced by a word. Both find the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from config.kernel.accents import TWO_LETTERS, unaccented

MASK = "#"
_MIN_NAME_LENGTH = 3
_FUZZY_FROM = 5
_TITLE = r"(?:Dr|Prof|Mr|Mrs|Ms|Miss|Herr|Frau|Sr|Sra|Signed(?:\s+by)?|Consultant|Physician|Referred\s+by|Arzt)"
_LABELS = (
    r"patient(?:\s+name)?|name|full\s+name|surname|first\s+name|record\s+number|mrn|patient\s+id|case\s+number|"
    r"date\s+of\s+birth|dob|d\.o\.b\.|born|geb(?:oren)?(?:\s+am)?\.?|geburtsdatum|address|anschrift|adresse|phone|"
    r"telephone|tel|mobile|fax|e-?mail|ssn|social\s+security(?:\s+number)?|nhs(?:\s+number)?|insurance(?:\s+\w+)?|"
    r"accession(?:\s+number)?|hospital\s+number|versichertennummer"
)
_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’-]*\.?"
# No name has a hundred letters in one word. Without a bound, each capital of an endless one would be tried as a start.
_SHORT_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’-]{0,100}+\.?"
_RULES = (
    re.compile(r"[\w.+-]{1,64}+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(
        rf"(?im)(?:(?<=^)|(?<=\s))(?:{_LABELS})\s*(?:[:#]|no\.?:?|number:?)\s*(?P<mask>[^\n]+?)(?=\s{{2}}|\s(?:sex|gender)\b|$)"
    ),
    re.compile(
        rf"\b{_TITLE}\.?:?[ \t]+(?P<mask>{_WORD}(?:[ \t]+(?:(?:von|van|de|der|den|di|la)[ \t]+)*{_WORD}){{0,3}})"
    ),
    re.compile(
        rf"(?P<mask>(?:{_SHORT_WORD}[ \t]++){{1,4}}(?:Hospital|Clinic|Clinics|Infirmary|Laborator(?:y|ies)|"
        r"Krankenhaus|Klinikum|Klinik|Practice|Praxis|University|Medical\s+Cent(?:er|re)|Health\s+Cent(?:er|re)))\b"
    ),
    re.compile(r"(?<![\w.])(?:\+|00)\d[\d\s()/.-]{6,18}\d(?!\w)"),
    re.compile(r"(?<![\w.])\(?0\d{2,5}\)?[\s/-]\d[\d\s/-]{4,12}\d(?!\w)"),
    re.compile(r"(?<![\w.])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\w)"),
    re.compile(r"(?<![\w.])\d{3}-\d{2}-\d{4}(?!\w)"),
    re.compile(r"(?<![\w.])\d{7,}(?![\w.])"),
    re.compile(r"\b[A-Z]{2,5}-?\d{5,}\b"),
    re.compile(
        r"\b\d{1,5}\s+(?:[A-Z][\w'-]*\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b\.?"
    ),
    re.compile(r"\b[A-ZÄÖÜ][\wäöüß-]{0,80}(?:straße|strasse|str\.|weg|platz|allee)\s+\d{1,4}\s?[a-z]?\b"),
)
_DATE = re.compile(
    r"(?<!\d)(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.]\s?(\d{1,2})[-/.]\s?(\d{4}|\d{2}))(?!\d)"
)
# A word, and the accents that some programs write behind a letter and not into it.
_TOKEN = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]++[^\W\d_]*+)*+")
# Where the alphabet is another one, two letters may be a name.
_MIN_ELSEWHERE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifiers:
    """What the case holds about people: ``names``, of which each part is found, ``dates`` of birth, and ``codes``.

    A code is found as a whole: a number, an address, the name of a house.
    """

    names: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    codes: tuple[str, ...] = ()


class NotDeidentified(ValueError):
    """Something that identifies a person is left: the text must not leave."""


def masked_text(text: str, known: Identifiers) -> str:
    """The text with everything that identifies people masked, of the same length. Raises ``NotDeidentified``."""
    letters = list(text)
    for start, end in places(text, known):
        for index in range(start, end):
            if not letters[index].isspace():
                letters[index] = MASK
    masked = "".join(letters)
    left = residual(masked, known)
    if left:
        raise NotDeidentified(left)
    return masked


def without(text: str, known: Identifiers, *, instead: str) -> str:
    """The text with ``instead`` in place of everything that identifies people; nothing is checked afterwards.

    For readers inside, who are not to know whom they judge; what leaves is masked.
    """
    pieces, last = [], 0
    for start, end in sorted(places(text, known)):
        if start >= last:
            pieces += [text[last:start], instead]
        last = max(last, end)
    return "".join((*pieces, text[last:]))


def residual(text: str, known: Identifiers) -> str:
    """What is left of the known identifiers, found in another way than the masking finds it; empty if nothing."""
    plain = folded(text)
    if any(part in plain for name in known.names for part in _elsewhere(name)):
        return "name"
    flat = re.sub(r"[^a-z]+", " ", plain)
    words = f" {flat} "
    joined = re.sub(r"\s+", "", flat)
    for name in known.names:
        parts = _parts(name)
        if any(f" {part} " in words for part in parts):
            return "name"
        whole = "".join(parts)
        if len(parts) > 1 and whole in joined:
            return "name"
    digits = re.sub(r"\D+", "", text)
    for code in known.codes:
        wanted = re.sub(r"\D+", "", code)
        if len(wanted) >= 6 and wanted in digits:
            return "code"
        if "@" in code and code.casefold() in text.casefold():
            return "code"
    if any(_date_of(found) & set(known.dates) for found in _DATE.finditer(text)):
        return "date"
    return "rule" if any(MASK not in found[0] for rule in _RULES[:2] for found in rule.finditer(text)) else ""


def folded(text: str) -> str:
    """Lower case without accents, ü as ue: one spelling for all."""
    return unaccented(text, spelt=TWO_LETTERS)


def places(text: str, known: Identifiers) -> Iterator[tuple[int, int]]:
    """Where something stands that identifies people, in no order; places may overlap."""
    for rule in _RULES:
        for found in rule.finditer(text):
            yield found.span("mask") if "mask" in rule.groupindex else found.span()
    yield from _names(text, known.names)
    for found in _DATE.finditer(text):
        if _date_of(found) & set(known.dates):
            yield found.span()
    for code in known.codes:
        yield from _codes(text, code)


def _names(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    told = tuple(names)
    wanted, elsewhere = ({part for name in told for part in parts(name)} for parts in (_parts, _elsewhere))
    if not wanted and not elsewhere:
        return
    plain = {_undone(part) for part in wanted}
    judged: dict[str, bool] = {}
    for token in _TOKEN.finditer(text):
        if token[0] not in judged:
            word = folded(token[0])
            judged[token[0]] = (
                word in wanted
                or _undone(word) in plain
                or any(_near(word, part) for part in wanted)
                or any(part in word for part in elsewhere)
            )
        if judged[token[0]]:
            yield from _within(token, elsewhere)


def _within(token: re.Match[str], elsewhere: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The word; where the alphabet has no capitals and words are not always parted, the name in it alone."""
    found = False
    for part in elsewhere:
        at = token[0].find(part) if part.lower() == part.upper() else -1
        while at >= 0:
            found = True
            yield token.start() + at, token.start() + at + len(part)
            at = token[0].find(part, at + 1)
    if not found:
        yield token.span()


def _parts(name: str) -> list[str]:
    return [
        part for part in re.split(r"[^a-z]+", folded(name)) if len(part) >= _MIN_NAME_LENGTH and part not in _COMMON
    ]


def _elsewhere(name: str) -> list[str]:
    """A name's parts in other alphabets, and the whole of it, for words are not parted everywhere."""
    parts = [part for part in re.findall(r"[^\W\d_]+", folded(name)) if not part.isascii()]
    return [part for part in (*parts, "".join(parts)) if len(part) >= _MIN_ELSEWHERE]


_COMMON = frozenset(
    {"von", "van", "der", "den", "the", "and", "hospital", "clinic", "medical", "center", "centre", "general"}
)


def _undone(word: str) -> str:
    """Umlauts written without their e: Mueller, Müller and Muller are one."""
    return re.sub(r"(?<=[aou])e", "", word)


def _near(word: str, part: str) -> bool:
    """One letter read wrongly, left out or added, in a name long enough not to hit common words."""
    if len(part) < _FUZZY_FROM or abs(len(word) - len(part)) > 1 or word[:1] != part[:1]:
        return False
    if len(word) == len(part):
        return sum(a != b for a, b in zip(word, part, strict=True)) == 1
    shorter, longer = sorted((word, part), key=len)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _codes(text: str, code: str) -> Iterable[tuple[int, int]]:
    pieces = re.findall(r"[A-Za-z]+|\d", code)
    if len(pieces) < 2:
        return
    pattern = r"[\W_]{0,3}".join(re.escape(piece) for piece in pieces)
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield found.span()


def _date_of(found: re.Match[str]) -> set[date]:
    """The dates that a printed one may mean: day and month in either order."""
    year, month, day, first, second, last = found.groups()
    if year:
        options = [(int(year), int(month), int(day))]
    else:
        century = [int(last)] if len(last) == 4 else [1900 + int(last), 2000 + int(last)]
        options = [(y, *pair) for y in century for pair in ((int(second), int(first)), (int(first), int(second)))]
    return {made for option in options if (made := _made(*option))}


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
