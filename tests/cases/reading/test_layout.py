"""Rows, cells and columns from scattered pieces."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from cases.adapters.reading.layout import Piece, Turn, clean, lay_out
from cases.domain.documents.document_text import PageText
from tests.cases.reading.conftest import assert_places_hold


def _row(y: float, *cells: tuple[float, str]) -> list[Piece]:
    return [Piece(text, x, y, x + 6 * len(text), y + 10) for x, text in cells]


def _text(pieces: list[Piece], **kwargs: float) -> str:
    return lay_out(pieces, width=600, height=800, **kwargs)[0]  # type: ignore[arg-type]  # turn is a literal


def test_pieces_at_one_height_are_one_row_from_left_to_right() -> None:
    pieces = _row(100, (300, "g/dL"), (200, "9.1"), (50, "Hemoglobin")) + _row(80, (50, "Test"))
    assert _text(pieces) == "Test\nHemoglobin  9.1  g/dL"


def test_a_small_gap_is_a_space_and_none_is_a_joint() -> None:
    assert _text(_row(10, (0, "creati"), (36.5, "nine"), (64, "high"))) == "creatinine high"


def test_a_superscript_stays_in_its_row() -> None:
    pieces = [*_row(100, (50, "mL/min/1.73m")), Piece("2", 122.5, 98, 126, 104)]
    assert _text(pieces) == "mL/min/1.73m2"


def test_a_tilted_page_keeps_its_rows() -> None:
    slope = math.tan(math.radians(2))
    pieces = []
    for row in range(12):
        for x, text in ((50, f"name{row}"), (250, f"{row}.5"), (450, "mg/dL units")):
            y = 100 + row * 18 + x * slope
            pieces.append(Piece(text, x, y, x + 6 * len(text), y + 10, 0.9, slope))
    assert _text(pieces).splitlines() == [f"name{row}  {row}.5  mg/dL units" for row in range(12)]


def test_a_table_with_wide_first_column_is_not_split() -> None:
    pieces = [
        p for n in range(20) for p in _row(40 + 15 * n, (50, f"a rather long test name {n:02d}"), (400, f"{n}.1"))
    ]
    assert _text(pieces).splitlines()[3] == "a rather long test name 03  3.1"


def test_the_confidence_of_a_line_is_the_mean_of_its_pieces() -> None:
    pieces = [Piece("a", 0, 0, 10, 10, 0.8), Piece("b", 50, 0, 60, 10, 0.6)]
    assert lay_out(pieces, width=100, height=100)[1][0].confidence == 0.7


def test_text_is_made_fit_for_storage() -> None:
    assert clean("ﬁbro\x02sis\x00\t5\u00a0mg\ud800 ") == "fibro-sis 5 mg"
    assert clean("µmol/L ≥ 3 m²") == "µmol/L ≥ 3 m²"
    assert clean("\x00\x1f") == ""


def test_pieces_without_text_or_extent_are_dropped() -> None:
    assert lay_out([Piece("", 0, 0, 5, 5), Piece("x", 5, 5, 5, 9)], width=10, height=10) == ("", ())


_COORDINATE = st.integers(-50, 900)
_PIECES = st.lists(
    st.builds(
        lambda text, x, y, w, h: Piece(clean(text), x, y, x + w, y + h),
        st.text(max_size=12),
        _COORDINATE,
        _COORDINATE,
        st.integers(0, 200),
        st.integers(0, 40),
    ),
    max_size=40,
)


@given(pieces=_PIECES, turn=st.sampled_from([0, 90, 180, 270]))
def test_whatever_lies_on_a_page_offsets_hold_and_boxes_stay_inside(pieces: list[Piece], turn: Turn) -> None:
    text, lines = lay_out(pieces, width=600, height=800, turn=turn)
    for line in lines:
        assert text[line.start : line.end] == line.text
        assert 0 <= line.x0 <= line.x1 <= 1
        assert 0 <= line.y0 <= line.y1 <= 1
    shown = [piece for piece in pieces if piece.text and piece.x1 > piece.x0 and piece.y1 > piece.y0]
    assert sorted("".join(text.split())) == sorted("".join("".join(piece.text.split()) for piece in shown))


@given(turn=st.sampled_from([0, 90, 180, 270]))
def test_turned_text_reads_the_same_and_its_boxes_come_back_to_where_it_lies(turn: Turn) -> None:
    width, height = 600.0, 800.0
    upright = _row(100, (50, "Potassium"), (250, "6.4")) + _row(140, (50, "Sodium"), (250, "138"))
    turned = []
    for piece in upright:
        box = {
            0: (piece.x0, piece.y0, piece.x1, piece.y1),
            90: (width - piece.y1, piece.x0, width - piece.y0, piece.x1),
            180: (width - piece.x1, height - piece.y1, width - piece.x0, height - piece.y0),
            270: (piece.y0, height - piece.x1, piece.y1, height - piece.x0),
        }[turn]
        turned.append(Piece(piece.text, *box))
    text, lines = lay_out(turned, width=width, height=height, turn=turn)
    assert text == "Potassium  6.4\nSodium  138"
    first = [piece for piece in turned if piece.text in {"Potassium", "6.4"}]
    assert lines[0].x0 == round(min(piece.x0 for piece in first) / width, 5)
    assert lines[0].y1 == round(max(piece.y1 for piece in first) / height, 5)
    page = PageText(number=1, width_pt=width, height_pt=height, text=text, lines=lines)
    assert_places_hold(page)
