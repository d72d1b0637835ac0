"""Which part of a letter a line belongs to, by the headings that stand alone on a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from analysis.domain.spans import SourcePage, TextLine, lines_of


class Section(StrEnum):
    """The parts that change how a line is read."""

    MEDICATION = "medication"
    ALLERGIES = "allergies"
    FAMILY = "family"
    HISTORY = "history"
    ADVICE = "advice"
    OTHER = "other"


_QUALIFIER = r"(?:current|regular|present|home|admission|discharge|your|aktuelle)\s+"
_PLACE = r"(?:\s+(?:list|at|on|bei|history)(?:\s+(?:discharge|admission|home|entlassung))?)?"
_HEADINGS = (
    (
        Section.MEDICATION,
        rf"(?:{_QUALIFIER})?(?:medications?|medicines?|meds|drugs|rx|medikation|drug treatment){_PLACE}",
    ),
    (Section.ALLERGIES, r"(?:drug\s+)?(?:allerg(?:y|ies)|allergien|intolerances)(?:\s+and\s+\w+(?:\s+\w+)?)?"),
    (Section.FAMILY, r"family\s+history|familienanamnese"),
    (
        Section.HISTORY,
        r"(?:past|previous)\s+(?:medical\s+|surgical\s+)?history|pmh|previous\s+illnesses|medical\s+history",
    ),
    (
        Section.ADVICE,
        r"(?:safety\s+net(?:ting)?(?:\s+advice)?|return\s+precautions|patient\s+advice|when\s+to\s+seek\s+help)",
    ),
    (
        Section.OTHER,
        r"(?:diagnos[ei]s|course|laborator(?:y|ies)(?:\s+\w+)?|results|examination|findings|plan|assessment|"
        r"impression|procedures?|social\s+history|recommendations?|follow[- ]?up|investigations|"
        r"h[a]?ematology|chemistry|history(?:\s+of\s+present(?:ing)?\s+(?:illness|complaint))?|"
        r"presenting\s+complaint|summary|conclusion|comment|imaging|signature|vital\s+signs)",
    ),
)
_PATTERNS = tuple(
    (section, re.compile(rf"\s*(?:{body})\s*(?P<rest>:.*)?", re.IGNORECASE)) for section, body in _HEADINGS
)


def heading_of(text: str) -> tuple[Section, bool] | None:
    """The section that a line opens, and whether the line is nothing but the heading."""
    for section, pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return section, not (found["rest"] or "").strip(": ")
    return None


def sectioned(pages: Iterable[SourcePage]) -> Iterator[tuple[Section, TextLine]]:
    """Every line but the bare headings with its section; a section runs on over the page break."""
    section, document = Section.OTHER, None
    for page in pages:
        if page.document_id != document:
            section, document = Section.OTHER, page.document_id
        for line in lines_of(page):
            heading = heading_of(line.text)
            if heading:
                section, bare = heading
                if bare:
                    continue
            yield section, line
