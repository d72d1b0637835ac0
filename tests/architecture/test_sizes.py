"""Cheap targets that keep code liveable, and the shape of the top level."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.tree import all_files, functions, parsed, product_files, tracked_top_level

FOLDERS = {
    "config",
    "identity",
    "cases",
    "analysis",
    "professionals",
    "notifications",
    "deploy",
    "requirements",
    "tests",
}


def test_the_top_level_is_the_design() -> None:
    folders, files = tracked_top_level()
    assert folders - {".ci"} == FOLDERS
    assert {"manage.py", "Dockerfile", "Makefile", "pyproject.toml"} <= files


def test_no_file_is_longer_than_400_lines() -> None:
    assert not [str(path) for path in all_files() if len(path.read_text().splitlines()) > 400]


MAX_MODULES = 25


def crowded(paths: Iterable[Path]) -> list[str]:
    """Folders of more modules than one sees at a glance; what makes a folder a package is not counted."""
    counted = Counter(path.parent for path in paths if path.name != "__init__.py")
    return sorted(f"{folder}: {count}" for folder, count in counted.items() if count > MAX_MODULES)


def test_no_folder_holds_more_than_25_modules() -> None:
    assert not crowded(product_files())


def test_a_planted_crowd_is_refused() -> None:
    assert crowded(Path(f"cases/planted/module_{number}.py") for number in range(26)) == ["cases/planted: 26"]


def test_no_function_is_longer_than_80_lines_and_few_than_40() -> None:
    lengths = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in product_files()
        for node in functions(parsed(path))
    }
    assert not [name for name, length in lengths.items() if length > 80]
    long = [name for name, length in lengths.items() if length > 40]
    assert len(long) <= 0.05 * len(lengths), "\n".join(long)


def test_every_function_says_what_it_returns() -> None:
    missing = [
        f"{path}:{node.lineno} {node.name}"
        for path in product_files()
        for node in functions(parsed(path))
        if node.returns is None
    ]
    assert not missing, "\n".join(missing)


def test_every_context_has_the_same_parts() -> None:
    from tests.architecture.tree import CONTEXTS, ROOT

    parts = ("README.md", "apps.py", "router.py", "db.py", "events.py", "services/__init__.py", "models/__init__.py")
    missing = [f"{name}/{part}" for name in CONTEXTS for part in parts if not (ROOT / name / part).exists()]
    assert not missing, "\n".join(missing)
