"""Sheets of kinds that the reader's rules were not written for: a critical value is right, or it is not there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from reportlab.pdfgen.canvas import Canvas

from analysis.domain.findings import Finding, Kind
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.spans import Cell, SourcePage
from analysis.domain.subject import Subject
from cases.adapters.reading.pdf.page_text import text_of
from cases.adapters.reading.pdf.pages import open_pdf

WOMAN = Subject(sex="female", age_years=65)
Rows = Sequence[Sequence[tuple[float, str]]]


def table(xs: Sequence[float], *rows: str) -> list[list[tuple[float, str]]]:
    """Rows of cells between ``|`` at their places; an empty cell prints nothing."""
    return [[(x, cell.strip()) for x, cell in zip(xs, row.split("|"), strict=True) if cell.strip()] for row in rows]


PORTAL = table(
    (40, 150, 290, 420, 480),
    "Test | Current Result & Flag | Previous Result & Date | Units | Reference",
    "Sodium | 138 | 118 on 05/11/2026 | mmol/L | 136 - 145",
    "Potassium | 4.1 | 6.9 H 05/11/2026 | mmol/L | 3.5 - 5.1",
    "Hemoglobin | 6.1 L | 12.9 05/11/2026 | g/dL | 12.0 - 16.0",
    "Platelets | | 12 L 05/11/2026 | 10^9/L | 150 - 400",
    "Creatinine | Pending | 9.2 H 05/11/2026 | mg/dL | 0.5 - 1.1",
)
PREVIOUS_FIRST = table(
    (40, 150, 240, 330, 420),
    "Analysis | Before | Now | Unit | Normal",
    "Potassium | 6.9 | 4.1 | mmol/L | 3.5 - 5.1",
    "Sodium | 118 | 139 | mmol/L | 136 - 145",
    "Platelets | 11 | 250 | G/L | 150 - 400",
    "Glucose | 31 | 98 | mg/dL | 70 - 100",
)
JUDGED = table(
    (40, 160, 230, 300, 380, 450),
    "Test | Low | Normal | High | Range | Units",
    "SODIUM | 117 | | | 136-145 | mmol/L",
    "POTASSIUM | | 4.2 | | 3.5-5.1 | mmol/L",
    "GLUCOSE | | | 612 | 70-99 | mg/dL",
    "PLATELETS | | 240 | | 150-400 | x10E3/uL",
    "CALCIUM | | | 14.2 | 8.6-10.3 | mg/dL",
)
RANGE_FIRST = table(
    (40, 170, 260, 330),
    "Analyt | Referenz | Wert | Einheit",
    "S-Kalium | 3,5 - 5,1 | 4,2 | mmol/l",
    "U-Kalium | 20 - 80 | 92 | mmol/l",
    "U-Natrium | 40 - 220 | 22 | mmol/l",
    "P-Glucose | 70 - 100 | 38 | mg/dl",
    "U-Glucose | < 15 | 620 | mg/dl",
    "U-Kreatinin | 20 - 320 | 11,4 | mg/dl",
    "B-Hämoglobin | 12,0 - 16,0 | 13,1 | g/dl",
)
RANGE_FIRST_BARE = table(
    (40, 170, 260, 330),
    "S-Potassium | 3.5 5.1 | 4.2 | mmol/L",
    "U-Potassium | 20 80 | 92 | mmol/L",
    "S-Sodium | 136 145 | 139 | mmol/L",
    "P-Glucose | 70 100 | 93 | mg/dL",
    "B-Platelets | 150 400 | 233 | 10^9/L",
)
TWO_TESTS = table(
    (40, 110, 150, 200, 300, 380, 420, 470),
    "Sodium | 138 | mmol/L | 136 [--o---] 145 | Urea | 161 | mg/dL | 17 [-----o] 43",
    "Potassium | 4.0 | mmol/L | 3.5 [--o---] 5.1 | Glucose | 95 | mg/dL | 70 [---o--] 100",
    "Calcium | 9.2 | mg/dL | 8.6 [--o---] 10.3 | Platelets | 18 | 10^9/L | 150 [o-----] 400",
    "Magnesium | | mg/dL | 1.6 [------] 2.6 | INR | 1.1 | | 0.9 [--o---] 1.2",
)
CARDS = [
    *table(
        (40, 220, 400),
        "Potassium | Sodium | Hemoglobin",
        "4.1 mmol/L | 139 mmol/L | 6.2 g/dL",
        "Range 3.5 - 5.1 | Range 136 - 145 | Range 12 - 16",
        "20/11/2026 | 20/11/2026 | 20/11/2026",
    ),
    *table(
        (40, 220, 400),
        "Platelets | Creatinine | Calcium",
        "12 10^9/L | 0.9 mg/dL | 9.4 mg/dL",
        "Range 150 - 400 | Range 0.5 - 1.1 | Range 8.6 - 10.3",
        "Last: 240 | Last: 9.8 | Last: 14.1",
    ),
]
VALUES_ABOVE = table(
    (40, 160, 280, 400),
    "6.9 | 118 | 13.2 | 240",
    "Potassium | Sodium | Hemoglobin | Platelets",
    "3.5 - 5.1 mmol/L | 136 - 145 mmol/L | 12 - 16 g/dL | 150 - 400 10^9/L",
    "4.4 | 139 | 6.0 | 14",
    "Potassium | Sodium | Hemoglobin | Platelets",
)
LEGEND = table(
    (40, 180, 300),
    "Units: electrolytes in mmol/L, platelets in 10^9/L, glucose and creatinine in mg/dL | |",
    "Test | Result | Normal",
    "Potassium | 4.1 | 3.5 - 5.1",
    "Glucose | 5.2 | 3.9 - 5.6",
    "Calcium | 2.3 | 2.1 - 2.6",
    "Hemoglobin | 131 | 120 - 160",
    "Creatinine | 88 | 45 - 90",
)
IDS = table(
    (40, 130, 260, 340, 420),
    "Sample no. | Test | Result | Units | Interval",
    "6 | Potassium 2026-11-20 | 4.4 | mmol/L | 3.5 - 5.1",
    "118 | Sodium 07:30 | 140 | mmol/L | 136 - 145",
    "12 | Platelets | 233 | 10^9/L | 150 - 400",
    "13 | INR 20.11. | 1.1 | | 0.9 - 1.2",
    "14 | Glucose (3) | 96 | mg/dL | 70 - 100",
)
THOUSANDS = table(
    (40, 180, 260, 360),
    "Test | Result | Unit | Reference",
    "Platelets | 233 | /uL | 150 - 400",
    "WBC | 7.2 | /uL | 4.0 - 11.0",
    "Creatinine | 88 | mg/dL | 45 - 90",
    "Hemoglobin | 131 | g/dL | 120 - 160",
    "Potassium | 41 | mmol/L | 3.5 - 5.1",
    "Calcium | 2.3 | mg/dL | 2.1 - 2.6",
)
FLAGGED = table(
    (40, 180, 260, 330, 400),
    "Test | Result | Unit | Flag | Reference",
    "Potassium | 6.9 | mmol/L | L | 3.5 - 5.1",
    "Sodium | 118 | mmol/L | H | 136 - 145",
    "Glucose | 30 | mg/dL | N | 70 - 100",
    "Creatinine | 1.9 | mg/dL | H | 0.5 - 1.1",
)
URINE = table(
    (40, 180, 260, 330),
    "Test | Result | Unit | Reference",
    "Potassium | 4.2 | mmol/L | 3.5 - 5.1",
    "Spot urine chemistry | | |",
    "Sodium | 22 | mmol/L | 40 - 220",
    "Potassium | 92 | mmol/L | 20 - 80",
    "Glucose | 12 | mg/dL | 0 - 15",
    "pH | 8.2 | | 5.0 - 8.0",
    "Pleural effusion | | |",
    "Glucose | 31 | mg/dL | 60 - 100",
    "pH | 7.05 | | 7.60 - 7.70",
)
BASELINE = table(
    (40, 150, 230, 310, 380),
    "Test | Baseline | Result | Unit | Reference",
    "Potassium | 6.9 | 4.1 | mmol/L | 3.5 - 5.1",
    "Sodium | 118 | | mmol/L | 136 - 145",
    "Platelets | 240 | 12 | 10^9/L | 150 - 400",
)
DAYS = table(
    (40, 150, 230, 310, 380),
    "Test | 05/11/2026 | 06/10/2026 | Unit | Reference",
    "Potassium | 4.1 | 6.9 | mmol/L | 3.5 - 5.1",
    "Sodium | 118 | 139 | mmol/L | 136 - 145",
)
BOUNDS = table(
    (40, 150, 230, 310, 380),
    "Test | Result | Low | High | Unit",
    "Platelets | | 20 | 400 | 10^9/L",
    "INR | | | 6 | ",
    "Potassium | pending | 2.5 | 6.5 | mmol/L",
    "Hemoglobin | 6.0 | 12 | 16 | g/dL",
)
UNMARKED = table(
    (40, 180, 260, 330, 400),
    "Test | Result | Flag | Unit | Reference",
    "Chloride | 110 | H | mmol/L | 98 - 107",
    "Albumin | 3.1 | L | g/dL | 3.5 - 5.2",
    "Urea | 60 | H | mg/dL | 17 - 43",
    "Potassium | 6.9 | | mmol/L | 3.5 - 5.1",
)
HAEMOLYSED = table(
    (40, 180, 260, 340),
    "Prueba | Resultado | Unidad | Referencia",
    "Potasio | 6,9 | mmol/L | 3,5 - 5,1",
    "Muestra hemolizada: valor no valorable, se recomienda repetir. | | |",
    "Sodio | 140 | mmol/L | 135 - 145",
)
BESIDE = table(
    (40, 100, 160, 230, 330, 380, 440, 500),
    "K | 3.5 - 5.1 | 6.9 | mmol/l | PCT | < 0.50 | 0.30 | ng/ml",
    "Specimen haemolysed, not valid, please repeat | | | | CRP | < 5.0 | 2.0 | mg/l",
    "Na | 135 - 145 | 141 | mmol/l | Urea | 17 - 43 | 31 | mg/dl",
)
DATED_SPECIMEN = table(
    (40, 180, 260, 340),
    "Test | Units | Result | Reference Range",
    "Ascitic fluid Collected 05/16/2022 07:49 | | |",
    "Glucose | mg/dL | 31 | no reference limits",
    "WBC | /uL | 115 | no reference limits",
    "pH | | 7.12 | no reference limits",
    "General Chemistry [Serum] Collected 05/18/2022 00:49 | | |",
    "Potassium | mmol/L | 6.9 | 3.5 - 5.1",
)
#: What is critical on each sheet: (LOINC, number). Each of them may be missing; no other may be there.
SHEETS: dict[str, tuple[Rows, set[tuple[str, str]]]] = {
    "portal": (PORTAL, {("718-7", "6.1")}),
    "previous first": (PREVIOUS_FIRST, set()),
    "column of its judgement": (JUDGED, {("2951-2", "117"), ("2345-7", "612"), ("17861-6", "14.2")}),
    "range first": (RANGE_FIRST, {("2345-7", "38")}),
    "range first, no dash": (RANGE_FIRST_BARE, set()),
    "two tests, range bars": (TWO_TESTS, {("777-3", "18")}),
    "cards": (CARDS, {("718-7", "6.2"), ("777-3", "12")}),
    "values above names": (VALUES_ABOVE, {("2823-3", "6.9"), ("2951-2", "118"), ("718-7", "6.0"), ("777-3", "14")}),
    "legend of units": (LEGEND, set()),
    "ids and days": (IDS, set()),
    "unit of another size": (THOUSANDS, set()),
    "flag and range disagree": (FLAGGED, set()),
    "other specimens": (URINE, set()),
    "earlier values under an unknown word": (BASELINE, {("777-3", "12")}),
    "days that can be read in two ways": (DAYS, set()),
    "no result, bounds in columns": (BOUNDS, {("718-7", "6.0")}),
    "all marked but one": (UNMARKED, set()),
    "haemolysed, said in a sentence": (HAEMOLYSED, set()),
    "haemolysed, said beside another table": (BESIDE, set()),
    "another fluid, its day in the heading": (DATED_SPECIMEN, {("2823-3", "6.9")}),
}


def drawn(path: Path, rows: Rows) -> SourcePage:
    """The page as the product reads it."""
    canvas = Canvas(str(path))
    canvas.setFont("Helvetica", 9)
    for number, row in enumerate(rows):
        for x, text in row:
            canvas.drawString(x, 780 - 16 * number, text)
    canvas.save()
    page = text_of(open_pdf(path)[0], 1, most=20_000, layered=False).page
    cells = tuple(Cell(cell.start, cell.end, cell.x0, cell.x1) for line in page.lines for cell in line.cells)
    return SourcePage(uuid4(), 1, page.text, cells=cells)


def read(page: SourcePage) -> list[Finding]:
    return [one for one in laboratory_findings([page], WOMAN) if one.kind is Kind.LABORATORY]


@pytest.mark.parametrize("placed", [True, False], ids=["places", "text alone"])
@pytest.mark.parametrize("name", SHEETS)
def test_a_critical_value_of_an_unseen_sheet_is_right_or_not_there(name: str, placed: bool, tmp_path: Path) -> None:
    rows, true = SHEETS[name]
    page = drawn(tmp_path / "sheet.pdf", rows)
    if not placed:
        page = SourcePage(page.document_id, 1, page.text)
    found = read(page)
    wrong = [
        (one.title, one.detail)
        for one in found
        if one.data["critical"] and (one.data["loinc"], one.data["number"]) not in true
    ]
    assert wrong == []
