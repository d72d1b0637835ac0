"""Which part of a letter a text belongs to, and which of its lines are one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from analysis.domain.scope import Said, Scope, ScopedText
from analysis.domain.spans import SourcePage, Span, TextLine, lines_of, span_of


class Section(StrEnum):
    """The parts that change how a line is read."""

    MEDICATION = "medication"
    ALLERGIES = "allergies"
    FAMILY = "family"
    HISTORY = "history"
    ADVICE = "advice"
    OTHER = "other"


_QUALIFIER = r"(?:current|regular|present|home|admission|discharge|your|aktuelle|bisherige|entlassungs)\s*"
_PLACE = (
    r"(?:\s+(?:list|at|on|bei|history|actual|actuel|habitual|en\s+cours|de\s+sortie|al\s+alta)"
    r"(?:\s+(?:discharge|admission|home|entlassung|aufnahme))?)?"
)
_HEADINGS = (
    (
        Section.MEDICATION,
        rf"(?:{_QUALIFIER})?(?:medications?|medicines?|meds|drugs|rx|medikation|medikamente|drug treatment|"
        r"medicaci[oó]n|"
        rf"tratamiento|tto|traitements?|ttt){_PLACE}",
    ),
    (
        Section.ALLERGIES,
        r"(?:drug\s+|known\s+)?(?:allerg(?:y|ies|ien|ies\s+m[ée]dicamenteuses)|alergias(?:\s+medicamentosas)?|"
        r"intolerances|unverträglichkeiten|intol[ée]rances|intolerancias)(?:\s+(?:and|und|y|et)\s+\w+(?:\s+\w+)?)?",
    ),
    (
        Section.FAMILY,
        r"family\s+history|familienanamnese|antecedentes\s+familiares|ant[ée]c[ée]dents\s+familiaux|fhx?|atcd\s+familiaux",
    ),
    (
        Section.HISTORY,
        r"(?:past|previous)\s+(?:medical\s+|surgical\s+)?history|pmhx?|previous\s+illnesses|medical\s+history|"
        r"vorerkrankungen|frühere\s+(?:erkrankungen|diagnosen)|antecedentes(?:\s+personales)?|"
        r"ant[ée]c[ée]dents(?:\s+(?:personnels|m[ée]dicaux|chirurgicaux))?|atcd",
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
        r"presenting\s+complaint|summary|conclusion|comment|imaging|signature|vital\s+signs|"
        r"diagnosen?|befund|beurteilung|verlauf|therapie|procedere|diagn[oó]sticos?|exploraci[oó]n|evoluci[oó]n|"
        r"motivo(?:\s+de\s+consulta)?|diagnostics?|examen|motif(?:\s+de\s+consultation)?|[ée]volution|bilan)",
    ),
)
_PATTERNS = tuple(
    (section, re.compile(rf"\s*(?:{body})\s*(?P<rest>:.*)?", re.IGNORECASE)) for section, body in _HEADINGS
)
# A heading with content may stand behind the end of a sentence, too: "Allergies: none. Meds: aspirin 75 mg."
_INSIDE = re.compile(r"(?<=[.;])\s+(?=[^\W\d_][^\W\d_ ]{1,20}(?: [^\W\d_]{2,20}){0,3} ?:)")
# A heading with content governs its own line only, unless it opens what cannot silence anything.
_OPENING = (Section.MEDICATION, Section.OTHER)
_BULLET = re.compile(r"\s*(?:[-–•*·▪>]|\d{1,2}[.)]\s|[a-z]\)\s|\W?$)")
_ENTRY = re.compile(
    r"\s*[^\W\d_][^\W\d_'’-]+(?:\s[^\W\d_]+){0,2}\s+\d+(?:[.,]\d+)?\s?(?:mg|µg|mcg|g|ml|IE|IU|UI|%)\b", re.IGNORECASE
)
_CLOSED = re.compile(r"[.:;!?]\s*$")
_OPEN_END = re.compile(
    r"(?:[,(/-]|\b(?:and|or|no|of|the|a|und|oder|kein|keine|y|o|de|la|el|sin|et|ou|le|les|du|des|pas))\s*$",
    re.IGNORECASE,
)
_WIDE = re.compile(r"\S(?:\t|   *)\S|\|")
_WRAPPED = 28
_MAX_LINES = 12


@dataclass(frozen=True)
class Paragraph:
    """Lines of one page that are one text, under their heading; a line break counts as a blank."""

    section: Section
    lines: tuple[TextLine, ...]

    @property
    def page(self) -> SourcePage:
        """The page of the lines."""
        return self.lines[0].page

    @property
    def start(self) -> int:
        """The place of the paragraph's first character in the page's text."""
        return self.lines[0].start

    @cached_property
    def text(self) -> str:
        """The lines as one text, character for character that of the page."""
        last = self.lines[-1]
        return self.page.text[self.start : last.start + len(last.text)].replace("\n", " ")

    @cached_property
    def _scoped(self) -> ScopedText:
        return ScopedText(self.text)

    def scope(self, start: int, end: int, said: Said) -> Scope:
        """How the phrase at characters ``start`` to ``end`` of the page's text is meant."""
        return self._scoped.scope(start - self.start, end - self.start, said)

    def span(self, start: int, end: int) -> Span:
        """The span of characters ``start`` to ``end`` of the paragraph's text."""
        return span_of(self.page, self.start + start, self.start + end)


def heading_of(text: str) -> tuple[Section, bool] | None:
    """The section that a line opens, and whether the line is nothing but the heading."""
    for section, pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return section, not (found["rest"] or "").strip(": ")
    return None


def paragraphs(pages: Iterable[SourcePage]) -> Iterator[Paragraph]:
    """Every text but the bare headings; a section runs on over the page break, a paragraph does not."""
    section, document = Section.OTHER, None
    for page in pages:
        if page.document_id != document:
            section, document = Section.OTHER, page.document_id
        for lines in _blocks([part for line in lines_of(page) for part in _parts(line)]):
            heading = heading_of(lines[0].text)
            if heading is None:
                yield Paragraph(section, lines)
                continue
            opened, bare = heading
            if bare or opened in _OPENING:
                section = opened
            if bare:
                lines = lines[1:]
            if lines:
                yield Paragraph(opened, lines)


def _parts(line: TextLine) -> Iterator[TextLine]:
    """The line, cut before each heading that stands inside it."""
    start = 0
    for found in _INSIDE.finditer(line.text):
        if heading_of(line.text[found.end() :]) is not None:
            yield TextLine(line.page, line.start + start, line.text[start : found.end()])
            start = found.end()
    yield TextLine(line.page, line.start + start, line.text[start:])


def _blocks(lines: Sequence[TextLine]) -> Iterator[tuple[TextLine, ...]]:
    """Lines that were one before they were wrapped."""
    block: list[TextLine] = []
    for line in lines:
        if block and (len(block) >= _MAX_LINES or not _goes_on(block, line)):
            yield tuple(block)
            block = []
        block.append(line)
    if block:
        yield tuple(block)


def _goes_on(block: Sequence[TextLine], line: TextLine) -> bool:
    last = block[-1]
    between = last.page.text[last.start + len(last.text) : line.start]
    if not between:
        return heading_of(line.text) is None
    heading = heading_of(last.text)
    if between != "\n" or (heading is not None and heading[1]) or heading_of(line.text) is not None:
        return False
    if _BULLET.match(line.text) or _ENTRY.match(line.text) or _WIDE.search(last.text) or _WIDE.search(line.text):
        return False
    first = line.text.lstrip()[0]
    if _CLOSED.search(last.text):
        return heading is not None and last.text.rstrip()[-1] == ":" and first.islower()
    if first.islower() or _OPEN_END.search(last.text):
        return True
    # Wrapped lines are about as long as one another: the next word had no room left.
    widest = max(len(each.text) for each in (*block, line))
    return len(last.text) >= _WRAPPED and len(last.text) + len(line.text.split(" ", 1)[0]) + 1 > widest
