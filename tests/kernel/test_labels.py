"""Codes become words, and nothing else does."""

from __future__ import annotations

import pytest

from config.kernel.labels import is_code, label, lowered, told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("internal_medicine", "Internal medicine"),
        ("IN_REVIEW", "In review"),
        ("document.read", "Document: read"),
        ("cases:read", "Cases: read"),
        ("sms,in_app", "SMS, In app"),
        ("ct", "CT"),
        ("DE", "DE"),
        ("en", "en"),
        ("application/pdf", "application/pdf"),
        ("Dr. Sofia Brandt", "Dr. Sofia Brandt"),
        ("a3f9c0deadbeef", "a3f9c0deadbeef"),
        ("Reads: two people’s words, as written", "Reads: two people’s words, as written"),
        ("", ""),
    ],
)
def test_a_code_is_spelled_out_and_other_text_stays(code: str, words: str) -> None:
    assert label(code) == words


def test_a_name_of_its_own_comes_first() -> None:
    assert label("professional", {"professional": "Specialist"}) == "Specialist"
    assert label("professional", lambda: {"professional": "Specialist"}) == "Specialist"


def test_inside_a_sentence_it_begins_small() -> None:
    assert lowered("medical_record") == "medical record"
    assert lowered("ct_scan") == "CT scan"


def test_a_json_value_is_told_in_words() -> None:
    assert (
        told({"agreement_share": [1, 2], "by_month": {"in_time": True}})
        == "Agreement share: 1, 2\nBy month: In time: yes"
    )
    assert told([]) == "—"
    assert not is_code("a" * 81)
