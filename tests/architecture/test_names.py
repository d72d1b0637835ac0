"""A module is called by what it holds: the last word of its name is a noun that `nouns.txt` knows."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from tests.architecture.tree import ROOT, product_files

NOUNS = Path(__file__).with_name("nouns.txt")
# Called by Django, by Python or by a standard, not by us.
GIVEN = {"__init__", "__main__"}


def known() -> set[str]:
    return set(NOUNS.read_text().split())


def unknown(names: Iterable[str], nouns: set[str]) -> list[str]:
    """The module names whose last word is not in ``nouns``."""
    stems = ((name, PurePosixPath(name).stem) for name in names)
    return sorted(name for name, stem in stems if stem not in GIVEN and stem.rsplit("_", 1)[-1] not in nouns)


def modules() -> list[str]:
    """Every module of the product; a command is called by what one types."""
    paths = [path.relative_to(ROOT).as_posix() for path in product_files()]
    return [name for name in paths if "/management/commands/" not in name]


def test_every_module_ends_in_a_noun_of_the_list() -> None:
    assert not unknown(modules(), known())


def test_the_list_holds_no_word_that_no_module_uses() -> None:
    used = {PurePosixPath(name).stem.rsplit("_", 1)[-1] for name in modules()}
    assert known() <= used, sorted(known() - used)


def test_the_list_is_sorted_one_word_a_line() -> None:
    lines = NOUNS.read_text().splitlines()
    assert lines == sorted(set(lines))


def test_planted_names_are_refused() -> None:
    planted = ["cases/services/rechecking.py", "cases/services/what_if.py", "cases/services/offers.py"]
    assert unknown(planted, known()) == planted[:2]


# A bound is called MAX_ or MIN_, and a view of one thing …Detail.
BOUND = re.compile(r"(?<![A-Z])_?(?:MOST|LONGEST|LEAST|SHORTEST)(?:_[A-Z_]+)?(?= *(?::[^=\n]+)?= )")
VIEW = re.compile(r"^class One[A-Z]\w*", re.M)


def odd_names(text: str) -> list[str]:
    """Bounds that are not MAX_ or MIN_, and views of one thing that are not called …Detail."""
    return BOUND.findall(text) + VIEW.findall(text)


def test_bounds_and_views_have_the_usual_names() -> None:
    found = {str(path.relative_to(ROOT)): odd_names(path.read_text()) for path in product_files()}
    assert not {name: odd for name, odd in found.items() if odd}


def test_planted_odd_names_are_refused() -> None:
    assert odd_names("MOST_HITS = 3\n_LONGEST: int = 2\nclass OneCase(ApiView):\n") == [
        "MOST_HITS",
        "_LONGEST",
        "class OneCase",
    ]
    assert not odd_names("MAX_HITS = 3\nclass CaseDetail(ApiView):\n")
