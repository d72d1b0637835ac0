"""What is sealed opens with its key, at its place, unchanged: and in no other way."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.crypto import (
    DataKey,
    Place,
    UnreadableSecret,
    blind_index,
    open_bytes,
    open_json,
    open_text,
    seal_bytes,
    seal_json,
    seal_text,
    text_opener,
)
from config.kernel.crypto.sealed_values import sealed_version

PATIENT, ROW = UUID(int=1), UUID(int=2)
KEY = DataKey(PATIENT, 1, b"k" * 32)
PLACE = Place("cases_case", "diagnosis", ROW)


@given(st.text())
def test_text_comes_back_as_it_was(text: str) -> None:
    assert open_text(KEY, PLACE, seal_text(KEY, PLACE, text)) == text


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(-(2**53), 2**53), st.lists, max_leaves=8))
def test_json_comes_back_as_it_was(value: object) -> None:
    assert open_json(KEY, PLACE, seal_json(KEY, PLACE, value)) == value


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    assert seal_text(KEY, PLACE, "angina") != seal_text(KEY, PLACE, "angina")


def test_the_plain_text_is_not_in_the_sealed_bytes() -> None:
    assert b"glioblastoma" not in seal_text(KEY, PLACE, "glioblastoma")


@pytest.mark.parametrize(
    "place",
    [
        Place("cases_case", "diagnosis", uuid4()),
        Place("cases_case", "title", ROW),
        Place("cases_question", "diagnosis", ROW),
    ],
)
def test_a_ciphertext_moved_to_another_place_does_not_open(place: Place) -> None:
    with pytest.raises(UnreadableSecret):
        open_text(KEY, place, seal_text(KEY, PLACE, "angina"))


def test_many_cells_of_a_column_open_as_one_does() -> None:
    older = DataKey(PATIENT, 1, b"o" * 32)
    newer = DataKey(PATIENT, 2, b"n" * 32, lambda version: older)
    opened = text_opener(newer, "cases_case", "diagnosis")
    assert opened(ROW, seal_text(newer, PLACE, "angina")) == "angina"
    assert opened(ROW, seal_text(older, PLACE, "asthma")) == "asthma"
    for row_id, sealed in (
        (uuid4(), seal_text(newer, PLACE, "angina")),
        (ROW, b"\0\0"),
        (ROW, b"\0\0\0\2" + b"x" * 40),
    ):
        with pytest.raises(UnreadableSecret):
            opened(row_id, sealed)


@given(st.integers(min_value=0, max_value=30), st.integers(min_value=1, max_value=255))
def test_a_flipped_byte_does_not_open(position: int, mask: int) -> None:
    sealed = bytearray(seal_bytes(KEY, PLACE, b"angina"))
    sealed[position % len(sealed)] ^= mask
    with pytest.raises(UnreadableSecret):
        open_bytes(KEY, PLACE, bytes(sealed))


def test_another_patients_key_does_not_open_it() -> None:
    with pytest.raises(UnreadableSecret):
        open_text(DataKey(uuid4(), 1, b"o" * 32), PLACE, seal_text(KEY, PLACE, "angina"))


def test_a_ciphertext_names_the_version_of_its_key() -> None:
    second = DataKey(PATIENT, 2, b"n" * 32)
    sealed = seal_text(second, PLACE, "angina")
    assert sealed_version(sealed) == 2
    with pytest.raises(UnreadableSecret, match="another key version"):
        open_text(KEY, PLACE, sealed)


def test_a_cut_off_ciphertext_is_an_error_that_says_so() -> None:
    with pytest.raises(UnreadableSecret, match="cut off"):
        open_text(KEY, PLACE, b"\x00\x00")


def test_a_data_keys_secret_is_not_in_its_text_form() -> None:
    assert "kkkk" not in repr(KEY)


def test_blind_indexes_match_equal_values_of_one_purpose_only() -> None:
    assert blind_index("licence", " A-1234 ") == blind_index("licence", "a-1234")
    assert blind_index("licence", "a-1234") != blind_index("mrn", "a-1234")
    assert blind_index("licence", "a-1234") != blind_index("licence", "a-1235")
