"""Reading the versioned data files under ``analysis/knowledge``: a row per fact, each with its source.

Rows that staff published replace the release's (``using``); what is derived from rows is remembered for each release.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "knowledge"


class BrokenKnowledge(ValueError):
    """A data file holds a row that cannot be used; the release must not be shipped."""


Row = dict[str, str]
T = TypeVar("T")
# The column that names a row. ``in_use`` in a published row says whether it counts at all.
KEYS = {
    "analytes": "loinc", "classes": "class", "combinations": "name", "interactions": "id", "medicines": "generic",
    "red_flag_limits": "id", "red_flags": "id", "units": "printed",
}  # fmt: skip
IN_USE = "in_use"
_MAX_RELEASES = 4
# (the release's id, published rows by table and key) of the work at hand.
_published: ContextVar[tuple[str, Mapping[str, Mapping[str, Row]]] | None] = ContextVar("published", default=None)


@contextmanager
def using(suffix: str, published: Mapping[str, Mapping[str, Row]]) -> Iterator[None]:
    """Within it, ``published`` rows (table → key → cells) count; ``suffix`` tells this set from every other."""
    token = _published.set((suffix, published) if published else None)
    try:
        yield
    finally:
        _published.reset(token)


def per_release(function: Callable[[], T]) -> Callable[[], T]:
    """Remember what ``function`` makes of the rows, for each of the last few releases."""
    known: dict[str, T] = {}

    @wraps(function)
    def remembered() -> T:
        name = release()
        if name not in known:
            made = function()
            while len(known) >= _MAX_RELEASES:
                known.pop(next(iter(known)), None)
            known[name] = made
        return known[name]

    return remembered


def rows(name: str) -> list[Row]:
    """The rows of a table in order: those of ``<name>.csv``, and the published ones in place of them or after them."""
    own = _published.get()
    changed = dict(own[1].get(name, {})) if own else {}
    if not changed:
        return shipped(name)
    key = KEYS[name]
    found = [changed.pop(row[key], row) for row in shipped(name)]
    return [
        {cell: value for cell, value in row.items() if cell != IN_USE}
        for row in (*found, *changed.values())
        if row.get(IN_USE) != "no"
    ]


def shipped(name: str) -> list[Row]:
    """The rows of ``<name>.csv`` in order, every cell stripped."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    for number, row in enumerate(table, 1):
        if len(row) != len(table[0]):
            raise BrokenKnowledge(f"{name}.csv, row {number}: {len(row)} cells under {len(table[0])} headings")
    return [dict(zip(table[0], (cell.strip() for cell in row), strict=True)) for row in table[1:]]


def document(name: str) -> Any:
    """The content of ``<name>.yaml``."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def release() -> str:
    """The id of the knowledge in use, kept with every finding: the release's, and what staff published since."""
    own = _published.get()
    return f"{_release()}+{own[0]}" if own else _release()


@cache
def _release() -> str:
    return str(document("release")["release"])


@cache
def sources() -> dict[str, dict[str, str]]:
    """Every source by its key: title, url, dated."""
    loaded: dict[str, dict[str, str]] = document("sources")
    return loaded


def cite(key: str) -> str:
    """A source as it is shown to a reader. An unknown key is an error of the release."""
    try:
        return sources()[key]["title"]
    except KeyError:
        raise BrokenKnowledge(f"no source {key!r}") from None


def words(cell: str) -> tuple[str, ...]:
    """The ``|``-separated parts of a cell."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())
