"""No public name of a domain, a service or the kernel is there for nobody; tests are not somebody."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture.tree import PRODUCT, ROOT, parsed, product_files

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Who makes a class by its base, and asks nobody for its name.
_REGISTERED = ("BaseCommand", "AppConfig", "Extension")
# A decorator that only changes how a function is called; every other one may have registered it.
_PLAIN = re.compile(r"(functools\.)?(cache|lru_cache|wraps)\b|contextmanager|asynccontextmanager|sensitive_variables")
# What the product offers to its tests: the time, and forgetting what a process remembers.
FOR_TESTS = {"shifted", "forget_sessions", "close_circuits"}


def defined(tree: ast.Module) -> Iterator[str]:
    """The public names that a module makes at its top level, and that no framework was told."""
    for node in tree.body:
        names: list[ast.expr | str] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if all(_PLAIN.match(ast.unparse(one)) for one in node.decorator_list):
                names = [node.name]
        elif isinstance(node, ast.ClassDef):
            if not any(word in ast.unparse(base) for base in node.bases for word in _REGISTERED):
                names = [node.name]
        elif isinstance(node, ast.Assign):
            names = list(node.targets)
        elif isinstance(node, ast.AnnAssign):
            names = [node.target]
        said = [one.id if isinstance(one, ast.Name) else one for one in names]
        yield from (one for one in said if isinstance(one, str) and not one.startswith("_"))


def used(tree: ast.Module, *, door: bool = False) -> Iterator[str]:
    """The names that a module reads, imports or says in a text; a door's imports and ``__all__`` use nothing."""
    docstrings = {node.body[0].value for node in ast.walk(tree) if _has_docstring(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.ImportFrom) and not door:
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not door and node not in docstrings:
            yield from _WORD.findall(node.value)


def dead(judged: Iterable[ast.Module], users: Iterable[str]) -> set[str]:
    """The public names that the ``judged`` modules make and that are not among ``users``."""
    known = Counter(users)
    return {name for tree in judged for name in defined(tree) if not known[name]}


def _has_docstring(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)


def _is_judged(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return path.name != "__init__.py" and (
        bool({"domain", "services"} & set(parts)) or parts[:2] == ("config", "kernel")
    )


def _texts() -> Iterator[str]:
    """What templates and data files name."""
    for label in PRODUCT:
        for path in (ROOT / label).rglob("*"):
            if path.suffix in (".html", ".txt", ".json"):
                yield from _WORD.findall(path.read_text())


def test_every_public_name_is_used() -> None:
    paths = list(product_files())
    users = [name for path in paths for name in used(parsed(path), door=path.name == "__init__.py")]
    idle = dead((parsed(path) for path in paths if _is_judged(path)), [*users, *_texts()])
    assert idle == FOR_TESTS, "delete it, or move what only tests ask to tests/observations.py"


def test_a_planted_name_without_a_user_is_found() -> None:
    planted = ast.parse(
        '"""Idle is said here."""\n'
        "def called(): ...\n"
        "LIMIT = 3\n"
        "class Idle: ...\n"
        "class Command(BaseCommand): ...\n"
        "@receiver(signal)\ndef registered(): ...\n"
        "@cache\ndef remembered(): ...\n"
        "_own = 1\n"
    )
    door = ast.parse('from cases.services.x import LIMIT\n__all__ = ["LIMIT"]\n')
    caller = ast.parse("from cases.services.x import called\n")
    assert dead([planted], [*used(planted), *used(door, door=True), *used(caller)]) == {"LIMIT", "Idle", "remembered"}
