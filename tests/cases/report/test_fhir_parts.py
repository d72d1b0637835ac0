from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.adapters.report.fhir_parts import block, bullets, clean, concept, derived_id, instant, narrative, pruned
from tests.cases.report.samples import full_report, uid

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a b\n", "a b"),
        ("a\x00\x0b\x1f\x7fb", "ab"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\ud83d\ufffe\uffff", ""),
        ("🙂 שלום", "🙂 שלום"),
    ],
)
def test_only_what_fhir_forbids_is_taken_away(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({"a": "", "b": None, "c": [], "d": {}, "e": "x"}, {"e": "x"}),
        ({"a": [{"b": [{"c": " \x00"}]}]}, {}),
        ({"zero": 0, "no": False}, {"zero": 0, "no": False}),
        ([["", "x"], []], [["x"]]),
    ],
)
def test_pruning_goes_to_the_bottom_and_keeps_zero_and_false(value: Any, left: Any) -> None:
    assert pruned(value) == left


@given(JSON)
def test_pruning_twice_changes_nothing_more(value: Any) -> None:
    once = pruned(value)
    assert pruned(once) == once


def test_a_concept_without_a_code_is_text_alone() -> None:
    assert pruned(concept("words", system="http://loinc.org")) == {"text": "words"}
    assert pruned(concept(system="s", code="c")) == {"coding": [{"system": "s", "code": "c"}]}


def test_instants_are_utc_to_the_second() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    assert instant(datetime(2026, 11, 23, 12, 0, 5, 999, tzinfo=zone)) == "2026-11-23T06:30:05Z"


def test_derived_ids_differ_by_report_kind_and_index() -> None:
    one, other = full_report(), full_report(report_id=uid(8))
    ids = {derived_id(r, kind, n) for r in (one, other) for kind in ("plan", "result") for n in (0, 1)}
    assert len(ids) == 8
    assert derived_id(one, "plan", 1) == derived_id(full_report(), "plan", 1)


def test_a_block_keeps_paragraphs_and_lines_and_escapes_its_label() -> None:
    assert block("one\ntwo\n\nthree", label="A & B:") == "<p><b>A &amp; B:</b> one<br/>two</p><p>three</p>"
    assert block("") == ""
    assert block("", label="Empty:") == "<p><b>Empty:</b> </p>"


def test_bullets_leave_out_empty_items() -> None:
    assert bullets(["a<b", " ", "\x00"]) == "<ul><li>a&lt;b</li></ul>"
    assert bullets([]) == ""


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_makes_a_well_formed_narrative_with_all_its_letters(text: str, label: str) -> None:
    root = ElementTree.fromstring(narrative([block(text, label=label), bullets([text])])["div"])
    letters = [c for c in clean(text) if c.isalnum()]
    printed = [c for c in "".join(root.itertext()) if c.isalnum()]
    assert printed == [c for c in label if c.isalnum()] + letters + letters
