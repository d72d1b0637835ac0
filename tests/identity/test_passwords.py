"""Length and a block list decide, nothing else."""

import pytest

from identity.adapters.common_passwords import common_passwords
from identity.domain.passwords import faults, normalise

COMMON = ["password", "passwort", "qwerty", "letmein", "welcome", "iloveyou", "dragon", "football", "monkey", "admin"]
PADDING = ["", "1", "123", "2026", "!", "!!!", "123!", "2026!?", "_", "..."]


def _codes(password: str, *, second_factor: bool = True, about: tuple[str, ...] = ()) -> set[str]:
    found = faults(password, with_second_factor=second_factor, about=about, common=common_passwords())
    return {code for code, _ in found}


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


GOOD = (
    "correct horse battery staple",
    "eleven quiet lighthouses",
    "seven lamps by the canal",
    "der Igel schläft im Laub",
    "tres gatos sobre el tejado",
    "Zwölf Äpfel im Regen, langsam",
    "なつのよるのとおいはなび",
    "медленно падает первый снег",
    "🍏 apples and 🦔 hedgehogs",
    "a b c but in a sentence",
    "kVoq7Zr2mXw9Lp4s",
    "no digits and no capitals here",
    "rain on the tin roof all night",
    "my bicycle bell sounds like a frog",
    "under the stairs, a cardboard fleet",
    "grandmother's recipe for plum jam",
    "  spaces at both ends are kept  ",
    ("grey herons standing in shallow water at dawn, waiting " * 2)[:64],
    ("the quick tide folds the harbour lights into long ribbons " * 2)[:100],
    ("o velho farol pisca três vezes e descansa, depois recomeça sem pressa " * 2)[:128],
)


def test_twenty_good_phrases_of_twenty_are_taken() -> None:
    assert len(set(GOOD)) == 20
    alone = [phrase for phrase in GOOD if len(phrase) >= 15]
    assert {phrase: _codes(phrase, second_factor=False) for phrase in alone} == {phrase: set() for phrase in alone}
    assert {phrase: _codes(phrase) for phrase in GOOD} == {phrase: set() for phrase in GOOD}


def test_none_of_the_commonest_is_taken_plain_capitalised_or_padded() -> None:
    listed = sorted(common_passwords())
    assert len(listed) >= 3000
    long_ones = [word for word in listed if len(word) >= 8]
    for padding in ("", "1", "!", "123", "2026"):
        assert [word for word in long_ones if "common" not in _codes(word.capitalize() + padding)] == []
    assert [word for word in listed if not _codes(word)] == []


def test_words_of_the_list_inside_a_phrase_do_no_harm() -> None:
    assert _codes("dragon monkey sunshine walrus", second_factor=False) == set()
