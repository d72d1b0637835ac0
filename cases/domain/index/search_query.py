"""What somebody searches for: words in any form, "phrases" whose words follow one another, and beginnings*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.kernel.accents import unaccented_in_place

_PART = re.compile(r'"([^"]*)"|(\S+)')
MIN_PREFIX = 3
MARKS = ("\ue000", "\ue001")
# Words that a language's stemmer leaves out may stand between the words of a phrase.
_GAP = 4


@dataclass(frozen=True)
class Asked:
    """A search, taken apart. ``words`` as one text; prefixes are folded: small letters, no accents."""

    words: str
    phrases: tuple[str, ...]
    prefixes: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.words or self.phrases or self.prefixes)


def asked_in(text: str) -> Asked:
    """Take a search apart; a beginning of fewer than three letters counts as a word."""
    words, phrases, prefixes = [], [], []
    for phrase, part in _PART.findall(text):
        if (
            part.endswith("*")
            and len(unaccented_in_place(part.rstrip("*"))) >= MIN_PREFIX
            and part.rstrip("*").isalnum()
        ):
            prefixes.append(unaccented_in_place(part.rstrip("*")))
        elif part:
            words.append(part.replace('"', " "))
        elif len(phrase.split()) > 1:
            phrases.append(phrase)
        elif phrase.strip():
            words.append(phrase)
    return Asked(" ".join(words), tuple(phrases), tuple(prefixes))


def beginning_with(prefix: str, text: str) -> Iterator[tuple[int, int]]:
    """Where words of a folded text begin with the prefix."""
    for found in re.finditer(rf"(?<!\w){re.escape(prefix)}\w*", text):
        yield found.span()


def unmarked(text: str) -> str:
    """The text without the two signs that marks are made of."""
    return text.translate({ord(sign): " " for sign in MARKS})


def places_of(marked: str) -> list[tuple[int, int]]:
    """Where the marked words stand in the text without its marks."""
    places, at, begun = [], 0, 0
    for piece in re.split(f"([{''.join(MARKS)}])", marked):
        if piece == MARKS[0]:
            begun = at
        elif piece == MARKS[1]:
            places.append((begun, at))
        else:
            at += len(piece)
    return places


def runs_of(places: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Places that follow one another as one, each of at least two words; those that stand alone are left out."""
    runs: list[tuple[int, int, int]] = []
    for start, end in places:
        if runs and len(re.findall(r"\w+", text[runs[-1][1] : start])) <= _GAP - 1:
            runs[-1] = (runs[-1][0], end, runs[-1][2] + 1)
        else:
            runs.append((start, end, 1))
    return [(start, end) for start, end, count in runs if count > 1]
