"""The names that the case holds, in every way that people, programs and scanners write them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from config.kernel.accents import ONE_LETTER, unaccented
from config.kernel.privacy.deidentification.eponyms import EPONYMS, OF_MEDICINE
from config.kernel.privacy.deidentification.scripts import spelt_in_latin
from config.kernel.privacy.deidentification.vocabulary import ALSO_WORDS, NAME_PARTICLES, TITLES
from config.kernel.privacy.deidentification.words import Words, folded

_MIN_LENGTH = 3
_TO_TERM = frozenset({" ", "-", "\n"})
_OF = frozenset({"de", "d", "of", "von", "des", "la", "le", "nach", "del", "du"})
_FUZZY_FROM = 5
_FIRST_FROM = 6
_JOINED_FROM = 4
# Where the alphabet is another one, two letters may be a name.
_MIN_ELSEWHERE = 2
_COMMON = frozenset({"the", "and", "hospital", "clinic", "medical", "center", "centre", "general"})
_BESIDE = re.compile(r"[\s.,;:'’^_/()-]{0,4}")
_INITIALS = re.compile(r"(?<![\w.])[^\W\d_]\.[ \t-]?[^\W\d_]\.(?:[ \t-]?[^\W\d_]\.){0,2}(?!\w)")
_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ \t]){3,80}[^\W\d_](?![^\W_])")
_BROKEN = re.compile(r"[-‐‑\u00ad][ \t]?\r?\n[ \t]{0,20}")
_IN_FILES = re.compile(r"[_/\\@^=&]|\.[A-Za-z0-9]{2,4}\b")
_NUMBER_BEHIND = re.compile(r"[ \t]?[<>=]?[ \t]?\d")
_DATE_BEFORE = re.compile(
    r"(?:\d|\b(?:in|im|en|since|by|until|of|last|next|de|du|seit|bis|and|or|to))[\s.,-]*\Z", re.IGNORECASE
)


@dataclass
class KnownNames:
    """What is looked for: ``whole`` parts stand alone, ``small`` ones (particles, two letters) beside another."""

    names: tuple[str, ...]
    whole: dict[str, bool] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)
    initials: list[str] = field(default_factory=list)
    logins: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in self.names:
            self.initials.append("".join(folded(part)[:1] for part in re.findall(r"[^\W\d_]+", name)))
            for spelling in {folded(name), unaccented(name, spelt=ONE_LETTER)}:
                self._add([part for part in re.split(r"[^a-z]+", spelling) if part])

    def _add(self, parts: list[str]) -> None:
        if parts:
            long = [part for part in parts if is_whole(part)]
            self.small |= {part for part in parts if part not in long and part not in TITLES}
            for part in long:
                self.whole[part] = self.whole[_undone(part)] = True
            for first in parts:
                for second in parts:
                    self.logins |= {second + first[0], first[0] + second} if first != second else set()
                    if first != second and len(first) + len(second) > _JOINED_FROM and second in long:
                        joined = [first + second, second + first]
                        short = [second + first[0], first[0] + second] if len(second) >= _JOINED_FROM else []
                        self.whole |= dict.fromkeys((*joined, *short), False)
            self.whole.setdefault("".join(parts), False)

    @cached_property
    def near(self) -> dict[tuple[str, int], list[str]]:
        """The parts that may be misspelt, by a letter that must be right and by length."""
        found: dict[tuple[str, int], list[str]] = {}
        for part, is_part in self.whole.items():
            if not is_part or len(part) < _FUZZY_FROM:
                continue
            for length in (len(part) - 1, len(part), len(part) + 1):
                found.setdefault((part[0], length), []).append(part)
                if len(part) >= _FIRST_FROM:
                    found.setdefault(("*" + part[-1], length), []).append(part)
        return found

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        return tuple({part for name in self.names for part in elsewhere(name)})

    @cached_property
    def sounds(self) -> frozenset[str]:
        """The parts as they are spelt in Latin letters, whatever script and custom they are from."""
        return frozenset(
            spelt
            for name in self.names
            for part in re.findall(r"[^\W\d_]+", folded(name))
            if (spelt := spelt_in_latin(part)) and len(spelt) >= _JOINED_FROM
        )

    def is_in(self, plain: str, written: str) -> bool:
        """Whether a word is one of the names, or one of them misspelt."""
        if plain in self.whole or _undone(plain) in self.whole or (plain[-1:] == "s" and plain[:-1] in self.whole):
            return True
        if not plain.isascii() or any(not part.isascii() for part in self.elsewhere):
            if any(part in plain for part in self.elsewhere):
                return True
            if (not plain.isascii() or self.is_foreign) and len(plain) < 40 and spelt_in_latin(plain) in self.sounds:
                return True
        elif self.is_foreign and spelt_in_latin(plain) in self.sounds:
            return True
        near = [*self.near.get((plain[:1], len(plain)), ()), *(self.near.get(("*" + plain[-1:], len(plain)), ()))]
        return any(is_near(plain, part) for part in near) if written[0].isupper() or len(plain) > _FIRST_FROM else False

    @cached_property
    def is_foreign(self) -> bool:
        return bool(self.elsewhere)


def known_names(words: Words, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where one of the names stands."""
    known = KnownNames(tuple(names))
    if not known.whole and not known.elsewhere and not known.small:
        return
    hits = list(_hits(words, known))
    for number in hits:
        yield from _within(words, number, known.elsewhere)
    small = set(_small(words, known))
    yield from (words.span(number, number + 1) for number in small)
    yield from _beside(words, frozenset(hits) | small, known)
    yield from _broken(words, known)
    yield from _apart(words.text, known)
    for found in _INITIALS.finditer(words.text):
        letters = "".join(folded(sign)[0] for sign in found[0] if sign.isalpha() and folded(sign))
        if any(_are_initials(letters, told) for told in known.initials):
            yield found.span()
    yield from _in_files(words.text, known)


def kept(words: Words, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where a word that is one of the names means something else: an eponym, a month, a word of the language."""
    known = KnownNames(tuple(names))
    for number in words.of(frozenset((EPONYMS | ALSO_WORDS) & known.whole.keys())):
        if _means_else(words, number):
            yield words.span(number, number + 1)


def is_whole(part: str) -> bool:
    """Long enough to be found by itself, and no particle."""
    return len(part) >= _MIN_LENGTH and part not in _COMMON and part not in NAME_PARTICLES


def elsewhere(name: str) -> list[str]:
    """A name's parts in other alphabets, and the whole of it, for words are not parted everywhere."""
    parts = [part for part in re.findall(r"[^\W\d_]+", folded(name)) if not part.isascii()]
    return [part for part in (*parts, "".join(parts)) if len(part) >= _MIN_ELSEWHERE]


def is_near(word: str, part: str) -> bool:
    """One letter wrong, left out or added, or two that changed places."""
    if len(word) == len(part):
        unlike = [at for at in range(len(word)) if word[at] != part[at]]
        if len(unlike) == 2 and unlike[1] == unlike[0] + 1:
            return word[unlike[0]] == part[unlike[1]] and word[unlike[1]] == part[unlike[0]]
        return len(unlike) == 1
    shorter, longer = sorted((word, part), key=len)
    if len(longer) - len(shorter) != 1:
        return False
    at = next((at for at, sign in enumerate(shorter) if longer[at] != sign), len(shorter))
    return longer[at + 1 :] == shorter[at:]


def _undone(word: str) -> str:
    """Umlauts written without their e: Mueller, Müller and Muller are one."""
    return re.sub(r"(?<=[aou])e", "", word) if "e" in word else word


def _hits(words: Words, known: KnownNames) -> Iterator[int]:
    judged: dict[str, bool] = {}
    for number, word in enumerate(words.written):
        if word not in judged:
            judged[word] = known.is_in(words.plain[number], word)
        if judged[word] and not _means_else(words, number):
            yield number


def _means_else(words: Words, number: int) -> bool:
    plain = words.plain[number]
    if plain in EPONYMS and is_term(words, number):
        return True
    if plain not in ALSO_WORDS:
        return False
    if not words.is_capital(number):
        return True
    start, end = words.starts[number], words.ends[number]
    behind = words.text[end : end + 4]
    return bool(_NUMBER_BEHIND.match(behind) or _DATE_BEFORE.search(words.text[max(0, start - 8) : start]))


def is_term(words: Words, number: int) -> bool:
    """Whether an eponym stands right beside a word of medicine, or joined to another eponym."""
    before, behind = number - 1, number + 1
    if words.gap(number) in {"'", "’"} and behind < len(words) and words.plain[behind] == "s":
        behind += 1
    joined = EPONYMS | {"en"} if words.gap(number) == "-" else frozenset()
    if words.gap(behind - 1) in _TO_TERM and behind < len(words) and words.plain[behind] in OF_MEDICINE | joined:
        return True
    if before < 0 or words.gap(before) not in _TO_TERM | {"'", "’"}:
        return False
    if words.plain[before] in EPONYMS and words.gap(before) == "-":
        return True
    while before > 0 and words.plain[before] in _OF and words.gap(before - 1) in _TO_TERM and number - before < 3:
        before -= 1
    return words.plain[before] in OF_MEDICINE or (words.plain[before] == "y" and words.written[before] == "Y")


def _within(words: Words, number: int, foreign: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The word; where the alphabet has no capitals and words are not always parted, the name in it alone."""
    found, word, start = False, words.written[number], words.starts[number]
    for part in foreign:
        at = word.find(part) if part.lower() == part.upper() else -1
        while at >= 0:
            found = True
            yield start + at, start + at + len(part)
            at = word.find(part, at + len(part))
    if not found:
        yield words.span(number, number + 1)


def _beside(words: Words, hits: frozenset[int], known: KnownNames) -> Iterator[tuple[int, int]]:
    """Particles, names of two letters and initials that stand beside a name that was found."""
    first_letters = {letter for letters in known.initials for letter in letters}
    for hit in hits:
        for step in (-1, 1):
            at = hit + step
            while 0 <= at < len(words) and at not in hits and _BESIDE.fullmatch(words.gap(min(at, at - step))):
                plain = words.plain[at]
                is_initial = len(words.written[at]) == 1 and plain[0] in first_letters and words.is_capital(at)
                is_part = plain in known.whole or (plain in known.small and len(plain) > 1)
                if is_initial and "\n" in words.gap(min(at, at - step)) + words.gap(at)[:1]:
                    break
                if not is_part and not is_initial and not (plain == "o" and step < 0):
                    break
                if is_initial and step > 0 and "," not in words.gap(hit) and words.gap(at)[:1] != ".":
                    break
                yield words.span(at, at + 1)
                at += step


def _small(words: Words, known: KnownNames) -> Iterator[int]:
    """Names of two letters alone, as a name is written: ``Xu``, and ``BO XU`` beside one another."""
    two = frozenset(part for part in known.small if len(part) == 2)
    genitives = frozenset(part + "s" for part in two if part not in ALSO_WORDS | NAME_PARTICLES)
    yield from (
        number for number in words.of(genitives) if words.is_capital(number) and words.written[number][1:].islower()
    )
    for number in words.of(two):
        if is_small_name(words.text, words.written[number], words.ends[number]):
            yield number
        for other in (number - 1, number + 1):
            is_other = 0 <= other < len(words) and words.plain[other] in two - {words.plain[number]}
            if is_other and _BESIDE.fullmatch(words.gap(min(number, other))):
                yield number
        if number and words.plain[number - 1] in TITLES and words.gap(number - 1) in {" ", ". "}:
            yield number


def is_small_name(text: str, written: str, end: int) -> bool:
    """Whether two letters mean a person: a capital and a small one, no word of a language, no value behind."""
    return (
        written[:1].isupper()
        and written[1:].islower()
        and folded(written) not in ALSO_WORDS | NAME_PARTICLES
        and not _NUMBER_BEHIND.match(text, end)
    )


def _broken(words: Words, known: KnownNames) -> Iterator[tuple[int, int]]:
    """A name that the end of a line parts."""
    for found in _BROKEN.finditer(words.text):
        number = words.at(found.end())
        if (
            not 0 < number < len(words)
            or words.starts[number] != found.end()
            or words.ends[number - 1] != found.start()
        ):
            continue
        joined = words.plain[number - 1] + words.plain[number]
        if known.is_in(joined, words.written[number - 1]):
            yield words.starts[number - 1], words.ends[number]
            before = number - 2
            while (
                before >= max(0, number - 5)
                and words.plain[before] in known.small
                and _BESIDE.fullmatch(words.gap(before))
            ):
                yield words.span(before, before + 1)
                before -= 1


def _apart(text: str, known: KnownNames) -> Iterator[tuple[int, int]]:
    """A name with every letter by itself."""
    for found in _APART.finditer(text):
        letters = folded(re.sub(r"\s", "", found[0]))
        if any(part in letters for part in known.whole if len(part) >= _JOINED_FROM):
            yield found.span()


def _in_files(text: str, known: KnownNames) -> Iterator[tuple[int, int]]:
    """Names that are part of the name of a file or of an address in the net, with digits and signs beside them."""
    parts = [part for part in known.whole if len(part) >= _FUZZY_FROM]
    if not _IN_FILES.search(text):
        return
    for found in re.finditer(r"\S+", text):
        if _IN_FILES.search(found[0]):
            for word in re.finditer(r"[^\W\d_]+", found[0]):
                plain = folded(word[0])
                if plain in known.logins or (len(plain) > _FUZZY_FROM and any(part in plain for part in parts)):
                    yield found.start() + word.start(), found.start() + word.end()


def _are_initials(letters: str, told: str) -> bool:
    left = list(told)
    for letter in letters:
        if letter not in left:
            return False
        left.remove(letter)
    return len(letters) >= 2
