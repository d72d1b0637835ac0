"""A model's claims: only what is quoted truly, of numbers that stand there, and never against the local engine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.domain.claims import MAX_CLAIMS, BadAnswer, Checked, check_answer, merge
from analysis.domain.engine import analyse
from analysis.domain.findings import Finding, Kind, Severity
from analysis.domain.spans import SourcePage, span_of, verifies
from tests.analysis.pages import LAB, LETTER, MEDICATION, pages

SOURCES = pages(LAB, LETTER, MEDICATION)
LOCAL = analyse(SOURCES).findings


def claim(quoted: str = "gastric ulcer", **changes: Any) -> dict[str, Any]:
    text = LETTER
    start = text.index(quoted)
    return {
        "kind": "red_flag",
        "severity": "high",
        "title": "Gastric ulcer",
        "detail": "An ulcer was seen.",
        "document_id": str(SOURCES[0].document_id),
        "page": 2,
        "start": start,
        "end": start + len(quoted),
        "quote": quoted,
    } | changes


def check(*claims: Any, masked: list[SourcePage] | None = None) -> Checked:
    return check_answer(
        json.dumps({"claims": list(claims)}),
        masked=masked or SOURCES,
        original=SOURCES,
        local=LOCAL,
        engine="openai:m-1",
        release="r",
    )


def test_a_claim_that_quotes_truly_is_kept_as_unverified() -> None:
    checked = check(claim())
    (kept,) = checked.findings
    assert checked.dropped_count == 0
    assert (kept.kind, kept.engine, kept.confidence) == (Kind.RED_FLAG, "openai:m-1", None)
    assert kept.data["unverified"] is True
    assert verifies(kept.spans[0], SOURCES)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": 0, "end": 13}, "span"),
        ({"quote": "gastric cancer"}, "span"),
        ({"page": 1}, "span"),
        ({"page": 99}, "span"),
        ({"start": -5}, "span"),
        ({"end": 10_000}, "span"),
        ({"start": 5, "end": 5, "quote": ""}, "span"),
        ({"document_id": "018f0000-0000-7000-8000-000000000000"}, "span"),
        ({"document_id": "letter"}, "schema"),
        ({"kind": "diagnosis"}, "schema"),
        ({"kind": "not_checked"}, "schema"),
        ({"severity": "none"}, "schema"),
        ({"page": "2"}, "schema"),
        ({"page": True}, "schema"),
        ({"start": 1.5}, "schema"),
        ({"title": ""}, "schema"),
        ({"title": "x" * 161}, "schema"),
        ({"title": None}, "schema"),
        ({"policy": "release to patient"}, "schema"),
        ({"detail": "The ulcer measures 47 mm."}, "number"),
        ({"title": "Hemoglobin 4.2"}, "number"),
    ],
)
def test_a_claim_that_fails_is_dropped_and_counted(change: dict[str, Any], reason: str) -> None:
    checked = check(claim(**change), claim())
    assert checked.dropped == {reason: 1}
    assert len(checked.findings) == 1


def test_a_claim_without_a_field_is_dropped() -> None:
    short = claim()
    del short["quote"]
    assert check(short).dropped == {"schema": 1}


def test_a_number_that_the_local_engine_extracted_may_be_used() -> None:
    assert check(claim(detail="With hemoglobin 9.1 g/dL.")).findings


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "not json",
        '{"claims": [{"kind": "red_fl',
        "[]",
        '{"claims": {}}',
        '{"claims": [], "release": true}',
        '{"claims": ["text"]}',
        json.dumps({"claims": [{}] * (MAX_CLAIMS + 1)}),
    ],
)
def test_an_answer_of_another_shape_is_refused_whole(answer: str) -> None:
    with pytest.raises(BadAnswer):
        check_answer(answer, masked=SOURCES, original=SOURCES, local=LOCAL, engine="e", release="r")


def test_the_quote_is_checked_in_what_was_sent_and_shown_from_the_original() -> None:
    source = SourcePage(SOURCES[0].document_id, 2, LETTER.replace("fatigue", "#######"))
    quote = "#######"
    start = source.text.index(quote)
    made = claim(title="Tired", detail="", quote=LETTER[start : start + 7], start=start, end=start + 7)
    assert check(made, masked=[SOURCES[0], source, SOURCES[2]]).dropped == {"span": 1}
    kept = check(made | {"quote": quote}, masked=[SOURCES[0], source, SOURCES[2]]).findings
    assert kept[0].spans[0].quote == "fatigue"


def test_a_claim_that_repeats_or_weakens_a_local_finding_adds_nothing() -> None:
    weaker = check(claim("black stools", title="Black stools", detail="", severity="information")).findings
    assert len(weaker) == 1
    assert merge(LOCAL, weaker) == LOCAL


def test_a_claim_that_raises_concern_stands_beside_the_local_finding() -> None:
    graver = check(claim("black stools", title="Bleeding", detail="", severity="critical")).findings
    merged = merge(LOCAL, graver)
    assert merged[: len(LOCAL)] == LOCAL
    assert merged[len(LOCAL) :] == graver


def test_two_equal_claims_are_one() -> None:
    assert len(merge(LOCAL, check(claim(), claim()).findings)) == len(LOCAL) + 1


@st.composite
def claimed(draw: st.DrawFn) -> Finding:
    page = draw(st.sampled_from(SOURCES))
    start = draw(st.integers(0, len(page.text) - 2))
    end = draw(st.integers(start + 1, len(page.text)))
    return Finding(
        kind=draw(st.sampled_from(list(Kind))),
        title=draw(st.text(max_size=20)),
        detail="",
        severity=draw(st.sampled_from(list(Severity))),
        spans=(span_of(page, start, end),),
        knowledge_release="r",
        engine="openai:m-1",
    )


@given(st.lists(claimed(), max_size=12))
def test_whatever_a_model_claims_no_local_finding_is_lost_changed_or_lowered(claims: list[Finding]) -> None:
    merged = merge(LOCAL, claims)
    assert merged[: len(LOCAL)] == LOCAL
    assert all(finding in claims for finding in merged[len(LOCAL) :])
    for known in LOCAL:
        assert max(f.severity.rank for f in merged if f.spans == known.spans) >= known.severity.rank


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(claim())), inner, max_size=9),
    max_leaves=12,
)


@given(st.lists(_JSON, max_size=4) | _JSON)
def test_no_json_at_all_becomes_a_finding_without_a_true_quote(body: Any) -> None:
    try:
        checked = check_answer(
            json.dumps({"claims": body}), masked=SOURCES, original=SOURCES, local=LOCAL, engine="e", release="r"
        )
    except BadAnswer:
        return
    assert all(verifies(span, SOURCES) for finding in checked.findings for span in finding.spans)
