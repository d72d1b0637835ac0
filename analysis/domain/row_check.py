"""What is wrong with a row of knowledge that somebody writes: the whole release is read again with it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from decimal import InvalidOperation

from analysis.domain import knowledge
from analysis.domain.laboratory.catalogue import by_name, units
from analysis.domain.medicines.dictionary import generics, names, pattern
from analysis.domain.medicines.interactions import rules, sourced_classes
from analysis.domain.redflags import LEVELS, limit_rules, text_rules

_READERS = (by_name, units, sourced_classes, generics, names, pattern, rules, text_rules, limit_rules)
_NEEDED = {
    "analytes": ("loinc", "name", "unit", "si_unit", "si_factor"),
    "classes": ("class", "meaning", "source"),
    "combinations": ("name", "generics"),
    "interactions": ("id", "members", "severity", "title", "mechanism", "advice", "source"),
    "medicines": ("generic",),
    "red_flag_limits": ("id", "loinc", "side", "level", "title", "advice", "source"),
    "red_flags": ("id", "level", "pattern", "title", "advice", "source"),
    "units": ("printed", "ucum", "source"),
}
_LOINC = re.compile(r"\d{1,7}-\d")


def columns(table: str) -> tuple[str, ...]:
    """The cells of a table's rows, in order."""
    return tuple(knowledge.shipped(table)[0])


def row_faults(
    table: str, key: str, row: Mapping[str, str], published: Mapping[str, Mapping[str, knowledge.Row]]
) -> Iterator[tuple[str, str]]:
    """(cell, what to change). ``published`` are the rows that count beside it."""
    own = {name: str(row.get(name, "")).strip() for name in (*columns(table), knowledge.IN_USE)}
    if own[knowledge.KEYS[table]] != key:
        yield knowledge.KEYS[table], f"This is the row {key}; another one needs a version of its own."
    if own[knowledge.IN_USE] not in ("yes", "no"):
        yield knowledge.IN_USE, "Say yes or no."
    found = [(name, "Fill this in.") for name in _NEEDED[table] if not own[name]]
    found += list(_cell_faults(table, own))
    yield from found
    if not found:
        yield from _read_again(table, key, own, published)


def _cell_faults(table: str, row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("source", "range_source", "panic_source"):
        if row.get(name) and row[name] not in knowledge.sources():
            yield name, "Name a source of sources.yaml, by its key."
    if "level" in row and row["level"] not in LEVELS:
        yield "level", f"Choose one of: {', '.join(LEVELS)}."
    if table == "analytes" and not _LOINC.fullmatch(row["loinc"]):
        yield "loinc", "A LOINC code looks like 718-7."
    if table == "analytes" and row["si_factor"] in ("0", "0.0"):
        yield "si_factor", "The factor must not be zero."
    if "pattern" in row:
        try:
            if re.compile(row["pattern"], re.IGNORECASE).search(""):
                yield "pattern", "This pattern matches every text."
        except re.error as error:
            yield "pattern", f"This is not a regular expression: {error}."


def _read_again(
    table: str, key: str, row: knowledge.Row, published: Mapping[str, Mapping[str, knowledge.Row]]
) -> Iterator[tuple[str, str]]:
    whole = {name: dict(rows) for name, rows in published.items()}
    whole.setdefault(table, {})[key] = row
    name = hashlib.sha256(repr(sorted((one, sorted(rows.items())) for one, rows in whole.items())).encode())
    with knowledge.using(f"check-{name.hexdigest()}", whole):
        for reader in _READERS:
            try:
                reader()
            except knowledge.BrokenKnowledge as error:
                yield "", f"The knowledge as a whole would break: {error}."
                return
            except KeyError as error:
                yield "", f"Another row needs {error}, or this row names what is not there."
                return
            except (ValueError, InvalidOperation) as error:
                yield "", f"A cell cannot be read: {error}."
                return
