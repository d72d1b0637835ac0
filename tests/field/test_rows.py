"""Each reported case has its test: ``rows.csv`` names it, and it is there."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def _tests_of(file: str) -> frozenset[str]:
    return frozenset(_named(ast.parse((ROOT / file).read_text()), ""))


def _named(tree: ast.Module | ast.ClassDef, of: str) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from _named(node, f"{of}{node.name}::")
        elif isinstance(node, ast.FunctionDef):
            yield of + node.name


def test_every_reported_case_has_its_test() -> None:
    with (Path(__file__).parent / "rows.csv").open(newline="") as file:
        rows = {row["row"]: row["test"] for row in csv.DictReader(file)}
    assert len(rows) == 119
    missing = [row for row, test in rows.items() if test.partition("::")[2] not in _tests_of(test.partition("::")[0])]
    assert missing == []
