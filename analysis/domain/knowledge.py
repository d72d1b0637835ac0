"""Reading the versioned data files under ``analysis/knowledge``: a row per fact, each with its source."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "knowledge"


class BrokenKnowledge(ValueError):
    """A data file holds a row that cannot be used; the release must not be shipped."""


def rows(name: str) -> list[dict[str, str]]:
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


@cache
def release() -> str:
    """The id of this knowledge release, kept with every finding."""
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
