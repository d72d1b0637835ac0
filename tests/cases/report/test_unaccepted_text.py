"""Nothing a run proposed reaches the patient unless a person accepted it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.domain.report.signed_report import (
    AiItem,
    Allergy,
    Alternative,
    Diagnosis,
    DocumentNotSeen,
    MalformedReport,
    Medicine,
    PlainLanguage,
    QuestionAnswer,
)
from tests.cases.report import samples
from tests.cases.report.samples import REJECTED_WORDS, full_report, uid


def planted(text: str) -> dict[str, dict[str, Any]]:
    """The report's fields with the text inside one thing the author wrote, by a name for that place."""
    within = f"Before. {text} after."
    return {
        "answer": {"questions": (QuestionAnswer(number=1, question="Why?", answer=within),)},
        "refusal": {"questions": (QuestionAnswer(number=1, question="Why?", cannot_answer_reason=within),)},
        "summary": {"summary": within},
        "plan": {"proposed_plan": within},
        "plain": {"plain_language": PlainLanguage(text=within)},
        "confidence": {"would_change_confidence": within},
        "diagnosis": {"restated_diagnosis": Diagnosis(text=within)},
        "alternative": {"alternatives": (Alternative(title="None", description=within, is_doing_nothing=True),)},
        "red flag": {"red_flags": (within,)},
        "test": {"further_tests": (within,)},
        "limitation": {"limitations": (within,)},
        "reference": {"references": (within,)},
        "not seen": {"documents_not_seen": (DocumentNotSeen(name="CT", could_change=within),)},
    }


@pytest.mark.parametrize("place", planted(""))
def test_rejected_words_are_refused_wherever_the_author_writes(place: str) -> None:
    with pytest.raises(MalformedReport) as caught:
        full_report(**planted(REJECTED_WORDS)[place])
    message = str(caught.value)
    assert str(samples.AI_REJECTED) in message
    assert "which was rejected" in message
    assert REJECTED_WORDS not in message


def test_other_case_and_line_breaks_do_not_hide_rejected_words() -> None:
    disguised = REJECTED_WORDS.upper().replace(" ", "  \n")
    with pytest.raises(MalformedReport, match="rewrite it"):
        full_report(summary=f"As said: {disguised}.")


def test_the_words_before_an_edit_are_refused_and_those_after_it_stand() -> None:
    edited = samples.AI_ITEMS[1]
    with pytest.raises(MalformedReport, match="which was edited"):
        full_report(summary=edited.proposed_text)
    assert full_report(summary=edited.final_text).summary == edited.final_text


def test_an_edit_that_only_adds_words_leaves_the_proposed_ones_usable() -> None:
    item = AiItem(
        id=uid(40),
        kind="red flag",
        engine="local engine 1.0",
        decision="edited",
        proposed_text="Potassium is above the reference range",
        final_text="Potassium is above the reference range and rising",
    )
    assert full_report(ai_items=(*samples.AI_ITEMS, item), summary=item.proposed_text)


def test_words_that_another_accepted_item_carries_may_stand() -> None:
    twin = dataclasses.replace(
        samples.AI_ITEMS[2], id=uid(41), decision="accepted", final_text=REJECTED_WORDS, reason=""
    )
    assert full_report(ai_items=(*samples.AI_ITEMS, twin), summary=REJECTED_WORDS)


def test_a_single_common_word_proves_nothing() -> None:
    short = dataclasses.replace(samples.AI_ITEMS[2], id=uid(42), proposed_text="Hypertension")
    assert full_report(ai_items=(*samples.AI_ITEMS, short), summary="Hypertension is well treated.")


@pytest.mark.parametrize(
    ("decision", "final", "says"),
    [
        ("rejected", "still here", "was rejected but still carries text"),
        ("accepted", "something else", "that is an edit"),
        ("accepted", "", "that is an edit"),
        ("edited", " ", "that is a rejection"),
    ],
)
def test_a_decision_fits_the_text_it_left(decision: Any, final: str, says: str) -> None:
    item = AiItem(
        id=uid(43), kind="red flag", engine="local", decision=decision, proposed_text="A proposal", final_text=final
    )
    with pytest.raises(MalformedReport, match=says):
        full_report(ai_items=(*samples.AI_ITEMS, item))


@pytest.mark.parametrize(
    ("item_id", "says"),
    [(samples.AI_REJECTED, "comes from a rejected AI item"), (uid(77), "nobody decided on")],
)
@pytest.mark.parametrize("place", ["medicines", "allergies", "laboratory", "questions"])
def test_structured_rows_cite_only_items_a_person_let_stand(place: str, item_id: Any, says: str) -> None:
    row: Any = {
        "medicines": Medicine(name="Ramipril", ai_item_id=item_id),
        "allergies": Allergy(substance="Nuts", ai_item_id=item_id),
        "laboratory": dataclasses.replace(samples.LABORATORY[2], ai_item_id=item_id),
        "questions": QuestionAnswer(number=1, question="Why?", answer="So", ai_item_ids=(item_id,)),
    }[place]
    with pytest.raises(MalformedReport, match=says):
        full_report(**{place: (row,)})


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.text("abcdefghij", min_size=3, max_size=9), min_size=8, max_size=14),
    place=st.sampled_from(sorted(planted(""))),
    decision=st.sampled_from(["rejected", "edited"]),
)
def test_no_place_lets_any_unaccepted_text_through(words: list[str], place: str, decision: Any) -> None:
    text = " ".join(words)
    final = "Something quite different" if decision == "edited" else ""
    item = AiItem(id=uid(44), kind="insight", engine="local", decision=decision, proposed_text=text, final_text=final)
    with pytest.raises(MalformedReport) as caught:
        full_report(ai_items=(*samples.AI_ITEMS, item), **planted(text)[place])
    assert text not in str(caught.value)


def test_rejected_and_overwritten_words_are_in_neither_file() -> None:
    from cases.adapters.report import build_bundle, build_pdf
    from tests.cases.report.test_pdf import words_of

    report = full_report()
    bundle = json.dumps(build_bundle(report), ensure_ascii=False)
    printed = words_of(build_pdf(report))
    for item in samples.AI_ITEMS[1:]:
        assert item.proposed_text not in bundle
        assert item.proposed_text not in printed
    assert "corrected by the specialist" in printed
    assert "rejected: the value belongs to another person's page" in printed
