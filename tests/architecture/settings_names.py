"""Which settings are defined, and by whom each is read. Every rule yields a sentence for each violation."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from celery.app.defaults import NAMESPACES, flatten
from django.conf import global_settings

# Settings of libraries, and of Django where it has no default; and the module that reads each by its name.
LIBRARIES = {
    "ROOT_URLCONF": "django.urls.resolvers",
    "REST_FRAMEWORK": "rest_framework.settings",
    "SPECTACULAR_SETTINGS": "drf_spectacular.settings",
    "SIMPLE_JWT": "rest_framework_simplejwt.settings",
    "UNFOLD": "unfold.settings",
    "CHANNEL_LAYERS": "channels.layers",
    "ASGI_APPLICATION": "channels.routing",
}
CELERY = {f"CELERY_{name.upper()}" for name, _ in flatten(NAMESPACES)}
DJANGO = {name for name in dir(global_settings) if name.isupper()}


def defined(trees: Iterable[ast.Module]) -> set[str]:
    """The names that modules of settings assign, or that a setting's module imports to be one."""
    found = {name for tree in trees for node in ast.walk(tree) for name in _assigned(node)}
    return {name for name in found if name.isupper() and not name.startswith("_")}


def used_among_settings(trees: Iterable[ast.Module]) -> set[str]:
    """What one setting is made of, or is refused by (``settings["X"]``)."""
    found: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            found.add(str(node.slice.value))
    return found


def reads(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(name, place) of every setting that a file asks for, sets or overrides; a computed name is empty."""
    for node in ast.walk(tree):
        place = f"{path}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            if called == "setting":
                yield _constant(node.args[0]) if node.args else "", place
            elif called in ("getattr", "setattr", "hasattr") and _is_settings(node.args[0]):
                yield _constant(node.args[1]), place
            elif called == "override_settings":
                yield from ((word.arg or "", place) for word in node.keywords)
        elif isinstance(node, ast.Attribute) and _is_settings(node.value) and node.attr.isupper():
            yield node.attr, place


def undefined(files: Mapping[Path, ast.Module], known: set[str]) -> Iterator[str]:
    """A setting that stands in no settings file, or whose name nobody can look up."""
    for path, tree in files.items():
        for name, place in reads(path, tree):
            if not name:
                yield f"{place} computes the name of a setting; write it out"
            elif name not in known:
                yield f"{place} asks for {name}, which stands in no file of config/settings"


def defaults_at_use(path: Path, tree: ast.Module) -> Iterator[str]:
    """A default that only one reader knows: it belongs into the settings file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            asked = node.func.id == "setting" and (len(node.args) > 1 or node.keywords)
            got = node.func.id == "getattr" and len(node.args) > 2 and _is_settings(node.args[0])
            if asked or got:
                yield f"{path}:{node.lineno} gives a setting a default; put it into the settings file"


def unread(names: set[str], read: set[str]) -> list[str]:
    """Settings that neither we nor Django nor a library that says so reads."""
    return sorted(names - read - DJANGO - CELERY - LIBRARIES.keys())


def read_by(module: str) -> str:
    """The source of a library's module."""
    spec = find_spec(module)
    return Path(spec.origin).read_text() if spec and spec.origin else ""


def _assigned(node: ast.AST) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name):
                yield part.id


def _is_settings(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("settings", "django_settings")


def _constant(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""
