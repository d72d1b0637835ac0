"""Words without case, accents and the slips of text recognition, so that the same word is found the same."""

import re
from functools import cache

from config.kernel.accents import ONE_LETTER, unaccented

_DIGRAPHS = re.compile(r"(?<=[a-z])(?:ae|oe|ue)|\b(?:ae|oe|ue)")
_SEEN_AS = str.maketrans("015|!", "olsll")


def plain(text: str) -> str:
    """Lower case, without accents: Fédération → federation, Maß → mass."""
    return unaccented(text, spelt=ONE_LETTER).encode("ascii", "ignore").decode()


def name_tokens(text: str) -> frozenset[str]:
    """The parts of a person's name, alike however they are spelt: Müller, Mueller, MULLER and MÜ11ER are one."""
    words = re.findall(r"[a-z0-9|!]{2,}", plain(re.sub(r"[\^’'`]", " ", text)))
    return frozenset(_alike(word) for word in words if any(sign.isalpha() for sign in word))


def _alike(word: str) -> str:
    """One spelling for umlauts and for what scanners confuse: l, i, 1; o, 0; rn, m; vv, w."""
    word = word.translate(_SEEN_AS)
    word = _DIGRAPHS.sub(lambda pair: pair[0][0], word)
    return word.replace("rn", "m").replace("vv", "w").replace("i", "l")


@cache
def any_of(words: str) -> re.Pattern[str]:
    """One of the words, which ``|`` separates, as whole words of a plain text."""
    inside = "|".join(re.escape(word) for word in words.split("|"))
    return re.compile(rf"(?<![a-z0-9])(?:{inside})(?![a-z0-9])")
