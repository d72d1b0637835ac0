"""The order of the report's pages."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Paragraph

from cases.adapters.report import sections_checks as checking
from cases.adapters.report import sections_evidence as evidence
from cases.adapters.report import sections_opinion as opinion
from cases.adapters.report import typography as type_
from cases.adapters.report.blocks import Blocks
from cases.adapters.report.sections_plain_words import plain_language
from cases.domain.report.signed_report import SignedReport

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


# What must fit below a heading before the page ends: two lines. Keeping whole blocks together would leave half
# pages empty when an answer is long.
_ROOM = 14 * mm
_MAX_ROOM = 90 * mm
_HEADS = frozenset({type_.HEADING.name, type_.SUBHEADING.name, type_.QUESTION.name})


def story_of(report: SignedReport, *, width: float, proof: str = "", draft: bool = False) -> list[Flowable]:
    """All flowables of the report for lines of `width` points, the plain-language page last, by itself."""
    blocks = Blocks(width=width, draft=draft)
    story = [flowable for section in _SECTIONS for flowable in section(report, blocks)]
    story += checking.how_to_check(proof, blocks) if proof else []
    story += [PageBreak(), *plain_language(report, blocks)]
    if blocks.printer.gaps:
        story += blocks.text(
            f"{blocks.printer.gaps} characters of this report are not in the fonts of this PDF. "
            "Each place is marked with square brackets; the electronic (FHIR) file holds the complete text.",
            type_.NOTE,
        )
    return _with_room(story, width=width)


def _with_room(story: list[Flowable], *, width: float) -> list[Flowable]:
    spaced: list[Flowable] = []
    needed = 0.0
    for flowable in reversed(story):
        spaced.append(flowable)
        if isinstance(flowable, Paragraph) and flowable.style.name in _HEADS:
            needed += flowable.wrap(width, _MAX_ROOM)[1] + flowable.style.spaceBefore
            spaced.append(CondPageBreak(min(needed + _ROOM, _MAX_ROOM)))
        else:
            needed = 0.0
    return spaced[::-1]
