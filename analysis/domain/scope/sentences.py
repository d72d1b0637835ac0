"""Where sentences end, and which words of one belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from analysis.domain.scope.triggers import Token, Trigger, triggers_in

# After these a full stop is no end.
_SHORT: Final = frozenset(
    re.findall(
        r"\w+",
        "pat dr prof bzw ca med dd sra sr mr mrs ms st approx vs ggf bds re li"
        " z n v a p e d h o b s u q fig no nr tab inj "
        "antec dres pte pt mme mlle",
    )
)
_MAX_WORDS: Final = 60
HEADINGS: Final = ("heading", "heading_past", "heading_family", "heading_allergy")


def sentence_ends(text: str, tokens: Sequence[Token]) -> list[int]:
    """The tokens that end a sentence; one that never ends is cut, so that no sentence costs too much."""
    ends: list[int] = []
    begun = 0
    for number in range(len(tokens)):
        if _ends(text, tokens, number, begun) or number - begun >= _MAX_WORDS:
            ends.append(number)
            begun = number + 1
    return ends


def sentence_at(ends: Sequence[int], token: int, count: int) -> tuple[int, int]:
    """The first token of the sentence, and the one behind its last."""
    place = bisect_right(ends, token - 1)
    first = ends[place - 1] + 1 if place else 0
    return first, ends[place] + 1 if place < len(ends) else count


def _ends(text: str, tokens: Sequence[Token], number: int, begun: int) -> bool:
    token = tokens[number]
    if token.word not in ".!?;":
        return False
    if token.end < len(text) and not text[token.end].isspace() and text[token.end] not in ")\"'»":
        return False
    if token.word != ".":
        return True
    before = tokens[number - 1] if number else None
    after = tokens[number + 1] if number + 1 < len(tokens) else None
    if after is None:
        return True
    if before is not None and before.end == token.start:
        alone = number - 2 < begun or tokens[number - 2].word == "."
        written = text[before.start : before.end]
        if before.word in _SHORT and (alone or len(written) > 1 or written.islower()):
            return False
    first = text[after.start]
    if before is not None and before.word.isdecimal() and len(before.word) < 3 and not first.isupper():
        return False
    return not first.islower()


class Sentence:
    """One sentence and the triggers in it."""

    def __init__(self, text: str, tokens: Sequence[Token], language: str) -> None:
        self._text, self._tokens = text, tokens
        self._by: dict[str, list[Trigger]] = {}
        for one in triggers_in(tokens, language):
            self._by.setdefault(one.does, []).append(one)
        for does in HEADINGS:
            self._by[does] = [one for one in self._by.get(does, ()) if self._is_heading(one)]

    def of(self, *does: str, backwards: bool = False) -> Iterator[Trigger]:
        """The triggers that do this, in the order of the text or against it."""
        for each in does:
            found = self._by.get(each, ())
            yield from reversed(found) if backwards else found

    def any_in(self, first: int, last: int, *does: str) -> bool:
        """Whether a trigger of these kinds lies within the tokens ``first`` to ``last``."""
        return first <= last and any(
            first <= one.first and one.last <= last for each in does for one in self._by.get(each, ())
        )

    def words(self, first: int, last: int) -> list[str]:
        """The words and signs from ``first`` to ``last``."""
        return [token.word for token in self._tokens[max(first, 0) : last + 1]]

    def word(self, place: int) -> str:
        """One of them; empty outside the sentence."""
        return self._tokens[place].word if 0 <= place < len(self._tokens) else ""

    def spaced(self, place: int) -> bool:
        """Whether the sign stands for itself, and joins nothing."""
        token = self._tokens[place]
        after = self._text[token.end : token.end + 1]
        return self._text[token.start - 1 : token.start].isspace() and (not after or after.isspace() or after in ",;.)")

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._tokens)

    def _is_heading(self, one: Trigger) -> bool:
        return self.word(one.last + 1) == ":" and (one.first == 0 or not self.word(one.first - 1).isalnum())
