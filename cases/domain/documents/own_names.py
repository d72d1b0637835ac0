"""One person's name, and where a text writes it: in any order, script and spelling, in one word or in several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from cases.domain.documents.name_letters import listed
from cases.domain.documents.name_spelling import (
    MARKS,
    alike,
    bare,
    comparable,
    composed,
    first_letter,
    script_of,
    sounds,
    written_as,
)
from cases.domain.documents.name_variants import ALIKE, SHORT_FOR
from cases.domain.documents.paper_roles import BABY, BIRTH, FEMALE, MALE, MISSES, MISTER, PATIENT, folded

Compared = Literal["own", "other", "open"]

# Of the digits only a 0 begins a word, where a scanner saw it in place of an O: 0rlov, 0TTO.
_WORD: Final = re.compile(
    rf"(?:[^\W\d_]|(?<![\w.,])0(?=[a-zß-ÿ]{{3}}|[A-ZÀ-Þ]{{3}}))(?:[\w|{MARKS}]|['’ʼ`´׳״\"](?=[^\W\d_]))*"
)
_INSIDE: Final = re.compile(r"['’ʼ`´׳״\"]")
_BREAK: Final = re.compile(r"\s\s|[\t\n|;:*=\d]|\s/|/\s")
_THAI_TITLES: Final = re.compile("(?:นางสาว|นาง|นาย|เด็กชาย|เด็กหญิง)(?=.{2})")
_PARTICLES: Final = frozenset(
    listed("""
de da do dos das del della di du des la le las los lo van der den het ter ten von vom zu zur zum af av y e i of
the al el as ul bin bint binti ibn ben ould abu thi und et and geb nee ne born
""")
)
_TITLES: Final = frozenset(
    listed("""
dr med prof herr frau mr mrs ms miss mme mlle madame monsieur sr sra don dona senor senora dipl ing phil nat
rer dres dott sig signor signora egr mw dhr mevrouw heer lady lord sir engr rev fr baby freifrau freiherr graf
grafin freiin ny tn nn pan pani
""")
)
_UNKNOWN: Final = frozenset(["fnu", "lnu", "nfn", "nln", "unknown", "xx"])
_SUFFIXES: Final = {
    **dict.fromkeys(["jr", "jun", "jnr", "junior", "hijo", "filho", "fils", "ml", "nejml"], "jr"),
    **dict.fromkeys(["sr", "sen", "snr", "senior", "st"], "sr"),
    "ii": "ii",
    "iii": "iii",
    "iv": "iv",
}
_NO_PERSON: Final = frozenset(
    listed("""
the was and has with denies not date name see siehe voir ver unknown unbekannt befund report informed is letter
result results
""")
)
_WHOLE_WORD: Final = frozenset({"han", "hangul"})
_BETWEEN: Final = 4
_MAX_WORDS: Final = 8


class NameWord(NamedTuple):
    """A word of a line; ``cut``: it ends with the point of an abbreviation; ``joined``: a hyphen stands before it."""

    start: int
    end: int
    text: str
    cut: bool = False
    joined: bool = False


@dataclass(frozen=True)
class Mention:
    """Where a line writes the name. ``generation``: a suffix (Jr, Sr, III) that is not the person's."""

    start: int
    end: int
    generation: bool = False


def words_in(line: str) -> list[NameWord]:
    """The words of a line, without apostrophes, and without what Thai writes before a name as one word with it."""
    found = []
    for m in _WORD.finditer(line):
        start, text = m.start(), _INSIDE.sub("", m[0])
        if text[0] == "0":
            text = f"O{text[1:]}"
        if title := _THAI_TITLES.match(text):
            text = text[title.end() :]
        found.append(
            NameWord(start, m.end(), text, line[m.end() : m.end() + 1] == ".", line[max(0, start - 1) : start] == "-")
        )
    return found


class OwnName:
    """The name of one account."""

    def __init__(self, full_name: str) -> None:
        found = words_in(composed(full_name))[:_MAX_WORDS]
        words = [word.text for word in found]
        self.generation = _SUFFIXES.get(bare(words[-1]), "") if len(words) > 2 and not found[-1].joined else ""
        dropped = _UNKNOWN | _TITLES - {"baby"}
        kept = [word for word in (words[:-1] if self.generation else words) if bare(word) not in dropped]
        self.words: tuple[str, ...] = tuple(kept or words)
        self.chief = frozenset(at for at, word in enumerate(self.words) if bare(word) not in _PARTICLES) or frozenset(
            range(len(self.words))
        )
        self.of_newborn = any(BABY.fullmatch(folded(word)) for word in self.words)
        self._spans = [
            (frozenset(range(a, b)), "".join(self.words[a:b]))
            for a in range(len(self.words))
            for b in range(a + 1, min(a + 4, len(self.words)) + 1)
        ]
        self._turned = {"".join(self.words[at:] + self.words[:at]) for at in range(len(self.words))}
        self._initials = self._first_letters()

    def _first_letters(self) -> frozenset[str]:
        """With what letters a Latin word must begin to be one of the name's."""
        if any(script_of(word) != "latin" for word in self.words):
            return frozenset()
        names = {bare(word) for word in self.words}
        groups = frozenset().union(*(ALIKE.get(name, frozenset()) for name in names))
        names |= {name for name, its in ALIKE.items() if its & groups}
        names |= {long for name in set(names) for long in SHORT_FOR.get(name, ())}
        names |= {short for short, longs in SHORT_FOR.items() if longs & names}
        return frozenset(name[0] for name in names if name)

    def mentions(self, line: str) -> Iterator[Mention]:
        """Every place of the line that writes the name so far that it can be nobody else's by what is written."""
        words = words_in(line)
        if not any(self._may_be(word.text) for word in words):
            return
        for group in _groups(line, words):
            for cluster in self._clusters(group):
                if mention := self._mention(group, cluster):
                    yield mention

    def compared(self, value: str) -> Compared:
        """Whether what stands behind a label for the patient's name is this name, another one, or cannot be said."""
        for mention in self.mentions(value):
            return "other" if mention.generation else "own"
        words = [word for word in words_in(value) if not _is_label(word.text)]
        names = [word.text for word in words if len(word.text) > 1 and bare(word.text) not in _PARTICLES | _TITLES]
        if not _is_person(names) or BABY.search(folded(value)) or {bare(name) for name in names} & _NO_PERSON:
            return "open"
        strange = [name for name in names if not any(alike(own, name) for own in self.words)]
        if not strange or not all(any(comparable(own, name) for own in self.words) for name in strange):
            return "open"
        near = all(
            script_of(name) == "latin" and any(sounds(own) == sounds(name) for own in self.words if own.isascii())
            for name in strange
        )
        return "open" if near else "other"

    def has_family(self, line: str) -> bool:
        """Whether any chief word of the name stands in the line, or a name begins with its one sign for the family."""
        if len(self.words) == 1 and script_of(self.words[0]) in _WHOLE_WORD:
            return any(word.text[0] == self.words[0][0] for word in words_in(line))
        return any(
            alike(self.words[at], word.text) for word in words_in(line) if self._may_be(word.text) for at in self.chief
        )

    def ends_with(self, word: str) -> bool:
        """Whether this is the last word of the name."""
        return len(self.words) > 1 and alike(self.words[max(self.chief)], word)

    def _may_be(self, word: str) -> bool:
        return not self._initials or script_of(word) != "latin" or first_letter(word) in self._initials

    def _clusters(self, group: Sequence[NameWord]) -> Iterator[list[tuple[int, int, frozenset[int]]]]:
        """Words that are the name's, as (first, behind last, which of it), near each other."""
        cluster: list[tuple[int, int, frozenset[int]]] = []
        at = 0
        while at < len(group):
            found = self._at(group, at) if self._may_be(group[at].text) else None
            if found is None:
                at += 1
                continue
            size, which = found
            if cluster and at - cluster[-1][1] > _BETWEEN:
                yield cluster
                cluster = []
            cluster.append((at, at + size, which))
            at += size
        if cluster:
            yield cluster

    def _at(self, group: Sequence[NameWord], at: int) -> tuple[int, frozenset[int]] | None:
        """The longest run of words from here that is a part of the name."""
        for size in range(min(4, len(group) - at), 0, -1):
            run = group[at : at + size]
            text = "".join(word.text for word in run)
            apart = any(b.start - a.end > 1 + a.cut for a, b in pairwise(run))
            for which, own in self._spans:
                if not apart and (size == 1 or len(which) == 1) and alike(own, text, cut=run[-1].cut and size == 1):
                    return size, which
            if self._whole(run, text):
                return size, frozenset(range(len(self.words)))
        return None

    def _whole(self, run: Sequence[NameWord], text: str) -> bool:
        """Of names that one script writes in one word and another in several, in either order."""
        if len(run) == 1 and script_of(text) in _WHOLE_WORD:
            return any(alike(own, text) for own in self._turned)
        if (
            len(self.words) == 1
            and script_of(self.words[0]) in _WHOLE_WORD
            and script_of(text) == "latin"
            and len(run) > 1
        ):
            turned = ("".join(bare(word.text) for word in (*run[at:], *run[:at])) for at in range(len(run)))
            return any(written_as(self.words[0], one) for one in turned)
        return False

    def _mention(self, group: Sequence[NameWord], cluster: Sequence[tuple[int, int, frozenset[int]]]) -> Mention | None:
        covered = frozenset().union(*(which for _, _, which in cluster)) & self.chief
        first, last = cluster[0][0], cluster[-1][1]
        inside = {at for begin, end, _ in cluster for at in range(begin, end)}
        missing = self.chief - covered
        initials = {
            own
            for at in range(max(0, first - 2), min(len(group), last + 3))
            if at not in inside and len(group[at].text) == 1
            for own in missing
            if bare(self.words[own])[:1] == bare(group[at].text)
        }
        missing -= initials
        extra = self._extra(group, first, last, inside)
        behind = (word for word in group[first + 1 : last + 2] if not word.joined)
        suffix = next((_SUFFIXES[name] for word in behind if (name := bare(word.text)) in _SUFFIXES), "")
        if not self._enough(covered, initials, missing, extra):
            return None
        differs = bool(suffix and self.generation and suffix != self.generation)
        begin = min(
            [
                group[first].start,
                *(group[at].start for at in range(max(0, first - 1), first) if len(group[at].text) == 1),
            ]
        )
        return Mention(begin, group[last - 1].end, differs)

    def _enough(self, covered: frozenset[int], initials: set[int], missing: frozenset[int], extra: bool) -> bool:
        if len(self.chief) == 1:
            return bool(covered) and not extra
        known = covered | initials
        if len(known) < 2 or (missing and extra):
            return False
        if min(self.chief) not in known and len(covered) < 3:
            return False
        return any(len(self.words[at]) > 2 or script_of(self.words[at]) != "latin" for at in covered) or not missing

    def _extra(self, group: Sequence[NameWord], first: int, last: int, inside: set[int]) -> bool:
        """Whether another name stands between or directly beside the words that are the name's."""
        single = len(self.chief) == 1 and script_of(self.words[0]) in _WHOLE_WORD
        beside = [] if single else [at for at in (first - 1, last) if 0 <= at < len(group)]
        between = [at for at in range(first, last) if at not in inside]
        return any(may_be_name(group[at].text) for at in (*between, *beside))


def _groups(line: str, words: Sequence[NameWord]) -> Iterator[Sequence[NameWord]]:
    """Runs of words between which nothing stands that ends a name."""
    group: list[NameWord] = []
    for word in words:
        if group and _BREAK.search(line, group[-1].end, word.start):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def may_be_name(word: str) -> bool:
    """Whether a word beside a name is another name: no title, label, particle or suffix, and no small letter."""
    name = bare(word)
    if len(word) < 2 or name in _PARTICLES | _TITLES | _UNKNOWN or name in _SUFFIXES or _is_label(word):
        return False
    return word[0].isupper() or not word[0].islower()


def _is_label(word: str) -> bool:
    text = folded(word)
    return any(pattern.fullmatch(text) for pattern in (PATIENT, BIRTH, FEMALE, MALE, BABY)) or bool(
        MISTER.fullmatch(text) or MISSES.fullmatch(text)
    )


def _is_person(names: Sequence[str]) -> bool:
    if len(names) == 1:
        return script_of(names[0]) in _WHOLE_WORD and 2 <= len(names[0]) <= 5
    return 2 <= len(names) <= 6 and all(name[0].isupper() or not name[0].islower() for name in names)
