"""Letters in four languages with every passage that identifies somebody, and every one that only looks so."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cases.domain.privacy.case_people import with_labels
from config.kernel.privacy.deidentification import Identifiers, NotDeidentified, masked_text, places

LETTERS = Path(__file__).with_name("letters.jsonl.gz")
#: What need not be masked.
FREE = "other_date"


def letters(path: Path = LETTERS) -> list[dict[str, Any]]:
    """Every letter with its truth."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def identifiers_of(letter: dict[str, Any]) -> Identifiers:
    """What the case holds, and what the service adds from the labels of the page."""
    told = letter["known"]
    born = told["birth_date"]
    codes = (told["email"], told["phone"], *told["patient_numbers"], *told["facilities"])
    known = Identifiers(
        names=(*told["names"], *told["clinicians"]),
        dates=(date.fromisoformat(born),) if born else (),
        codes=tuple(code for code in codes if code),
        addresses=(told["address"],) if told["address"] else (),
    )
    return with_labels(known, [letter["text"]])


@dataclass
class Figures:
    """Counts over letters: spans and those of them that are wholly masked, masked passages and the right ones."""

    spans: Counter[tuple[str, ...]] = field(default_factory=Counter)
    found: Counter[tuple[str, ...]] = field(default_factory=Counter)
    passages: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    traps: Counter[str] = field(default_factory=Counter)
    traps_hit: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    bodies: set[str] = field(default_factory=set)

    def recall(self, what: str) -> float:
        """The part of the spans called ``what`` of which no letter and no digit is left."""
        told = self.spans[(what,)]
        return self.found[(what,)] / told if told else 1.0

    def precision(self, language: str = "all") -> float:
        """The part of the masked passages that hold something labelled and touch nothing to be kept."""
        return self.right[language] / max(self.passages[language], 1)


def measured(told: Iterable[dict[str, Any]]) -> Figures:
    """Mask each letter by itself and compare with its truth."""
    figures = Figures()
    for letter in told:
        _count(letter, figures)
    return figures


def missed(letter: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The spans of a letter of which something is left."""
    covered = _covered(letter)
    for span in letter["spans"]:
        if span["kind"] != FREE and _is_left(letter["text"], span, covered):
            yield span


def false_passages(letter: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """The masked passages that hold nothing labelled, or touch what is to be kept."""
    for start, end in passages(letter["text"], _covered(letter)):
        if not _is_right(letter, start, end):
            yield start, end


def passages(text: str, covered: set[int]) -> Iterator[tuple[int, int]]:
    """What is masked in one go; blanks inside belong to it, the end of a line does not."""
    start = end = -1
    for index in sorted(covered):
        if start < 0:
            start = index
        elif text[end:index].strip(" \t"):
            yield start, end
            start = index
        end = index + 1
    if start >= 0:
        yield start, end


def _covered(letter: dict[str, Any]) -> set[int]:
    text = letter["text"]
    return {
        at for start, end in places(text, identifiers_of(letter)) for at in range(start, end) if not text[at].isspace()
    }


def _is_left(text: str, span: dict[str, Any], covered: set[int]) -> bool:
    return any(text[at].isalnum() and at not in covered for at in range(span["start"], span["end"]))


def _is_right(letter: dict[str, Any], start: int, end: int) -> bool:
    def touches(one: dict[str, Any]) -> bool:
        return bool(one["start"] < end and start < one["end"])

    return any(map(touches, letter["spans"])) and not any(map(touches, letter["keep"]))


def _count(letter: dict[str, Any], figures: Figures) -> None:
    language, text = letter["language"], letter["text"]
    covered = _covered(letter)
    figures.letters[language] += 1
    figures.bodies.add(letter["body"])
    try:
        masked_text(text, identifiers_of(letter))
        is_withheld = False
    except NotDeidentified:
        figures.withheld[language] += 1
        is_withheld = True
    for span in letter["spans"]:
        if span["kind"] == FREE:
            continue
        group = "known" if span["known"] else "unknown"
        keys = [("known",)] if span["known"] else []
        keys += [("direct",), (group, language), (group, span["kind"]), ("form", span["form"]), ("direct", language)]
        is_left = _is_left(text, span, covered)
        for key in keys:
            figures.spans[key] += 1
            figures.found[key] += not is_left
        if span["known"] and is_left and not is_withheld:
            figures.leaks[language] += 1
    for start, end in passages(text, covered):
        for key in ("all", language):
            figures.passages[key] += 1
            figures.right[key] += _is_right(letter, start, end)
    kind = "trap_name" if "trap_name" in letter["tags"] else "other"
    for kept in letter["keep"]:
        figures.traps[kind] += 1
        figures.traps_hit[kind] += any(at in covered for at in range(kept["start"], kept["end"]))
