"""A small sample of the generated reports that ``make bench W=corpus`` reads by the hundred."""

import time

import pytest

from tests.benchmarks.corpus import WAYS, edits_between, measure


def test_digital_reports_are_read_to_the_letter_and_told_apart() -> None:
    figures = measure("digital", range(8), time.monotonic() + 3600)
    assert (figures.count, figures.right, figures.failed) == (8, 8, 0)
    assert figures.edits <= 0.01 * figures.signs


@pytest.mark.slow
@pytest.mark.parametrize("way", [way for way in WAYS if way != "digital"])
def test_pictures_of_reports_are_read_with_three_errors_in_a_hundred_at_most(way) -> None:
    figures = measure(way, range(2), time.monotonic() + 3600)
    assert (figures.count, figures.right) == (2, 2)
    assert figures.edits <= 0.03 * figures.signs


def test_the_distance_counts_what_was_put_in_left_out_and_changed() -> None:
    assert [edits_between("kitten", other) for other in ("kitten", "sitting", "kit", "")] == [0, 3, 3, 6]
