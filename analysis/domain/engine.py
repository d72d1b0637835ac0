"""The local engine: pages in, findings out. It needs no network, no clock and no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.domain import knowledge
from analysis.domain.doubts import with_doubts
from analysis.domain.findings import Finding, Kind
from analysis.domain.laboratory import coded_findings, laboratory_findings, without_coded
from analysis.domain.medicines import interaction_findings, medicine_findings, mentions
from analysis.domain.redflags import red_flag_findings
from analysis.domain.spans import SourcePage, span_of
from analysis.domain.subject import Subject

ENGINE = "local"
#: Raised by one with every change after which a text may give other findings.
VERSION = "2"
LOW_QUALITY = 0.5
_ENOUGH_CHARACTERS = 20
_ORDER = (Kind.RED_FLAG, Kind.INTERACTION, Kind.NOT_CHECKED, Kind.NOT_READ, Kind.LABORATORY, Kind.MEDICINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What the engine says. Without findings ``abstained`` names why, as a code."""

    findings: tuple[Finding, ...]
    abstained: str
    knowledge_release: str


def analyse(pages: Sequence[SourcePage], subject: Subject | None = None) -> Outcome:
    """Read laboratory values, medicines, interactions and red flags; what matters most comes first."""
    who = subject or Subject()
    laboratory = [*coded_findings(pages, who), *laboratory_findings(without_coded(pages), who)]
    measured = [span for finding in laboratory for span in finding.spans]
    coded = [span_of(page, one.start, one.end) for page in pages for one in page.coded]
    taken, unknown = mentions(pages, [*measured, *coded])
    found = [
        *laboratory,
        *medicine_findings(taken, unknown),
        *interaction_findings(taken),
        *red_flag_findings(pages, laboratory),
    ]
    found.sort(key=lambda finding: (_ORDER.index(finding.kind), -finding.severity.rank))
    return Outcome(
        findings=with_doubts(found, pages),
        abstained="" if found else _reason(pages),
        knowledge_release=knowledge.release(),
    )


def _reason(pages: Sequence[SourcePage]) -> str:
    if sum(len(page.text.strip()) for page in pages) < _ENOUGH_CHARACTERS:
        return "insufficient_data"
    sure = [page.confidence for page in pages if page.confidence is not None]
    if sure and sum(sure) / len(sure) < LOW_QUALITY:
        return "low_quality_input"
    return "out_of_scope"
