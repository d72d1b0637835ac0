"""Every regular expression of the product, found in its source: a new one cannot hide from the check."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("config", "identity", "professionals", "cases", "analysis", "notifications", "deploy")
METHODS = frozenset({"match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split"})
#: Fields and validators that take a pattern and search for it.
FIELDS = frozenset({"RegexField", "RegexValidator"})


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place where a pattern is written. ``name`` is its variable, or the function that it stands in."""

    module: str
    line: int
    name: str
    patterns: tuple[re.Pattern[Any], ...] = ()
    methods: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        """By what the tables of the check know it."""
        return f"{self.module}:{self.name}"


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product with its syntax tree."""
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if re.search(r"\bre\b|Regex", source):
                parts = path.relative_to(ROOT).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), ast.parse(source)


def sites() -> Iterator[Site]:
    """Every call of ``re`` that takes a pattern, and every field that does."""
    for module, tree in modules():
        for holder, call in _calls(tree, ""):
            yield _site(module, tree, holder, call)


def _calls(node: ast.AST, holder: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inside = holder
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = f"{holder}.{child.name}".lstrip(".")
        elif isinstance(child, ast.Assign | ast.AnnAssign) and not holder:
            target = child.targets[0] if isinstance(child, ast.Assign) else child.target
            inside = f"={target.id}" if isinstance(target, ast.Name) else holder
        if isinstance(child, ast.Call) and _takes_pattern(child):
            yield inside, child
        yield from _calls(child, inside)


def _takes_pattern(call: ast.Call) -> bool:
    called = call.func
    if isinstance(called, ast.Attribute):
        of_re = isinstance(called.value, ast.Name) and called.value.id == "re"
        return (of_re and called.attr in METHODS | {"compile"}) or called.attr in FIELDS
    return isinstance(called, ast.Name) and called.id in FIELDS


def _site(module: str, tree: ast.Module, holder: str, call: ast.Call) -> Site:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id  # type: ignore[attr-defined]
    name = holder.lstrip("=")
    if holder.startswith("=") and called == "compile":
        found = tuple(_patterns_in(vars(importlib.import_module(module))[name]))
        return Site(module=module, line=call.lineno, name=name, patterns=found, methods=_methods_on(tree, name))
    made = _evaluated(importlib.import_module(module), call)
    methods = frozenset({"search" if called in FIELDS else called}) - {"compile"}
    return Site(module=module, line=call.lineno, name=name, patterns=(made,) if made else (), methods=methods)


def _evaluated(module: ModuleType, call: ast.Call) -> re.Pattern[Any] | None:
    """The pattern as the module would compile it, where no local name is needed for that."""
    if not call.args:
        return None
    flags = [word.value for word in call.keywords if word.arg == "flags"]
    flags += [arg for arg in call.args[1:] if re.fullmatch(r"(?:\||\s|re\.[A-Z]+)+", ast.unparse(arg))]
    try:
        source, *told = (
            eval(compile(ast.Expression(each), module.__name__, "eval"), vars(module))
            for each in [call.args[0], *flags]
        )
        return source if isinstance(source, re.Pattern) else re.compile(source, *told)
    except NameError:
        return None


def _patterns_in(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns_in(tuple(value.values()))
    elif isinstance(value, list | tuple | frozenset | set):
        for each in value:
            yield from _patterns_in(each)


def _methods_on(tree: ast.Module, name: str) -> frozenset[str]:
    return frozenset(
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in METHODS
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    )
