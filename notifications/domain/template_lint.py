"""What leaves the platform says nothing about health and names nobody: checked in the words of an outward text.

Values cannot tell either (``template_values``); here are the words that staff write around them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from config.kernel.accents import TWO_LETTERS, unaccented
from config.kernel.privacy.deidentification import Identifiers, places
from notifications.domain.handlebars import Block, Text, Tree, Value

# Names of examinations that are everyday words too, unless they are written in capitals.
# Words of the languages of mails that are abbreviations of examinations too; in capitals they are read as those.
_EVERYDAY: Final = frozenset({"ace", "actos", "alt", "asa", "ast", "fer", "got", "ist", "lead", "mono", "neu", "pal"})
_MIN_WORD, _MAX_PHRASE = 3, 8
_WORD = re.compile(r"[^\W_]+")
_CAPITALS = re.compile(r"(?<![^\W\d_])[A-ZÀ-ÖØ-Þ]{2,}(?![^\W\d_])")
_CODE = re.compile(r"(?<![^\W_])(?:[A-TV-Z]\d{2}(?:\.\d{1,4})?|[a-tv-z]\d{2}\.\d{1,4}|\d{1,5}-\d)(?![^\W_])")
# However it is written: a telephone, an account, a day of birth.
_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[ /().-]{0,3}\d){6,}")
_DOSE = re.compile(
    r"\d\s?(?:mg|mcg|µg|μg|ug|ml|mmol|mol|nmol|pmol|g/d?l|mmhg|bpm|iu|ie|ui|kg|%)(?![^\W_])", re.IGNORECASE
)
HEALTH: Final = "This tells something about health; say only that there is news, and where it is read."
CODE: Final = "This reads like a code or a measured value; leave it out."
PERSON: Final = "This reads like a person, an address, a number or a house; leave it out."
WHOLE: Final = "A word is written whole, with a blank before and behind what is filled in, and not parted by tags."

SCRIPT: Final = "Write it in the letters of English, German and Spanish."
_LATIN: Final = ("LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO SIGN")
_DIGITS_INSIDE = re.compile(r"[^\W\d_]+\d+[^\W\d_]+")
_LETTERS_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .,*/-]{1,3}){3,20}[^\W\d_](?![^\W_])")

# What a phrase of several words is looked up by: its words, folded.
Vocabulary = frozenset[tuple[str, ...]]


def vocabulary(phrases: Iterable[str]) -> Vocabulary:
    """Names of examinations, medicines and specialties as they are compared."""
    found = (tuple(_folded(phrase)) for phrase in phrases)
    return frozenset(words for words in found if len("".join(words)) >= _MIN_WORD and not "".join(words).isdigit())


def word_faults(text: str, names: Vocabulary) -> Iterator[tuple[str, str]]:
    """(what is said, advice) of everything in an outward text that tells of health or of a person."""
    written = _WORD.findall(text)
    words = [_fold(word) for word in written]
    yield from _in_disguise(text, written)
    for index, word in enumerate(words):
        if _is_health(word) or (word in _EVERYDAY and written[index].isupper()):
            yield written[index], HEALTH
            continue
        length = _phrase_at(words, index, names)
        if length > 1 or (length == 1 and word not in _EVERYDAY):
            yield " ".join(written[index : index + length]), HEALTH
    yield from ((found[0], CODE) for found in _CODE.finditer(text))
    yield from ((found[0], CODE) for found in _DOSE.finditer(text))
    yield from ((found[0], PERSON) for found in _NUMBER.finditer(text))
    # The rules for names look at capitals, so words that are nothing but capitals are read as they are mostly written.
    usual = _CAPITALS.sub(lambda found: found[0].title(), text)
    for read in dict.fromkeys((text, usual)):
        yield from ((read[start:end], PERSON) for start, end in places(read, Identifiers(), is_letter=False))


def _in_disguise(text: str, written: list[str]) -> Iterator[tuple[str, str]]:
    """Words in letters of another script, with digits for letters, or with every letter apart: no list knows them."""
    for word in written:
        if any(sign.isalpha() and not unicodedata.name(sign, "").startswith(_LATIN) for sign in word):
            yield word, SCRIPT
        elif _DIGITS_INSIDE.fullmatch(word):
            yield word, CODE
    yield from ((found[0], WHOLE) for found in _LETTERS_APART.finditer(text))


def glued(tree: Tree) -> tuple[tuple[int, int], ...]:
    """Where words are parted by tags, or a value is glued to one: what they say together stands nowhere."""
    found: dict[tuple[int, int], None] = {}
    _follow(tree, in_word=False, found=found)
    return tuple(found)


def _follow(tree: Tree, *, in_word: bool, found: dict[tuple[int, int], None]) -> bool:
    """Whether a word may be unfinished after the tree; ``in_word``: whether one may be before it."""
    for node in tree:
        if isinstance(node, Block):
            ends = _follow(node.body, in_word=in_word, found=found)
            if node.kind == "each" and ends:
                _follow(node.body, in_word=True, found=found)
            in_word = _follow(node.otherwise, in_word=in_word, found=found) or ends
            continue
        # A value stands for a letter or a digit, whatever it will be.
        first, last = (node.text[0], node.text[-1]) if isinstance(node, Text) else ("0", "0")
        if in_word and first.isalnum():
            found[node.line, node.column] = None
        in_word = last.isalnum()
    return in_word


def branches(tree: Tree, *, taken: bool) -> str:
    """The words when every question is answered yes, or no."""
    parts = []
    for node in tree:
        if isinstance(node, Text):
            parts.append(node.text)
        elif isinstance(node, Value):
            parts.append(" … ")
        else:
            parts.append(_branch(node, taken))
    return "".join(parts)


def _branch(block: Block, taken: bool) -> str:
    into = block.body if taken is not (block.kind == "unless") else block.otherwise
    return branches(into, taken=taken)


def _phrase_at(words: list[str], index: int, names: Vocabulary) -> int:
    for length in range(min(_MAX_PHRASE, len(words) - index), 0, -1):
        if tuple(words[index : index + length]) in names:
            return length
    return 0


def _fold(word: str) -> str:
    return unaccented(word, spelt=TWO_LETTERS)


def _folded(text: str) -> list[str]:
    return [_fold(word) for word in _WORD.findall(text)]


def _is_health(word: str) -> bool:
    exact, beginnings, parts = _health_words()
    return word in exact or word.startswith(beginnings) or any(part in word for part in parts)


@cache
def _health_words() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    lines = Path(__file__).with_name("health_words.txt").read_text("utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    exact = frozenset(word for word in words if "*" not in word)
    beginnings = tuple(word[:-1] for word in words if word.endswith("*") and not word.startswith("*"))
    return exact, beginnings, tuple(word.strip("*") for word in words if word.startswith("*"))
