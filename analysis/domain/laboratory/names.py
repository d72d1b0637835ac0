"""What a printed name means: the analytes that it can be, its specimen, and whether it is a share or a count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from analysis.domain import knowledge
from analysis.domain.laboratory.catalogue import Analyte, named, normal_name
from analysis.domain.laboratory.specimens import without_specimen
from analysis.domain.laboratory.units import ucums_of

MAX_NAME = 80
MAX_WORDS = 7
_BRACKETS = re.compile(r"[\[(](?P<inside>[^()\[\]]{0,40})[\])]")
_ABSOLUTE = re.compile(
    r"(?<![^\W\d_])(?:abs(?:olut(?:e|[eo]s?|as?)?|olu[es]*)?\.?|val(?:eur|or)?\.? abs(?:\.|olue?|oluto)?|#|count|"
    r"anzahl|number)(?![^\W\d_])",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"%|(?<![^\W\d_])(?:rel(?:ativ[eo]?)?\.?|percent(?:age)?|prozent|porcentaje|pourcentage)(?![^\W\d_])", re.IGNORECASE
)
_IDLE = re.compile(
    r"(?<![^\W\d_])(?:level|levels|concentration|konzentration|spiegel|value|wert|valor|valeur|result|total|"
    r"totale?s?|gesamt|ges\.?|"
    r"calc(?:ulated|\.)?|calculad[oa]|calculée?|berechnet|ber\.|errechnet|measured|gemessen|quantitativ[eo]?|"
    r"quant\.?|cuantitativo|"
    r"enzym(?:atic|atisch|\.)?|jaff[eé]|ifcc|hplc|eclia|clia|elisa|photometr\w*|turbid\w*|nephelom\w*|westergren|"
    r"clauss|ise|"
    r"patient|paciente|automated|maschinell|kinetic|kinetisch|hexokinase|turbidim\w*|chemilum\w*|colorim\w*|"
    r"randomized|random|"
    r"[aA]\.?[mM]\.?|morgens|nüchtern|fasting|\d{1,2}\s?(?:uhr|h|a\.?m\.?)|1\.?\s?(?:std|h|re h|ère heure|ª hora|"
    r"stunde|hour)\.?|trough|talspiegel|résiduelle?|taux résiduel|valle|act\.?|aktuell|actuel|basal|activity|"
    r"aktivität|actividad|activité|antigen)(?![^\W\d_])",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"(?<![*†‡§°#¹²³])[*†‡§°#¹²³]++$|^[*†‡§•·\-–>]+\s*|(?:\s\(?|\()\d\)$|^\d{1,2}[.)]\s+|(?<![.:=…_\s])[.:=…_\s]++$"
)
_PARTS = re.compile(r"(?:(?<!\s)\s++)?[/,;()\[\]]\s*|(?<!\s)\s++-\s+")


@dataclass(frozen=True, slots=True)
class Name:
    """A printed name; ``bare`` is it without the unit that it names.

    ``analytes`` is empty where the catalogue does not know it; ``share`` is ``None`` if not said.
    """

    printed: str
    analytes: tuple[Analyte, ...]
    specimen: str = ""
    share: bool | None = None
    unit: str = ""
    bare: str = ""


def name_of(printed: str) -> Name:
    """What a printed name means as a whole: words that the catalogue does not know leave it unknown."""
    return _name_of(printed[:MAX_NAME], knowledge.release())


@lru_cache(maxsize=8192)
def _name_of(printed: str, release: str) -> Name:
    del release  # part of the key: names may change with it
    text = printed.strip()
    for _ in range(4):
        text = _MARKS.sub("", text).strip()
    unit, text = _unit_in(text)
    bare_name = text if unit else printed.strip()
    share = True if unit == "%" else _share(text)
    analytes = named().get(normal_name(text), ()) or (named().get(normal_name(printed), ()) if unit else ())
    if analytes:
        return Name(printed, analytes, _own_specimen(text), share, unit, bare_name)
    bare, specimen = without_specimen(text)
    for candidate in _variants(text, bare):
        analytes = named().get(normal_name(candidate), ())
        if analytes:
            return Name(printed, analytes, specimen, share, unit, bare_name)
    return Name(printed, (), specimen, share, unit, bare_name)


def _own_specimen(text: str) -> str:
    """The specimen that a known name says itself: "proteinuria" is of urine, "serum iron" of blood."""
    return without_specimen(text)[1]


def _variants(text: str, bare: str) -> Iterator[str]:
    """The name with fewer and fewer of the words that change nothing."""
    for words in dict.fromkeys((bare, text)):
        yield words
        yield _IDLE.sub(" ", words)
        plain = _IDLE.sub(" ", _SHARE.sub(" ", _ABSOLUTE.sub(" ", words)))
        yield plain
        without = _BRACKETS.sub(" ", plain)
        if without != plain:
            # What stands in brackets is the name again or says nothing: else it would be another analyte.
            inside = [found["inside"] for found in _BRACKETS.finditer(plain)]
            if all(_idle(each) or _same(each, without) for each in inside):
                yield without
    parts = [part for part in _PARTS.split(_IDLE.sub(" ", _SHARE.sub(" ", _ABSOLUTE.sub(" ", bare)))) if part.strip()]
    if len(parts) > 1:
        yield " ".join(reversed(parts))
        known = [part for part in parts if normal_name(part) in named()]
        if len(known) == len(parts) and all(_same(part, known[0]) for part in known[1:]):
            yield known[0]


def _idle(words: str) -> bool:
    return not normal_name(_IDLE.sub(" ", _SHARE.sub(" ", _ABSOLUTE.sub(" ", without_specimen(words)[0]))))


def _same(one: str, other: str) -> bool:
    left, right = (named().get(normal_name(_IDLE.sub(" ", each)), ()) for each in (one, other))
    return bool(set(left_ids(left)) & set(left_ids(right)))


def left_ids(analytes: tuple[Analyte, ...]) -> tuple[tuple[str, str], ...]:
    """What tells analytes apart."""
    return tuple((analyte.loinc, analyte.name) for analyte in analytes)


def _share(text: str) -> bool | None:
    if _SHARE.search(text):
        return True
    return False if _ABSOLUTE.search(text) else None


def _unit_in(text: str) -> tuple[str, str]:
    """A unit in brackets at the end of a name, or behind a comma, and the name without it."""
    for found in _BRACKETS.finditer(text):
        inside = found["inside"].strip()
        if inside and ucums_of(inside) and ("/" in inside or "%" in inside or not named().get(normal_name(text))):
            return inside, (text[: found.start()] + text[found.end() :]).strip(" ,")
    head, comma, tail = text.rpartition(", ")
    if comma and ucums_of(tail.strip()):
        return tail.strip(), head
    return "", text


@knowledge.per_release
def _firsts() -> frozenset[str]:
    return frozenset(name[:2] for name in named())


def known_at(text: str, words: list[re.Match[str]], index: int) -> tuple[tuple[Analyte, ...], int]:
    """The analytes of the longest known name that begins at a word of a sentence, and how many words it has."""
    head = normal_name(words[index][0])
    if not head or head[:2] not in _firsts():
        return (), 0
    for used in range(min(MAX_WORDS, len(words) - index), 0, -1):
        begin, end = words[index].start(), words[index + used - 1].end()
        if end - begin <= MAX_NAME:
            analytes = named().get(normal_name(text[begin:end]), ())
            if analytes:
                return analytes, used
    return (), 0
