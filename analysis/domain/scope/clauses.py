"""How far each trigger reaches: to the end of its clause, to the next verb, through a list."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Final

from analysis.domain.scope.sentences import HEADINGS, Sentence, sentence_at, sentence_ends
from analysis.domain.scope.triggers import Trigger, language_of, tokens_of


class Scope(StrEnum):
    """How a phrase is meant."""

    PRESENT = "present"
    NEGATED = "negated"
    HISTORICAL = "historical"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"
    STOPPED = "stopped"


class Said(StrEnum):
    """What is spoken of: a symptom or a problem, or a medicine. Their triggers differ."""

    FINDING = "finding"
    MEDICINE = "medicine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """How a phrase is meant. A medicine that is stopped, refused or not tolerated is ``negated``."""

    negated: bool = False
    historical: bool = False
    family: bool = False
    hypothetical: bool = False


_MAX_ITEM: Final = 4
_RELATIVES: Final = frozenset(("which", "that", "who", "que", "qui", "die", "der", "das", "den", "dem", "welche"))


class ScopedText:
    """A paragraph whose phrases are judged; wrapped lines count as one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._starts = [token.start for token in self._tokens]
        self._language = language_of(text, self._tokens)
        self._sentences: dict[int, Sentence] = {}

    def context(self, start: int, end: int, said: Said = Said.FINDING) -> Context:
        """How the phrase ``text[start:end]`` is meant."""
        at = self._phrase(start, end, said)
        if at is None:
            return Context()
        return Context(
            negated=at.negated(), historical=at.historical(), family=at.family(), hypothetical=at.hypothetical()
        )

    def scope(self, start: int, end: int, said: Said = Said.FINDING) -> Scope:
        """The one word for it; what denies the phrase comes first."""
        at = self._phrase(start, end, said)
        if at is None:
            return Scope.PRESENT
        if at.negated():
            return Scope.STOPPED if said is Said.MEDICINE else Scope.NEGATED
        if at.family():
            return Scope.FAMILY
        if at.hypothetical():
            return Scope.HYPOTHETICAL
        return Scope.HISTORICAL if at.historical() else Scope.PRESENT

    def _phrase(self, start: int, end: int, said: Said) -> _Phrase | None:
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self._tokens[first].end <= start:
            first += 1
        last = bisect_left(self._starts, end) - 1
        if first >= len(self._tokens) or last < first:
            return None
        begin, stop = sentence_at(self._ends, first, len(self._tokens))
        if begin not in self._sentences:
            self._sentences[begin] = Sentence(self._text, self._tokens[begin:stop], self._language)
        return _Phrase(self._sentences[begin], first - begin, min(last, stop - 1) - begin, said)

    @cached_property
    def _ends(self) -> list[int]:
        return sentence_ends(self._text, self._tokens)


class _Phrase:
    """One phrase in its sentence, with what reaches it."""

    def __init__(self, sentence: Sentence, first: int, last: int, said: Said) -> None:
        self._in, self._first, self._last, self._said = sentence, first, last, said

    # Negation

    def negated(self) -> bool:
        marked = self._marked()
        if marked is not None:
            return marked
        drug = self._said is Said.MEDICINE
        ahead = ("no", "denies", "stop") if drug else ("no", "denies")
        behind = ("absent", "stopped") if drug else ("absent",)
        if drug and self._under("heading_allergy"):
            return True
        return any(self._denied_by(one) for one in self._before(*ahead)) or any(
            self._refuted_by(one) for one in self._after(*behind)
        )

    def _marked(self) -> bool | None:
        """(-) fever, dysuria -, haematuria +; ``None`` without such a sign."""
        after = self._in.words(self._last + 1, self._last + 3)
        before = self._in.words(self._first - 3, self._first - 1)
        if after[:1] == ["0"] and self._in.spaced(self._last + 1) and self._ends_item(self._last + 2):
            return True
        for sign, denied in (("-", True), ("+", False)):
            if after[:1] == [sign] and self._in.spaced(self._last + 1) and self._ends_item(self._last + 2):
                return denied
            if after == ["(", sign, ")"] or (before == ["(", sign, ")"] and after[:1] != ["("]):
                return denied
        return None

    def _ends_item(self, place: int) -> bool:
        if self._in.word(place) in ("", ",", ";", "."):
            return True
        last = next((p for p in range(self._in.count - 1, -1, -1) if self._in.word(p) not in ".;"), 0)
        return self._in.word(last) in "+-" and self._in.spaced(last)

    def _denied_by(self, one: Trigger) -> bool:
        low, high = one.last + 1, self._first - 1
        if self._in.word(low) in (".", ",", ";", ")"):
            return False
        if self._in.any_in(low, high, "end", "change", "affirm", *HEADINGS) or self._behind_verb(low, high):
            return False
        if self._in.any_in(low, high, "cause"):
            return False
        if self._said is Said.MEDICINE and self._behind(low, high, "with", "present"):
            return False
        # "was replaced with": what follows takes its place.
        if one.does == "stop" and any(each.first == low for each in self._in.of("with")) and one.last < high:
            return False
        return self._listed(low, high, strong=one.does == "denies") and not self._affirmed(one)

    def _affirmed(self, one: Trigger) -> bool:
        """no pain and cough present; stopped X and Y continued: what follows the phrase is nearer than the trigger."""
        if not set(self._in.words(one.last + 1, self._first - 1)) & {",", *self._joining()}:
            return False
        does = ("affirm", "begun") if self._said is Said.MEDICINE else ("affirm",)
        return any(not self._commas(self._last + 1, yes.first - 1) for yes in self._after(*does))

    def _refuted_by(self, one: Trigger) -> bool:
        low, high = self._last + 1, one.first - 1
        if self._in.any_in(low, high, "end", "affirm", *HEADINGS) or ";" in self._in.words(low, high):
            return False
        begin = self._segment_start()
        if self._in.any_in(begin, self._first - 1, "change"):
            return False
        shields = [
            each for each in self._before("cause") if begin <= each.first and not self._verbs(each.last, self._first)
        ]
        if one.does == "stopped" and any(not self._in.any_in(each.first, self._first - 1, "or") for each in shields):
            return False
        if self._said is Said.FINDING and shields and self._commas(begin, self._first - 1) == 0 and begin < self._first:
            return False
        return self._joined_to(low, high, one)

    def _joined_to(self, low: int, high: int, one: Trigger) -> bool:
        between = self._in.words(low, high)
        own_verb = self._in.any_in(self._segment_start(), self._first - 1, "verb")
        listed = self._in.any_in(low, high, "or")
        if listed and own_verb and self._said is Said.FINDING:
            return False
        commas = between.count(",")
        if not commas:
            return True
        place = low + between.index(",")
        if place <= low + 1 and self._in.word(place + 1) in _RELATIVES:
            return commas == 1
        if commas == 1 and one.first - place <= 2:
            return True
        return listed and not self._in.any_in(low, high, "verb")

    # Time

    def historical(self) -> bool:
        if self._is_now():
            return False
        drug = self._said is Said.MEDICINE
        ahead = ("past_drug", "past") if drug else ("past",)
        behind = ("ago_drug", "ago") if drug else ("ago", "over")
        if self._under("heading_past") and not any(self._before("denies", "present")):
            return True
        return any(self._past_by(one) for one in self._before(*ahead)) or any(
            self._over_by(one) for one in self._after(*behind)
        )

    def _is_now(self) -> bool:
        """residual, still, now: within the words right before the phrase."""
        begin = self._segment_start()
        return self._in.any_in(max(begin, self._first - 3), self._first - 1, "present")

    def _past_by(self, one: Trigger) -> bool:
        low, high = one.last + 1, self._first - 1
        if self._in.any_in(low, high, "end", "present", *HEADINGS) or self._behind_verb(low, high):
            return False
        if self._behind(low, high, "cause", "with"):
            return False
        if self._in.any_in(max(0, one.first - 2), one.first - 1, "since", "no"):
            return False
        return self._listed(low, high, strong=False)

    def _over_by(self, one: Trigger) -> bool:
        low, high = self._last + 1, one.first - 1
        words = self._in.words(low, high)
        if one.does != "over" and self._in.any_in(low, high, "cause"):
            return False
        if ";" in words or self._in.any_in(low, high, "end", "present", *HEADINGS):
            return False
        if self._in.any_in(max(low, one.first - 3), one.first - 1, "since", "no", "present"):
            return False
        commas = words.count(",")
        return not commas or (commas == 1 and high - low - words.index(",") <= 2) or self._in.any_in(low, high, "or")

    # Relatives

    def family(self) -> bool:
        told = [each for each in self._in.of("informant", "pseudo") if not self._goes_on(each)]
        for one in (*self._in.of("kin", "in_kin"), *filter(self._goes_on, self._in.of("informant"))):
            if one.first <= self._last and one.last >= self._first:
                continue
            if any(each.first <= one.first and one.last <= each.last for each in told):
                continue
            if one.last < self._first and self._kin_before(one):
                return True
            if one.first > self._last and one.does == "in_kin" and self._kin_after(one):
                return True
        return self._under("heading_family")

    def _goes_on(self, one: Trigger) -> bool:
        """lives with her partner, who has: what follows is about the relative after all."""
        return self._in.word(one.last + 1) == "," and self._in.word(one.last + 2) in _RELATIVES

    def _kin_before(self, one: Trigger) -> bool:
        low, high = one.last + 1, self._first - 1
        words = self._in.words(low, high)
        if self._in.any_in(low, high, "patient", "heading", "heading_past") or words[:1] == [")"]:
            return False
        return ":" not in words[_MAX_ITEM:]

    def _kin_after(self, one: Trigger) -> bool:
        low, high = self._last + 1, one.first - 1
        words = self._in.words(low, high)
        return "," not in words and ";" not in words and not self._in.any_in(low, high, "patient", "end")

    # Conditions

    def hypothetical(self) -> bool:
        return (
            any(self._conditional(one) for one in self._before("if"))
            or any(self._feared(one) for one in self._before("risk"))
            or any(self._unsure(one) for one in self._after("unsure"))
        )

    def _conditional(self, one: Trigger) -> bool:
        low, high = one.last + 1, self._first - 1
        if self._in.any_in(low, high, "end") or (self._said is Said.MEDICINE and self._has_content(low, high)):
            return False
        return self._listed(low, high, strong=False)

    def _feared(self, one: Trigger) -> bool:
        low, high = one.last + 1, self._first - 1
        if self._in.any_in(low, high, "end", "cause") or self._behind_verb(low, high):
            return False
        if self._said is Said.MEDICINE and self._in.any_in(low, high, "with"):
            return False
        return self._listed(low, high, strong=False)

    def _unsure(self, one: Trigger) -> bool:
        words = self._in.words(self._last + 1, one.first - 1)
        return "," not in words and ";" not in words

    # What lies between

    def _before(self, *does: str) -> Iterable[Trigger]:
        """Those that begin before the phrase; one that goes on in it ("no signs of" infection) counts up to there."""
        for one in self._in.of(*does, backwards=True):
            if one.first < self._first:
                yield Trigger(one.does, one.first, min(one.last, self._first - 1))

    def _after(self, *does: str) -> Iterable[Trigger]:
        return (one for one in self._in.of(*does) if one.first > self._last)

    def _under(self, heading: str) -> bool:
        """Whether the last heading before the phrase, within its sentence, is this one."""
        before = list(self._before(*HEADINGS))
        return bool(before) and max(before, key=lambda one: one.first).first in {
            one.first for one in before if one.does == heading
        }

    def _segment_start(self) -> int:
        for place in range(self._first - 1, -1, -1):
            if self._in.word(place) in (",", ";", ":"):
                return place + 1
        return 0

    def _commas(self, low: int, high: int) -> int:
        return self._in.words(low, high).count(",")

    def _joining(self) -> set[str]:
        return {word for one in self._in.of("or") for word in self._in.words(one.first, one.last)}

    def _has_content(self, low: int, high: int) -> bool:
        """Whether a word stands there that is itself spoken of."""
        marked = {
            place for one in self._in.of("verb", "with", "cause", "or") for place in range(one.first, one.last + 1)
        }
        return any(len(self._in.word(place)) > 3 for place in range(low, high + 1) if place not in marked)

    def _behind(self, low: int, high: int, *does: str) -> bool:
        """Whether such a word follows something that is itself spoken of."""
        return any(
            low <= one.first and one.last <= high and self._has_content(low, one.first - 1)
            for one in self._in.of(*does)
        )

    def _verbs(self, low: int, high: int) -> bool:
        return self._in.any_in(low, high, "verb")

    def _behind_verb(self, low: int, high: int) -> bool:
        """A verb ends what was said before it, unless it follows the trigger at once: "did not have fever"."""
        return any(
            self._has_content(low, one.first - 1) or bool({",", ":"} & set(self._in.words(low, one.first - 1)))
            for one in self._in.of("verb")
            if low <= one.first and one.last <= high
        )

    def _listed(self, low: int, high: int, *, strong: bool) -> bool:
        """Whether commas between trigger and phrase are those of a list: it ends with "or", or each item is short."""
        between = self._in.words(low, high)
        if ";" in between or ":" in between[1:]:
            return False
        if "," not in between:
            return True
        commas = [low + place for place, word in enumerate(between) if word == ","]
        edges = [low - 1, *commas]
        if any(right - left > _MAX_ITEM + 1 for left, right in pairwise(edges)):
            return strong
        return strong or self._has_joint(commas[0])

    def _has_joint(self, comma: int) -> bool:
        """Whether the list that goes on at the comma ends with "or" or "and" before anything else is said."""
        stop = next(
            (
                one.first
                for one in sorted(self._in.of("verb", "end", *HEADINGS), key=lambda one: one.first)
                if one.first > comma
            ),
            self._in.count,
        )
        return self._in.any_in(comma, stop - 1, "or")
