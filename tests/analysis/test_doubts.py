"""A place that two readings give differently: whatever rests on it says both, and is judged by neither."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from analysis.domain.doubts import with_doubts
from analysis.domain.engine import analyse
from analysis.domain.findings import Finding
from analysis.domain.spans import Doubt, SourcePage
from analysis.domain.subject import Subject

BOTH = "two readings: 2.4 / 22.4"


def findings_of(text: str, *doubts: tuple[str, str]) -> tuple[Finding, ...]:
    """What the engine finds on a page, with the doubts of a second reading: what is printed, and what it says."""
    places = [(text.index(read), read, other) for read, other in doubts]
    marks = tuple(Doubt(at, at + len(read), other) for at, read, other in places)
    page = SourcePage(UUID(int=1), 1, text, doubts=marks)
    return analyse((page,), Subject(sex="female", age_years=50)).findings


def test_a_value_of_two_readings_is_told_as_both_and_judged_as_neither() -> None:
    found = findings_of("Potassium   2.4 mmol/L   3.5 - 5.1\nSodium   140 mmol/L   135 - 145\n", ("2.4", "22.4"))
    potassium = next(one for one in found if one.data.get("loinc") == "2823-3")
    assert potassium.data["doubt"] == BOTH
    assert BOTH in potassium.title
    assert BOTH in potassium.detail
    assert (potassium.data["flag"], potassium.data["critical"]) == ("", "")
    assert all("doubt" not in one.data for one in found if one is not potassium)


@pytest.mark.parametrize(
    ("text", "read", "other"),
    [
        ("Medication: warfarin 2.5 mg once a day.", "2.5", "25"),
        ("The potassium was 2.4 mmol/L on admission.", "2.4", "22.4"),
        ("Warfarin 5 mg daily, ibuprofen 400 mg three times a day.", "400", "800"),
        ("Medication: xylofantol 50 mg daily.", "50", "500"),
    ],
)
def test_whatever_rests_on_a_doubted_place_says_both_readings(text: str, read: str, other: str) -> None:
    plain, doubted = findings_of(text), findings_of(text, (read, other))
    at = text.index(read)
    resting = [one for one in plain if any(s.start < at + len(read) and at < s.end for s in one.spans)]
    assert resting
    assert [one for one in doubted if one.data.get("doubt") == f"two readings: {read} / {other}"]
    assert not [
        one
        for one in doubted
        if not one.data.get("doubt") and any(s.start < at + len(read) and at < s.end for s in one.spans)
    ]


def test_what_stands_elsewhere_without_a_doubt_stays_sure() -> None:
    found = findings_of("Potassium   4.4 mmol/L   3.5 - 5.1\n", ("4.4", "14.4"))
    (sure,) = findings_of("Potassium   4.4 mmol/L   3.5 - 5.1\n")
    other_page = SourcePage(sure.spans[0].document_id, 1, "", doubts=(Doubt(0, 90, "x"),))
    twice = replace(sure, spans=(*sure.spans, replace(sure.spans[0], page=2)))
    assert with_doubts([twice], [other_page]) == (twice,)
    assert found[0].data["doubt"]
