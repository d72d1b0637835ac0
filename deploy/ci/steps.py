"""The checks, by name. Each is one command; its exit status is its verdict."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.ci.environment import production_like

ROOT = Path(__file__).resolve().parents[2]
CONTEXTS = ("identity", "professionals", "cases", "analysis", "notifications")
TYPED = ("config", *CONTEXTS, "deploy", "manage.py")

# Tests run beside one another, file by file, each process on its own databases: none asks for a speed of the machine.
# The first to need databases makes them anew, those after it use them again.
_BESIDE = ("-n", str(max(1, min(4, os.cpu_count() or 1))), "--dist", "loadfile", "--reuse-db")
_PRODUCT = ("tests", "--ignore=tests/architecture", *_BESIDE)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One check. ``loud`` shows its output as it comes; others speak only when they fail.

    ``beside``: it begins at once and runs while those before it do.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    loud: bool = False
    beside: bool = False
    tests: Path | None = None


def steps(scratch: Path) -> list[Step]:
    """All checks; ``scratch`` takes generated secrets and the tests' reports."""
    test_settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    return [
        _module("format", "ruff", "format", "--check", "."),
        _module("lint", "ruff", "check", "."),
        Step(name="walls", command=(_beside("lint-imports"), "--no-cache"), environment={"PYTHONPATH": str(ROOT)}),
        Step(
            name="deploy check",
            command=(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            environment=production_like(scratch),
        ),
        Step(
            name="migrations",
            command=(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),
            environment=test_settings,
        ),
        _pytest("architecture", scratch, "tests/architecture", *_BESIDE, "--create-db"),
        Step(
            name="types",
            command=(sys.executable, "-m", "mypy", *(name for name in TYPED if (ROOT / name).exists())),
            beside=True,
        ),
        _pytest("tests", scratch, *_PRODUCT, "--create-db", "-m", "not slow and not browser"),
        _pytest("browser", scratch, *_PRODUCT, "-m", "browser and not slow"),
        _pytest("slow tests", scratch, *_PRODUCT, "-m", "slow"),
    ]


def _beside(program: str) -> str:
    return str(Path(sys.executable).with_name(program))


def _module(name: str, *command: str) -> Step:
    return Step(name=name, command=(sys.executable, "-m", *command))


def _pytest(name: str, scratch: Path, *arguments: str) -> Step:
    report = scratch / f"{name.replace(' ', '-')}.xml"
    command = (sys.executable, "-m", "pytest", "-q", "--durations=8", f"--junitxml={report}", *arguments)
    return Step(name=name, command=command, loud=True, tests=report)
