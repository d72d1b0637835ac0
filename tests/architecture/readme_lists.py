"""What a context's README lists of its code; ``python -m tests.architecture.readme_lists`` writes all five anew."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import CONTEXTS, ROOT, parsed, product_files

BEGIN, END = "<!-- lists:begin (python -m tests.architecture.readme_lists) -->", "<!-- lists:end -->"
_PROVIDED = re.compile(r"\b([A-Z][A-Z_]+)\.provide\(")
_SETTING = re.compile(r"\bsetting\(\s*\"([A-Z_]+)\"")


def readme(context: str) -> Path:
    return ROOT / context / "README.md"


def lists(context: str) -> str:
    """The lines between the marks: events, ports, jobs, tables and settings, as the code has them today."""
    found = {
        "Events out": sorted(_events_out(context)),
        "Events in": sorted(set(_events_in(context))),
        "Ports provided": sorted(set(_PROVIDED.findall((ROOT / context / "apps.py").read_text()))),
        "Jobs": sorted(_jobs(context)),
        "Tables": _tables(context),
        "Settings": sorted(_settings(context)),
    }
    lines = [f"- **{title}**: {' '.join(f'`{name}`' for name in names) or 'none'}" for title, names in found.items()]
    return "\n".join([BEGIN, *lines, END])


def with_lists(text: str, context: str) -> str:
    """A README with today's lists between its marks."""
    head, rest = text.split(BEGIN, 1)
    return f"{head}{lists(context)}{rest.split(END, 1)[1]}"


def _events_out(context: str) -> Iterator[str]:
    from config.kernel.events import all_events

    # By their module: tests make events of their own.
    ours = (one for one in all_events().values() if one.__module__.partition(".")[0] == context)
    yield from (one.name.removeprefix(f"{context}.") for one in ours)


def _events_in(context: str) -> Iterator[str]:
    """The sources of the ``@once`` handlers: names as they stand, classes as the events that they are."""
    for path in [*(ROOT / context).glob("handlers.py"), *(ROOT / context / "handlers").glob("*.py")]:
        imported = _event_classes(parsed(path))
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "once":
                source = node.args[0]
                yield imported[source.id] if isinstance(source, ast.Name) else ast.literal_eval(source)


def _event_classes(tree: ast.Module) -> dict[str, str]:
    from config.kernel.events import all_events

    names = {(one.__module__, one.__name__): one.name for one in all_events().values()}
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module)
    pairs = ((node.module or "", name) for node in imports for name in node.names)
    return {one.asname or one.name: names[module, one.name] for module, one in pairs if (module, one.name) in names}


def _jobs(context: str) -> Iterator[str]:
    from config.kernel.jobs import registry

    every = {one.kind: one.seconds for one in registry.periodic_jobs()}
    for kind in registry._kinds.values():
        if kind.context == context:
            name = kind.name.removeprefix(f"{context}.")
            yield f"{name} ({_period(every[kind.name])})" if kind.name in every else name


def _period(seconds: int) -> str:
    named = {60: "each minute", 3600: "hourly", 86_400: "daily"}
    return named.get(seconds) or (f"every {seconds // 60} minutes" if seconds > 60 else f"every {seconds} seconds")


def _tables(context: str) -> list[str]:
    from django.apps import apps

    return sorted(str(model._meta.model_name) for model in apps.get_app_config(context).get_models())


def _settings(context: str) -> set[str]:
    files = (path for path in product_files() if path.relative_to(ROOT).parts[0] == context)
    return {name for path in files for name in _SETTING.findall(path.read_text())}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    for one in CONTEXTS:
        readme(one).write_text(with_lists(readme(one).read_text(), one))
