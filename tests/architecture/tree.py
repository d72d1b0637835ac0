"""The source tree as the architecture tests see it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTEXTS = ("identity", "professionals", "cases", "analysis", "notifications")
PRODUCT = ("config", *CONTEXTS, "deploy")
# From the lowest: a context calls those before it.
DOWNWARDS = CONTEXTS


def product_files(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file of the product, without migrations, which are generated."""
    for name in PRODUCT:
        for path in sorted((root / name).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    yield root / "manage.py"


def all_files(root: Path = ROOT) -> Iterator[Path]:
    yield from product_files(root)
    yield from sorted((root / "tests").rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def tracked_top_level() -> tuple[set[str], set[str]]:
    """Folders and files at the root that belong to the project: what git tracks or would add."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    existing = [path for path in listed if (ROOT / path).exists()]
    folders = {path.split("/")[0] for path in existing if "/" in path}
    return folders, {path for path in existing if "/" not in path}
