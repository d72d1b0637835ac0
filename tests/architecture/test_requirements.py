"""What is required is used, what is used is required, and what waits says for what."""

import importlib.metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from deploy.locks import import_exceptions, imports
from deploy.locks.pins import wanted
from deploy.locks.record import REQUIREMENTS
from tests.architecture.tree import CONTEXTS, ROOT, product_files

PRODUCT_SETS = ("base", "local", "ocr")
OURS = {"config", *CONTEXTS, "deploy", "tests", "manage"}


def named(*sets: str) -> set[str]:
    return {canonicalize_name(one.name) for name in sets for one in wanted(REQUIREMENTS / f"{name}.in")}


def excuses(*sets: str) -> set[str]:
    return set().union(*(import_exceptions.excused((REQUIREMENTS / f"{name}.in").read_text()) for name in sets))


def shelf() -> set[str]:
    return import_exceptions.waiting((REQUIREMENTS / "waiting.md").read_text())


def found(**changes: object) -> list[str]:
    facts = {
        "named": {"django", "twilio"},
        "used": {"django": Path("a.py"), "identity": Path("b.py")},
        "excuses": set(),
        "shelf": {"twilio"},
        "providers": {"django": ["Django"], "twilio": ["twilio"], "nh3": ["nh3"]},
        "ours": {"identity"},
    }
    return list(imports.faults(**(facts | changes)))


def test_the_product_imports_what_it_requires_and_requires_what_it_imports() -> None:
    files = [path for path in product_files() if path.relative_to(ROOT).parts[0] != "deploy"]
    faults = imports.faults(
        named=named(*PRODUCT_SETS),
        used=imports.imported(files),
        excuses=excuses(*PRODUCT_SETS),
        shelf=shelf() & named(*PRODUCT_SETS),
        providers=importlib.metadata.packages_distributions(),
        ours=OURS,
    )
    assert list(faults) == []


def test_the_tests_requirements_are_used_too() -> None:
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "deploy").rglob("*.py")]
    used = imports.imported(files)
    providers = importlib.metadata.packages_distributions()
    loaded = {canonicalize_name(one) for name in used for one in providers.get(name, ())}
    assert named("dev") - loaded - excuses("dev") - shelf() == set()


def test_every_row_of_the_shelf_is_required() -> None:
    assert shelf() <= named(*PRODUCT_SETS, "dev")


def test_a_tidy_project_has_no_faults() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"named": {"django", "twilio", "nh3"}}, "nh3 is required, and nothing imports it"),
        ({"used": {"nh3": Path("c.py"), "django": Path("a.py")}}, "c.py imports nh3, which no requirement names"),
        ({"used": {"twilio": Path("c.py"), "django": Path("a.py")}}, "twilio waits in waiting.md, and is used"),
        ({"shelf": {"twilio", "kafka"}}, "kafka waits in waiting.md, and is not required"),
    ],
)
def test_each_untidiness_is_found(changes: dict[str, object], fault: str) -> None:
    assert any(one.startswith(fault) for one in found(**changes))


def test_a_row_without_its_work_and_an_excuse_without_words_count_for_nothing() -> None:
    assert import_exceptions.waiting("| `nh3` |  |\n| `twilio` | text messages |\n") == {"twilio"}
    assert import_exceptions.excused("nh3  # without import:\nuvloop  # without import: uvicorn's loop\nredis\n") == {
        "uvloop"
    }
