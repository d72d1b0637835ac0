"""Left or right: which side of which part of the body a text speaks of, in four languages."""

import re
from collections.abc import Iterable, Mapping

from cases.domain.documents.plain_words import plain
from cases.domain.documents.side_words import BOTH, FRENCH, FRENCH_SIDES, PARTS, SIDE, WEAK, WHOLE

Sides = Mapping[str, frozenset[str]]

_HEADLINE = re.compile(
    r"(?im)^[^\S\n]*+(?:exam(?:ination|en|ined)?|procedure|study|specimen|untersuchung|material|praparat|methode|eingriff"
    r"|operation|prelevement|estudio|exploracion|muestra|procedimiento|type d'examen|body part)[^:\n]{0,20}:(.*)$"
)
_REACH = 3


def sides_in(texts: Iterable[str]) -> Sides:
    """Part → the sides named near it. Lines that name what was examined decide alone for the parts they name."""
    text = plain("\n".join(texts))
    examined = _mentioned("\n".join(_HEADLINE.findall(text)))
    return {**_mentioned(text), **{part: found for part, found in examined.items() if found}}


def sides_of_header(header: Mapping[str, object]) -> Sides:
    """What a DICOM header says: its side codes (L, R) for the part in its body part or descriptions."""
    named = " ".join(str(header.get(name) or "") for name in ("body_part", "study_description", "series_description"))
    found = dict(_mentioned(plain(named.replace("_", " "))))
    codes = {str(header.get(name) or "").upper() for name in ("laterality", "image_laterality")}
    coded = frozenset({"L": "left", "R": "right"}[code] for code in codes if code in ("L", "R"))
    if coded:
        found |= dict.fromkeys(_parts_named(plain(named)), coded)
    return found


def opposed(one: Sides, other: Sides) -> tuple[str, ...]:
    """The parts of which one speaks of one side only, and the other only of the other side."""
    shared = sorted(one.keys() & other.keys())
    return tuple(part for part in shared if len(one[part]) == 1 == len(other[part]) and one[part] != other[part])


def joined(several: Iterable[Sides]) -> Sides:
    """All sides that any of them names."""
    found: dict[str, frozenset[str]] = {}
    for sides in several:
        for part, named in sides.items():
            found[part] = found.get(part, frozenset()) | named
    return found


def _mentioned(text: str) -> Sides:
    found: dict[str, frozenset[str]] = {}
    for line in re.split(r"[\n.;]", text):
        words = re.findall(r"[a-z]+", line)
        for at, word in enumerate(words):
            if part := _part(word):
                near = _near(words, at)
                if near and (word not in FRENCH or FRENCH_SIDES.intersection(words[max(0, at - 1) : at + 2])):
                    found[part] = found.get(part, frozenset()) | near
    return found


def _near(words: list[str], at: int) -> frozenset[str]:
    """The sides said of the part at ``at``: the nearest ones, and both when the words say both."""
    reach = range(1, _REACH + 1)
    around = [(step, words[at + step * way]) for step in reach for way in (-1, 1) if 0 <= at + step * way < len(words)]
    if any(word in BOTH for _, word in around):
        return frozenset({"left", "right"})
    sided = [(step, SIDE[word]) for step, word in around if word in SIDE and (step == 1 or word not in WEAK)]
    nearest = min((step for step, _ in sided), default=0)
    return frozenset(side for step, side in sided if step == nearest)


def _parts_named(text: str) -> tuple[str, ...]:
    return tuple(part for word in re.findall(r"[a-z]+", text) if (part := _part(word)))


def _part(word: str) -> str:
    for part, beginnings in PARTS.items():
        for beginning in beginnings.split():
            if word == beginning or (beginning not in WHOLE and word.startswith(beginning)):
                return part
    return ""
