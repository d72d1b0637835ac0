"""Every setting stands in a settings file, and somebody reads it."""

import ast
from pathlib import Path

import pytest

from tests.architecture import settings_names as names
from tests.architecture.tree import ROOT, parsed, product_files

SETTINGS = sorted((ROOT / "config" / "settings").glob("*.py"))
TREES = [parsed(path) for path in SETTINGS]
DEFINED = names.defined(TREES)
READER = ROOT / "config" / "kernel" / "conf.py"
PRODUCT = {path: parsed(path) for path in product_files() if path not in (*SETTINGS, READER)}
TESTS = {path: parsed(path) for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)}


def test_every_setting_that_the_product_asks_for_stands_in_a_settings_file() -> None:
    assert not list(names.undefined(PRODUCT, DEFINED))


def test_tests_set_no_setting_that_the_product_has_not() -> None:
    assert not list(names.undefined(TESTS, DEFINED | names.DJANGO))


def test_no_setting_has_a_default_at_its_place_of_use() -> None:
    assert not [fault for path, tree in PRODUCT.items() for fault in names.defaults_at_use(path, tree)]


def test_every_setting_is_read() -> None:
    read = {name for path, tree in PRODUCT.items() for name, _ in names.reads(path, tree)}
    assert not names.unread(DEFINED, read | names.used_among_settings(TREES))


@pytest.mark.parametrize(("name", "module"), names.LIBRARIES.items())
def test_a_librarys_setting_is_set_here_and_read_there(name: str, module: str) -> None:
    assert name in DEFINED
    assert name in names.read_by(module)


PLANTED = [
    'setting("PLANTED_SECONDS")',
    "settings.PLANTED_SECONDS",
    'getattr(settings, "PLANTED_SECONDS")',
    'setting(f"{kind}_SECONDS")',
    "setting(name)",
    "override_settings(PLANTED_SECONDS=1)",
]


@pytest.mark.parametrize("line", PLANTED)
def test_a_setting_of_no_file_is_refused(line: str) -> None:
    assert list(names.undefined({Path("cases/services/x.py"): ast.parse(line)}, DEFINED))


@pytest.mark.parametrize(
    "line", ['setting("DEBUG", False)', 'setting("DEBUG", default=1)', 'getattr(settings, "A", 1)']
)
def test_a_default_at_the_place_of_use_is_refused(line: str) -> None:
    assert list(names.defaults_at_use(Path("cases/services/x.py"), ast.parse(line)))


@pytest.mark.parametrize("line", ["PLANTED = 1", "CELERY_PLANTED = 1", "A = PLANTED = 1", "PLANTED: int = 1"])
def test_a_setting_that_nobody_reads_is_refused(line: str) -> None:
    tree = ast.parse(line)
    assert names.unread(names.defined([tree]), names.used_among_settings([tree]))


@pytest.mark.parametrize("line", ["DEBUG = False", "CELERY_TASK_ACKS_LATE = True", "A = 1\nDEBUG = A", "_OURS = 1"])
def test_one_that_django_celery_or_another_setting_reads_passes(line: str) -> None:
    tree = ast.parse(line)
    assert not names.unread(names.defined([tree]), names.used_among_settings([tree]))
