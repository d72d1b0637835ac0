"""Pages for tests: text as the reader gives it."""

from __future__ import annotations

from uuid import UUID, uuid4

from analysis.domain.findings import Finding
from analysis.domain.scope import Said, Scope, ScopedText
from analysis.domain.spans import SourcePage, verifies

LAB = """Northfield Clinical Laboratory
Laboratory report
Patient: Maria Keller
Date of birth: 1961-04-17 Sex: F
Hematology
Test  Result  Unit  Reference  Flag
Hemoglobin  9.1  g/dL  12.0 - 16.0  L
Platelets  188  10^9/L  150 - 400
INR  3.8  2.0 - 3.0  H
Chemistry
eGFR  29  mL/min/1.73m2  > 60  L
Potassium  6.4  mmol/L  3.5 - 5.1  H
CRP  12.5  mg/L  < 5.0  H
Comment: Potassium 6.4 mmol/L was phoned to the ward at 08:40."""
LETTER = """Admitted with fatigue and black stools for ten days.
Gastroscopy showed a gastric ulcer without active bleeding."""
MEDICATION = """Medication at discharge
Warfarin 5 mg once daily
Amiodarone 200 mg once daily
Simvastatin 40 mg at night
Ibuprofen 400 mg three times daily
Metformin 1000 mg twice daily
Lisinopril 20 mg once daily
Allergies
Penicillin (rash)"""


def pages(*texts: str, document_id: UUID | None = None, confidence: float | None = None) -> list[SourcePage]:
    """Pages 1… of one document."""
    document = document_id or uuid4()
    return [SourcePage(document, number, text, confidence) for number, text in enumerate(texts, 1)]


def assert_sourced(findings: list[Finding] | tuple[Finding, ...], sources: list[SourcePage]) -> None:
    """Every span of every finding quotes what stands at its place."""
    assert all(verifies(span, sources) for finding in findings for span in finding.spans)


def scope_of(text: str, start: int, end: int) -> Scope:
    """How the symptom or problem at this place is meant."""
    return ScopedText(text).scope(start, end)


def medicine_scope(text: str, start: int, end: int) -> Scope:
    """How the medicine at this place is meant."""
    return ScopedText(text).scope(start, end, Said.MEDICINE)
