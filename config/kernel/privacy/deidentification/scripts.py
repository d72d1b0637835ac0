"""Names of Cyrillic and Greek letters as they are spelt in Latin ones, whichever custom wrote them."""

import re
from functools import lru_cache
from typing import Final

_LETTERS: Final = {
    **dict(
        zip(
            "абвгґдезиійклмнопрстуфыэ",
            [
                "a",
                "b",
                "v",
                "g",
                "g",
                "d",
                "e",
                "z",
                "i",
                "i",
                "i",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "i",
                "e",
            ],
            strict=True,
        )
    ),
    "ж": "zh",
    "х": "h",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "iu",
    "я": "ia",
    "є": "e",
    "ї": "i",
    "ё": "e",
    "ћ": "c",
    "ђ": "d",
    "џ": "j",
    "љ": "l",
    "њ": "n",
    "ј": "i",
    "ў": "u",
    **dict(
        zip(
            "αβγδεζηικλμνξοπρσςτυφχψω",
            [
                "a",
                "v",
                "g",
                "d",
                "e",
                "z",
                "i",
                "i",
                "k",
                "l",
                "m",
                "n",
                "x",
                "o",
                "p",
                "r",
                "s",
                "s",
                "t",
                "i",
                "f",
                "h",
                "ps",
                "o",
            ],
            strict=True,
        )
    ),
    "θ": "th",
}
_ALIKE: Final = (
    (r"sch|sh|ch|tch|tsch|cz|sz|kh|ts|tz|zh|ck", "h"),
    (r"ou|ow(?![aeiouy])|oo|iu|yu|ju", "u"),
    (r"ph|w|v", "f"),
    (r"ia|ya|ja|ea", "a"),
    (r"[yj]", "i"),
    (r"ae|ie|ye|je|ei", "e"),
    (r"[cqx]", "k"),
    (r"th", "t"),
    (r"z", "s"),
    (r"(.)\1+", r"\1"),
)
_COMPILED: Final = tuple((re.compile(pattern), letter) for pattern, letter in _ALIKE)


#: The letters that sound alike everywhere; the others are written in many ways, or by two.
_CLEAR: Final = str.maketrans("", "", "acefhijkopqstuvwxyz")
_FIRST: Final = {letter: kind for kind in ("aeiouyj", "pfwvb", "lmnr") for letter in kind}


def sound_key(plain: str) -> tuple[str, str]:
    """What two spellings of one sound have in common, told without spelling them."""
    return _FIRST.get(plain[:1], ""), plain.translate(_CLEAR)[:1]


@lru_cache(maxsize=8_192)
def spelt_in_latin(plain: str) -> str:
    """One spelling for all that are customary; nothing for a word of yet other letters."""
    latin = "".join(_LETTERS.get(sign, sign) for sign in plain)
    if not latin.isascii():
        return ""
    for pattern, letter in _COMPILED:
        latin = pattern.sub(letter, latin)
    return latin
