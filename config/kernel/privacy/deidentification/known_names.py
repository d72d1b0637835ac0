"""The names that the case holds, in every way that people, programs and scanners write them."""

import re
from collections.abc import Iterable, Iterator

from config.kernel.privacy.deidentification.eponyms import EPONYMS, OF_MEDICINE
from config.kernel.privacy.deidentification.name_forms import FUZZY_FROM, JOINED_FROM, STEM_FROM, KnownNames
from config.kernel.privacy.deidentification.spelling import INSIDE, scanned
from config.kernel.privacy.deidentification.vocabulary import ALSO_WORDS, NAME_PARTICLES, TITLES
from config.kernel.privacy.deidentification.words import Words, folded

_TO_TERM = frozenset({" ", "-", "\n"})
_OF = frozenset({"de", "d", "of", "von", "des", "la", "le", "nach", "del", "du"})
_BESIDE = re.compile(r"[\s.,;:'’^_/()-]{0,4}")
_INITIALS = re.compile(r"(?<![\w.])[^\W\d_]\.[ \t-]?[^\W\d_]\.(?:[ \t-]?[^\W\d_]\.){0,2}(?!\w)")
_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ \t._·-]{1,2}){3,80}[^\W\d_](?![^\W_])")
# Letters beside what scanners see for them.
_WITH_DIGITS = re.compile(r"(?<![^\W_])(?:[^\W\d_]{1,30}[0-9|!$]|[0-9|!$]{1,2}[^\W\d_])(?:[^\W_]|[|!$]){0,30}")
_BROKEN = re.compile(r"[-‐‑\u00ad][ \t]?\r?\n[ \t]{0,20}")
_IN_FILES = re.compile(r"[_/\\@^=&]|\.[A-Za-z0-9]{2,4}\b")
_NUMBER_BEHIND = re.compile(r"[ \t]?[<>=]?[ \t]?\d")
_DATE_BEFORE = re.compile(
    r"(?:\d|\b(?:in|im|en|since|by|until|of|last|next|de|du|seit|bis|and|or|to))[\s.,-]*\Z", re.IGNORECASE
)


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
    yield from _torn(words, known)
    yield from _scanned(words.text, known)
    yield from _apart(words.text, known)
    for found in _INITIALS.finditer(words.text):
        letters = "".join(folded(sign)[0] for sign in found[0] if sign.isalpha() and folded(sign))
        if any(_are_initials(letters, told) for told in known.initials):
            yield found.span()
    yield from _in_files(words.text, known)


def known_words(words: Words, told: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where a word of a house or an address stands with its capital, in any form."""
    known = KnownNames(tuple(told), are_people=False)
    if known.whole:
        yield from (words.span(number, number + 1) for number in _hits(words, known) if words.is_capital(number))
        yield from _broken(words, known)
        yield from _torn(words, known)


def kept(words: Words, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where a word that is one of the names means something else: an eponym, a month, a word of the language."""
    known = KnownNames(tuple(names))
    for number in words.of(frozenset((EPONYMS | ALSO_WORDS) & known.whole.keys())):
        if _means_else(words, number):
            yield words.span(number, number + 1)


def _hits(words: Words, known: KnownNames) -> Iterator[int]:
    judged: dict[str, bool] = {}
    for number, word in enumerate(words.written):
        if word not in judged:
            judged[word] = known.is_in(words.plain[number], word)
        if judged[word] and not _means_else(words, number):
            yield number


def _means_else(words: Words, number: int) -> bool:
    plain = words.plain[number]
    if plain in EPONYMS and is_term(words, number, terms=_TERMS):
        return True
    if plain not in ALSO_WORDS:
        return False
    if not words.is_capital(number):
        return True
    start, end = words.starts[number], words.ends[number]
    behind = words.text[end : end + 4]
    return bool(_NUMBER_BEHIND.match(behind) or _DATE_BEFORE.search(words.text[max(0, start - 8) : start]))


def is_term(words: Words, number: int, *, terms: frozenset[str] = OF_MEDICINE) -> bool:
    """Whether an eponym stands right beside a word of medicine (``terms``), or joined to another eponym."""
    before, behind = number - 1, number + 1
    if words.gap(number) in {"'", "’"} and behind < len(words) and words.plain[behind] == "s":
        behind += 1
    joined = EPONYMS | {"en"} if words.gap(number) == "-" else frozenset()
    if words.gap(behind - 1) in _TO_TERM and behind < len(words) and words.plain[behind] in terms | joined:
        return True
    if before < 0 or words.gap(before) not in _TO_TERM | {"'", "’"}:
        return False
    if words.plain[before] in EPONYMS and words.gap(before) == "-":
        return True
    while before > 0 and words.plain[before] in _OF and words.gap(before - 1) in _TO_TERM and number - before < 3:
        before -= 1
    if words.plain[before] == "y":  # Y de Roux, but not "Y Müller"
        return words.written[before] == "Y" and before < number - 1
    return words.plain[before] in terms


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
                if is_initial and step > 0 and not _ends_name(words, hit, at):
                    break
                yield words.span(at, at + 1)
                at += step


def _ends_name(words: Words, hit: int, at: int) -> bool:
    """Whether a letter behind a name belongs to it: with a comma or a point, or behind a name all in capitals."""
    if "," in words.gap(hit) or words.gap(at)[:1] == ".":
        return True
    return words.written[hit].isupper() and not _NUMBER_BEHIND.match(words.text, words.ends[at])


# "IV Müller" proves nothing where somebody of the case is called so.
_TERMS = OF_MEDICINE - {"ii", "iv"}
_AMIDST = re.compile(r"[^\W\d_]{2},? $")


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
    """Whether two letters mean a person: a capital and a small one, no value behind, no word of a language.

    A word of a language has its capital at the beginning of a sentence only: "this is Su" names somebody.
    """
    if not (written[:1].isupper() and written[1:].islower()) or _NUMBER_BEHIND.match(text, end):
        return False
    start = end - len(written)
    return folded(written) not in ALSO_WORDS | NAME_PARTICLES or bool(_AMIDST.search(text, max(start - 40, 0), start))


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


def _torn(words: Words, known: KnownNames) -> Iterator[tuple[int, int]]:
    """A name that blanks, signs nobody sees or the end of a line tear into pieces."""
    begins, text = known.begins, words.text
    for number, plain in enumerate(words.plain):
        if plain not in begins or (number and plain[0].isupper()):
            continue
        joined, at = plain, number
        while at + 1 < len(words) and INSIDE.fullmatch(text, words.ends[at], words.starts[at + 1]):
            at += 1
            joined += words.plain[at]
            if joined in known.parts and not _is_language(words, number, at + 1):
                yield words.span(number, at + 1)
            if joined not in begins:
                break


def _is_language(words: Words, first: int, behind: int) -> bool:
    """Whether the pieces are words of a language with nothing but blanks between: in a, an na."""
    return all(words.plain[at] in ALSO_WORDS for at in range(first, behind)) and not words.is_capital(first)


def _scanned(text: str, known: KnownNames) -> Iterator[tuple[int, int]]:
    """A name in which a scanner saw digits and strokes for letters."""
    for found in _WITH_DIGITS.finditer(text):
        if len(found[0]) >= STEM_FROM and scanned(folded(found[0])) in known.seen:
            yield found.span()


def _apart(text: str, known: KnownNames) -> Iterator[tuple[int, int]]:
    """A name with every letter by itself."""
    for found in _APART.finditer(text):
        letters = folded(re.sub(r"[\W_]", "", found[0]))
        if any(part in letters for part in known.whole if len(part) >= JOINED_FROM):
            yield found.span()


def _in_files(text: str, known: KnownNames) -> Iterator[tuple[int, int]]:
    """Names that are part of the name of a file or of an address in the net, with digits and signs beside them."""
    parts = [part for part in known.whole if len(part) >= FUZZY_FROM]
    if not _IN_FILES.search(text):
        return
    for found in re.finditer(r"\S+", text):
        if _IN_FILES.search(found[0]):
            for word in re.finditer(r"[^\W\d_]+", found[0]):
                plain = folded(word[0])
                if plain in known.logins or (len(plain) > FUZZY_FROM and any(part in plain for part in parts)):
                    yield found.start() + word.start(), found.start() + word.end()


def _are_initials(letters: str, told: str) -> bool:
    left = list(told)
    for letter in letters:
        if letter not in left:
            return False
        left.remove(letter)
    return len(letters) >= 2
