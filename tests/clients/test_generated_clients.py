"""Clients that others generate from our OpenAPI document, without a flag: whole, well typed, and good for a case."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from config.kernel.api import documentation
from tests.clients.backstage import Backstage
from tests.tooling.clinical import lab_report
from tests.tooling.facts import MARIA

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
PACKAGE = "second_opinion_platform_client"
METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as anybody downloads it; generators read JSON and YAML, and JSON in a tenth of the time."""
    path = tmp_path_factory.mktemp("document") / "schema.json"
    path.write_bytes(documentation._written("application/vnd.oai.openapi+json", "en"))
    return path


@pytest.fixture(scope="module")
def python_client(document: Path) -> Path:
    """What ``openapi-python-client generate --path schema.json`` makes; it said nothing else."""
    folder = document.parent / "python"
    folder.mkdir()
    said = run("openapi-python-client", "generate", "--path", document, folder=folder)
    assert said.strip() == f"Generating {folder / PACKAGE.replace('_', '-')}"
    return folder / PACKAGE.replace("_", "-")


@pytest.fixture(scope="module")
def typescript_client(document: Path) -> Path:
    """What ``openapi-typescript schema.json -o schema.d.ts`` makes, beside the program that uses it."""
    folder = document.parent / "typescript"
    folder.mkdir()
    said = run(node_program("openapi-typescript"), document, "-o", "schema.d.ts", folder=folder)
    assert "warn" not in said.lower()
    shutil.copy(HERE / "journey_by_typescript.ts", folder)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """The folder of the patient's papers."""
    (tmp_path / "report.pdf").write_bytes(lab_report(MARIA).content)
    return tmp_path


def test_the_python_client_has_every_operation_and_every_value(python_client: Path, document: Path) -> None:
    told = orjson.loads(document.read_bytes())
    asked = {one["operationId"] for path in told["paths"].values() for method, one in path.items() if method in METHODS}
    modules = {path.stem for path in (python_client / PACKAGE / "api").glob("*/*.py")} - {"__init__"}
    assert modules == asked
    for name, schema in told["components"]["schemas"].items():
        if len(schema.get("enum", [])) > 1:
            made = (python_client / PACKAGE / "models" / f"{snake(name)}.py").read_text()
            values = re.findall(r'^    \w+ = "(.*)"$', made, re.MULTILINE)
            assert sorted(values) == sorted(schema["enum"]), name


def test_the_python_client_and_a_program_on_it_are_well_typed(python_client: Path) -> None:
    shutil.copy(HERE / "journey_by_python.py", python_client)
    strict = ("--strict", "--config-file=", "--no-incremental")
    said = run("mypy", *strict, PACKAGE, "journey_by_python.py", folder=python_client)
    assert "Success: no issues found" in said


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_second_opinion_by_the_python_client(live_server: Any, python_client: Path, papers: Path) -> None:
    backstage = Backstage()
    command = [sys.executable, str(HERE / "journey_by_python.py"), live_server.url, str(papers)]
    backstage.run(command, papers, os.environ | {"PYTHONPATH": str(python_client)})
    assert backstage.steps[-1] == "follow_up"


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_second_opinion_by_the_typescript_client(live_server: Any, typescript_client: Path, papers: Path) -> None:
    compiled = ("--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext")
    run(node_program("tsc"), *compiled, "journey_by_typescript.ts", folder=typescript_client)
    backstage = Backstage()
    program = typescript_client / "journey_by_typescript.js"
    backstage.run(["node", str(program), live_server.url, str(papers)], papers)
    assert backstage.steps[-1] == "follow_up"


def run(program: str | Path, *arguments: str | Path, folder: Path) -> str:
    """What it says; ``AssertionError`` when it fails."""
    path = {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "400"}
    done = subprocess.run(
        [program, *arguments], cwd=folder, env=os.environ | path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout + done.stderr


def node_program(name: str) -> Path:
    """A program of the npm packages."""
    found = ROOT / "node_modules" / ".bin" / name
    if not found.exists():
        reason = "The TypeScript client needs node and `npm ci` in the project's root."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def snake(name: str) -> str:
    """As the generator names its modules."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
