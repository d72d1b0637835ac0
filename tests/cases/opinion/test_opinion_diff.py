"""A change is found, named once, and spelled out so that both versions can be read back from it."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.opinion.opinion_diff import differences, parts_of
from tests.cases.opinion.test_opinion_content import COMPLETE, contents

words = st.lists(st.sampled_from(["stop", "ibuprofen", "10 mg", "at once", ".", "\n", "é"]), max_size=30).map(" ".join)


@given(words, words)
def test_both_texts_can_be_read_back_from_the_parts(before: str, after: str) -> None:
    parts = parts_of(before, after)
    assert "".join(part.text for part in parts if part.op != "added") == before
    assert "".join(part.text for part in parts if part.op != "removed") == after
    assert all(part.text for part in parts)


@given(contents, contents)
def test_only_equal_contents_have_no_changes_and_a_change_back_is_its_mirror(before: Any, after: Any) -> None:
    def filled(content: Any) -> Any:
        return {name: value for name, value in content.items() if value not in ("", [], {}, None)}

    there, back = differences(before, after), differences(after, before)
    assert (not there) == (filled(before) == filled(after))
    assert [(c.field, c.key, c.before, c.after) for c in there] == [(c.field, c.key, c.after, c.before) for c in back]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"confidence": 60}, [("confidence", "", "changed")]),
        ({"answers": [{"question": 1, "answer": "No."}]}, [("answers", "1", "changed")]),
        ({"answers": COMPLETE["answers"] + [{"question": 2, "answer": "x"}]}, [("answers", "2", "added")]),
        ({"limitations": ""}, [("limitations", "", "removed")]),
        ({"red_flags": "Fever"}, [("red_flags", "", "added")]),
        ({"plain_language": "x", "summary": "y"}, [("summary", "", "changed"), ("plain_language", "", "changed")]),
        ({"references": ""}, []),
    ],
)
def test_each_change_is_named_once_in_reading_order(changes: Any, expected: Any) -> None:
    after = copy.deepcopy(COMPLETE) | changes
    assert [(c.field, c.key, c.kind) for c in differences(COMPLETE, after)] == expected


def test_an_item_that_moved_in_its_list_is_no_change() -> None:
    items = [{"id": "a", "final_text": "x"}, {"id": "b", "final_text": "y"}]
    assert not differences({"ai_items": items}, {"ai_items": items[::-1]})


def test_one_changed_word_leaves_the_rest_as_it_was() -> None:
    parts = parts_of("Take 10 mg each morning.", "Take 20 mg each morning.")
    assert [(p.op, p.text) for p in parts] == [
        ("same", "Take "),
        ("removed", "10"),
        ("added", "20"),
        ("same", " mg each morning."),
    ]


def test_the_longest_texts_are_compared_in_a_moment() -> None:
    before = "".join(f"Finding {n} is as it was. " for n in range(2000))
    after = "".join(f"Finding {n} is as it was{' not' * (n % 3 == 0)}. " for n in range(2000))
    started = time.process_time()
    parts = parts_of(before, after)
    assert time.process_time() - started < 2
    assert "".join(part.text for part in parts if part.op != "added") == before
