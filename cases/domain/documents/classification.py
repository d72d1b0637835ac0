"""What kind of record a text is, by weighed words of four languages and the shape of its lines; unsure, it says so."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cases.domain.documents.kind_words import BODY, TITLES, Kind
from cases.domain.documents.plain_words import any_of, plain

UPPER_LINES: Final = 12
_TITLE_WEIGHT: Final = 4.0
_LATER_TITLE_WEIGHT: Final = 0.7
_BODY_WEIGHT: Final = 0.55
_ROW_WEIGHT: Final = 0.5
_MAX_ROWS: Final = 8
#: Below these, nothing is said: the least evidence, and the least share of belief.
_MIN_SCORE: Final = 1.6
_MIN_CONFIDENCE: Final = 0.6
# A result's row: words, a number, a unit, and a range or a bound behind it.
_RESULT_ROW = re.compile(
    r"(?m)^[^\d\n]{2,40}\s[<>]?\d+(?:[.,]\d+)?\s*+(?:(?<=\s)|[HL*+-]\s++)(?:\S{1,16}\s*+)?(?:[<>]\s?\d|[(\[]?\d+(?:[.,]\d+)?\s?[-–]\s?\d)"
)


@dataclass(frozen=True)
class Classified:
    """``kind`` is empty when the text does not tell; ``confidence`` is the share of belief in the best kind, 0 to 1."""

    kind: Kind | None
    confidence: float


def classify(*, texts: Iterable[str], media_type: str = "") -> Classified:
    """The kind of a document. A DICOM file is imaging by its format; a picture without words is left open."""
    if media_type == "application/dicom":
        return Classified("imaging", 1.0)
    raw = "\n".join(texts)
    scores = _scores(raw)
    best = max(scores, key=lambda kind: scores[kind])
    total = sum(math.exp(score) for score in scores.values())
    confidence = round(math.exp(scores[best]) / total, 3)
    if scores[best] < _MIN_SCORE or confidence < _MIN_CONFIDENCE:
        return Classified(None, confidence)
    return Classified(best, confidence)


def _scores(raw: str) -> dict[Kind, float]:
    text = plain(raw)
    upper = "\n".join([line for line in text.splitlines() if line.strip()][:UPPER_LINES])
    scores: dict[Kind, float] = {}
    for kind, words in BODY.items():
        heading = any_of(TITLES[kind])
        title = _TITLE_WEIGHT if heading.search(upper) else _LATER_TITLE_WEIGHT if heading.search(text) else 0.0
        scores[kind] = title + _BODY_WEIGHT * math.sqrt(len(set(any_of(words).findall(text)))) * 1.6
    scores["lab_report"] += _ROW_WEIGHT * min(len(_RESULT_ROW.findall(raw)), _MAX_ROWS)
    return scores
