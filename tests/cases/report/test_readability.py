from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.report.readability import flesch_kincaid_grade, syllables
from cases.domain.report.signed_report import PlainLanguage

# Syllables as Merriam-Webster divides the words.
DIVIDED = {
    "cat": 1,
    "the": 1,
    "doctor": 2,
    "table": 2,
    "loved": 1,
    "needed": 2,
    "changes": 2,
    "takes": 1,
    "heart": 1,
    "people": 2,
    "patient": 2,
    "special": 2,
    "kidney": 2,
    "disease": 2,
    "because": 2,
    "idea": 3,
    "area": 3,
    "create": 2,
    "science": 2,
    "reading": 2,
    "medicine": 3,
    "radiation": 4,
    "diagnosis": 4,
    "potassium": 4,
    "examination": 5,
}


@pytest.mark.parametrize(("word", "count"), DIVIDED.items())
def test_a_word_has_the_syllables_a_dictionary_gives(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_the_published_formula_on_counted_words() -> None:
    # 2 sentences, 6 words, 6 syllables: 0.39 · 3 + 11.8 · 1 − 15.59
    assert flesch_kincaid_grade("The cat sat. The dog ran.") == round(0.39 * 3 + 11.8 - 15.59, 1)


def test_long_words_in_long_sentences_are_harder_than_short_ones() -> None:
    easy = flesch_kincaid_grade("Stop the pill. Drink more. Call us if it hurts.")
    hard = flesch_kincaid_grade(
        "Discontinuation of the aforementioned medication notwithstanding, comprehensive laboratory examination "
        "remains indispensable for the determination of subsequent therapeutic possibilities."
    )
    assert easy is not None
    assert hard is not None
    assert easy < 6 < 16 < hard


def test_a_decimal_point_does_not_end_a_sentence() -> None:
    assert flesch_kincaid_grade("Take 2.5 of it now") == flesch_kincaid_grade("Take 25 of it now")


@pytest.mark.parametrize("text", ["", "   ", "123 456.", "…!?", "🙂"])
def test_a_text_without_words_has_no_grade(text: str) -> None:
    assert flesch_kincaid_grade(text) is None


@given(st.text(max_size=400))
def test_any_text_can_be_measured(text: str) -> None:
    grade = flesch_kincaid_grade(text)
    assert grade is None or isinstance(grade, float)


@pytest.mark.parametrize(("language", "measured"), [("en", True), ("en-GB", True), ("EN", True), ("de", False)])
def test_only_english_pages_get_an_english_measure(language: str, measured: bool) -> None:
    page = PlainLanguage(text="Your heart is well.", language=language)
    assert (page.reading_grade is not None) is measured
