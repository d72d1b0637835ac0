"""A module is called by what it holds: the last word of its name is a noun that `nouns.txt` knows."""

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
