"""Two readings of one page: what only the picture holds is added, and where the two differ nobody chooses."""

from __future__ import annotations

from dataclasses import replace

from cases.adapters.reading.document_reader import _merged
from cases.adapters.reading.layout import Piece, lay_out
from cases.adapters.reading.results import Recognised
from cases.adapters.reading.second_reading import doubted_by, turned_page, with_second_reading
from cases.domain.documents.document_text import PageText, UnreadPlace, UnreadReason

_PICTURE = UnreadPlace(UnreadReason.PICTURE_NOT_RECOGNISED, (0.0, 0.5, 1.0, 1.0))


def page(*rows: tuple[float, float, str], sure: float | None = None, unread: tuple[UnreadPlace, ...] = ()) -> PageText:
    """Words by place (x, y) on a page of 600 × 800 points."""
    pieces = [Piece(text, x, y, x + 6 * len(text), y + 10, sure) for x, y, text in rows]
    text, lines = lay_out(pieces, width=600, height=800)
    return PageText(number=1, width_pt=600, height_pt=800, text=text, lines=lines, unread=unread)


def test_a_number_that_the_two_readings_give_otherwise_is_doubted() -> None:
    both = with_second_reading(
        page((50, 100, "INR"), (200, 100, "22.4")), page((50, 101, "INR"), (203, 101, "2.4"), sure=0.9)
    )
    assert both.text == "INR  22.4"
    assert [(both.text[doubt.start : doubt.end], doubt.other) for doubt in both.doubts] == [("22.4", "2.4")]


def test_what_only_the_picture_holds_is_added_in_its_place() -> None:
    letter = page((50, 100, "Dear colleague"), (50, 700, "Kind regards"), unread=(_PICTURE,))
    both = with_second_reading(letter, page((50, 400, "Potassium"), (200, 400, "6.8"), sure=0.9))
    assert both.text == "Dear colleague\nPotassium  6.8\nKind regards"
    assert (both.unread, both.doubts, both.confidence) == ((), (), 0.9)
    assert [line.confidence for line in both.lines] == [None, 0.9, None]


def test_a_picture_of_which_little_is_sure_stays_unread() -> None:
    letter = page((50, 100, "Dear colleague"), unread=(_PICTURE,))
    both, reason = _merged(letter, Recognised(page=page((50, 400, "Potzsslvm 6"), sure=0.5)), "", expected=True)
    assert both.text == "Dear colleague"
    assert both.unread == (_PICTURE,)
    assert reason == "page 1: a picture that may show text, in which no text was recognised"


def test_without_recognition_the_place_is_named_with_the_reason() -> None:
    letter = page((50, 100, "Dear colleague"), unread=(_PICTURE,))
    both, reason = _merged(letter, None, "no text recognition is installed", expected=True)
    assert both == letter
    assert reason.endswith("in which no text was recognised, no text recognition is installed")


def test_letters_without_a_meaning_are_read_where_the_picture_gives_words() -> None:
    place = UnreadPlace(UnreadReason.NO_UNICODE, (0.08, 0.5, 0.5, 0.52))
    known = page((50, 100, "Sodium 139"), unread=(place,))
    assert with_second_reading(known, page((50, 402, "INR 2.4"), sure=0.9)).unread == ()
    assert with_second_reading(known, page((50, 600, "INR 2.4"), sure=0.9)).unread == (place,)


def test_the_invisible_text_of_a_scan_is_never_text_and_casts_doubt() -> None:
    seen = page((50, 100, "Potassium 6.8 mmol/L"))
    assert [(seen.text[one.start : one.end], one.other) for one in doubted_by(seen, "Potassium 8.8 mmol/L")] == [
        ("6.8", "8.8")
    ]
    assert doubted_by(seen, "Potassium 6,8 mmol/1") == ()


def test_a_stamp_on_a_scan_that_is_turned_is_turned_with_it() -> None:
    stamp = page((50, 100, "scanned"))
    turned = turned_page(stamp, 180)
    assert turned.text == stamp.text
    assert (turned.lines[0].x1, turned.lines[0].y1) == (round(1 - 50 / 600, 5), round(1 - 100 / 800, 5))
    assert turned_page(turned_page(stamp, 90), 270).lines == (replace(stamp.lines[0], cells=()),)
    assert turned_page(stamp, 90).width_pt == 800
