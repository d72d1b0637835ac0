"""Length and a block list decide, nothing else."""

import pytest

from identity.domain.passwords import faults, normalise

COMMON = ["password", "passwort", "qwerty", "letmein", "welcome", "iloveyou", "dragon", "football", "monkey", "admin"]
PADDING = ["", "1", "123", "2026", "!", "!!!", "123!", "2026!?", "_", "..."]


def _codes(password: str, *, second_factor: bool = True, about: tuple[str, ...] = ()) -> set[str]:
    return {code for code, _ in faults(password, with_second_factor=second_factor, about=about)}


@pytest.mark.parametrize(
    ("length", "second_factor", "taken"), [(7, True, False), (8, True, True), (14, False, False), (15, False, True)]
)
def test_the_least_length_depends_on_the_second_factor(length: int, second_factor: bool, taken: bool) -> None:
    assert (_codes("kVoq7Zr2mXw9Lp4"[:length], second_factor=second_factor) == set()) is taken


@pytest.mark.parametrize("length", [64, 100, 128])
def test_long_phrases_with_spaces_and_emoji_are_taken(length: int) -> None:
    assert (
        _codes(("grüne Äpfel 🍏 fallen leise auf nasses Gras, drei Krähen sehen zu und zählen " * 2)[:length]) == set()
    )


def test_more_than_128_characters_are_refused() -> None:
    assert _codes(("no two words of this are alike " * 5)[:129]) == {"too_long"}


@pytest.mark.parametrize("padding", PADDING)
@pytest.mark.parametrize("word", COMMON)
def test_common_words_are_refused_plain_and_padded(word: str, padding: str) -> None:
    assert "common" in _codes(word + padding)
    assert "common" in _codes((word + padding).upper())


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "1234567890123456",
        "passwordpassword",
        "abcdefghijklmnop",
        "1111111122222222",
    ],
)
def test_patterns_are_refused_however_long(password: str) -> None:
    assert "common" in _codes(password, second_factor=False)


@pytest.mark.parametrize(
    "password",
    ["secondopinion2026", "Second-Opinion 123", "maria.keller.1961", "KellerMaria!!!!!", "keller-example-maria"],
)
def test_names_addresses_and_our_own_name_are_refused(password: str) -> None:
    assert "context" in _codes(password, about=("maria.keller@example.org", "Maria Keller"))


def test_a_phrase_that_only_mentions_the_name_is_taken() -> None:
    assert _codes("maria counts seven lighthouses", about=("Maria Keller",)) == set()


def test_nul_is_refused() -> None:
    assert "invalid" in _codes("seven\x00lighthouses")


def test_two_ways_of_typing_one_phrase_are_one_password() -> None:
    assert normalise("Ａｐｆｅｌ ﬁel") == normalise("Apfel fiel")


def test_no_composition_is_asked_for() -> None:
    assert _codes("lowercase words only here", second_factor=False) == set()
