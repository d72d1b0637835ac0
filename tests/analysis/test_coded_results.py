"""Results that came as data are judged by their code, specimen, unit, date and status: no other words count."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from analysis.domain.engine import analyse
from analysis.domain.findings import Finding
from analysis.domain.laboratory import coded_findings, without_coded
from analysis.domain.laboratory.loinc_codes import analyte_of, by_loinc
from analysis.domain.spans import CodedResult, SourcePage
from analysis.domain.subject import Subject

LINE = "- some words of a line that no parser reads"


def finding(**parts: Any) -> Finding | None:
    parts = {"code": "2823-3", "display": "K", "value": "6.9", "unit": "mmol/L", "date": "2026-11-20"} | parts
    result = CodedResult(
        start=0,
        end=len(LINE),
        unit_printed=parts.get("unit_printed", parts["unit"]),
        **{name: value for name, value in parts.items() if name != "unit_printed"},
    )
    page = SourcePage(UUID(int=1), 1, LINE, coded=(result,))
    return next(iter(coded_findings([page], Subject(sex="female", age_years=60))), None)


@pytest.mark.parametrize(
    ("parts", "critical"),
    [
        ({}, "H"),
        ({"code": "6298-4", "display": "whatever"}, "H"),
        ({"code": "", "display": "Potassium"}, "H"),
        ({"code": "99999-9", "display": "Potassium [Moles/volume] in Capillary blood"}, "H"),
        ({"specimen": "Serum"}, "H"),
        ({"specimen": "Urine"}, ""),
        ({"specimen": "SNOMED CT 122575003"}, ""),
        ({"code": "2828-2", "display": "Potassium"}, ""),
        ({"code": "", "display": "Potassium urine"}, ""),
        ({"code": "99999-9", "display": "Potassium [Moles/volume] in Urine"}, ""),
        ({"code": "2823-3 2951-2"}, ""),
        ({"note": "Specimen haemolysed"}, ""),
        ({"value": "6,900"}, ""),
        ({"unit": "mg/dL"}, ""),
        ({"unit": "mmol/L", "unit_printed": "meq/l"}, "H"),
        ({"low": "3.5", "high": "5.1", "range_unit": "mmol/l"}, "H"),
        ({"low": "3.5", "high": "5.1", "range_unit": "mg/dL"}, ""),
        ({"value": "4.2", "flag": "HH"}, "H"),
        ({"value": "4.2", "flag": "1, LL, LOW"}, "L"),
        ({"comparator": "<"}, ""),
        ({"status": "preliminary"}, "H"),
    ],
)
def test_what_makes_a_value_critical(parts: dict[str, Any], critical: str) -> None:
    found = finding(**parts)
    assert (found.data["critical"] if found else "") == critical


def test_of_several_days_the_newest_is_current_and_keeps_the_others_as_history() -> None:
    days = [("6.9", "2015-01-09"), ("4.1", "2026-10-09"), ("5.9", "2020-10-09"), ("7.5", "")]
    text = "\n".join(LINE for _ in days)
    coded = tuple(
        CodedResult(
            start=n * (len(LINE) + 1),
            end=n * (len(LINE) + 1) + len(LINE),
            code="2823-3",
            value=value,
            unit="mmol/L",
            unit_printed="mmol/L",
            date=day,
        )
        for n, (value, day) in enumerate(days)
    )
    found = analyse([SourcePage(UUID(int=1), 1, text, coded=coded)]).findings
    assert [one.data["critical"] for one in found] == [""] * 4
    (newest,) = (one for one in found if one.data["history"])
    assert newest.data["value"] == "4.1"
    assert newest.data["history"][-2:] == [
        {"value": "6.9", "date": "2015-01-09"},
        {"value": "5.9", "date": "2020-10-09"},
    ]


def test_no_line_is_read_twice() -> None:
    text = "- Potassium: 6.9 mmol/L\n- Lithium [LOINC 14334-7]: 0.8 mmol/L"
    coded = (
        CodedResult(start=0, end=23, display="Potassium", value="6.9", unit="mmol/L", unit_printed="mmol/L"),
        CodedResult(start=24, end=len(text), code="14334-7", value="0.8", unit="mmol/L", unit_printed="mmol/L"),
    )
    page = SourcePage(UUID(int=1), 1, text, coded=coded)
    found = analyse([page]).findings
    assert sorted(one.title for one in found if one.kind != "red_flag") == [
        "Lithium 0.8 mmol/L",
        "Potassium 6.9 mmol/L",
    ]
    (blank,) = without_coded([page])
    assert (blank.text.strip(), len(blank.text)) == ("", len(text))


def test_a_measurement_that_is_not_in_the_catalogue_counts_where_its_source_judges_it() -> None:
    assert finding(code="8867-4", display="Heart rate", value="70", unit="/min") is None
    judged = finding(code="10839-9", display="Troponin I", value="9.1", unit="ng/mL", high="0.04", flag="H")
    assert judged is not None
    assert (judged.data["flag"], judged.data["flag_printed"], judged.data["loinc"]) == ("H", "H", "10839-9")
    assert finding(code="2823-3", value="4.2", low="3.5", high="5.1", flag="H").data["conflict"]  # type: ignore[union-attr]  # a finding, or the test fails


def test_every_equivalent_code_means_an_analyte_of_the_catalogue() -> None:
    assert all(analyte_of(code, "") is analyte for code, analyte in by_loinc().items())
    assert len(by_loinc()) > 150
