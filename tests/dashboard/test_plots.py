"""Values stand where they belong: in order, inside the plot, over the right band; what is no number has no plot."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from professionals.dashboard.plots import HEIGHT, WIDTH, trends
from professionals.templatetags.dashboard import result_day

OLD, NEW = "2026-10-05", "2026-11-03"


def result(value: object, day: str = OLD, **data: Any) -> Any:
    text = str(value)
    fields = {
        "name": "Haemoglobin", "loinc": "718-7", "unit": "g/dL", "unit_ucum": "g/dL", "low": "12", "high": "16",
        "observed_on": day,
        "value": text, "number": text.lstrip("<"), "comparator": text[:1] if text.startswith("<") else "",
    }  # fmt: skip
    return SimpleNamespace(title="Haemoglobin", page=1, document_id=uuid4(), data=fields | data)


def test_values_stand_in_the_order_of_their_sheets_days_whichever_was_sent_first() -> None:
    (trend,) = trends([result("9.1", NEW), result("11.0", OLD)])
    assert [f.data["value"] for f in trend.dated] == ["11.0", "9.1"]
    assert trend.latest.data["value"] == "9.1"
    assert trend.points[0].x < trend.points[1].x
    assert trend.points[0].y < trend.points[1].y


def test_distances_are_those_in_time_and_one_day_is_one_place() -> None:
    days = ("2026-01-01", "2026-01-02", "2026-01-11")
    (trend,) = trends([result(9 + n, day) for n, day in enumerate(days)])
    first, second, last = (point.x for point in trend.points)
    assert round((last - second) / (second - first)) == 9
    (same,) = trends([result("9", OLD), result("10", OLD)])
    assert same.points[0].x == same.points[1].x == WIDTH / 2


def test_a_value_without_a_certain_day_is_never_the_newest_and_never_drawn() -> None:
    (trend,) = trends([result("9.1", NEW), result("7.0", "", date_printed="03/04/2026"), result("11.0", OLD)])
    assert [f.data["value"] for f in trend.dated] == ["11.0", "9.1"]
    assert [f.data["value"] for f in trend.undated] == ["7.0"]
    assert trend.latest.data["value"] == "9.1"
    assert len(trend.points) == 2
    (unknown,) = trends([result("7.0", ""), result("8.0", "")])
    assert (unknown.latest, unknown.points) == (None, ())
    (only,) = trends([result("7.0", "")])
    assert (only.latest.data["value"], only.points) == ("7.0", ())


@translation.override("en")
def test_a_day_is_told_as_its_sheet_tells_it() -> None:
    assert result_day(result("9.1", NEW)) == "3 Nov 2026"
    assert result_day(result("9.1", NEW, date_means="received")) == "3 Nov 2026 (received)"
    assert result_day(result("9.1", "", date_printed="03/04/2026")) == "date not certain: “03/04/2026”"
    assert result_day(result("9.1", "")) == "date not printed"


def test_a_value_below_the_range_is_drawn_below_the_band_and_one_inside_it_inside() -> None:
    (low,) = trends([result("9.1")])
    (inside,) = trends([result("14")])
    for trend, within in ((low, False), (inside, True)):
        assert trend.band is not None
        top, height = trend.band
        assert (top <= trend.points[0].y <= top + height) is within
    assert low.points[0].y > sum(low.band or ())


def test_units_are_not_mixed_and_words_are_not_drawn() -> None:
    found = trends(
        [
            result("9.1"),
            result("91", unit="g/L", unit_ucum="g/L"),
            result("<5", name="CRP", unit="mg/L", loinc="1988-5"),
        ]
    )
    assert [(t.name, t.latest.data["unit"], bool(t.points)) for t in found] == [
        ("Haemoglobin", "g/dL", True),
        ("Haemoglobin", "g/L", True),
        ("CRP", "mg/L", False),
    ]


def test_a_range_with_one_side_is_open_to_the_other_and_none_has_no_band() -> None:
    (upper,) = trends([result("9", low="")])
    assert upper.band is not None
    assert sum(upper.band) == HEIGHT
    (none,) = trends([result("9", low="", high="")])
    assert none.band is None


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20),
    st.none() | st.floats(-1e6, 1e6),
    st.none() | st.floats(-1e6, 1e6),
)
def test_every_point_and_band_lies_inside_the_plot(values: list[float], low: float | None, high: float | None) -> None:
    rows = [result(v, f"2026-01-{n:02}", low=low, high=high) for n, v in enumerate(values, 1)]
    (trend,) = trends(rows)
    assert len(trend.points) == len(values)
    for point in trend.points:
        assert 0 <= point.x <= WIDTH
        assert 0 <= point.y <= HEIGHT
    if trend.band and (low is None or high is None or low <= high):
        assert 0 <= trend.band[0] <= sum(trend.band) <= HEIGHT + 0.1


def test_findings_of_the_engine_are_drawn_with_the_range_that_was_printed() -> None:
    from analysis.domain.laboratory import laboratory_findings
    from analysis.domain.subject import Subject
    from tests.analysis.pages import pages

    (found,) = laboratory_findings(pages("Potassium 6.4 mmol/L 3.5 - 5.1 H"), Subject())
    row = SimpleNamespace(title=found.title, data=found.data | {"observed_on": OLD}, page=1, document_id=uuid4())
    (trend,) = trends([row])
    assert trend.band is not None
    assert trend.points[0].y < trend.band[0]
    assert trend.latest.data["reference_printed"] == "3.5 - 5.1"


def test_an_earlier_value_of_a_sheet_stands_at_its_day_once_and_is_never_the_newest() -> None:
    printed = [
        {"value": "13,4", "number": "13.4", "date": "2026-09-01"},
        {"value": "11.0", "number": "11.0", "date": OLD},
        {"value": "12", "number": "12", "date": "03/04/2026"},
    ]
    (trend,) = trends([result("9.1", NEW, history=printed), result("11.0", OLD)])
    assert [f.data["value"] for f in trend.dated] == ["13,4", "11.0", "9.1"]
    assert [getattr(f, "earlier", False) for f in trend.dated] == [True, False, False]
    assert len(trend.points) == 3
    (undated,) = trends([result("9.1", "", history=printed[:1])])
    assert (undated.latest.data["value"], undated.unit) == ("9.1", "g/dL")


def test_tests_without_a_code_are_told_apart_by_their_names() -> None:
    unknown = {"loinc": "", "unit_ucum": "%", "unit": "%"}
    found = trends([result("1", name="Reticulated platelets", **unknown), result("2", NEW, name="Other", **unknown)])
    assert [len(trend.dated) for trend in found] == [1, 1]
