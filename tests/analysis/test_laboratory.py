"""Laboratory lines: read as printed, judged by the printed range, never by guess."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.laboratory import laboratory_findings
from analysis.domain.laboratory.catalogue import by_name, ucum_of
from analysis.domain.laboratory.numbers import decimal_of
from analysis.domain.laboratory.ranges import ranges_in
from analysis.domain.subject import Subject
from tests.analysis.pages import LAB, assert_sourced, pages

WOMAN = Subject(sex="female", age_years=60)


def read(*texts: str, subject: Subject = WOMAN, confidence: float | None = None) -> list[Finding]:
    sources = pages(*texts, confidence=confidence)
    found = laboratory_findings(sources, subject)
    assert_sourced(found, sources)
    return found


def one(text: str, subject: Subject = WOMAN) -> dict[str, Any]:
    (finding,) = read(text, subject=subject)
    return dict(finding.data) | {"title": finding.title, "severity": finding.severity, "detail": finding.detail}


@pytest.mark.parametrize(
    ("line", "loinc", "value", "ucum", "low", "high", "printed", "flag"),
    [
        ("Hemoglobin  9.1  g/dL  12.0 - 16.0  L", "718-7", "9.1", "g/dL", "12.0", "16.0", "L", "L"),
        ("Hb 9,1 g/dl (12,0-16,0)", "718-7", "9,1", "g/dL", "12.0", "16.0", "", "L"),
        ("HGB 9.1L 12-16 g/dL", "718-7", "9.1", "g/dL", "12", "16", "L", "L"),
        ("Hemoglobin 9.1 L g/dL 12.0-16.0", "718-7", "9.1", "g/dL", "12.0", "16.0", "L", "L"),
        ("Hämoglobin 14,2 g/dl 12,0 - 16,0", "718-7", "14,2", "g/dL", "12.0", "16.0", "", "N"),
        ("WBC 12,500 /uL 4,000 - 11,000 H", "6690-2", "12,500", "/uL", "4000", "11000", "H", "H"),
        ("White blood cells  7.2  10^9/L  4.0 - 11.0", "6690-2", "7.2", "10*9/L", "4.0", "11.0", "", "N"),
        ("1. Platelets 150 x10^9/L 150 - 400", "777-3", "150", "10*9/L", "150", "400", "", "N"),
        ("INR  3.8  2.0 - 3.0  H", "6301-6", "3.8", "", "2.0", "3.0", "H", "H"),
        ("eGFR  29  mL/min/1.73m2  > 60  L", "33914-3", "29", "mL/min/{1.73_m2}", "60", "", "L", "L"),
        ("Potassium (K+): 3.2 mEq/L [3.5-5.0] L", "2823-3", "3.2", "meq/L", "3.5", "5.0", "L", "L"),
        ("Sodium 135-145 128 mmol/L", "2951-2", "128", "mmol/L", "135", "145", "", "L"),
        ("CRP  12.5  mg/L  < 5.0  H", "1988-5", "12.5", "mg/L", "", "5.0", "H", "H"),
        ("CRP <5 mg/L <5", "1988-5", "<5", "mg/L", "", "5", "", "N"),
        ("Glucose 5.6 mmol/l 3.9-5.5", "2345-7", "5.6", "mmol/L", "3.9", "5.5", "", "H"),
        ("Creatinine 177 µmol/L 44–97 ↑", "2160-0", "177", "umol/L", "44", "97", "H", "H"),
        ("TSH 7.9 mIU/L 0.4 - 4.0 *", "3016-3", "7.9", "m[IU]/L", "0.4", "4.0", "*", "H"),
        ("ALT (SGPT) 31 U/L 7-35", "1742-6", "31", "U/L", "7", "35", "", "N"),
        ("CA 125 48 U/mL 0-35 H", "10334-1", "48", "U/mL", "0", "35", "H", "H"),
        ("Vitamin D 25-OH 12 ng/mL 30-100 L", "1989-3", "12", "ng/mL", "30", "100", "L", "L"),
        ("pH (arterial) 7.31 7.35 - 7.45 L", "2744-1", "7.31", "", "7.35", "7.45", "L", "L"),
        ("Ferritin  9  ng/mL  13- 150  L", "2276-4", "9", "ng/mL", "13", "150", "L", "L"),
        ("Hemoglobin 9.1 g/d1 12.0-16.0 L", "718-7", "9.1", "g/dL", "12.0", "16.0", "L", "L"),
    ],
)
def test_a_printed_line_gives_all_five_fields(
    line: str, loinc: str, value: str, ucum: str, low: str, high: str, printed: str, flag: str
) -> None:
    data = one(line)
    got = tuple(data[key] for key in ("loinc", "value", "unit_ucum", "low", "high", "flag_printed", "flag"))
    assert got == (loinc, value, ucum, low, high, printed, flag)


@pytest.mark.parametrize(
    "line",
    [
        "PT 45 year old man",
        "Calcium 500 mg once daily",
        "Iron 200 mg tablets",
        "INR 1-2 weeks",
        "Potassium chloride 600 mg",
        "Sodium was normal.",
        "Date: 2026-09-14",
        "Glucose was checked at 08:40.",
        "Troponin was sent.",
        "Lipase",
        "Sodium restriction 2 g per day",
    ],
)
def test_what_is_no_result_is_not_made_one(line: str) -> None:
    assert read(line) == []


def test_a_sentence_gives_results_too() -> None:
    found = read("His hemoglobin was 7.2 g/dL in June and ferritin 4 ng/mL.")
    assert [(f.data["loinc"], f.data["value"]) for f in found] == [("718-7", "7.2"), ("2276-4", "4")]


def test_the_same_result_in_a_comment_adds_its_place() -> None:
    potassium = [f for f in read(LAB) if f.data["loinc"] == "2823-3"]
    assert len(potassium) == 1
    assert [span.quote for span in potassium[0].spans] == [
        "Potassium  6.4  mmol/L  3.5 - 5.1  H",
        "Potassium 6.4 mmol/L",
    ]


def test_two_different_values_of_one_analyte_stay_two() -> None:
    assert len(read("Hemoglobin 9.1 g/dL 12-16", "Hemoglobin 8.4 g/dL 12-16")) == 2


def test_a_wrong_printed_flag_is_shown_as_a_conflict() -> None:
    data = one("Platelets 150 x10^9/L 150 - 400 L")
    assert (data["flag_printed"], data["flag"], data["conflict"]) == ("L", "N", True)
    assert data["severity"] is Severity.MODERATE
    assert "disagree" in data["detail"]


def test_a_star_agrees_with_either_side() -> None:
    assert one("Sodium 150 mmol/L 135-145 *")["conflict"] is False
    assert one("Sodium 140 mmol/L 135-145 *")["conflict"] is True


def test_without_a_printed_range_the_catalogue_judges_and_says_so() -> None:
    data = one("Hemoglobin 13 g/dL")
    assert (data["flag"], data["flag_basis"]) == ("N", "catalogue")
    assert "American Board of Internal Medicine" in data["detail"]
    assert one("Hemoglobin 13 g/dL", Subject(sex="male", age_years=60))["flag"] == "L"


@pytest.mark.parametrize(
    ("line", "subject", "reason"),
    [
        ("Hemoglobin 13 g/dL", Subject(age_years=60), "depends on sex"),
        ("Hemoglobin 13 g/dL", Subject(sex="female", age_years=9), "adult ranges only"),
        ("Glucose 148 mg/dL", WOMAN, "holds none"),
        ("Creatinine <1.0 mg/dL 0.6-1.1", WOMAN, "bound"),
        ("Sodium 1,380 mmol/L 135-145", WOMAN, "two ways"),
    ],
)
def test_what_cannot_be_judged_says_why_and_gets_no_flag(line: str, subject: Subject, reason: str) -> None:
    data = one(line, subject)
    assert data["flag"] == ""
    assert reason in data["abstained"]
    assert "Not judged" in data["detail"]


def test_where_both_sexes_agree_sex_is_not_needed() -> None:
    assert one("Hemoglobin 7 g/dL", Subject())["flag"] == "L"


def test_an_unknown_unit_keeps_the_print_and_normalises_nothing() -> None:
    data = one("Potassium 6.4 foo/L 3.5-5.1 H")
    assert (data["value"], data["unit"], data["unit_ucum"], data["normal_value"]) == ("6.4", "foo/L", "", "")
    assert (data["flag"], data["critical"]) == ("H", "")


@pytest.mark.parametrize(
    ("line", "critical"),
    [
        ("Potassium 6.2 mmol/L 3.5-5.1", "H"),
        ("Potassium 6.1 mmol/L 3.5-5.1", ""),
        ("Potassium 2.8 mmol/L 3.5-5.1", "L"),
        ("Hemoglobin 65 g/L 120-160", "L"),
        ("Hemoglobin 71 g/L 120-160", ""),
        ("Glucose 2.4 mmol/L", "L"),
        ("Sodium 119 mmol/L", "L"),
        ("Creatinine 700 µmol/L 44-97", "H"),
        ("Platelets 20,000 /uL", "L"),
        ("INR 5.4", "H"),
        ("Potassium >6.5 mmol/L", "H"),
        ("Platelets <40 10^9/L", ""),
    ],
)
def test_critical_limits_are_applied_in_any_unit(line: str, critical: str) -> None:
    data = one(line)
    assert data["critical"] == critical
    assert (data["severity"] is Severity.CRITICAL) is bool(critical)


@pytest.mark.parametrize(
    ("line", "value", "unit"),
    [
        ("Hemoglobin 9.1 g/dL", "91", "g/L"),
        ("Creatinine 1.9 mg/dL", "168", "umol/L"),
        ("Glucose 148 mg/dL", "8.21", "mmol/L"),
        ("Calcium 2.3 mmol/L", "2.3", "mmol/L"),
        ("Bilirubin 17.1 µmol/L", "17.1", "umol/L"),
        ("Cholesterol 200 mg/dL", "5.17", "mmol/L"),
        ("TSH 7.9 µIU/mL", "7.9", "m[IU]/L"),
    ],
)
def test_values_are_given_in_si_units(line: str, value: str, unit: str) -> None:
    data = one(line)
    assert abs(Decimal(data["si_value"]) / Decimal(value) - 1) < Decimal("0.002")
    assert data["si_unit"] == unit


def test_the_readers_confidence_is_carried_and_a_text_layer_has_none() -> None:
    assert read("Sodium 138 mmol/L 135-145", confidence=0.83)[0].confidence == 0.83
    assert read("Sodium 138 mmol/L 135-145")[0].confidence is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("9.1", "9.1"), ("9,1", "9.1"), ("0,125", "0.125"), ("1,234,567", "1234567"), ("12,500.5", "12500.5")],
)
def test_clear_numbers_are_read(text: str, number: str) -> None:
    assert decimal_of(text) == Decimal(number)


def test_an_unclear_number_is_not_read() -> None:
    assert decimal_of("12,500") is None


def test_a_date_is_no_range() -> None:
    assert ranges_in("Creatinine 1.9 14.09.2026") == []
    assert one("Sodium 138 mmol/L 2026-09-14")["reference_printed"] == ""


def test_the_catalogue_converts_forth_and_back() -> None:
    for analyte in {entry.loinc: entry for entry in by_name().values()}.values():
        back = analyte.factors.get(analyte.si_unit)
        if back is not None:
            assert abs(back * analyte.si_factor - 1) < Decimal("0.01"), analyte.name


def test_the_catalogue_holds_what_was_promised() -> None:
    analytes = {entry.loinc: entry for entry in by_name().values()}
    assert len(analytes) >= 60
    for analyte in analytes.values():
        assert not (analyte.male.known and not analyte.range_source), analyte.name
        assert not (analyte.panic.known and not analyte.panic_source), analyte.name
        for limits in (analyte.male, analyte.female, analyte.panic):
            if limits.low is not None and limits.high is not None:
                assert limits.low < limits.high, analyte.name
        if analyte.panic.low is not None and analyte.male.low is not None:
            assert analyte.panic.low < analyte.male.low, analyte.name
        if analyte.panic.high is not None and analyte.male.high is not None:
            assert analyte.panic.high > analyte.male.high, analyte.name


@pytest.mark.parametrize(
    ("printed", "ucum"), [("G/DL", "g/dL"), ("×10⁹/L", "10*9/L"), ("µmol/l", "umol/L"), ("x", None)]
)
def test_units_are_known_by_their_spellings(printed: str, ucum: str | None) -> None:
    assert ucum_of(printed) == ucum


def test_a_line_of_numbers_alone_is_not_read_and_says_so_once() -> None:
    found = laboratory_findings(pages("Sodium 140 mmol/L 135-145\n" + "1 " * 3000), Subject())
    assert [f.data["value"] for f in found if f.kind is Kind.LABORATORY] == ["140"]
    assert ["more numbers" in f.data["reason"] for f in found if f.kind is Kind.NOT_READ] == [True]
