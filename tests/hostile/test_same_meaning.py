"""Patterns that were made linear find in honest texts what their plain, slow forms find."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.domain.medicines import doses, medicine_lines
from cases.domain.documents import classification, identity_marks, sheet_dates, sides
from cases.domain.report import readability
from config.kernel import accents
from config.kernel.privacy.deidentification import contacts, labels
from notifications.domain import mail_check
from tests.hostile.test_patterns import FULL

_NUMBER = r"\d+(?:[.,]\d+)?"
_VALUE = (
    r"\s*[:=]\s*(?P<value>[^\n|;]{2,80}?)"
    r"(?=\s{2,}|\s*[|;\t\n(*]|,?\s+(?:born|geb|n[ée]e?\b|nacid|d\.?o\.?b)|,?\s+\d|$)"
)
_START = r"(?im)(?:^|\s{2}|[|;\t])\s*"


def _plain(pattern: re.Pattern[str], new: str, old: str) -> re.Pattern[str]:
    """The pattern with one part of it written the plain way."""
    assert pattern.pattern.count(new) == 1, new
    return re.compile(pattern.pattern.replace(new, old), pattern.flags)


_MARKS_START = identity_marks._START
_MARKS_VALUE = identity_marks._VALUE
_PAIRS = {
    "mail": (contacts.MAIL, re.compile(r"[\w.+-]+(?:@[\w-]+(?:\.[\w-]+)+)+")),
    "label": (
        labels.LABELLED,
        _plain(labels.LABELLED, r"(?=\s{2}|\s(?:sex|gender)\b|$)", r"(?=\s{2,}|\s+(?:sex|gender)\b|$)"),
    ),
    "full name": (
        identity_marks._FULL,
        re.compile(identity_marks._FULL.pattern.replace(_MARKS_START, _START).replace(_MARKS_VALUE, _VALUE)),
    ),
    "surname": (
        identity_marks._SURNAME,
        re.compile(identity_marks._SURNAME.pattern.replace(_MARKS_START, _START).replace(_MARKS_VALUE, _VALUE)),
    ),
    "burned": (identity_marks._BURNED, _plain(identity_marks._BURNED, r"^[^\S\n]*+", r"^\s*")),
    "birth": (identity_marks._BIRTH, _plain(identity_marks._BIRTH, r"\s*+(?:[:=]\s*+)?", r"\s*[:=]?\s*")),
    "time of day": (
        sheet_dates._AFTER_DATE,
        re.compile(r"[\s\d:.,]*(?:uhr|h|hrs|am|pm|utc|[tz])?[\s\d:.,]*$", re.IGNORECASE),
    ),
    "row": (
        classification._RESULT_ROW,
        _plain(
            classification._RESULT_ROW,
            r"\s*+(?:(?<=\s)|[HL*+-]\s++)(?:\S{1,16}\s*+)?",
            r"\s*[HL*+-]?\s+\S{0,16}\s*",
        ),
    ),
    "headline": (sides._HEADLINE, _plain(sides._HEADLINE, r"^[^\S\n]*+", r"^\s*")),
    "sentence": (
        readability._SENTENCE_END,
        _plain(readability._SENTENCE_END, r"(?<![.!?])[.!?]++", r"[.!?]+"),
    ),
    "strength": (
        doses._STRENGTH,
        re.compile(doses._STRENGTH.pattern.replace(doses._NUMBER, _NUMBER), re.IGNORECASE),
    ),
    "frequency": (
        doses._FREQUENCY,
        _plain(doses._FREQUENCY, r"\s*+(?:(?:a|per|/)\s*+)?", r"\s*(?:a|per|/)?\s*"),
    ),
}
#: What documents are made of, with the pieces on which the patterns turn, and the odd sign between them.
_PIECES = st.sampled_from(
    (
        "Patient: ",
        "Name",
        "Patient Name: ",
        "Surname: ",
        "Nachname :",
        "Maria Keller",
        "KELLER^MARIA",
        "Dr. ",
        "St.",
        " Mary's",
        "Hospital",
        "General ",
        "Klinikum",
        "Universitäts-",
        "Hauptstraße ",
        "Berg-weg 7",
        "12a",
        "anna@",
        "b.de",
        "x.y@example.org",
        "+",
        "Date of birth",
        "born",
        "geb. am",
        ": ",
        " = ",
        "17.04.1961",
        "17 April 1961",
        "*",
        "Datum",
        "Hemoglobin",
        "Hb ",
        "9.1",
        "12,500",
        " g/dL",
        " 10^9/L",
        "12-16",
        "(4.0 – 10.0)",
        "[",
        ")",
        "<5",
        ">= 3",
        "up to 7",
        " H ",
        " L",
        "Specimen: ",
        "left breast",
        "Exam: ",
        "Metformin ",
        "500",
        "1000",
        " mg",
        "mg/ml",
        "twice daily",
        "once",
        " a ",
        "x",
        "day",
        " per ",
        "1-0-1",
        "1 - 0 - 1",
        ".",
        "...",
        "!?",
        ",",
        ";",
        "|",
        "\t",
        "\n",
        "\n\n",
        " ",
        "  ",
        "   ",
        "\r\n",
        "Sex: F",
        "MRN: A-12345",
        "a",
        "Z",
        "7",
        "-",
        "/",
        "'",
        "(",
        "bis ",
        "to ",
        "ä",
        "\u00a0",
    )
)
_TEXTS = st.lists(_PIECES, max_size=24).map("".join)


def found(pattern: re.Pattern[str], text: str) -> list[tuple[str | None, ...]]:
    """What the product takes of each match: its groups, or the match where there are none; blanks around apart."""
    matches = pattern.finditer(text)
    return [tuple(part.strip() if part else None for part in match.groups() or (match[0],)) for match in matches]


@pytest.mark.parametrize("name", _PAIRS)
@settings(max_examples=2_000 if FULL else 60, deadline=None)
@given(text=_TEXTS)
def test_the_linear_pattern_finds_what_the_plain_one_finds(name: str, text: str) -> None:
    new, old = _PAIRS[name]
    assert found(new, text) == found(old, text)


_EMPTY = re.compile(
    r"(?i)\W*(?:none|nil|no\b.*|not\b.*|see\b.*|unknown|name|drug|medicine|medication|dose|page\b.*|date\b.*|"
    r"continued?|as before|unchanged|patient\b.*|signed\b.*|dr\b.*)(?:\s.*)?"
)
_ENTRIES = st.sampled_from(
    (
        "- ",
        "1. ",
        "none",
        "No ",
        "not",
        "see",
        " page",
        "Dr",
        "Dr.",
        "Keller",
        "unknown",
        "name",
        "dose",
        "as before",
        " ",
        "  ",
        "x",
        "\n",
        ":",
        "allergic to ",
        "stopped",
        "off",
        "held",
        ".",
        ";",
        ",",
        "no longer on ",
        "2.5 mg",
        "patient",
    )
)


@settings(max_examples=2_000 if FULL else 100, deadline=None)
@given(text=st.lists(_ENTRIES, max_size=8).map("".join))
def test_an_entry_is_empty_as_before(text: str) -> None:
    assert bool(medicine_lines._EMPTY.fullmatch(text)) == bool(_EMPTY.fullmatch(text))


@settings(max_examples=2_000 if FULL else 100, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(("a", "b-", "www", ".", "de", "C", "://", " ", "@", "1", "-", "x.yz")), max_size=8
    ).map("".join)
)
def test_an_address_is_seen_in_a_mails_text_as_before(text: str) -> None:
    plain = re.compile(r"://|www\.|@|[\w-]{2,}\.[a-z]{2,}", re.IGNORECASE)
    assert bool(mail_check._ADDRESS.search(text)) == bool(plain.search(text))


@settings(max_examples=2_000 if FULL else 100, deadline=None)
@given(text=st.text(max_size=40))
def test_letters_lose_their_accents_one_by_one_as_they_did_together(text: str) -> None:
    for spelling in (accents.AS_WRITTEN, accents.ONE_LETTER, accents.TWO_LETTERS):
        lowered = "".join(spelling.get(letter, letter) for letter in text.casefold())
        together = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
        assert accents.unaccented(text, spelt=spelling) == together
