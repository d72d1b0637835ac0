"""Finding medicines in documents: in lists by their dose, in sentences by their name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from analysis.domain import knowledge
from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.laboratory import read_page
from analysis.domain.medicines.dictionary import Medicine, lookup, pattern
from analysis.domain.medicines.doses import Dose, dose_after
from analysis.domain.scope import Said, Scope
from analysis.domain.sections import Paragraph, Section, paragraphs
from analysis.domain.spans import SourcePage, Span, TextLine

_NAME = re.compile(r"[\s\-•*·\d.)]*(?P<name>[^\W\d_][\w'’/+.-]*(?:\s+[^\W\d_][\w'’/+-]*){0,2})")
_EMPTY = re.compile(
    r"(?i)\W*+(?:(?:none|nil|unknown|name|drug|medicine|medication|dose|continued?|as before|unchanged)(?:\s.*)?"
    r"|(?:no|not|see|page|date|patient|signed|dr)\b[^\n]*+(?:\n.*)?)"
)
_MAX_WORDS = 4
_Covered = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Mention:
    """One medicine at its place. ``printed`` is the name in the document."""

    medicine: Medicine
    printed: str
    dose: Dose
    span: Span
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that stands where a medicine would and that the dictionary does not hold."""

    printed: str
    span: Span
    confidence: float | None


def mentions(
    pages: Sequence[SourcePage], measured: Iterable[Span] | None = None
) -> tuple[list[Mention], list[Unknown]]:
    """The medicines the patient takes according to the pages, and what could not be recognised.

    ``measured`` are the places of laboratory results (read here if not given): a lithium level is no lithium tablet.
    """
    results = [result.span for page in pages for result in read_page(page).results] if measured is None else measured
    places = _covered(results)
    found: list[Mention] = []
    unknown: list[Unknown] = []
    for text in paragraphs(pages):
        if text.section in (Section.ALLERGIES, Section.FAMILY, Section.ADVICE):
            continue
        for line in text.lines:
            names = list(pattern().finditer(line.text))
            measured_here = places.get((line.page.document_id, line.page.number), ([], []))
            found.extend(_in_line(text, line, names, measured_here))
            stranger = None if names else _stranger(line, text.section)
            if stranger:
                unknown.append(stranger)
    return found, unknown


def medicine_findings(found: Iterable[Mention], unknown: Iterable[Unknown]) -> list[Finding]:
    """One finding for each medicine and dose of a document, one "not checked" for each unknown name."""
    grouped: dict[tuple[str, ...], Finding] = {}
    spans: dict[tuple[str, ...], list[Span]] = {}
    mentions_of = {(str(m.span.document_id), m.medicine.generic) for m in found if m.dose.printed}
    for mention in found:
        document, generic = str(mention.span.document_id), mention.medicine.generic
        if not mention.dose.printed and (document, generic) in mentions_of:
            continue
        key = (document, generic, mention.dose.strength.casefold(), mention.dose.frequency.casefold())
        spans.setdefault(key, []).append(mention.span)
        if key not in grouped:
            grouped[key] = _medicine(mention)
    strangers: dict[str, Finding] = {}
    for stranger in unknown:
        strangers.setdefault(stranger.printed.casefold(), _not_checked(stranger))
    taken = [replace(finding, spans=tuple(spans[key])) for key, finding in grouped.items()]
    return [*taken, *strangers.values()]


def _covered(spans: Iterable[Span]) -> dict[tuple[UUID, int], _Covered]:
    """Of each page the starts of the spans in order, and how far those up to each of them reach."""
    found: dict[tuple[UUID, int], _Covered] = {}
    for span in sorted(spans, key=lambda span: span.start):
        starts, reached = found.setdefault((span.document_id, span.page), ([], []))
        starts.append(span.start)
        reached.append(max(span.end, reached[-1] if reached else 0))
    return found


def _in_line(text: Paragraph, line: TextLine, names: list[re.Match[str]], measured: _Covered) -> Iterator[Mention]:
    for index, name in enumerate(names):
        start = line.start + name.start()
        before = bisect_right(measured[0], start)
        if before and measured[1][before - 1] > start:
            continue
        stop = names[index + 1].start() if index + 1 < len(names) else len(line.text)
        dose = dose_after(line.text, name.end(), stop)
        if text.scope(start, line.start + max(name.end(), dose.end), Said.MEDICINE) is not Scope.PRESENT:
            continue
        for medicine in lookup(name[0]):
            span = line.span(name.start(), max(name.end(), dose.end))
            yield Mention(medicine, name[0], dose, span, line.page.confidence)


def _stranger(line: TextLine, section: Section) -> Unknown | None:
    name = _NAME.match(line.text)
    if name is None or _EMPTY.fullmatch(line.text):
        return None
    dose = dose_after(line.text, name.start("name"), len(line.text))
    in_list = section is Section.MEDICATION and (dose.printed or len(line.text.split()) <= _MAX_WORDS)
    if not in_list and not (dose.strength and dose.frequency):
        return None
    printed = re.split(r"(?<!\s)\s++(?=\d)", name["name"])[0]
    for part in (dose.frequency, dose.route):
        if part and part.casefold() in printed.casefold():
            printed = printed[: printed.casefold().index(part.casefold())].strip()
    return Unknown(printed, line.whole(), line.page.confidence) if len(printed) > 1 else None


def _medicine(mention: Mention) -> Finding:
    dose = mention.dose
    detail = " ".join(part for part in (dose.strength, dose.route, dose.frequency) if part)
    brand = mention.printed.casefold() != mention.medicine.generic
    return Finding(
        kind=Kind.MEDICINE,
        title=mention.medicine.generic + (f" ({mention.printed})" if brand else ""),
        detail=detail or "No dose is printed.",
        severity=Severity.INFORMATION,
        spans=(mention.span,),
        knowledge_release=knowledge.release(),
        confidence=mention.confidence,
        data={
            "generic": mention.medicine.generic,
            "printed": mention.printed,
            "strength": dose.strength,
            "frequency": dose.frequency,
            "route": dose.route,
        },
    )


def _not_checked(stranger: Unknown) -> Finding:
    return Finding(
        kind=Kind.NOT_CHECKED,
        title=f"not checked: {stranger.printed}",
        detail="This name is not in the medicines dictionary: interactions with it were not checked.",
        severity=Severity.LOW,
        spans=(stranger.span,),
        knowledge_release=knowledge.release(),
        confidence=stranger.confidence,
        data={"printed": stranger.printed, "reason": "unknown_medicine"},
    )
