"""Finding medicines in documents: in lists by their dose, in sentences by their name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from analysis.domain import knowledge
from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.laboratory.parser import read_page
from analysis.domain.medicines.dictionary import Medicine, lookup, pattern
from analysis.domain.medicines.doses import Dose, dose_after
from analysis.domain.scope import Scope, medicine_scope
from analysis.domain.sections import Section, sectioned
from analysis.domain.spans import SourcePage, Span, TextLine

_NAME = re.compile(r"[\s\-•*·\d.)]*(?P<name>[^\W\d_][\w'’/+.-]*(?:\s+[^\W\d_][\w'’/+-]*){0,2})")
_EMPTY = re.compile(
    r"(?i)\W*(?:none|nil|no\b.*|not\b.*|see\b.*|unknown|name|drug|medicine|medication|dose|page\b.*|date\b.*|"
    r"continued?|as before|unchanged|patient\b.*|signed\b.*|dr\b.*)(?:\s.*)?"
)
_WORDS_MOST = 4


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
    results = [result.span for page in pages for result in read_page(page)] if measured is None else measured
    places: dict[tuple[UUID, int], list[tuple[int, int]]] = {}
    for span in results:
        places.setdefault((span.document_id, span.page), []).append((span.start, span.end))
    found: list[Mention] = []
    unknown: list[Unknown] = []
    for section, line in sectioned(pages):
        if section in (Section.ALLERGIES, Section.FAMILY, Section.ADVICE):
            continue
        names = list(pattern().finditer(line.text))
        found.extend(_in_line(line, names, places.get((line.page.document_id, line.page.number), [])))
        stranger = None if names else _stranger(line, section)
        if stranger:
            unknown.append(stranger)
    return found, unknown


def medicine_findings(found: Iterable[Mention], unknown: Iterable[Unknown]) -> list[Finding]:
    """One finding for each medicine and dose of a document, one "not checked" for each unknown name."""
    grouped: dict[tuple[str, ...], Finding] = {}
    mentions_of = {(str(m.span.document_id), m.medicine.generic) for m in found if m.dose.printed}
    for mention in found:
        document, generic = str(mention.span.document_id), mention.medicine.generic
        if not mention.dose.printed and (document, generic) in mentions_of:
            continue
        key = (document, generic, mention.dose.strength.casefold(), mention.dose.frequency.casefold())
        made = _medicine(mention)
        grouped[key] = replace(grouped[key], spans=grouped[key].spans + made.spans) if key in grouped else made
    strangers: dict[str, Finding] = {}
    for stranger in unknown:
        strangers.setdefault(stranger.printed.casefold(), _not_checked(stranger))
    return [*grouped.values(), *strangers.values()]


def _in_line(line: TextLine, names: list[re.Match[str]], measured: list[tuple[int, int]]) -> Iterator[Mention]:
    for index, name in enumerate(names):
        start = line.start + name.start()
        if any(left <= start < right for left, right in measured):
            continue
        stop = names[index + 1].start() if index + 1 < len(names) else len(line.text)
        dose = dose_after(line.text, name.end(), stop)
        if medicine_scope(line.text, name.start(), max(name.end(), dose.end)) is not Scope.PRESENT:
            continue
        for medicine in lookup(name[0]):
            span = line.span(name.start(), max(name.end(), dose.end))
            yield Mention(medicine, name[0], dose, span, line.page.confidence)


def _stranger(line: TextLine, section: Section) -> Unknown | None:
    name = _NAME.match(line.text)
    if name is None or _EMPTY.fullmatch(line.text):
        return None
    dose = dose_after(line.text, name.start("name"), len(line.text))
    in_list = section is Section.MEDICATION and (dose.printed or len(line.text.split()) <= _WORDS_MOST)
    if not in_list and not (dose.strength and dose.frequency):
        return None
    printed = re.split(r"\s+(?=\d)", name["name"])[0]
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
