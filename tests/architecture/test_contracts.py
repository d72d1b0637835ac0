"""The import contracts of pyproject.toml hold, and each refuses a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import CONTEXTS, ROOT

LINT = str(Path(sys.executable).with_name("lint-imports"))
# (contract, file, its line)
REFUSED = [
    ("doors", "cases/services/workflow/planted.py", "from identity.models import User"),
    ("doors", "cases/services/workflow/planted.py", "import identity.services.accounts.accounts"),
    ("doors", "analysis/handlers.py", "from cases.domain.workflow import states"),
    ("doors", "professionals/dashboard/planted.py", "from cases.queries import anything"),
    ("doors", "identity/services/planted.py", "def late():\n    import notifications.adapters.planted"),
    ("doors", "analysis/services/planted.py", "from cases.services.workflow.moves import move"),
    ("doors", "analysis/services/planted.py", "from cases.services.storage import sealed_files"),
    ("direction", "identity/services/planted.py", "from cases.services.intake import open_case"),
    ("direction", "professionals/services/planted.py", "from cases.services.casefile import get_case"),
    ("direction", "cases/api/planted.py", "from analysis.services import get_run"),
    ("inside", "cases/domain/planted.py", "import cases.models"),
    ("inside", "cases/models/planted.py", "import cases.services"),
    ("inside", "cases/services/workflow/planted.py", "import cases.api.planted_too"),
    ("inside", "cases/adapters/planted.py", "import cases.queries"),
    ("inside", "cases/handlers.py", "import cases.tasks"),
    ("inside", "cases/utils.py", "'A place for anything.'"),
    ("inside", "analysis/helpers/__init__.py", "'Another one.'"),
    ("subjects", "cases/services/planted.py", "'A subject without a place.'"),
    ("subjects", "cases/services/intake/planted.py", "from cases.services.workflow import move"),
    ("subjects", "cases/services/index.py", "def late():\n    from cases.services.documents import get_document"),
    ("runtime", "config/kernel/planted.py", "def late():\n    import config.runtime.serving"),
    ("kernel", "config/kernel/planted.py", "import cases.services"),
    ("kernel", "config/planted.py", "def late():\n    from identity.events import AccountRegistered"),
    ("pure-domain", "cases/domain/planted.py", "from django.utils import timezone"),
    ("pure-domain", "analysis/domain/planted.py", "import rest_framework"),
    ("sdks", "analysis/services/planted.py", "def late():\n    import openai"),
    ("sdks", "cases/domain/planted.py", "import pydicom"),
    ("sdks", "config/kernel/planted.py", "import boto3"),
    ("drf", "cases/services/workflow/planted.py", "from rest_framework import serializers"),
    ("drf", "professionals/dashboard/planted.py", "import rest_framework"),
    ("drf", "config/kernel/auth/planted.py", "import rest_framework"),
]
ALLOWED = [
    ("doors", "notifications/handlers.py", "from identity.services import get_account"),
    ("doors", "cases/handlers.py", "from analysis.events import AnalysisCompleted"),
    ("direction", "cases/handlers.py", "from analysis.events import AnalysisCompleted"),
    ("direction", "professionals/dashboard/planted.py", "from cases.services.casefile import get_case"),
    ("sdks", "analysis/adapters/planted.py", "def late():\n    import openai"),
    ("drf", "cases/api/planted.py", "import rest_framework"),
]
IDS = ("doors", "direction", "inside", "subjects", "runtime", "kernel", "pure-domain", "sdks", "drf")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's packages, to plant violations in."""
    root = tmp_path_factory.mktemp("tree")
    for name in ("config", *CONTEXTS):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.ttf", "*.json"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def test_the_contracts_hold_on_the_tree() -> None:
    done = _lint(ROOT, "--no-cache")
    assert done.returncode == 0, done.stdout
    assert f"{len(IDS)} kept, 0 broken" in done.stdout


@pytest.mark.parametrize(("contract", "name", "line"), REFUSED, ids=lambda value: value.replace("\n", " "))
def test_a_planted_import_is_refused(copy: Path, contract: str, name: str, line: str) -> None:
    done = _lint_planted(copy, contract, name, line)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


@pytest.mark.parametrize(("contract", "name", "line"), ALLOWED, ids=lambda value: value.replace("\n", " "))
def test_an_import_through_a_door_is_allowed(copy: Path, contract: str, name: str, line: str) -> None:
    done = _lint_planted(copy, contract, name, line)
    assert done.returncode == 0, done.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract for contract, _, _ in REFUSED} == set(IDS)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("cases/services/planted.py", "from django.db import transaction"),
        ("cases/services/planted.py", "from django.conf import settings"),
        ("identity/api/planted.py", "from django.db.transaction import atomic"),
    ],
)
def test_ruff_refuses_a_way_round_the_kernel(copy: Path, name: str, line: str) -> None:
    path = copy / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{line}\n")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", name]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    path.unlink()
    assert done.returncode == 1
    assert "TID251" in done.stdout


def _lint_planted(root: Path, contract: str, name: str, line: str) -> subprocess.CompletedProcess[str]:
    path = root / name
    made: list[Path] = []
    for folder in reversed([p for p in path.parents if p.is_relative_to(root) and p != root]):
        if not (folder / "__init__.py").exists() and not (path.name == "__init__.py" and folder == path.parent):
            folder.mkdir(exist_ok=True)
            (folder / "__init__.py").touch()
            made.append(folder)
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{line}\n{before or ''}")
    for target in _imported(root, line):
        if not target.parent.exists():
            target.parent.mkdir()
            (target.parent / "__init__.py").touch()
            made.append(target.parent)
        target.touch()
        made.append(target)
    try:
        return _lint(root, "--contract", contract, "--cache-dir", str(root / ".cache"))
    finally:
        path.unlink() if before is None else path.write_text(before)
        if path.name == "__init__.py":
            shutil.rmtree(path.parent)
        for left in reversed(made):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _imported(root: Path, line: str) -> list[Path]:
    """Modules that the planted line imports from ourselves and that are not there yet."""
    words = line.split("\n")[-1].split()
    module = words[1]
    if module.split(".")[0] not in CONTEXTS:
        return []
    path = root / Path(*module.split("."))
    if path.is_dir() or path.with_suffix(".py").exists():
        return []
    return [path.with_suffix(".py")]


def _lint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, *arguments], cwd=root, capture_output=True, text=True, check=False)
