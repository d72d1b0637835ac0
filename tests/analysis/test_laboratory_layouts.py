"""Laboratory pages in shapes of their own: two tables beside one another, cards, values before names, days down."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from analysis.domain.findings import Finding, Kind
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.spans import Cell, SourcePage, verifies
from analysis.domain.subject import Subject

_WIDE = 0.0085
Lines = Sequence[Sequence[tuple[float, str]]]


def page_of(lines: Lines) -> SourcePage:
    """A page with each cell at its place across it."""
    text, cells = "", []
    for line in lines:
        text += "\n" if text else ""
        for index, (x, words) in enumerate(line):
            text += "  " if index else ""
            cells.append(Cell(len(text), len(text) + len(words), x, x + _WIDE * len(words)))
            text += words
    return SourcePage(UUID(int=1), 1, text, cells=tuple(cells))


def read(lines: Lines) -> list[Finding]:
    page = page_of(lines)
    found = laboratory_findings([page], Subject(sex="female", age_years=50))
    assert all(verifies(span, [page]) for finding in found for span in finding.spans)
    return found


def told(lines: Lines) -> list[tuple[str, ...]]:
    names = ("name", "value", "unit", "low", "high", "specimen")
    return [tuple(one.data[name] for name in names) for one in read(lines) if one.kind is Kind.LABORATORY]


SODIUM = ("Sodium", "132", "mmol/L", "135", "145", "blood")
POTASSIUM = ("Potassium", "4.1", "mmol/L", "3.5", "5.1", "blood")
CALCIUM = ("Calcium", "9.4", "mg/dL", "8.6", "10.3", "blood")
GLUCOSE = ("Glucose", "88", "mg/dL", "70", "99", "blood")

LAYOUTS: dict[str, Lines] = {
    "value, unit, name, range": [
        [(0.05, "132"), (0.15, "mmol/L"), (0.3, "Sodium"), (0.7, "135 - 145")],
        [(0.05, "4.1"), (0.15, "mmol/L"), (0.3, "Potassium"), (0.7, "3.5 - 5.1")],
        [(0.05, "9.4"), (0.15, "mg/dL"), (0.3, "Calcium"), (0.7, "8.6 - 10.3")],
        [(0.05, "88"), (0.15, "mg/dL"), (0.3, "Glucose"), (0.7, "70 - 99")],
    ],
    "cards": [
        [(0.04, "Sodium"), (0.36, "Potassium"), (0.68, "Calcium")],
        [(0.04, "132 mmol/L"), (0.25, "LOW"), (0.36, "4.1 mmol/L"), (0.68, "9.4 mg/dL")],
        [(0.04, "Normal range: 135 - 145"), (0.36, "Normal range: 3.5 - 5.1"), (0.68, "Normal range: 8.6 - 10.3")],
        [(0.04, "View trend"), (0.36, "View trend"), (0.68, "View trend")],
        [(0.04, "Glucose")],
        [(0.04, "88 mg/dL")],
        [(0.04, "Normal range: 70 - 99")],
    ],
    "value above its name": [
        line
        for value, name, limits in (
            ("132 mmol/L", "Sodium", "135 - 145"),
            ("4.1 mmol/L", "Potassium", "3.5 - 5.1"),
            ("9.4 mg/dL", "Calcium", "8.6 - 10.3"),
            ("88 mg/dL", "Glucose", "70 - 99"),
        )
        for line in ([(0.08, value)], [(0.08, name)], [(0.08, limits)])
    ],
    "labelled lines": [
        line
        for name, value, unit, limits in (
            ("Sodium", "132", "mmol/L", "135 - 145"),
            ("Potassium", "4.1", "mmol/L", "3.5 - 5.1"),
            ("Calcium", "9.4", "mg/dL", "8.6 - 10.3"),
            ("Glucose", "88", "mg/dL", "70 - 99"),
        )
        for line in (
            [(0.05, f"Test: {name}")],
            [(0.05, f"Result: {value}")],
            [(0.05, f"Units: {unit}")],
            [(0.05, f"Reference range: {limits}")],
        )
    ],
    "unit below the name": [
        line
        for name, value, unit, limits in (
            ("Sodium", "132", "mmol/L", "135 - 145"),
            ("Potassium", "4.1", "mmol/L", "3.5 - 5.1"),
            ("Calcium", "9.4", "mg/dL", "8.6 - 10.3"),
            ("Glucose", "88", "mg/dL", "70 - 99"),
        )
        for line in ([(0.05, name), (0.5, value), (0.7, limits)], [(0.05, unit)])
    ],
    "rules drawn as signs": [
        [(0.03, "+------------+------+--------+------------+")],
        [(0.03, "| Sodium     | 132  | mmol/L | 135 - 145  |")],
        [(0.03, "| Potassium  | 4.1  | mmol/L | 3.5 - 5.1  |")],
        [(0.03, "| Calcium    | 9.4  | mg/dL  | 8.6 - 10.3 |")],
        [(0.03, "| Glucose    | 88   | mg/dL  | 70 - 99    |")],
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_is_read_in_the_order_of_a_person(layout: str) -> None:
    assert sorted(told(LAYOUTS[layout])) == sorted([SODIUM, POTASSIUM, CALCIUM, GLUCOSE])


def test_blood_and_urine_beside_one_another_keep_their_specimens() -> None:
    found = told(
        [
            [(0.04, "BLOOD"), (0.52, "URINE")],
            [(0.04, "Sodium"), (0.24, "132"), (0.29, "mmol/L"), (0.52, "Sodium"), (0.72, "40"), (0.77, "mmol/L")],
            [(0.04, "Potassium"), (0.24, "4.1"), (0.29, "mmol/L"), (0.52, "Potassium"), (0.72, "35"), (0.77, "mmol/L")],
            [(0.04, "Creatinine"), (0.24, "0.9"), (0.29, "mg/dL"), (0.52, "Creatinine"), (0.72, "95"), (0.77, "mg/dL")],
        ]
    )
    assert [(name, value) for name, value, *_, specimen in found if specimen == "urine"] == [
        ("Sodium", "40"),
        ("Potassium", "35"),
        ("Creatinine", "95"),
    ]
    assert [value for _, value, *_, specimen in found if specimen == "blood"] == ["132", "4.1", "0.9"]


def test_a_table_with_its_days_down_gives_the_newest_value_and_the_others_as_earlier_ones() -> None:
    found = read(
        [
            [(0.03, "Date"), (0.2, "Sodium"), (0.4, "Potassium"), (0.6, "Calcium")],
            [(0.03, "Units"), (0.2, "mmol/L"), (0.4, "mmol/L"), (0.6, "mg/dL")],
            [(0.03, "2024-05-02"), (0.2, "139"), (0.4, "4.4"), (0.6, "9.0")],
            [(0.03, "2024-05-03"), (0.2, "132"), (0.4, "4.1"), (0.6, "9.4")],
        ]
    )
    assert [(one.data["name"], one.data["value"], one.data["date"]) for one in found] == [
        ("Sodium", "132", "2024-05-03"),
        ("Potassium", "4.1", "2024-05-03"),
        ("Calcium", "9.4", "2024-05-03"),
    ]
    assert [(one["value"], one["date"]) for one in found[1].data["history"]] == [("4.4", "2024-05-02")]


def test_a_share_and_a_count_of_the_same_cells_are_two_results_and_the_range_is_that_of_the_second() -> None:
    found = told([[(0.07, "Neutrophils ........ 58.6 %"), (0.46, "="), (0.54, "4.16 10^9/L"), (0.72, "1.80 - 7.70")]])
    assert [row[:5] for row in found] == [
        ("Neutrophils", "58.6", "%", "", ""),
        ("Neutrophils", "4.16", "10^9/L", "1.80", "7.70"),
    ]


def test_years_below_days_and_months_say_which_value_is_the_newest() -> None:
    found = read(
        [
            [(0.05, "Test"), (0.33, "Reference Range"), (0.5, "29.11."), (0.6, "09.06."), (0.7, "09.12.")],
            [(0.5, "2024"), (0.6, "2024"), (0.7, "2023")],
            [(0.06, "Fructosamine [µmol/L]"), (0.33, "205 - 285"), (0.5, "251"), (0.6, "238"), (0.7, "264")],
        ]
    )
    assert [(one.data["value"], one.data["date"]) for one in found] == [("251", "2024-11-29")]


@pytest.mark.parametrize(
    "limits",
    [
        "[135 ; 145]",
        "135 ÷ 145",
        "(N : 135 à 145)",
        "entre 135 y 145",
        "between 135 and 145",
        "135 < N < 145",
        "≥ 135 ≤ 145",
        "min. 135 max. 145",
        "135 / 145",
        "{135 - 145}",
        "von 135 bis 145",
    ],
)
def test_a_range_is_read_in_the_signs_of_any_sheet(limits: str) -> None:
    assert told([[(0.05, "Sodium"), (0.45, f"132 mmol/L {limits}")]]) == [SODIUM]


def test_a_range_without_one_of_its_bounds_holds_the_other() -> None:
    assert told([[(0.05, "COHb"), (0.43, "0.7 %"), (0.79, "[ - 1.5]")]])[0][3:5] == ("", "1.5")


def test_a_limit_of_arterial_blood_alarms_nobody_on_a_sheet_of_venous_blood() -> None:
    lines = [[(0.05, "Sample type: Venous blood")], [(0.05, "pO2"), (0.45, "37 mmHg")]]
    assert [bool(one.data["critical"]) for one in read(lines)] == [False]
    lines[0] = [(0.05, "Sample type: Arterial blood")]
    assert [bool(one.data["critical"]) for one in read(lines)] == [True]


def test_values_stand_with_the_names_whose_units_they_have_whatever_line_comes_first() -> None:
    lines = [
        [(0.08, "6.2 U/mL")],
        [(0.08, "Red Blood Cells")],
        [(0.08, "4.84 10^6/uL")],
        [(0.08, "Hematocrit")],
        [(0.08, "41.5 %")],
        [(0.08, "MCV")],
        [(0.08, "90 fL")],
    ]
    assert [row[:3] for row in told(lines)] == [
        ("Red Blood Cells", "4.84", "10^6/uL"),
        ("Hematocrit", "41.5", "%"),
        ("MCV", "90", "fL"),
    ]


def test_lines_that_may_belong_to_the_name_above_or_below_are_not_read_and_say_so() -> None:
    lines = [
        [(0.08, "132 mmol/L")],
        [(0.08, "Sodium")],
        [(0.08, "4.1 mmol/L")],
        [(0.08, "Potassium")],
        [(0.08, "101 mmol/L")],
    ]
    assert not told(lines)
    assert [one.data["printed"].split("\n")[-1] for one in read(lines) if one.kind is Kind.NOT_READ] == [
        "132 mmol/L",
        "4.1 mmol/L",
        "101 mmol/L",
    ]


def test_two_paragraphs_of_a_letter_give_each_result_the_day_of_its_own() -> None:
    admission = "Labs on admission (25/03/2023): Na 132 mmol/L; K 4.1 mmol/L; Cl 101 mmol/L; Ca 9.4 mg/dL."
    discharge = "Labs at discharge (30/03/2023): Na 139 mmol/L; K 4.4 mmol/L; Cl 103 mmol/L; Ca 9.6 mg/dL."
    found = read([[(0.1, admission)], [(0.1, discharge)]])
    assert {(one.data["value"], one.data["date"]) for one in found if one.data["name"] == "Na"} == {
        ("132", "2023-03-25"),
        ("139", "2023-03-30"),
    }


def test_a_number_that_runs_into_the_power_of_its_unit_is_no_value() -> None:
    assert not told([[(0.05, "Platelets"), (0.45, "34910³/µL"), (0.7, "150 - 400")]])


def _three_tables() -> list[list[tuple[float, str]]]:
    """Three tables beside one another, each row a value with its unit, the name and the range."""
    return [
        [
            (0.05, "132 mmol/L"),
            (0.15, "Sodium"),
            (0.27, "135 - 145"),
            (0.38, "20 U/L"),
            (0.47, "AST"),
            (0.6, "10 - 40"),
            (0.7, "12.7 s"),
            (0.78, "PT"),
            (0.9, "10.0 - 13.5"),
        ],
        [
            (0.05, "4.1 mmol/L"),
            (0.15, "Potassium"),
            (0.27, "3.5 - 5.1"),
            (0.38, "100 U/L"),
            (0.47, "Lipase"),
            (0.6, "13 - 60"),
            (0.71, "87 %"),
            (0.78, "PT %"),
            (0.9, "70 - 120"),
        ],
        [
            (0.05, "9.4 mg/dL"),
            (0.15, "Calcium"),
            (0.27, "8.6 - 10.3"),
            (0.38, "44 U/L"),
            (0.47, "Amylase"),
            (0.6, "28 - 100"),
            (0.71, "1.10"),
            (0.78, "INR"),
            (0.9, "0.85 - 1.20"),
        ],
        [
            (0.05, "88 mg/dL"),
            (0.15, "Glucose"),
            (0.27, "70 - 99"),
            (0.38, "162 U/L"),
            (0.47, "LD"),
            (0.6, "135 - 225"),
            (0.71, "32 s"),
            (0.78, "aPTT"),
            (0.9, "25 - 37"),
        ],
    ]


def test_in_tables_beside_one_another_with_values_first_no_value_goes_to_the_name_on_its_left() -> None:
    found = {(name, value, low, high) for name, value, _, low, high, _ in told(_three_tables())}
    assert found == {
        ("Sodium", "132", "135", "145"),
        ("AST", "20", "10", "40"),
        ("PT", "12.7", "10.0", "13.5"),
        ("Potassium", "4.1", "3.5", "5.1"),
        ("Lipase", "100", "13", "60"),
        ("PT %", "87", "70", "120"),
        ("Calcium", "9.4", "8.6", "10.3"),
        ("Amylase", "44", "28", "100"),
        ("INR", "1.10", "0.85", "1.20"),
        ("Glucose", "88", "70", "99"),
        ("LD", "162", "135", "225"),
        ("aPTT", "32", "25", "37"),
    }


def test_where_values_and_ranges_of_two_tables_mix_nothing_is_read_and_it_is_told() -> None:
    lines = [
        [(x - 0.1 if x == 0.38 and n % 2 else x, words) for x, words in line] for n, line in enumerate(_three_tables())
    ]
    lines = [[(x, words) for x, words in line if x != 0.27 or n % 2 == 0] for n, line in enumerate(lines)]
    lines[1].insert(3, (0.4, "3.5 - 5.1"))
    assert not told(lines)
    assert sum(one.kind is Kind.NOT_READ for one in read(lines)) >= len(lines)
