"""The subjects of cases are few, depend on few, and never on each other in a circle."""

from pathlib import Path

import pytest

from tests.architecture.rooms import arrows, cycles
from tests.architecture.tree import CONTEXTS, ROOT

MAX_ROOMS = 20
MAX_ARROWS = 45


@pytest.mark.parametrize("app", CONTEXTS)
def test_no_context_has_a_cycle_of_rooms(app: str) -> None:
    assert not cycles(arrows(ROOT / app / "services", f"{app}.services"))


def test_cases_has_few_rooms_and_few_arrows() -> None:
    rooms = arrows(ROOT / "cases/services", "cases.services")
    assert len(rooms) <= MAX_ROOMS, sorted(rooms)
    assert sum(len(to) for to in rooms.values()) <= MAX_ARROWS, rooms


def test_a_planted_cycle_is_seen_through_subfolders_and_functions(tmp_path: Path) -> None:
    (tmp_path / "one/deep").mkdir(parents=True)
    (tmp_path / "one/deep/module.py").write_text("def late():\n    from here.two import anything")
    (tmp_path / "two.py").write_text("import here.three.part")
    (tmp_path / "three").mkdir()
    (tmp_path / "three/part.py").write_text("from here import one")
    rooms = arrows(tmp_path, "here")
    assert rooms == {"one": frozenset({"two"}), "two": frozenset({"three"}), "three": frozenset({"one"})}
    assert cycles(rooms) == [["one", "three", "two"]]
