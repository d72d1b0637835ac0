"""Known names as their parts, and whether a word is one of them in another form."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from config.kernel.accents import ONE_LETTER, unaccented
from config.kernel.privacy.deidentification.scripts import sound_key, spelt_in_latin
from config.kernel.privacy.deidentification.spelling import is_near, is_short_for, is_word, scanned, stems, vowel_stem
from config.kernel.privacy.deidentification.vocabulary import ALSO_WORDS, NAME_PARTICLES, TITLES
from config.kernel.privacy.deidentification.words import folded

_MIN_LENGTH = 3
FUZZY_FROM = 5
_FIRST_FROM = 6
JOINED_FROM = 4
STEM_FROM = 4
_MAX_LETTERS = 40
# Where the alphabet is another one, two letters may be a name.
_MIN_ELSEWHERE = 2
_COMMON = frozenset({"the", "and", "hospital", "clinic", "medical", "center", "centre", "general"})


@dataclass
class KnownNames:
    """What is looked for: ``whole`` parts stand alone, ``small`` ones (particles, two letters) beside another."""

    names: tuple[str, ...]
    are_people: bool = True
    whole: dict[str, bool] = field(default_factory=dict)
    small: set[str] = field(default_factory=set)
    initials: list[str] = field(default_factory=list)
    logins: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in self.names:
            self.initials.append("".join(folded(part)[:1] for part in re.findall(r"[^\W\d_]+", name)))
            for spelling in {folded(name), unaccented(name, spelt=ONE_LETTER)}:
                self._add([part for part in re.split(r"[^a-z]+", spelling) if part])

    def _add(self, parts: list[str]) -> None:
        if parts:
            long = [part for part in parts if is_whole(part)]
            self.small |= {part for part in parts if part not in long and part not in TITLES}
            for part in long:
                self.whole[part] = self.whole[_undone(part)] = True
            for first in parts:
                for second in parts:
                    self.logins |= {second + first[0], first[0] + second} if first != second else set()
                    if first != second and len(first) + len(second) > JOINED_FROM and second in long:
                        joined = [first + second, second + first]
                        short = [second + first[0], first[0] + second] if len(second) >= JOINED_FROM else []
                        self.whole |= dict.fromkeys((*joined, *short), False)
            self.whole.setdefault("".join(parts), False)

    @cached_property
    def near(self) -> dict[tuple[str, int], list[str]]:
        """The parts that may be misspelt, by a letter that must be right and by length."""
        found: dict[tuple[str, int], list[str]] = {}
        for part, is_part in self.whole.items():
            if not is_part or len(part) < FUZZY_FROM:
                continue
            for length in range(len(part) - 2, len(part) + 3):
                found.setdefault((part[0], length), []).append(part)
                if len(part) >= _FIRST_FROM:
                    found.setdefault(("*" + part[-1], length), []).append(part)
        return found

    @cached_property
    def elsewhere(self) -> tuple[str, ...]:
        return tuple({part for name in self.names for part in elsewhere(name)})

    @cached_property
    def parts(self) -> frozenset[str]:
        """The parts that stand alone, without what is joined of them."""
        return frozenset(part for part, is_part in self.whole.items() if is_part)

    @cached_property
    def stems(self) -> frozenset[str]:
        """What a declined form of a part begins with."""
        long = [part for part in self.parts if len(part) >= STEM_FROM]
        return frozenset((*(part for part in long if part not in ALSO_WORDS), *filter(None, map(vowel_stem, long))))

    @cached_property
    def seen(self) -> frozenset[str]:
        """The parts as scanners may see them."""
        return frozenset(scanned(part) for part in self.parts if len(part) >= STEM_FROM)

    @cached_property
    def begins(self) -> frozenset[str]:
        """Every beginning of a part that may be torn into pieces."""
        return frozenset(part[:at] for part in self.parts if len(part) >= STEM_FROM for at in range(1, len(part)))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """How the words begin that may be forms of a part."""
        return frozenset(part[:STEM_FROM] for part in self.parts)

    @cached_property
    def sound_keys(self) -> frozenset[tuple[str, str]]:
        """What the sounds of the parts have in common with whatever sounds like them."""
        return frozenset(map(sound_key, self.sounds))

    @cached_property
    def sound_stems(self) -> frozenset[str]:
        """What a form of a part that is declined begins with, by its sound."""
        return frozenset((*self.sounds, *filter(None, map(vowel_stem, self.sounds))))

    @cached_property
    def sounds(self) -> frozenset[str]:
        """The parts as they are spelt in Latin letters, whatever script and custom they are from."""
        return frozenset(
            spelt
            for name in self.names
            for part in re.findall(r"[^\W\d_]+", folded(name))
            if (spelt := spelt_in_latin(part)) and len(spelt) >= JOINED_FROM
        )

    def is_in(self, plain: str, written: str) -> bool:
        """Whether a word is one of the names, or one of them in another form."""
        if plain in self.whole or _undone(plain) in self.whole or (plain[-1:] == "s" and plain[:-1] in self.whole):
            return True
        if not plain.isascii():
            # Where words are not parted, a name stands within a long one.
            if any(part in plain for part in self.elsewhere):
                return True
            if len(plain) < _MAX_LETTERS and self._sounds_alike(plain):
                return True
        elif self.is_foreign and sound_key(plain) in self.sound_keys and self._sounds_alike(plain):
            return True
        near = [*self.near.get((plain[:1], len(plain)), ()), *(self.near.get(("*" + plain[-1:], len(plain)), ()))]
        is_capital = written[0].isupper()
        if near and (is_capital or len(plain) > _FIRST_FROM) and any(is_near(plain, part) for part in near):
            return True
        return is_capital and STEM_FROM <= len(plain) < _MAX_LETTERS and self._is_form(plain)

    def _is_form(self, plain: str) -> bool:
        """Whether a word with a capital is a name declined, badly scanned, shortened, or spelt by its sound."""
        is_form = (
            (plain[:STEM_FROM] in self.prefixes and self._begins_alike(plain))
            or scanned(plain) in self.seen
            or (sound_key(plain) in self.sound_keys and self._sounds_alike(plain))
        )
        return is_form and not is_word(plain)

    def _begins_alike(self, plain: str) -> bool:
        if not self.stems.isdisjoint(stems(plain)):
            return True
        return self.are_people and plain in self.begins and any(is_short_for(plain, part) for part in self.parts)

    def _sounds_alike(self, plain: str) -> bool:
        return not self.sound_stems.isdisjoint(stems(spelt_in_latin(plain)))

    @cached_property
    def is_foreign(self) -> bool:
        return bool(self.elsewhere)


def is_whole(part: str) -> bool:
    """Long enough to be found by itself, and no particle."""
    return len(part) >= _MIN_LENGTH and part not in _COMMON and part not in NAME_PARTICLES


def elsewhere(name: str) -> list[str]:
    """A name's parts in other alphabets, and the whole of it, for words are not parted everywhere."""
    parts = [part for part in re.findall(r"[^\W\d_]+", folded(name)) if not part.isascii()]
    return [part for part in (*parts, "".join(parts)) if len(part) >= _MIN_ELSEWHERE]


def _undone(word: str) -> str:
    """Umlauts written without their e: Mueller, Müller and Muller are one."""
    return re.sub(r"(?<=[aou])e", "", word) if "e" in word else word
