"""Laboratory sheets that were reported from the field: each value as its reader would take it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from analysis.domain.findings import Finding, Kind
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.spans import SourcePage
from analysis.domain.subject import Subject

FILES = Path(__file__).with_name("files")
WOMAN = Subject(sex="female", age_years=65)
#: By file: (name's beginning, number, LOINC, flag, critical) of every result, in order.
SHEETS = {
    "lab_04_previous_with_units": [("Potassium", "6.8", "2823-3", "H", "H")],
    "lab_05_two_sex_ranges": [
        ("Hemoglobin", "12.6", "718-7", "N", ""),
        ("Hematocrit", "38", "4544-3", "N", ""),
        ("Ferritin", "28", "2276-4", "N", ""),
    ],
    "lab_06_other_specimens": [
        ("Sodium in urine", "20", "2955-3", "", ""),
        ("Potassium in urine", "45", "2828-2", "N", ""),
        ("Creatinine in urine", "110", "2161-8", "N", ""),
        ("Glucose in urine", "1000", "2350-7", "", ""),
        ("Glucose in cerebrospinal fluid", "42", "2342-4", "N", ""),
        ("Fluid glucose", "30", "", "", ""),
    ],
    "lab_09_differential_percent": [
        ("White blood cells", "6.4", "6690-2", "N", ""),
        ("Neutrophils/100", "62", "770-8", "N", ""),
        ("Lymphocytes/100", "28", "736-9", "N", ""),
    ],
    "lab_10_bounds_and_words": [
        ("Troponin T <0,01", "0.01", "6598-7", "N", ""),
        ("Ferritin >1000", "1000", "2276-4", "H", ""),
        ("C-reactive protein <0,6", "0.6", "1988-5", "", ""),
        ("Thyrotropin see note", "", "3016-3", "", ""),
        ("Potassium neg", "", "2823-3", "", ""),
        ("Sodium", "128", "2951-2", "L", ""),
    ],
    "lab_14_dates_before_value": [
        ("International", "2.4", "6301-6", "H", ""),
        ("International", "2.2", "6301-6", "H", ""),
        ("International", "2.1", "6301-6", "H", ""),
    ],
    "lab_16_space_thousands": [
        ("Platelets", "12000", "777-3", "L", "L"),
        ("Platelets", "12500", "777-3", "L", "L"),
        ("White blood cells", "850", "6690-2", "L", "L"),
    ],
    "lab_17_haemolysed": [("Potassium", "6.4", "2823-3", "", "")],
    "lab_18_urine_albumin": [
        ("Albumin", "300", "", "H", ""),
        ("Protein in 24 h urine", "1200", "2889-4", "H", ""),
        ("Prothrombin activity", "35", "5894-1", "L", ""),
    ],
    "lab_19_spanish": [
        ("Potassium", "6.8", "2823-3", "H", "H"),
        ("Sodium", "118", "2951-2", "L", "L"),
        ("Hemoglobin", "6.1", "718-7", "L", "L"),
        ("Platelets", "12000", "777-3", "L", "L"),
        ("Creatinine", "9.1", "2160-0", "H", "H"),
    ],
    "lab_20_french": [
        ("Potassium", "6.8", "2823-3", "H", "H"),
        ("Hemoglobin", "6.1", "718-7", "L", "L"),
        ("Platelets", "12", "777-3", "L", "L"),
        ("Creatinine", "802", "2160-0", "H", "H"),
    ],
    "lab_21_range_signs": [
        ("Potassium", "4.0", "2823-3", "N", ""),
        ("Sodium", "139", "2951-2", "N", ""),
        ("Chloride", "101", "2075-0", "N", ""),
        ("Magnesium", "2.0", "19123-9", "N", ""),
        ("Calcium", "9.1", "17861-6", "N", ""),
    ],
    "lab_22_current_previous_portal": [
        ("White blood cells", "0.9", "6690-2", "L", "L"),
        ("Platelets", "12", "777-3", "L", "L"),
        ("Hemoglobin", "6.1", "718-7", "L", "L"),
        ("Potassium", "6.9", "2823-3", "H", "H"),
    ],
}


def text_of(path: Path) -> str:
    """What stands on a page, one line of it a line."""
    import pypdfium2

    return "\n".join(
        "\n".join(page.get_textpage().get_text_range().splitlines()) for page in pypdfium2.PdfDocument(path)
    )


def read(text: str, subject: Subject = WOMAN) -> list[Finding]:
    found = laboratory_findings([SourcePage(uuid4(), 1, text)], subject)
    return [finding for finding in found if finding.kind is Kind.LABORATORY]


@pytest.mark.parametrize("name", SHEETS)
def test_a_reported_sheet_is_read_as_its_reader_reads_it(name: str) -> None:
    found = read(text_of(FILES / f"{name}.pdf"))
    got = [(one.data["number"], one.data["loinc"], one.data["flag"], one.data["critical"]) for one in found]
    assert got == [(number, loinc, flag, critical) for _, number, loinc, flag, critical in SHEETS[name]]
    assert all(one.title.startswith(title) for one, (title, *_) in zip(found, SHEETS[name], strict=True))


def test_earlier_values_are_history_with_their_days() -> None:
    (one,) = read("Test  Result 20.11.2026  05.11.2026  Unit  Reference\nPotassium  6.9  4.2  mmol/L  3.5-5.1")
    assert (one.data["number"], one.data["date"]) == ("6.9", "2026-11-20")
    assert one.data["history"] == [{"value": "4.2", "number": "4.2", "date": "2026-11-05"}]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Potassium 4.2 mmol/L on 05/11, 6.9 mmol/L on 20/11.", "6.9"),
        ("His creatinine went 3.4 -> 2.4 mg/dL.", "2.4"),
        ("Leukozyten 7.500 /µl 4.000-10.000", "7500"),
        ("Potassium (mmol/L) 6.9 3.5-5.1", "6.9"),
    ],
)
def test_the_newest_value_and_the_mark_of_thousands(text: str, number: str) -> None:
    assert [one.data["number"] for one in read(text)] == [number]


def test_two_values_that_nothing_tells_apart_are_a_doubt_and_never_critical() -> None:
    (one,) = read("Potassium 6.9 mmol/L 4.2 mmol/L 3.5-5.1")
    assert one.data["doubt"]
    assert one.data["critical"] == ""


def test_a_row_that_was_not_understood_is_said_with_its_place() -> None:
    text = "Test  Result  Unit  Reference\n4.2  ?? mmol/L  1 - 3  Xyz abc\nPotassium  4.0  mmol/L  3.5-5.1"
    found = laboratory_findings([SourcePage(uuid4(), 1, text)], WOMAN)
    assert [one.kind for one in found].count(Kind.LABORATORY) == 1


def test_every_loinc_of_the_catalogue_has_its_check_digit() -> None:
    from analysis.domain.laboratory.catalogue import analytes

    codes = [analyte.loinc for analyte in analytes() if analyte.loinc]
    assert len(set(codes)) == len(codes) >= 160
    for code in codes:
        digits, check = code.split("-")
        total = sum(
            sum(divmod(int(digit) * (2 if index % 2 == 0 else 1), 10)) for index, digit in enumerate(reversed(digits))
        )
        assert (10 - total % 10) % 10 == int(check), code
