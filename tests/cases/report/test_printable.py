from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.adapters.report.printable_text import Printer
from cases.adapters.report.typography import register_fonts


@pytest.fixture
def printer() -> Printer:
    return Printer(register_fonts())


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain", "plain"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb\u2028c\xa0d", "a b c d"),
        ("nul\x00bell\x07", "nulbell"),
        ("soft\u00adhyphen", "softhyphen"),
        ("half \ud83d pair", "half  pair"),
        ("\u202egnirts", "gnirts"),
        ("e\u0301", "é"),
        ("ß Ø ł ő Ω Ж µ ² ≤ – “”", "ß Ø ł ő Ω Ж µ ² ≤ – “”"),
        ("🙂🙂", "[slightly smiling face][slightly smiling face]"),
        ("हिन्दी", "[6 Devanagari characters, not printable here]"),
        ("א", "[1 Hebrew character, not printable here]"),
    ],
)
def test_text_becomes_printable(printer: Printer, text: str, printed: str) -> None:
    assert printer.plain(text) == printed


def test_what_is_replaced_is_counted_and_what_is_dropped_is_not(printer: Printer) -> None:
    printer.plain("a\x00b\u00ad")
    assert printer.gaps == 0
    printer.plain("你好 🙂")
    assert printer.gaps == 3


def test_markup_is_escaped_and_line_ends_stay(printer: Printer) -> None:
    assert printer.markup("<b>a</b> & b\nc") == "&lt;b&gt;a&lt;/b&gt; &amp; b<br/>c"


def test_an_empty_line_ends_a_paragraph(printer: Printer) -> None:
    assert printer.paragraphs("one\nstill one\n\n\n\ntwo\n\n") == ["one<br/>still one", "two"]
    assert printer.paragraphs(" \n\n ") == []


@given(st.text(max_size=300))
def test_whatever_comes_in_only_covered_characters_go_out(text: str) -> None:
    covered = register_fonts()
    for char in Printer(covered).plain(text):
        assert char == "\n" or ord(char) in covered
        assert unicodedata.bidirectional(char) not in {"R", "AL", "AN"}


@given(st.text(alphabet="<>&/abp \n'\"", max_size=200))
def test_no_markup_survives_in_any_combination(text: str) -> None:
    markup = Printer(register_fonts()).markup(text)
    assert "<" not in markup.replace("<br/>", "")
