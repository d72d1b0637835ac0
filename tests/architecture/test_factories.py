"""Tests make rows by factories, one module a context: a column that a table gets is filled in once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import CONTEXTS, ROOT, parsed

FACTORIES = ROOT / "tests" / "factories"
_CREATING = {"create", "acreate", "get_or_create", "update_or_create"}
_MANAGERS = {"objects", "_default_manager", "_base_manager"}


def rows_made_by_hand(path: Path, tree: ast.Module) -> Iterator[str]:
    """A model that is called, or a manager that creates. Rows that were read may be put back (``bulk_create``)."""
    models = set(_models(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in models:
            yield f"{path}:{node.lineno} makes a {called.id}; take tests/factories"
        if isinstance(called, ast.Attribute) and called.attr in _CREATING and _managed(called.value):
            yield f"{path}:{node.lineno} says {ast.unparse(called)}; take tests/factories"


def _models(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            context, *rooms = node.module.split(".")
            if context in CONTEXTS and rooms[:1] == ["models"]:
                yield from (name.asname or name.name for name in node.names)


def _managed(value: ast.expr) -> bool:
    """Whether it is a manager, or what one was asked for (``objects.using("cases")``)."""
    return any(isinstance(node, ast.Attribute) and node.attr in _MANAGERS for node in ast.walk(value))


def _test_files() -> list[Path]:
    return [path for path in (ROOT / "tests").rglob("*.py") if FACTORIES not in path.parents]


def test_rows_of_tests_come_from_factories() -> None:
    found = [text for path in _test_files() for text in rows_made_by_hand(path, parsed(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "from cases.models import Offer\nOffer(case_id=1).save()\n",
        "from cases.models.opinion import Offer as Row\nRow.objects.bulk_create(Row(case_id=n) for n in range(9))\n",
        "def test() -> None:\n    from identity.models import Job\n    Job.objects.create(kind='x')\n",
        "apps.get_model('cases', 'Offer').objects.using('cases').get_or_create(id=1)\n",
        "User.objects.get(id=1).role_grants.create(role='nurse')\n",
    ],
)
def test_a_row_made_by_hand_is_found(source: str) -> None:
    assert list(rows_made_by_hand(Path("tests/x.py"), ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "from tests.factories.cases import OfferFactory\nOfferFactory(case_id=1)\n",
        "from cases.models import Offer\nOffer.objects.bulk_create(rows)\n",
        "from django.db.models import Q\nOffer.objects.filter(Q(id=1))\n",
        "authenticator.create(options)\n",
    ],
)
def test_what_makes_no_row_by_hand_is_left_alone(source: str) -> None:
    assert not list(rows_made_by_hand(Path("tests/x.py"), ast.parse(source)))
