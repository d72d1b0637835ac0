"""A structured report (PS3.3 A.35) as lines of text: each concept with what is said of it, as a viewer lists it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from cases.adapters.reading.layout import clean

if TYPE_CHECKING:
    from pydicom import Dataset

MAX_ITEMS: Final = 20_000
MAX_DEPTH: Final = 40
#: What is about another item and stands in its line.
_MODIFIERS: Final = frozenset({"HAS CONCEPT MOD"})
_PLAIN: Final = {
    "TEXT": "TextValue",
    "DATE": "Date",
    "TIME": "Time",
    "DATETIME": "DateTime",
    "PNAME": "PersonName",
}
_FLAGS: Final = {
    "PARTIAL": "Status: partial report",
    "UNVERIFIED": "Status: not verified by a physician",
    "VERIFIED": "Status: verified",
}


class _Bounds:
    """How many items may still be told; ``left_out`` counts what nobody sees in the text."""

    def __init__(self) -> None:
        self.items, self.left_out = MAX_ITEMS, 0

    def take(self, depth: int) -> bool:
        self.items -= 1
        if self.items < 0 or depth > MAX_DEPTH:
            self.left_out += 1
            return False
        return True


def is_report(data: Dataset) -> bool:
    """Whether the object is a tree of statements."""
    return "ContentSequence" in data and data.get("ValueType") == "CONTAINER"


def report_text(data: Dataset) -> tuple[str, tuple[str, ...]]:
    """The report's lines, and what of it is not shown."""
    bounds = _Bounds()
    lines = [_meaning(data, "ConceptNameCodeSequence") or "Structured report"]
    if date := str(data.get("ContentDate") or ""):
        lines.append(f"Date: {_day(date)}")
    lines += [_FLAGS[flag] for name in ("CompletionFlag", "VerificationFlag") if (flag := data.get(name)) in _FLAGS]
    lines += _lines(data, 0, bounds)
    reasons = []
    if bounds.left_out:
        reasons.append(f"{bounds.left_out} statements of the structured report are not shown")
    return "\n".join(lines), tuple(reasons)


def _lines(parent: Dataset, depth: int, bounds: _Bounds) -> Iterator[str]:
    for item in parent.get("ContentSequence") or []:
        if item.get("RelationshipType") in _MODIFIERS:
            continue
        if not bounds.take(depth):
            continue
        indent = "  " * min(depth, 10)
        yield from (indent + line for line in _told(item).splitlines())
        yield from _lines(item, depth + 1, bounds)


def _told(item: Dataset) -> str:
    """One statement: its concept, its value, and what modifies it."""
    name, value = _meaning(item, "ConceptNameCodeSequence"), _value(item)
    modifiers = [
        f"{_meaning(one, 'ConceptNameCodeSequence')}: {_value(one)}"
        for one in item.get("ContentSequence") or []
        if one.get("RelationshipType") in _MODIFIERS
    ]
    told = f"{name}: {value}" if name and value else name or value
    return f"{told} ({'; '.join(modifiers)})" if modifiers else told


def _value(item: Dataset) -> str:
    kind = str(item.get("ValueType") or "")
    if kind in _PLAIN:
        value = _words(item.get(_PLAIN[kind]))
        return _day(value) if kind == "DATE" else value
    if kind == "CODE":
        return _meaning(item, "ConceptCodeSequence") or "no value given"
    if kind == "NUM":
        return _measured(item)
    if kind in ("IMAGE", "WAVEFORM", "COMPOSITE"):
        return f"(refers to {'an image' if kind == 'IMAGE' else 'another object'})"
    # Places in images, and identifiers, say nothing to a reader of text.
    return "" if kind == "CONTAINER" else f"({kind.lower() or 'value'} not shown as text)"


def _measured(item: Dataset) -> str:
    """A number with its unit, or why there is none."""
    values = item.get("MeasuredValueSequence") or []
    if not values or values[0].get("NumericValue") in (None, ""):
        return _meaning(item, "NumericValueQualifierCodeSequence") or "no value given"
    number, units = values[0].get("NumericValue"), values[0].get("MeasurementUnitsCodeSequence") or []
    unit = _words(units[0].get("CodeValue")) if units else ""
    if unit == "1":
        unit = ""
    elif unit.startswith("{") or not unit:
        unit = _words(units[0].get("CodeMeaning")) if units else ""
    qualifier = _meaning(item, "NumericValueQualifierCodeSequence")
    told = f"{number} {unit}".strip()
    return f"{told} [{qualifier}]" if qualifier else told


def _meaning(holder: Dataset, sequence: str) -> str:
    items = holder.get(sequence) or []
    return _words(items[0].get("CodeMeaning")) if items else ""


def _words(value: Any) -> str:
    lines = str(value if value is not None else "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line for line in (clean(one) for one in lines) if line)


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isdigit() else text
