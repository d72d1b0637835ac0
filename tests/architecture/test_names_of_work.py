"""Events and jobs that are named by a word are there: nobody waits for what never comes."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import checks

from config.kernel import events
from config.kernel.jobs import every, on_failure, registry
from config.kernel.outbox import once
from tests.architecture.tree import parsed, product_files


@pytest.fixture(autouse=True)
def _names_of_this_test_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((registry, "_periodic"), (registry, "_failure_hooks"), (events, "_signals")):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))


def refused(code: str) -> list[str]:
    return [fault.msg for fault in checks.run_checks() if fault.id == code]


def unknown_jobs(path: Path, tree: ast.Module) -> Iterator[str]:
    """Every ``enqueue(kind="…")`` of a kind that no job is registered as."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enqueue":
            kind: Any = next((word.value for word in node.keywords if word.arg == "kind"), None)
            if isinstance(kind, ast.Constant) and kind.value not in registry._kinds:
                yield f"{path}:{node.lineno} enqueues {kind.value}, which no job is registered as"


def test_every_event_and_job_that_is_named_is_there() -> None:
    assert refused("kernel.E008") == []
    assert refused("kernel.E009") == []
    assert not [fault for path in product_files() for fault in unknown_jobs(path, parsed(path))]


def test_a_handler_of_an_event_that_nobody_sends_is_refused() -> None:
    once("analysis.planted.misspelt.v1", context="cases")(lambda event: None)
    (fault,) = refused("kernel.E008")
    assert fault.endswith("handles analysis.planted.misspelt.v1, which no context's events.py defines.")


def test_a_period_and_a_failure_of_no_job_are_refused() -> None:
    every("cases.planted_period", seconds=60)
    on_failure("cases.planted_failure")(lambda subject_id: None)
    assert [fault.split(",")[0] for fault in refused("kernel.E009")] == [
        "on_failure() names cases.planted_failure",
        "every() names cases.planted_period",
    ]


def test_work_of_no_kind_is_refused() -> None:
    tree = ast.parse('enqueue(context="cases", kind="cases.planted", subject_id=row.id)')
    assert list(unknown_jobs(Path("cases/services/x.py"), tree))
