"""How a known word may be written that is not written right: declined, misspelt, badly scanned, shortened."""

import re
from typing import Final

from config.kernel.accents import unaccented_in_place
from config.kernel.privacy.deidentification.eponyms import OF_MEDICINE, word_set
from config.kernel.privacy.deidentification.vocabulary import ALSO_WORDS, is_no_name

#: What languages put behind a name: Kellers, Kellern, Kellerova, Kellerowi, Kelleren.
_ENDINGS: Final = word_set(
    "s es n en ns ens e a i u y o em om ou in sche schen scher ova owa ove ovi owi ovou owej ow iego"
)
#: What stands in place of a closing vowel: Anny, Annie, Annou, Sokolowej.
_IN_PLACE_OF_VOWEL: Final = word_set("a e i o u y ie ou ej ym om em iej ego owi ei oi oj oy ii yi")
_DECLINED_FROM: Final = 4
_TWO_WRONG_FROM: Final = 8
_SHORT_FROM: Final = 4
_MAX_CUT: Final = 5
_SEEN_AS: Final = str.maketrans(
    {
        "0": "o",
        "1": "l",
        "|": "l",
        "!": "l",
        "i": "l",
        "j": "l",
        "5": "s",
        "$": "s",
        "8": "b",
        "6": "b",
        "9": "g",
        "q": "g",
        "2": "z",
    }
)
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))


class _Folding(dict[int, str]):
    """Each sign with one small letter without accents."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = unaccented_in_place(chr(code))[:1] or chr(code)
        return plain


_FOLDING: Final = _Folding()
_DIGITS_SEEN: Final = str.maketrans("oil|sbz", "0111582")


def in_place(text: str) -> str:
    """Small letters without accents, every sign in its place."""
    return text.translate(_FOLDING)


def scanned_code(plain: str) -> str:
    """A code with what scanners confuse written alike, every sign in its place."""
    return plain.translate(_DIGITS_SEEN)


def scanned(plain: str) -> str:
    """A word with what scanners confuse written alike: rn is m, 1 and i are l, 0 is o."""
    seen = plain.translate(_SEEN_AS)
    for pair, letter in _PAIRS:
        seen = seen.replace(pair, letter)
    return seen


def stems(plain: str) -> set[str]:
    """What a word may be a declined form of, with ``*`` for a vowel that its case changes."""
    found = {plain}
    for size in range(1, min(5, len(plain) - _DECLINED_FROM) + 1):
        stem, ending = plain[:-size], plain[-size:]
        if ending in _ENDINGS:
            found.add(stem)
        if ending in _IN_PLACE_OF_VOWEL:
            found.add(f"{stem}*")
    return found


def vowel_stem(part: str) -> str:
    """A name that ends with a vowel as ``stems`` writes it; nothing for others."""
    return f"{part[:-1]}*" if len(part) > _DECLINED_FROM and part[-1] in "aeoiuy" else ""


def is_word(plain: str) -> bool:
    """Whether something is a word of the languages or of medicine, so that only a name in full is taken for one."""
    return plain in ALSO_WORDS or plain in OF_MEDICINE or is_no_name(plain, is_sure=False)


def is_short_for(word: str, part: str) -> bool:
    """The beginning of a name: Reme for Remedios."""
    return _SHORT_FROM <= len(word) <= len(part) - 2 and len(part) - len(word) <= _MAX_CUT and part.startswith(word)


def is_near(word: str, part: str) -> bool:
    """One letter wrong, left out or added, or two that changed places; in long names two such slips."""
    least = min(len(word), len(part))
    if abs(len(word) - len(part)) <= 1 and _is_one_slip(word, part):
        return True
    return least >= _TWO_WRONG_FROM and abs(len(word) - len(part)) <= 2 and _slips(word, part) <= 2


def _is_one_slip(word: str, part: str) -> bool:
    if len(word) == len(part):
        unlike = [at for at in range(len(word)) if word[at] != part[at]]
        if len(unlike) == 2 and unlike[1] == unlike[0] + 1:
            return word[unlike[0]] == part[unlike[1]] and word[unlike[1]] == part[unlike[0]]
        return len(unlike) == 1
    shorter, longer = sorted((word, part), key=len)
    at = next((at for at, sign in enumerate(shorter) if longer[at] != sign), len(shorter))
    return longer[at + 1 :] == shorter[at:]


def _slips(word: str, part: str) -> int:
    """How many letters are wrong, left out or added."""
    row = list(range(len(part) + 1))
    for number, letter in enumerate(word, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(part, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != other))
    return row[-1]


#: Signs that stand inside a word and are not seen, or part it at the end of a line.
INSIDE: Final = re.compile(r"[ \t]?[-‐‑\u00ad\u200b-\u200d\u2060\ufeff._·]?[ \t]?(?:\r?\n[ \t]{0,20})?")
