"""A conflict-of-interest attestation stands only when each question is answered with no."""

from hypothesis import given
from hypothesis import strategies as st

from cases.domain.eligibility.conflict_of_interest import QUESTIONS, faults

CLEAR = dict.fromkeys(QUESTIONS, False)
answers = st.dictionaries(
    st.sampled_from([*QUESTIONS, "something_else"]), st.booleans() | st.none() | st.sampled_from(["no", 0, ""])
)


def test_five_answers_of_no_are_clear() -> None:
    assert faults(CLEAR) == ()


def test_no_attestation_leaves_every_question_open() -> None:
    assert len(faults(None)) == len(faults({})) == len(QUESTIONS)


@given(answers)
def test_only_a_plain_no_to_every_question_is_clear(given_answers: dict[str, object]) -> None:
    clear = all(given_answers.get(key) is False for key in QUESTIONS)
    assert (faults(given_answers) == ()) == clear


def test_a_declared_conflict_is_named() -> None:
    found = faults(CLEAR | {"therapy_maker": True})
    assert found == (QUESTIONS["therapy_maker"],)
