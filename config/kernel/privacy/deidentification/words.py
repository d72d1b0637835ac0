"""A text as its words, with what stands between them: names are found by words, in one way through the text."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from config.kernel.accents import TWO_LETTERS, unaccented
from config.kernel.privacy.deidentification.vocabulary import NAME_PARTICLES, is_no_name

# A word, and the accents that some programs write behind a letter and not into it.
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]++[^\W\d_]*+)*+")
_JOINTS = frozenset({" ", "  ", "-", "'", "’", "‑", " - "})
_AFTER_INITIAL = frozenset({".", ". ", ".-", " ", "-", ".\n"})
# A line shorter than this was not broken because it was full, so its last word ends a name.
_FULL_LINE = 40
_MAX_LENGTH_OF_GAP = 8


def folded(text: str) -> str:
    """Lower case without accents, ü as ue: one spelling for all."""
    return unaccented(text, spelt=TWO_LETTERS)


class Words:
    """The words of a text by their places."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.written: list[str] = []
        self.plain: list[str] = []
        spelt: dict[str, str] = {}
        for found in _WORD.finditer(text):
            word = found[0]
            if word not in spelt:
                spelt[word] = folded(word)
            self.starts.append(found.start())
            self.ends.append(found.end())
            self.written.append(word)
            self.plain.append(spelt[word])

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The numbers of the words that are spelt alike."""
        found: dict[str, list[int]] = {}
        for number, word in enumerate(self.plain):
            found.setdefault(word, []).append(number)
        return found

    def of(self, spellings: frozenset[str]) -> Iterator[int]:
        """The numbers of the words that are one of ``spellings``."""
        for spelling in spellings & self.places.keys():
            yield from self.places[spelling]

    def at(self, offset: int) -> int:
        """The number of the first word at or behind a place of the text."""
        return bisect_left(self.starts, offset)

    def gap(self, number: int) -> str:
        """What stands behind a word, before the next one; cut where it is too long to join anything."""
        if number < 0 or number >= len(self.starts):
            return "\0"
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.ends[number] : min(end, self.ends[number] + _MAX_LENGTH_OF_GAP)]

    def is_capital(self, number: int) -> bool:
        return self.written[number][0].isupper()

    def is_initial(self, number: int) -> bool:
        return len(self.written[number]) == 1 and self.is_capital(number) and self.gap(number)[:1] in {".", "-"}

    def may_be_name(self, number: int, *, is_sure: bool = False) -> bool:
        """A word that a name may be made of: with a capital, and not one that stands for something else."""
        if not 0 <= number < len(self.starts) or not self.is_capital(number):
            return False
        if len(self.written[number]) == 1:
            return self.is_initial(number) or self.gap(number) in {"'", "’"}
        return not is_no_name(self.plain[number], is_sure=is_sure)

    def name_from(self, number: int, *, most: int = 5, comma: bool = False, is_sure: bool = False) -> int:
        """The number behind the last word of a name that begins at ``number``; the same number where none does."""
        last, at, words = number, number, 0
        while at < len(self.starts) and words < most:
            if self.may_be_name(at, is_sure=is_sure):
                words += 1
                last = at + 1
            elif self.plain[at] not in NAME_PARTICLES or not self.may_be_name(self._behind_particles(at)):
                break
            if not self._goes_on(at, comma=comma):
                break
            at += 1
        capitals = sum(map(self.is_capital, range(number, last)))
        return last if capitals and not self._only_initials(number, last) else number

    def name_before(self, number: int, *, most: int = 4) -> int:
        """The number of the first word of a name that ends before ``number``; the same number where none does."""
        first = at = number
        while at > 0 and number - at < most and (at == number or self._goes_on(at - 1, comma=False)):
            at -= 1
            if self.may_be_name(at):
                first = at
            elif self.plain[at] not in NAME_PARTICLES:
                break
        return first

    def span(self, first: int, behind: int) -> tuple[int, int]:
        return self.starts[first], self.ends[behind - 1]

    def ends_full_line(self, number: int) -> bool:
        """Whether the line behind a word was broken because it was full."""
        end = self.ends[number]
        line = self.text.rfind("\n", max(0, end - 200), end)
        begun = line + 1 if line >= 0 else max(0, end - 200)
        behind = self.gap(number + 1)[:1]
        return end - begun >= _FULL_LINE and behind not in {":", "\t"}

    def _behind_particles(self, number: int) -> int:
        for _ in range(3):
            if number >= len(self.plain) or self.plain[number] not in NAME_PARTICLES or self.gap(number) != " ":
                break
            number += 1
        return number

    def _goes_on(self, number: int, *, comma: bool) -> bool:
        gap = self.gap(number)
        if gap in _JOINTS or (comma and gap in {", ", ","}):
            return True
        if len(self.written[number]) == 1 and gap in _AFTER_INITIAL:
            return True
        if gap.strip(" ") in {"\n", "-\n"}:
            return self.ends_full_line(number)
        return False

    def _only_initials(self, first: int, behind: int) -> bool:
        return all(len(self.written[number]) == 1 for number in range(first, behind))
