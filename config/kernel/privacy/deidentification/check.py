"""The second look: whether something known is left, found in another way than the masking finds it.

The masking looks for each known thing in the text; here the text is cut into words and each is asked what it may be.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from config.kernel.accents import ONE_LETTER, unaccented
from config.kernel.privacy.deidentification.contacts import MAIL, PAGE
from config.kernel.privacy.deidentification.dates import written_dates
from config.kernel.privacy.deidentification.eponyms import word_set
from config.kernel.privacy.deidentification.identifiers import Identifiers
from config.kernel.privacy.deidentification.known_codes import known_places, variants
from config.kernel.privacy.deidentification.known_dates import ORDINALS, ROMAN
from config.kernel.privacy.deidentification.known_names import is_small_name, kept
from config.kernel.privacy.deidentification.name_forms import elsewhere, is_whole
from config.kernel.privacy.deidentification.scripts import sound_key, spelt_in_latin
from config.kernel.privacy.deidentification.spelling import (
    in_place,
    is_near,
    is_short_for,
    is_word,
    scanned,
    scanned_code,
    stems,
    vowel_stem,
)
from config.kernel.privacy.deidentification.vocabulary import ALSO_WORDS, MONTHS, TITLES
from config.kernel.privacy.deidentification.words import Words, folded

MASK = "#"
_FAR = 30
_SHORT_DAY = 6
_MIN_CODE = 5
_MIN_STREAM = 8
_MIN_INSIDE = 6
_FORMS_FROM = 4
_NEAR_FROM = 5
_MAX_LETTERS = 40
_MAX_PIECES = 40
_LETTERS = re.compile(r"[^a-z]+")
_SMALL = re.compile(r"(?<![^\W_])[^\W\d_]{2}(?![^\W_])")
_TOKEN = re.compile(r"[^\W_]+")
_SEEN = re.compile(r"[^\W_](?:[^\W_]|[|!$]){3,40}")
_WORD = re.compile(r"[^\W\d_]+")
_INITIALS = re.compile(r"(?<![\w.])[^\W\d_]\.[ \t-]?[^\W\d_]\.(?:[ \t-]?[^\W\d_]\.){0,2}(?!\w)")
# What tears a word into pieces; what is masked parts words for good.
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]|[-‐‑][ \\t]*\\n\\s*")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|te|ten)\Z")
_SMALL_WORDS = word_set("of the de del d den le el am on st nd rd th er re o a")
_IN_WORDS = {word: day for day, words in enumerate(ORDINALS, 1) for word in words}
_MONTH = {way: number for name, number in MONTHS.items() for way in (name, name.replace("ae", "a"))}
_MONTH |= {word: number for number, word in enumerate(ROMAN, 1)}


def residual(text: str, known: Identifiers) -> str:
    """What is left of the known identifiers; empty if nothing."""
    looks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("name", lambda: _has_name(_without_terms(text, known), known.names)),
        ("code", lambda: _has_code(text, known)),
        ("date", lambda: _has_day(text, frozenset(known.dates))),
        ("address", lambda: _has_place(text, known)),
    )
    for what, is_left in looks:
        if is_left():
            return what
    return "rule" if any(MASK not in found[0] for rule in (MAIL, PAGE) for found in rule.finditer(text)) else ""


def _without_terms(text: str, known: Identifiers) -> str:
    """The text with nothing where a word that is also a name means something else."""
    pieces, last = [], 0
    for start, end in sorted(kept(Words(text), known.names)):
        pieces += [text[last:start], MASK]
        last = end
    return "".join((*pieces, text[last:]))


class _Parts:
    """The words of names under every key that one of their forms may have."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        spelt = {one for name in self.names for one in (folded(name), unaccented(name, spelt=ONE_LETTER))}
        every = {part for one in spelt for part in _LETTERS.split(one) if part}
        self.small = {part for part in every if len(part) == 2 and part not in TITLES}
        self.whole = {part for part in every if is_whole(part)}
        self.whole |= {re.sub(r"(?<=[aou])e", "", part) for part in self.whole}
        long = {part for part in self.whole if len(part) >= _FORMS_FROM}
        self.stems = {part for part in long if part not in ALSO_WORDS} | {one for one in map(vowel_stem, long) if one}
        self.seen = {scanned(part) for part in long}
        self.sounds = {sound for part in long if len(sound := spelt_in_latin(part)) >= _FORMS_FROM}
        for name in self.names:
            words = (spelt_in_latin(one) for one in _WORD.findall(folded(name)) if not one.isascii())
            self.sounds |= {sound for sound in words if len(sound) >= _FORMS_FROM}
        self.sounds |= {one for one in map(vowel_stem, self.sounds) if one}
        self.begins = {part[:at] for part in long for at in range(1, len(part))}
        self.prefixes = {part[:_FORMS_FROM] for part in long}
        self.sound_keys = {sound_key(sound) for sound in self.sounds}
        self.near: dict[tuple[str, int], set[str]] = {}
        for part in long:
            for size in range(len(part) - 2, len(part) + 3):
                if len(part) >= _NEAR_FROM:
                    self.near.setdefault((part[0], size), set()).add(part)
        self.elsewhere = {part for name in self.names for part in elsewhere(name)}

    def has(self, word: str) -> bool:
        """Whether a word of the text may be one of them."""
        plain = folded(word)
        if plain in self.whole or (plain[-1:] == "s" and plain[:-1] in self.whole):
            return True
        if not word[:1].isupper() or not _FORMS_FROM <= len(plain) <= _MAX_LETTERS:
            return False
        return self._is_form(plain) and not is_word(plain)

    def _is_form(self, plain: str) -> bool:
        if plain[:_FORMS_FROM] in self.prefixes:
            if not self.stems.isdisjoint(stems(plain)):
                return True
            if plain in self.begins and any(is_short_for(plain, part) for part in self.whole):
                return True
        if scanned(plain) in self.seen:
            return True
        may_sound = not plain.isascii() or sound_key(plain) in self.sound_keys
        if may_sound and not self.sounds.isdisjoint(stems(spelt_in_latin(plain))):
            return True
        return any(is_near(plain, part) for part in self.near.get((plain[0], len(plain)), ()))


def _has_name(text: str, names: tuple[str, ...]) -> bool:
    if not names:
        return False
    parts, plain = _Parts(names), folded(text)
    if any(part in plain for part in parts.elsewhere):
        return True
    words = set(_WORD.findall(text))
    if _UNSEEN.search(text):
        words.update(_WORD.findall(_UNSEEN.sub("", text)))
    if any(map(parts.has, words)):
        return True
    small = {found[0] for found in _SMALL.finditer(text) if is_small_name(text, found[0], found.end())}
    return (
        any(part.title() in small for part in parts.small)
        or any(scanned(folded(one)) in parts.seen for one in set(_SEEN.findall(text)) if not one.isalpha())
        or _is_inside(plain, parts)
        or _is_in_pieces(plain, parts)
        or _has_initials(text, names)
    )


def _is_inside(plain: str, parts: _Parts) -> bool:
    """A name within the name of a file or a user, and the whole of one over any signs."""
    inside = "\n".join(_LETTERS.sub("", chunk) for chunk in plain.split() if not chunk.isalpha())
    if any(len(part) >= _MIN_INSIDE and part in inside for part in parts.whole):
        return True
    joined = _LETTERS.sub(" ", plain).replace(" ", "")
    for name in parts.names:
        every = [part for part in _LETTERS.split(folded(name)) if part]
        for each in (every, [part for part in every if is_whole(part)]):
            if len(each) > 1 and len("".join(each)) >= _MIN_INSIDE and "".join(each) in joined:
                return True
    return False


def _is_in_pieces(plain: str, parts: _Parts) -> bool:
    """A word torn into pieces, or with every letter by itself; not where the pieces are words of a language."""
    for line in plain.split(MASK):
        pieces = _TOKEN.findall(line)
        for first, piece in enumerate(pieces):
            joined = piece
            if piece not in parts.begins:
                continue
            for at in range(first + 1, min(first + _MAX_PIECES, len(pieces))):
                joined += pieces[at]
                if joined in parts.whole and not all(one in ALSO_WORDS for one in pieces[first : at + 1]):
                    return True
                if joined not in parts.begins:
                    break
    return False


def _has_initials(text: str, names: Iterable[str]) -> bool:
    told = [sorted(folded(part)[:1] for part in _WORD.findall(name)) for name in names]
    for found in _INITIALS.finditer(text):
        letters = [folded(sign)[:1] for sign in found[0] if sign.isalpha()]
        if any(all(letters.count(one) <= its.count(one) for one in letters) for its in told):
            return True
    return False


def _has_code(text: str, known: Identifiers) -> bool:
    if not known.codes:
        return False
    plain = in_place(text)
    tokens = _TOKEN.findall(plain)
    words = f" {' '.join(tokens)} "
    stream = re.sub(rf"[^\w{MASK}]|_", "", scanned_code(plain))
    streams = (stream, re.sub(r"\D+", "", plain))
    for one in {variant for code in known.codes for variant in variants(code)}:
        pieces = _TOKEN.findall(in_place(one))
        whole = "".join(pieces)
        is_number = any(map(str.isdigit, whole))
        if f" {' '.join(pieces)} " in words and (len(pieces) > 1 or (is_number and len(whole) >= _MIN_CODE)):
            return True
        if is_number and len(whole) >= _MIN_STREAM and any(_in_stream(whole, each) for each in streams):
            return True
        if "@" in one and "".join(pieces) in stream:
            return True
    return False


def _in_stream(whole: str, stream: str) -> bool:
    return scanned_code(whole) in stream or (whole.isdigit() and whole in stream)


def _has_day(text: str, born: frozenset[date]) -> bool:
    """Three numbers behind one another that are the day in any order, or eight digits however far apart."""
    if not born:
        return False
    if any(days & born for *_, days in written_dates(text)):
        return True
    digits = re.sub(r"\D+", "", text)
    if any(form in digits for day in born for form in (f"{day:%d%m%Y}", f"{day:%Y%m%d}", f"{day:%m%d%Y}")):
        return True
    numbers = list(_numbers(in_place(_UNSEEN.sub("", text))))
    wanted = {frozenset(_orders(day)) for day in born}
    for at in range(len(numbers) - 2):
        three = numbers[at : at + 3]
        if three[2][1] - three[0][1] <= _FAR and any(tuple(one for one, _ in three) in each for each in wanted):
            return True
    return False


def _orders(day: date) -> Iterator[tuple[int, int, int]]:
    for year in (day.year, day.year % 100):
        yield from ((day.day, day.month, year), (day.month, day.day, year), (year, day.month, day.day))


def _numbers(plain: str) -> Iterator[tuple[int, int]]:
    """The numbers of a text with their places; months in words are numbers, small words are nothing."""
    for found in _TOKEN.finditer(plain):
        word = found[0]
        if word in _SMALL_WORDS:
            continue
        if ordinal := _ORDINAL.match(word):
            word = ordinal[1]
        elif not word.isalpha():
            word = scanned_code(word)
        if word.isdecimal() and len(word) == _SHORT_DAY:
            yield from ((int(word[at : at + 2]), found.start()) for at in (0, 2, 4))
        # What is neither parts the numbers; no date goes over it.
        yield (int(word) if word.isdecimal() and len(word) <= 4 else _MONTH.get(word, -1)), found.start()
        if word in _IN_WORDS:
            yield _IN_WORDS[word], found.start()


def _has_place(text: str, known: Identifiers) -> bool:
    """A whole part of an address, or a word that is only an address's or a house's."""
    words = f" {' '.join(_TOKEN.findall(in_place(text)))} "
    for address in known.addresses:
        for part in re.split(r"[,;\n]", address):
            pieces = _TOKEN.findall(in_place(part))
            if len(pieces) > 1 and f" {' '.join(pieces)} " in words:
                return True
            if len(pieces) == 1 and len(pieces[0]) >= _MIN_CODE and pieces[0].isdigit() and f" {pieces[0]} " in words:
                return True
    alone = {folded(word) for word in known_places(known.codes, known.addresses)}
    return bool(alone) and any(word[0].isupper() and folded(word) in alone for word in set(_WORD.findall(text)))
