"""The order of the report's pages."""

from __future__ import annotations

from reportlab.platypus import Flowable, PageBreak

from cases.adapters.report import sections_evidence as evidence
from cases.adapters.report import sections_opinion as opinion
from cases.adapters.report import typography as type_
from cases.adapters.report.blocks import Blocks
from cases.domain.report import SignedReport

_SECTIONS = (
    opinion.title,
    opinion.overview,
    opinion.answers,
    opinion.agreement,
    opinion.plan,
    opinion.warnings_and_tests,
    evidence.background,
    evidence.laboratory,
    evidence.documents,
    evidence.ai_use,
    evidence.limits,
    evidence.signature,
)


def story_of(report: SignedReport, *, width: float) -> list[Flowable]:
    """All flowables of the report for lines of `width` points, the plain-language page last, by itself."""
    blocks = Blocks(width=width)
    story = [flowable for section in _SECTIONS for flowable in section(report, blocks)]
    story += [PageBreak(), *opinion.plain_language(report, blocks)]
    if blocks.printer.gaps:
        story += blocks.text(
            f"{blocks.printer.gaps} characters of this report are not in the fonts of this PDF. "
            "Each place is marked with square brackets; the electronic (FHIR) file holds the complete text.",
            type_.NOTE,
        )
    return story
