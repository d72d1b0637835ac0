"""How hard an English text is to read.

Flesch–Kincaid grade level: 0.39 · words/sentences + 11.8 · syllables/words − 15.59.
Source: Kincaid, Fishburne, Rogers, Chissom, "Derivation of New Readability Formulas for Navy Enlisted
Personnel", Research Branch Report 8-75, Naval Technical Training Command, 1975.
"""

from __future__ import annotations

import re

FORMULA = "0.39 × words per sentence + 11.8 × syllables per word − 15.59"
FORMULA_SOURCE = "Flesch–Kincaid grade level, Kincaid et al. 1975 (Research Branch Report 8-75)"

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<![.!?])[.!?]++(?=\s|$)|\n\s*\n")
_VOWEL_GROUP = re.compile(r"[aeiouy]+")
_SPLIT_VOWELS = re.compile(r"i[aou]|(?<!p)eo|ua(?!r)|[aeiou]ing|[dr]ea$|creat|scien")
_JOINED_I = re.compile(r"[tcs]i[ao]|gio")


def syllables(word: str) -> int:
    """Estimated syllables of one English word; at least 1."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = len(_VOWEL_GROUP.findall(plain))
    count += len(_SPLIT_VOWELS.findall(plain)) - len(_JOINED_I.findall(plain))
    if re.search(r"[^aeiouy](?:e|es|ed)$", plain) and not re.search(r"(?:[^aeiouy]le|[td]ed|[scxzg]es)$", plain):
        count -= 1
    return max(1, count)


def flesch_kincaid_grade(text: str) -> float | None:
    """US school grade needed to follow the text, one decimal; None when there are no words to measure."""
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return round(grade, 1)
