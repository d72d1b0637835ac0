"""Letters without accents: the one place that takes them off.

What is compared, found or removed by its letters is first written alike here. How ä, ø or ß is spelt depends on what
is compared, so it is named; what is stored was written by these spellings, so none of them changes by itself.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

# As Unicode takes them apart: ä is an a, ø stays an ø.
AS_WRITTEN: Mapping[str, str] = MappingProxyType({})
# As people write names whose letters they have not: Müller is Mueller.
TWO_LETTERS: Mapping[str, str] = MappingProxyType(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"}
    | {"œ": "oe", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th"}
)
# As text recognition sees them: the dots are lost, the letter stays.
ONE_LETTER: Mapping[str, str] = MappingProxyType(
    {"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "å": "a", "ł": "l"}
)


def unaccented(text: str, *, spelt: Mapping[str, str] = AS_WRITTEN) -> str:
    """Lower case without accents."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return "".join(_bare(spelt.get(letter, letter)) for letter in lowered)


def unaccented_in_place(text: str) -> str:
    """Small letters without accents, one for one, so that places in the text stay what they are."""
    return "".join((unicodedata.normalize("NFKD", letter)[:1] or letter).lower()[:1] or letter for letter in text)


@lru_cache(maxsize=4_096)
def _bare(letters: str) -> str:
    """One letter by itself: a whole text of accents would be put in order by pairs, which never ends."""
    return "".join(part for part in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(part))
