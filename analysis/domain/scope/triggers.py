"""Finding the phrases that say how another phrase is meant.

A phrase is words and signs with blanks between them. ``a|b`` is either, ``abc*`` every word that begins so, ``~`` up to
three words, ``#`` a number in digits or words, ``year`` a year, ``KIN`` a relative. Accents and capitals do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from analysis.domain.scope import english_words, french_words, german_words, spanish_words
from config.kernel.accents import unaccented_in_place

# A number with its decimals is one word: the 0 of "0,4 mg" denies nothing.
_TOKEN: Final = re.compile(r"(?<![\d.,])\d{1,3}[.,]\d{1,3}(?![.,]?\d)|[^\W_]+|[.,;:!?()+/'’–-]")
_PREFIX: Final = 4
_GAP: Final = 3
_STOPS: Final = frozenset((".", ",", ";"))
# Words that without their accent are others.
_ACCENTED: Final = frozenset(("würde", "würden", "sí", "él", "à", "où"))
_LETTERS: Final = (
    ("de", frozenset("äöüß"), 1.0),
    ("es", frozenset("ñáíóú¿¡"), 1.0),
    ("fr", frozenset("èêçœàùîôâëï"), 1.0),
    ("fr", frozenset("é"), 0.5),
)
# How words of a language begin and end: little each, but short notes have few of the common words.
_SHAPES: Final = (
    ("fr", re.compile(r"(?<![\w/])(?:[dlnsjcmt]|qu)['’](?=\w\w)"), 1.5),
    (
        "fr",
        re.compile(r"(?:eurs?|eux|euses?|ments?|ites?|iques?|ies?|ees?|elles?|aires?|oires?|eres?|ures?|ant)\b"),
        0.3,
    ),
    ("es", re.compile(r"(?:cion(?:es)?|sion(?:es)?|dad(?:es)?|\w{3}(?:[ao]s?|or|on|ales|[aei]rse))\b"), 0.3),
    ("de", re.compile(r"(?:ung(?:en)?|heit|keit|lich|isch\w{0,2}|\w{2}(?:en|ie|em|itis|ose)|auf|aus)\b"), 0.3),
    ("en", re.compile(r"(?:ing|ed|ly|ness|tion|ous|th|[a-z]{3}(?:y|ic|al)|ght)\b"), 0.3),
)
#: A noun of German within a sentence.
_NOUN: Final = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{3,40}")
_MANY_SIGNS: Final = 4_000
_SIGN: Final = {"’": "'", "–": "-"}
_YEAR: Final = re.compile(r"(?:19|20)\d\d$")
_NUMBERS: Final = frozenset(
    re.findall(
        r"\w+",
        "one two three four five six seven eight nine ten many several few zwei drei vier funf sechs sieben acht neun"
        " zehn dos tres cuatro cinco seis siete ocho nueve diez varios deux trois quatre cinq six sept huit neuf dix",
    )
)
_LANGUAGES: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    "en": (english_words.PHRASES, english_words.COMMON),
    "de": (german_words.PHRASES, german_words.COMMON),
    "es": (spanish_words.PHRASES, spanish_words.COMMON),
    "fr": (french_words.PHRASES, french_words.COMMON),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign at its place; ``word`` is in small letters without accents."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a phrase does (the key of its list), at the tokens ``first`` to ``last``."""

    does: str
    first: int
    last: int


#: The kind, the whole words and the beginnings of words.
_Part = tuple[str, frozenset[str], tuple[str, ...]]
_Index = dict[str, list[tuple[str, tuple[_Part, ...]]]]


def tokens_of(text: str) -> list[Token]:
    """The words and signs of a text."""
    plain = text.lower() if text.isascii() else unaccented_in_place(text)
    return [
        Token(one.start(), one.end(), _word(one[0], text[one.start() : one.end()])) for one in _TOKEN.finditer(plain)
    ]


def _word(plain: str, written: str) -> str:
    lowered = written.lower() if plain != written else plain
    return lowered if lowered in _ACCENTED else _SIGN.get(plain, plain)


def language_of(text: str, tokens: Sequence[Token]) -> str:
    """The language whose common words stand most often; English where none does."""
    scores = dict.fromkeys(_LANGUAGES, 0.0)
    for token in tokens:
        for language, weight in _common().get(token.word, ()):
            scores[language] += weight
    for language, letters, weight in _LETTERS:
        scores[language] += weight * sum(map(text.count, letters))
    # The beginning of a long text tells as well as all of it.
    begun = unaccented_in_place(text[:_MANY_SIGNS])
    for language, shape, weight in _SHAPES:
        scores[language] += weight * sum(1 for _ in shape.finditer(begun))
    scores["de"] += 0.5 * sum(1 for _ in _NOUN.finditer(text, 0, _MANY_SIGNS))
    return max(scores, key=lambda language: scores[language])


def triggers_in(tokens: Sequence[Token], language: str) -> list[Trigger]:
    """Every trigger; of those that begin at one token and do the same the longest, and none inside a longer one."""
    found: list[Trigger] = []
    index, place = _index(language), 0
    while place < len(tokens):
        longest: dict[str, int] = {}
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        for does, parts in _candidates(index, tokens[place].word):
            # Most phrases of a frequent word fail at the next one: told without following the phrase.
            if len(parts) > 1 and parts[1][0] == "word" and not _fits(parts[1], following):
                continue
            last = _match(parts, tokens, place)
            if last is not None and last >= longest.get(does, -1):
                longest[does] = last
        if longest:
            reached = max(longest.values())
            found.extend(_of_one_phrase(longest, place, reached))
            place = reached
        place += 1
    return found


def _of_one_phrase(longest: Mapping[str, int], first: int, last: int) -> Iterator[Trigger]:
    """What the longest phrase does; one that denies what stands before it ("no confirma") denies what follows, too."""
    does = {each for each, reached in longest.items() if reached == last}
    silent = does & {"pseudo", "change"}
    yield from (Trigger(each, first, last) for each in (silent or does))
    if not silent and "no" in longest and "no" not in does and does & {"absent", "stopped"}:
        yield Trigger("no", first, last)


def _candidates(index: _Index, word: str) -> Iterator[tuple[str, tuple[_Part, ...]]]:
    yield from index.get(word, ())
    if len(word) >= _PREFIX:
        yield from index.get(word[:_PREFIX] + "*", ())
    if _is_year(word):
        yield from index.get("year", ())
    elif _is_number(word):
        yield from index.get("#", ())


def _match(parts: Sequence[_Part], tokens: Sequence[Token], place: int) -> int | None:
    """The last token of the phrase that begins at ``place``; each gap is as short as it can be."""
    at, count = place, len(tokens)
    for number, part in enumerate(parts):
        if part[0] == "gap":
            at = _after_gap(parts[number + 1], tokens, at)
            continue
        if at >= count or not _fits(part, tokens[at].word):
            return None
        at += 1
    # A sign at the end of a phrase is what must follow it, and belongs to the sentence still.
    return at - 2 if len(parts) > 1 and parts[-1][1] <= _STOPS and parts[-1][1] else at - 1


def _after_gap(following: _Part, tokens: Sequence[Token], at: int) -> int:
    for step in range(_GAP + 1):
        if at + step >= len(tokens):
            break
        word = tokens[at + step].word
        if _fits(following, word):
            return at + step
        if not word[0].isalnum() and word != "-":
            break
    return len(tokens)


def _fits(part: _Part, word: str) -> bool:
    kind, words, beginnings = part
    if kind == "word":
        return word in words or (bool(beginnings) and word.startswith(beginnings))
    return _is_year(word) if kind == "year" else _is_number(word)


def _is_year(word: str) -> bool:
    return _YEAR.match(word) is not None


def _is_number(word: str) -> bool:
    return word.isdecimal() or word in _NUMBERS


@cache
def _index(language: str) -> _Index:
    """The phrases by their first word, its first letters, or the kind of its number."""
    phrases, _ = _LANGUAGES[language]
    kin = "|".join(each.strip() for each in phrases["kin"].split(";") if " " not in each.strip())
    found: _Index = {}
    for does, told in phrases.items():
        for phrase in filter(None, (each.strip() for each in _split(told))):
            parts = tuple(_part(word.replace("KIN", kin)) for word in phrase.split())
            for first in _firsts(parts[0]):
                found.setdefault(first, []).append((does, parts))
    return found


def _split(told: str) -> list[str]:
    """A semicolon ends a phrase; where it is itself the sign that must follow, it is written twice."""
    return [each.replace("\0", ";") for each in told.replace(" ;;", " \0;").split(";")]


def _part(word: str) -> _Part:
    if word in ("~", "#", "year"):
        return {"~": "gap", "#": "number", "year": "year"}[word], frozenset(), ()
    told = [each if each in _ACCENTED else unaccented_in_place(each) for each in word.split("|")]
    whole = frozenset(each for each in told if not each.endswith("*"))
    return "word", whole, tuple(each[:-1] for each in told if each.endswith("*"))


def _firsts(part: _Part) -> Iterator[str]:
    kind, words, beginnings = part
    yield from {"number": ["#"], "year": ["year"]}.get(kind, words)
    yield from (each[:_PREFIX] + "*" for each in beginnings)


@cache
def _common() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Words that tell a language, with what each weighs: the more languages have it, the less."""
    found: dict[str, dict[str, float]] = {}
    for language, (phrases, common) in _LANGUAGES.items():
        single = (
            each.strip(" *\n")
            for does, told in phrases.items()
            if does not in ("heading", "begun")
            for each in told.split(";")
        )
        for word in (each for each in single if each.isalpha() and len(each) > 2):
            found.setdefault(unaccented_in_place(word), {})[language] = 1
        for word in common.split():
            found.setdefault(unaccented_in_place(word), {})[language] = 2
    return {
        word: tuple((language, weight / len(told) ** 2) for language, weight in told.items())
        for word, told in found.items()
    }
