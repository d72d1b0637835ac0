"""Laboratory pages as forms, spreadsheets, halves and mails: answers that are marked, separators, bars and quotes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from analysis.domain.findings import Kind
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.spans import SourcePage, verifies
from analysis.domain.subject import Subject
from tests.analysis.test_laboratory_layouts import CALCIUM, POTASSIUM, SODIUM, read, told


@pytest.mark.parametrize(("open_box", "marked"), [("☐", "☒"), ("[ ] ", "[x] "), ("", "X ")])
def test_the_marked_answer_of_a_form_is_the_result_and_the_others_are_nothing(open_box: str, marked: str) -> None:
    def row(name: str, answers: Sequence[str], which: set[int], limits: str) -> list[tuple[float, str]]:
        cells = [(0.35 + 0.1 * n, f"{marked if n in which else open_box}{one}") for n, one in enumerate(answers)]
        return [(0.07, name), *cells, (0.88, limits)]

    grades = ("negative", "trace", "1+", "2+")
    lines = [
        [(0.07, "Urinalysis"), (0.87, "Normal")],
        row("pH", ("5", "6", "7", "8"), {1}, "5.0-7.5"),
        row("Glucose", grades, {0}, "negative"),
        row("Protein", grades, {3}, "negative"),
        row("Ketones", grades, set(), "negative"),
        row("Bilirubin", grades, {0, 2}, "negative"),
    ]
    assert [(name, value) for name, value, *_ in told(lines)] == [
        ("pH", "6"),
        ("Glucose", "negative"),
        ("Protein", "2+"),
    ]
    unread = [one.data["printed"] for one in read(lines) if one.kind is Kind.NOT_READ]
    assert [any(name in place for place in unread) for name in ("Ketones", "Bilirubin")] == [True, True]


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_text_of_a_spreadsheet_is_read_by_its_columns(separator: str, quote: str) -> None:
    table = [
        ("Test", "Specimen", "Result", "Unit", "Ref low", "Ref high", "Flag"),
        ("Sodium", "Serum", "132", "mmol/L", "135", "145", "L"),
        ("Potassium", "Serum", "4.1", "mmol/L", "3.5", "5.1", ""),
        ("Calcium", "Serum", "9.4", "mg/dL", "8.6", "10.3", ""),
        ("CRP", "Serum", "2.0", "mg/L", "", "5.0", ""),
    ]
    text = "\n".join(separator.join(f"{quote}{cell}{quote}" for cell in row) for row in table)
    page = SourcePage(UUID(int=1), 1, text)
    found = laboratory_findings([page], Subject(sex="female", age_years=50))
    assert [tuple(one.data[n] for n in ("name", "value", "unit", "low", "high")) for one in found] == [
        SODIUM[:5],
        POTASSIUM[:5],
        CALCIUM[:5],
        ("CRP", "2.0", "mg/L", "", "5.0"),
    ]
    assert all(verifies(span, [page]) for finding in found for span in finding.spans)


def test_bounds_in_two_columns_are_told_apart_by_where_they_end_not_by_where_the_headings_begin() -> None:
    lines = [
        [(0.05, "Test"), (0.41, "Result"), (0.51, "Unit"), (0.6, "Ref low"), (0.7, "Ref high")],
        [(0.05, "Sodium"), (0.45, "132"), (0.51, "mmol/L"), (0.68, "135"), (0.78, "145")],
        [(0.05, "Potassium"), (0.45, "4.1"), (0.51, "mmol/L"), (0.68, "3.5"), (0.78, "5.1")],
        [(0.05, "Calcium"), (0.45, "9.4"), (0.51, "mg/dL"), (0.68, "8.6"), (0.775, "10.3")],
        [(0.05, "eGFR"), (0.45, "72"), (0.51, "mL/min/1.73m²"), (0.68, "60")],
    ]
    assert [row[3:5] for row in told(lines)] == [("135", "145"), ("3.5", "5.1"), ("8.6", "10.3"), ("60", "")]


@pytest.mark.parametrize("below", ["Reference interval: 135 - 145", "from 135 to 145", "Referenzintervall: 135–145"])
def test_a_range_on_the_line_below_is_that_of_the_result(below: str) -> None:
    lines = [[(0.05, "Sodium"), (0.45, "132 mmol/L")], [(0.08, below)], [(0.08, "Method: ISE")]]
    assert told(lines) == [SODIUM]


def test_a_bar_of_exclamation_marks_parts_two_tables_and_is_no_flag() -> None:
    left = [("SODIUM", "132 mmol/L"), ("POTASSIUM", "4.1 mmol/L"), ("CALCIUM", "9.4 mg/dL"), ("GLUCOSE", "88 mg/dL")]
    right = [("MCV", "88 fL"), ("MCH", "29.5 pg"), ("PLATELETS", "356 G/L"), ("RDW", "13.5 %")]
    lines: list[list[tuple[float, str]]] = [[(0.48, "!")], [(0.48, "!")]]
    for (name, value), (other, measured) in zip(left, right, strict=True):
        lines.append([(0.07, name), (0.3, value), (0.48, f"! {other}"), (0.7, measured)])
    found = read(lines)
    assert {(one.data["name"], f"{one.data['value']} {one.data['unit']}") for one in found} == {*left, *right}
    assert not any(one.data["flag_printed"] for one in found)


@pytest.mark.parametrize("glued", ["7410*9/L", "4.9610*12/L", "6210^3/µL"])
@pytest.mark.parametrize("first", [True, False])
def test_a_number_glued_to_a_power_of_ten_is_told_as_not_read(glued: str, first: bool) -> None:
    cells = [glued, "Platelets"] if first else ["Platelets", glued]
    lines = [[(0.05, cells[0]), (0.45, cells[1]), (0.7, "150 - 400")]]
    assert not told(lines)
    assert [one.kind for one in read(lines)] == [Kind.NOT_READ]


def test_names_that_are_wrapped_in_the_head_of_a_table_with_its_days_down_are_whole() -> None:
    found = read(
        [
            [(0.05, "Date"), (0.2, "AST"), (0.35, "Alkaline"), (0.5, "Amylase,"), (0.65, "GGT")],
            [(0.35, "Phosphatase"), (0.5, "Pancreatic")],
            [(0.2, "U/L"), (0.35, "U/L"), (0.5, "U/L"), (0.65, "U/L")],
            [(0.05, "2024-03-02"), (0.2, "26"), (0.35, "81"), (0.5, "31"), (0.65, "24")],
        ]
    )
    assert [(one.data["name"].split(), one.data["value"]) for one in found] == [
        (["AST"], "26"),
        (["Alkaline", "Phosphatase"], "81"),
        (["Amylase,", "Pancreatic"], "31"),
        (["GGT"], "24"),
    ]


def test_days_with_values_below_no_names_that_are_known_are_told_as_not_read() -> None:
    lines = [
        [(0.05, "Date"), (0.2, "Xyl"), (0.35, "Qor"), (0.5, "Vel")],
        [(0.05, "2024-03-02"), (0.2, "26"), (0.35, "81"), (0.5, "31")],
    ]
    assert [one.kind for one in read(lines)] == [Kind.NOT_READ]


def test_a_forwarded_mail_is_read_without_the_signs_before_its_lines() -> None:
    texts = [
        "Dear Ann,",
        "here are your results.",
        "- Sodium: 132 mmol/L [135 - 145]",
        "- Potassium: 4.1 mmol/L [3.5 - 5.1]",
        "- Xylidase: 4.2 U/L [1.0 - 7.0]",
        "Kind regards",
    ]
    assert [row[:5] for row in told([[(0.07, f"> {text}")] for text in texts])] == [
        SODIUM[:5],
        POTASSIUM[:5],
        ("Xylidase", "4.2", "U/L", "1.0", "7.0"),
    ]


def test_a_marked_answer_that_is_no_known_word_is_told_as_not_read() -> None:
    lines = [
        [(0.07, "Glucose"), (0.35, "☒ negative"), (0.55, "☐ positive")],
        [(0.07, "Protein"), (0.35, "☐ negative"), (0.55, "☒ zyxish")],
    ]
    assert [row[:2] for row in told(lines)] == [("Glucose", "negative")]
    assert [one.data["printed"].split()[0] for one in read(lines) if one.kind is Kind.NOT_READ] == ["Protein"]


def test_a_line_that_looks_like_a_result_is_told_whatever_in_it_was_not_understood() -> None:
    lines = [
        "Potassium 4.0 mmol/L (3.5 - 5.1)",
        "Sodium I2O mmol/L (135 - 145)",
        "Ferritin ??? ng/mL (15 - 150)",
        "Foobarase 55 U/L (10 - 20)",
        "HCG POSITIVE",
        "Zyxin 999 mg/dL",
        "Potassium was checked again in the evening",
    ]
    found = laboratory_findings([SourcePage(UUID(int=1), 1, "\n".join(lines))], Subject(sex=None, age_years=None))
    assert [one.data["printed"] for one in found if one.kind is Kind.NOT_READ] == lines[1:-1]
