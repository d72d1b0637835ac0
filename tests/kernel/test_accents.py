"""One folding in place of five: each caller gets what it got before, since names and words are stored as folded."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.documents import plain_words
from config.kernel.accents import unaccented_in_place
from config.kernel.privacy import deidentification
from identity.domain import account_match
from professionals.domain import parties

# What names and words are made of, accents in a letter and behind one.
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [*"aeouALßæøåłñçé .,-'1", "ä", "Ö", "ü", "Müller", "o\u0308", "Łukasz", "王小明", "İ", "ﬁ", "GmbH"]
        ),
        max_size=12,
    ).map("".join),
)


def _stripped(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def former_account_name(name: str) -> str:
    bare = _stripped(name.casefold())
    return " ".join(sorted("".join(one if one.isalnum() else " " for one in bare).split()))


def former_party_name(name: str) -> str:
    words = re.sub(r"[^\w]+", " ", _stripped(name.casefold()))
    short = " ".join(parties._LEGAL_FORM.sub(" ", words).split())
    return short or " ".join(words.split())


def former_plain(text: str) -> str:
    spelt = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "å": "a", "ł": "l"})
    return unicodedata.normalize("NFKD", text.casefold().translate(spelt)).encode("ascii", "ignore").decode()


def former_search(text: str) -> str:
    return "".join((unicodedata.normalize("NFKD", sign)[:1] or sign).lower()[:1] or sign for sign in text)


def former_deidentified(text: str) -> str:
    spelt = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"}
    return _stripped("".join(spelt.get(letter, letter) for letter in text.casefold()))


@given(TEXTS)
def test_each_caller_gets_what_it_got_before(text: str) -> None:
    assert account_match.plain(text) == former_account_name(text)
    assert parties.normal_name(text) == former_party_name(text)
    assert plain_words.plain(text) == former_plain(text)
    assert unaccented_in_place(text) == former_search(text)
    if not set(text.casefold()) & set("œłđðıþ"):
        # Of these six letters the masks know the Latin spelling now, and did not before.
        assert deidentification.folded(text) == former_deidentified(text)


@pytest.mark.parametrize(
    ("text", "account", "party", "plain", "masks"),
    [
        ("Müller, Jörg", "jorg muller", "muller jorg", "muller, jorg", "mueller, joerg"),
        ("Łukasz Ó Sé", "o se łukasz", "łukasz o se", "lukasz o se", "lukasz o se"),
        ("Weiß-Ærø GmbH", "gmbh weiss ærø", "weiss ærø", "weiss-aro gmbh", "weiss-aeroe gmbh"),
        ("Fédération", "federation", "federation", "federation", "federation"),
    ],
)
def test_the_spellings_that_are_stored(text: str, account: str, party: str, plain: str, masks: str) -> None:
    assert account_match.plain(text) == account
    assert parties.normal_name(text) == party
    assert plain_words.plain(text) == plain
    assert deidentification.folded(text) == masks
