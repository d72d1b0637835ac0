"""A laboratory report and a discharge letter as PDF files with a text layer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from tests.tooling.facts import CHEMISTRY, HAEMATOLOGY, MARIA, MEDICINES, Document, Known, LabFact, Person

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
LEFT, TOP = 56.0, 785.0
COLUMNS = (LEFT, 220.0, 300.0, 400.0, 500.0)
LABORATORY = "Northfield Clinical Laboratory"
HOSPITAL = "St. Brigid General Hospital"

COURSE = (
    "Admitted with fatigue and black stools for ten days.",
    "Known atrial fibrillation, type 2 diabetes mellitus and chronic kidney disease.",
    "Gastroscopy showed a gastric ulcer without active bleeding.",
    "Two units of red cells were given. Hemoglobin rose to 9.1 g/dL.",
    "Blood pressure 104/62 mmHg, heart rate 96 per minute at discharge.",
)
DIAGNOSES = ("Gastric ulcer with iron deficiency anemia", "Atrial fibrillation", "Chronic kidney disease stage 4")
ALLERGIES = ("Penicillin (rash)",)


def _canvas(buffer: io.BytesIO, title: str) -> Canvas:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)
    canvas.setTitle(title)
    return canvas


def _person_lines(person: Person, written_on: date) -> tuple[str, ...]:
    return (
        f"Patient: {person.full_name}",
        f"Date of birth: {person.date_of_birth.isoformat()}    Sex: {person.sex}",
        f"Record number: {person.record_number}",
        f"Date: {written_on.isoformat()}",
    )


def _lines(canvas: Canvas, y: float, lines: Sequence[str], *, size: float = 10.5, bold: bool = False) -> float:
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    for line in lines:
        canvas.drawString(LEFT, y, line)
        y -= size * 1.55
    return y


def _table(canvas: Canvas, y: float, heading: str, rows: Sequence[LabFact]) -> float:
    y = _lines(canvas, y - 8, [heading], size=12, bold=True)
    canvas.setFont("Helvetica-Bold", 10)
    for x, label in zip(COLUMNS, ("Test", "Result", "Unit", "Reference", "Flag"), strict=True):
        canvas.drawString(x, y, label)
    canvas.line(LEFT, y - 4, PAGE_WIDTH - LEFT, y - 4)
    y -= 18
    canvas.setFont("Helvetica", 10.5)
    for row in rows:
        for x, cell in zip(COLUMNS, (row.name, row.value, row.unit, row.range_text, row.flag), strict=True):
            canvas.drawString(x, y, cell)
        y -= 17
    return y


def lab_report(person: Person = MARIA, *, written_on: date = date(2026, 9, 14)) -> Document:
    """One page: sixteen results in two tables, eleven outside their range."""
    buffer = io.BytesIO()
    canvas = _canvas(buffer, "Laboratory report")
    y = _lines(canvas, TOP, [LABORATORY], size=16, bold=True)
    y = _lines(canvas, y, ["Laboratory report"], size=13, bold=True)
    y = _lines(canvas, y - 4, _person_lines(person, written_on))
    y = _table(canvas, y, "Hematology", HAEMATOLOGY)
    y = _table(canvas, y, "Chemistry", CHEMISTRY)
    comment = "Comment: Potassium 6.4 mmol/L was phoned to the ward at 08:40."
    _lines(canvas, y - 8, [comment])
    canvas.showPage()
    canvas.save()
    known = Known(
        name="lab-report.pdf",
        media_type="application/pdf",
        person=person,
        written_on=written_on,
        facility=LABORATORY,
        laboratory=HAEMATOLOGY + CHEMISTRY,
        phrases=("Laboratory report", comment),
    )
    return Document(content=buffer.getvalue(), known=known)


def discharge_letter(person: Person = MARIA, *, written_on: date = date(2026, 9, 16)) -> Document:
    """Two pages: course and diagnoses, then medicines (with interactions among them) and allergies."""
    buffer = io.BytesIO()
    canvas = _canvas(buffer, "Discharge letter")
    y = _lines(canvas, TOP, [HOSPITAL], size=16, bold=True)
    y = _lines(canvas, y, ["Discharge letter"], size=13, bold=True)
    y = _lines(canvas, y - 4, _person_lines(person, written_on))
    y = _lines(canvas, y - 10, ["Diagnoses"], size=12, bold=True)
    y = _lines(canvas, y, [f"{n}. {text}" for n, text in enumerate(DIAGNOSES, start=1)])
    y = _lines(canvas, y - 10, ["Course"], size=12, bold=True)
    _lines(canvas, y, COURSE)
    canvas.showPage()
    y = _lines(canvas, TOP, ["Medication at discharge"], size=12, bold=True)
    y = _lines(canvas, y, [medicine.line for medicine in MEDICINES])
    y = _lines(canvas, y - 10, ["Allergies"], size=12, bold=True)
    _lines(canvas, y, ALLERGIES)
    canvas.showPage()
    canvas.save()
    known = Known(
        name="discharge-letter.pdf",
        media_type="application/pdf",
        person=person,
        written_on=written_on,
        facility=HOSPITAL,
        pages=2,
        medicines=MEDICINES,
        phrases=COURSE + DIAGNOSES + ALLERGIES,
    )
    return Document(content=buffer.getvalue(), known=known)


def many_pages(count: int, person: Person = MARIA) -> Document:
    """`count` pages of dense running text, for measuring and for limits."""
    buffer = io.BytesIO()
    canvas = _canvas(buffer, "Record")
    for number in range(1, count + 1):
        y = _lines(canvas, TOP, [f"Page {number} of {count}", *_person_lines(person, date(2026, 9, 1))])
        for block in range(6):
            y = _lines(canvas, y, [f"{block + 1}.{n} {text}" for n, text in enumerate(COURSE)])
        canvas.showPage()
    canvas.save()
    known = Known(
        name="record.pdf",
        media_type="application/pdf",
        person=person,
        written_on=date(2026, 9, 1),
        facility=HOSPITAL,
        pages=count,
    )
    return Document(content=buffer.getvalue(), known=known)
