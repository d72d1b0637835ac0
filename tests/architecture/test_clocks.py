"""No test passes or fails by the speed of the machine: none asserts how long something took on the wall's clock.

Processor time, counts and a clock of the test's own say the same on every machine. Waiting has generous guards.
"""

import ast

from tests.architecture.tree import ROOT, parsed

WALL = {"monotonic", "perf_counter", "time", "monotonic_ns", "perf_counter_ns"}
# They measure, by command.
ELSEWHERE = ("benchmarks", "acceptance", "journey")


def timed(tree: ast.Module) -> list[int]:
    """Lines that assert on a difference to the wall's clock."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        for inner in ast.walk(node.test)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) and any(map(_reads_wall, ast.walk(inner)))
    ]


def _reads_wall(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WALL
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "time"
    )


def test_no_test_asserts_a_time_on_the_walls_clock() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path.relative_to(ROOT / "tests").parts[0] not in ELSEWHERE
        for line in timed(parsed(path))
    ]
    assert found == [], "prove it by processor time, by counts, or by tests.tooling.moments.later"


def test_a_planted_limit_is_found() -> None:
    bad = "import time\nbegun = time.monotonic()\nassert time.monotonic() - begun < 3\n"
    good = "import time\nbegun = time.process_time()\nassert time.process_time() - begun < 3\n"
    assert timed(ast.parse(bad)) == [3]
    assert timed(ast.parse(good)) == []
