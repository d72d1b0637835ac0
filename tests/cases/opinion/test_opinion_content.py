"""The opinion is data: what is missing is named, and equal contents have equal hashes."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.opinion import opinion_content

COMPLETE: dict[str, Any] = {
    "summary": "The records support the diagnosis.",
    "answers": [{"question": 1, "answer": "Yes."}],
    "diagnosis_agreement": "agree",
    "treatment_agreement": "minor_change",
    "clinical_impact": "minor",
    "confidence": 80,
    "confidence_would_change": "A biopsy.",
    "plan": "Go on as proposed, with a lower dose.",
    "limitations": "The images were not seen.",
    "plain_language": "Your doctor is right.",
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
contents = st.dictionaries(st.text(max_size=8), json_values, max_size=6)


def test_a_complete_opinion_lacks_nothing() -> None:
    assert opinion_content.faults(COMPLETE) == ()
    assert opinion_content.unanswered(COMPLETE, [1]) == ()


@pytest.mark.parametrize("name", [name for name in COMPLETE if name != "answers"])
def test_each_part_that_is_left_out_is_named(name: str) -> None:
    assert len(opinion_content.faults({key: value for key, value in COMPLETE.items() if key != name})) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("confidence", 101),
        ("confidence", -1),
        ("confidence", "80"),
        ("confidence", True),
        ("confidence", None),
        ("diagnosis_agreement", "yes"),
        ("treatment_agreement", "agrees"),
        ("clinical_impact", ""),
        ("summary", "   "),
        ("plain_language", None),
        ("plan", ["text"]),
    ],
)
def test_a_wrong_value_is_never_taken_for_an_answer(name: str, value: object) -> None:
    assert len(opinion_content.faults(COMPLETE | {name: value})) == 1


@pytest.mark.parametrize(
    ("answer", "settled"),
    [
        ({"question": 2, "answer": "No."}, True),
        ({"question": 2, "answer": "  "}, False),
        ({"question": 2, "cannot_answer": True, "cannot_answer_reason": "No images."}, True),
        ({"question": 2, "cannot_answer": True, "answer": "Perhaps."}, False),
        ({"question": 2, "cannot_answer": True, "cannot_answer_reason": ""}, False),
        ({"question": 3, "answer": "No."}, False),
        ("No.", False),
    ],
)
def test_a_question_is_settled_by_an_answer_or_a_reason(answer: object, settled: bool) -> None:
    content = COMPLETE | {"answers": [*COMPLETE["answers"], answer]}
    assert opinion_content.unanswered(content, [1, 2]) == (() if settled else (2,))


@given(contents)
def test_the_hash_does_not_depend_on_the_order_of_keys(content: dict[str, Any]) -> None:
    turned = dict(reversed(list(content.items())))
    assert opinion_content.content_hash(content) == opinion_content.content_hash(turned)


@given(contents)
def test_the_hash_outlives_storage_as_json(content: dict[str, Any]) -> None:
    stored = json.loads(json.dumps(content))
    assert opinion_content.content_hash(stored) == opinion_content.content_hash(content)
    assert opinion_content.content_hash(content) == hashlib.sha256(opinion_content.canonical_bytes(content)).hexdigest()


@given(contents, contents)
def test_different_contents_have_different_hashes(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = opinion_content.canonical_bytes(one) == opinion_content.canonical_bytes(other)
    assert (opinion_content.content_hash(one) == opinion_content.content_hash(other)) == same
