"""The page for the patient: the opinion in plain words, and how hard it is to read."""

from __future__ import annotations

from reportlab.platypus import Flowable

from cases.adapters.report import coverage_words as coverage
from cases.adapters.report import typography as type_
from cases.adapters.report import words as wording
from cases.adapters.report.blocks import Blocks
from cases.domain.report.readability import FORMULA, FORMULA_SOURCE
from cases.domain.report.signed_report import SignedReport


def plain_language(report: SignedReport, blocks: Blocks) -> list[Flowable]:
    """The page for the patient, with how hard it is to read."""
    level = wording.reading_level(report)
    measured = report.plain_language.reading_grade is not None
    cited = f"{level} Measure: {FORMULA}; {FORMULA_SOURCE}." if measured else level
    return [
        blocks.heading("In plain words"),
        *blocks.text(report.plain_language.text, type_.PLAIN),
        *blocks.text(coverage.for_patient(report), type_.PLAIN),
        *blocks.text(cited, type_.NOTE),
    ]
