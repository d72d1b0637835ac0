"""Whether two written words are one name: by their letters in one script, by the ways of writing them in two."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal

from anyascii import anyascii

from cases.domain.documents import name_letters as letters
from cases.domain.documents.name_variants import ALIKE, SHORT_FOR
from config.kernel.accents import unaccented

Script = Literal[
    "latin", "cyrillic", "greek", "hebrew", "arabic", "devanagari", "thai", "kana", "hangul", "han", "other"
]
#: From each letter of a word (or sound of a syllable) to which next one, and what is written for what lies between.
Edges = tuple[tuple[tuple[int, tuple[str, ...]], ...], ...]

#: Signs that belong to the letter before them: accents, and the vowels of Indian, Thai and Semitic scripts.
MARKS: Final = "".join(
    f"{chr(first)}-{chr(last)}"
    for first, last in (
        (0x0300, 0x036F),
        (0x0483, 0x0489),
        (0x0591, 0x05BD),
        (0x05BF, 0x05BF),
        (0x05C1, 0x05C7),
        (0x0610, 0x061A),
        (0x0640, 0x0640),
        (0x064B, 0x065F),
        (0x0670, 0x0670),
        (0x0900, 0x0903),
        (0x093A, 0x094F),
        (0x0951, 0x0957),
        (0x0962, 0x0963),
        (0x0981, 0x0983),
        (0x09BC, 0x09CD),
        (0x0BBE, 0x0BCD),
        (0x0E31, 0x0E31),
        (0x0E34, 0x0E3A),
        (0x0E47, 0x0E4E),
        (0x200C, 0x200D),
        (0x3099, 0x309A),
    )
)
_SCRIPTS: Final[tuple[tuple[int, int, Script], ...]] = (
    (0x0041, 0x024F, "latin"),
    (0x1E00, 0x1EFF, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x1F00, 0x1FFF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0E00, 0x0E7F, "thai"),
    (0x3005, 0x3005, "han"),
    (0x3040, 0x30FF, "kana"),
    (0x3400, 0x9FFF, "han"),
    (0xF900, 0xFAFF, "han"),
    (0x20000, 0x2FFFF, "han"),
    (0xAC00, 0xD7AF, "hangul"),
)
_TABLES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "latin": letters.LATIN,
    "cyrillic": letters.CYRILLIC,
    "greek": letters.GREEK,
    "hebrew": letters.HEBREW,
    "arabic": letters.ARABIC,
    "devanagari": letters.DEVANAGARI,
    "thai": letters.THAI,
    "kana": letters.KANA,
}
#: In these scripts short vowels are not written, or stand where Latin writing does not put them.
_UNWRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    "hebrew": tuple("aeiou"),
    "arabic": tuple("aeiou"),
    "thai": letters.listed("""
a e i o u ee oo ae ai ao oi ia ue uea ua iu ui eu aw ay am
"""),
}
_ALEF_AND_YEH: Final = {
    ord(pair[0]): pair[1] for pair in letters.listed("أا إا آا ٱا ىي ئي یي ێي ؤو ةه ہه ۂه ھه ەه کك")
}
_CYRILLIC_ONE: Final = {
    ord(pair[0]): pair[1] for pair in letters.listed("ёе йи іи їи ји ўу үу ұу өо әа қк ќк ғг ґг ѓг ңн һх єе")
}
_FINALS: Final = str.maketrans("ךםןףץ", "כמנפצ")
_SEEN_AS: Final = str.maketrans("015|", "olsl")
_HEAPED: Final = re.compile(rf"([{MARKS}]{{4}})[{MARKS}]+")
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SILENT_THAI: Final = re.compile("[\u0e01-\u0e2e][\u0e34-\u0e38]?\u0e4c|[\u0e47-\u0e4b]")
_FOR_I: Final = re.compile(r"(?<=[a-zß-ÿ])I(?=[a-z1])")
_MAX_LETTERS: Final = 48
"""Longer words are no names."""


def composed(text: str) -> str:
    """One form for what looks alike: full width, decomposed accents, marks of direction; heaps of accents end."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", _HEAPED.sub(r"\1", text)))


@lru_cache(maxsize=4_096)
def _script_of_letter(letter: str) -> Script:
    code = ord(letter)
    return next((script for first, last, script in _SCRIPTS if first <= code <= last), "other")


def script_of(word: str) -> Script:
    """The script of a word's first letter."""
    return _script_of_letter(word[:1]) if word else "other"


@lru_cache(maxsize=8_192)
def bare(word: str) -> str:
    """A word as it is compared within its script: small, without accents, each letter in its one form."""
    script = script_of(word)
    if script == "latin":
        # Scanners see a small l as a capital I, a digit as the letter of its shape.
        small = _FOR_I.sub("l", word).translate(_SEEN_AS).replace("İ", "i").casefold()
        return "".join(_latin(letter)[0] for letter in small)
    small = _spelt(word, script)
    if script == "cyrillic":
        return (
            small.translate(_CYRILLIC_ONE).replace("ь", "и" if "ья" in small or "ье" in small else "").replace("ъ", "")
        )
    if script == "hebrew":
        return small.translate(_FINALS)
    return small


def first_letter(word: str) -> str:
    """The first letter as ``bare`` writes it."""
    letter = word[:1]
    return letter.lower() if "A" <= letter <= "z" else bare(letter)[:1]


def _spelt(word: str, script: Script) -> str:
    """The letters that the tables of ``name_letters`` know."""
    small = word.casefold()
    if script == "han":
        return "".join(letters.IDEOGRAPH.get(ord(one), one) for one in small)
    if script == "kana":
        return "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヶ" else one for one in small)
    if script == "thai":
        return _SILENT_THAI.sub("", small)
    if script == "arabic":
        return re.sub("[\u0640\u200c\u200d]", "", unaccented(small[:_MAX_LETTERS].translate(_ALEF_AND_YEH)))
    if script in ("greek", "hebrew"):
        return unaccented(small[:_MAX_LETTERS])
    if script == "devanagari":
        return small.replace("\u093c", "").replace("ँ", "ं")
    return small


@lru_cache(maxsize=2_048)
def _latin(letter: str) -> tuple[str, ...]:
    """The ways of writing one small Latin letter; the first has no accent."""
    return letters.LATIN.get(letter) or (unaccented(letter),)


@lru_cache(maxsize=2_048)
def _edges(word: str) -> Edges:
    """In how many ways a word is written in Latin letters, as steps from one of its places to later ones."""
    script = script_of(word)
    if script == "hangul":
        return _of_syllables(word)
    text = word.replace("İ", "i").casefold() if script == "latin" else _spelt(word, script)
    return tuple(tuple(_steps(text, at, script)) for at in range(len(text)))


def _steps(text: str, at: int, script: Script) -> Iterator[tuple[int, tuple[str, ...]]]:
    if script == "latin":
        yield at + 1, _latin(text[at])
        if text[at : at + 2] == "ij":
            yield at + 2, ("y",)
    elif script == "han":
        family = letters.FAMILY_READINGS.get(text[at], ()) if at == 0 else ()
        yield at + 1, (*family, anyascii(text[at]).strip().lower())
        yield from ((at + size, ways) for size in _sizes(text, at) if (ways := _JAPANESE.get(text[at : at + size])))
    else:
        table = _TABLES.get(script, {})
        yield from (
            (at + size, ways) for size in _sizes(text, at) if size > 1 and (ways := table.get(text[at : at + size]))
        )
        yield at + 1, _ways(text, at, script, table)


def _sizes(text: str, at: int) -> range:
    """How many letters may be read as one."""
    return range(1, min(3, len(text) - at) + 1)


def _ways(text: str, at: int, script: Script, table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Of one letter, with the vowel that is spoken behind it and not written."""
    letter = text[at]
    ways = table.get(letter)
    if ways is None:
        ways = ("",) if "\u0e30" <= letter <= "\u0e4e" else (anyascii(letter).strip().lower(),)
    if script == "devanagari" and "क" <= letter <= "ह":
        after = text[at + 1 : at + 2]
        vowel = (not after and at > 1 and text[at - 1] == "\u094d") or "ऄ" <= after <= "ह" or after in ("ं", "ः")
        # Before a closing r the vowel that is not written is spelt both ways: Varma, Verma.
        spelt = "ae" if text[at + 1 : at + 3] == "र्" else "a"
        return tuple({*ways, *(way + one for way in ways for one in spelt)}) if vowel and after else ways
    if unwritten := _UNWRITTEN.get(script):
        doubled = {way + way[-1] for way in ways if way and way[-1] not in "aeiou"}
        whole = {*ways, *doubled}
        return tuple({*whole, *(way + vowel for way in whole for vowel in unwritten)})
    return ways


_JAPANESE: Final = {
    "".join(letters.IDEOGRAPH.get(ord(one), one) for one in written): ways for written, ways in letters.JAPANESE.items()
}


def _of_syllables(word: str) -> Edges:
    """Each syllable as three sounds; a family name also as Koreans write it."""
    found: list[list[tuple[int, tuple[str, ...]]]] = []
    for syllable in word:
        place = ord(syllable) - 0xAC00
        if not 0 <= place < 11_172:
            continue
        sounds = (
            letters.HANGUL_FIRST[place // 588],
            letters.HANGUL_VOWEL[place % 588 // 28],
            letters.HANGUL_LAST[place % 28],
        )
        for sound in sounds:
            ways = tuple("" if way == "-" else way for way in sound.split())
            found.append([(len(found) + 1, ways)])
    for size in (1, 2):
        if len(word) >= size and found and (family := letters.KOREAN_FAMILIES.get(word[:size])):
            found[0].append((3 * size, family))
    return tuple(tuple(steps) for steps in found)


@lru_cache(maxsize=16_384)
def written_as(word: str, latin: str) -> bool:
    """Whether a word of any script is written as these Latin letters (small, without accents) somewhere."""
    steps = _edges(word)
    reached: list[set[int]] = [{0}, *(set() for _ in steps)]
    for at, ways_on in enumerate(steps):
        for place in reached[at]:
            for to, ways in ways_on:
                reached[to].update(place + len(way) for way in ways if latin.startswith(way, place))
    return len(latin) in reached[len(steps)]


@lru_cache(maxsize=32_768)
def alike(own: str, found: str, *, cut: bool = False) -> bool:
    """Whether both words are the same name; ``cut``: what was found ends with the point of an abbreviation."""
    if max(len(own), len(found)) > _MAX_LETTERS:
        return False
    ours, theirs = bare(own), bare(found)
    if ours == theirs:
        return True
    latin = (script_of(own) == "latin", script_of(found) == "latin")
    if cut and len(theirs) >= 3 and script_of(own) == script_of(found) and ours.startswith(theirs):
        return True
    if latin == (True, True):
        return _alike_in_latin(own, found, ours, theirs)
    if latin[0] != latin[1]:
        foreign, text = (own, theirs) if latin[1] else (found, ours)
        return (
            written_as(foreign, text)
            or any(written_as(foreign, one) for one in _respelt(text))
            or (script_of(foreign) == "greek" and written_as(f"{foreign}ς", text))
        )
    return script_of(own) == script_of(found) == "greek" and _stem(ours) == _stem(theirs)


@lru_cache(maxsize=2_048)
def _respelt(name: str) -> tuple[str, ...]:
    """The other spellings of a Latin name."""
    groups = ALIKE.get(name, frozenset())
    return tuple(one for one, its in ALIKE.items() if its & groups) if groups else ()


def comparable(own: str, found: str) -> bool:
    """Whether two words that are not alike are thereby known to be two names: in one script, or in sounds."""
    one, other = script_of(own), script_of(found)
    if one == other:
        return one != "other"
    sounds = {one, other}
    return "latin" in sounds and not sounds & {"han", "other"}


def _alike_in_latin(own: str, found: str, ours: str, theirs: str) -> bool:
    if written_as(own, theirs) or written_as(found, ours):
        return True
    if _SERVANT.sub("abdul", ours) == _SERVANT.sub("abdul", theirs):
        return True
    if ALIKE.get(ours, frozenset()) & ALIKE.get(theirs, frozenset()):
        return True
    if theirs in SHORT_FOR.get(ours, ()) or ours in SHORT_FOR.get(theirs, ()):
        return True
    # Abroad a Slavic woman's name is written without its ending, or with a man's.
    if any(
        long.casefold().endswith("ová") and short == bare(long)[:-3] for long, short in ((own, theirs), (found, ours))
    ):
        return True
    return len(ours) >= _MIN_SLAVIC and len(ours) == len(theirs) and _as_of_man(ours) == _as_of_man(theirs)


_MIN_SLAVIC: Final = 6


def _as_of_man(name: str) -> str:
    """A Polish family name as the men of the family bear it."""
    return f"{name[:-1]}i" if name.endswith(("ska", "cka", "dzka")) else name


_SERVANT: Final = re.compile("^abd(?:al|el|ul)")


def _stem(word: str) -> str:
    """A Greek name without what its case changes."""
    return re.sub("(?<=.)(?:(?<=[οηα])σ|(?<=ο)υ)$", "", word)


@lru_cache(maxsize=8_192)
def sounds(word: str) -> str:
    """A Latin name as it may sound, to be asked about and never to be taken for the same: Malee, Mali."""
    key = bare(word)
    for written, spoken in _SPOKEN:
        key = key.replace(written, spoken)
    return re.sub(r"(.)\1+", r"\1", key)


_SPOKEN: Final = tuple(
    (written, spoken.strip("-"))
    for written, _, spoken in (
        pair.partition("=")
        for pair in letters.listed(
            "ph=f th=t kh=k dh=d bh=b gh=g ch=c ck=k sch=s sh=s ee=i oo=u ou=u ie=i ei=i y=i w=v ae=e h=-"
        )
    )
)
