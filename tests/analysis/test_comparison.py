"""Two readings compared by what they say: places, words and further particulars change nothing, values do."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.domain.comparison import Statement, compare


def said(key: int, kind: str = "laboratory", page: int = 1, severity: str = "information", **data: Any) -> Any:
    quote = data.pop("quote", f"line of {data.get('name') or data.get('generic') or data.get('rule')}")
    span = {"document_id": "d", "page": page, "start": key * 10, "end": key * 10 + 5, "quote": quote}
    content = {"title": "t", "detail": "", "codes": [], "spans": [span], "data": data}
    return Statement(key=key, kind=kind, engine="local", severity=severity, content=content)


POTASSIUM = {"name": "Potassium", "loinc": "2823-3", "value": "4.1", "number": "4.1", "unit": "mmol/l"}


def one_by_one(before: dict[str, Any], after: dict[str, Any]) -> str:
    found = compare([said(0, **before)], [said(1, **after)])
    return next(name for name in ("same", "changed", "new") if getattr(found, name))


@pytest.mark.parametrize(
    ("after", "answer"),
    [
        ({}, "same"),
        ({"value": "4,1", "number": "4.10"}, "same"),
        ({"specimen": "blood", "observed_on": "2026-01-02", "history": [{"value": "4", "date": ""}]}, "same"),
        ({"name": "K+", "quote": "K+ 4.1"}, "same"),
        ({"loinc": "", "quote": "elsewhere"}, "same"),
        ({"page": 2}, "same"),
        ({"flag": "N"}, "same"),
        ({"loinc": "2828-2"}, "changed"),
        ({"loinc": "", "specimen": "urine"}, "changed"),
        ({"value": "41", "number": "41"}, "changed"),
        ({"comparator": "<", "value": "<4.1"}, "changed"),
        ({"unit": "mg/dl"}, "changed"),
        ({"flag": "H"}, "changed"),
        ({"critical": "H"}, "changed"),
        ({"doubt": "two readings: 4.1 / 41"}, "changed"),
        ({"note": "haemolysed"}, "changed"),
        ({"loinc": "2828-2", "name": "Urine potassium", "quote": "line of Potassium"}, "changed"),
        ({"value": "41", "number": "41", "page": 2}, "new"),
        ({"loinc": "2951-2", "name": "Sodium"}, "new"),
    ],
)
def test_a_result_of_before_and_of_now(after: dict[str, Any], answer: str) -> None:
    assert one_by_one(POTASSIUM, POTASSIUM | after) == answer


def test_a_unit_that_was_not_read_before_is_no_change() -> None:
    assert one_by_one(POTASSIUM | {"unit": ""}, POTASSIUM) == "same"
    assert one_by_one(POTASSIUM, POTASSIUM | {"unit": ""}) == "changed"


def test_what_is_known_on_both_sides_and_differs_is_a_change() -> None:
    assert one_by_one(POTASSIUM | {"observed_on": "2026-01-02"}, POTASSIUM | {"observed_on": "2026-02-01"}) == "changed"


def test_of_several_values_of_one_analyte_the_equal_ones_are_paired_first() -> None:
    before = [said(0, **POTASSIUM), said(1, **POTASSIUM | {"value": "4.6", "number": "4.6"})]
    after = [said(5, **POTASSIUM | {"value": "6.9", "number": "6.9"}), said(6, **POTASSIUM)]
    found = compare(before, after)
    assert (found.same, found.changed, found.new, found.vanished) == (((0, 6),), ((1, 5),), (), ())


def test_medicines_by_dose_interactions_and_signs_by_severity() -> None:
    before = [
        said(0, "medicine", generic="bisoprolol", strength="2.5 mg", frequency="", route=""),
        said(1, "interaction", severity="high", rule="r", medicines=["a", "b"]),
        said(2, "red_flag", severity="critical", rule="sepsis"),
        said(3, "not_checked", severity="low", printed="Foo"),
    ]
    after = [
        said(4, "medicine", page=2, generic="Bisoprolol", strength="5 mg", frequency="", route=""),
        said(5, "interaction", page=3, severity="moderate", rule="r", medicines=["b", "a"]),
        said(6, "red_flag", page=2, severity="critical", rule="sepsis"),
        said(7, "not_read", severity="low", printed="Foo"),
    ]
    found = compare(before, after)
    assert (found.same, set(found.changed)) == (((2, 6),), {(0, 4), (1, 5)})
    assert (found.new, found.vanished) == ((7,), (3,))
