"""A comparison of two versions as a page shows it: per field what was and what is, with the differences marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from professionals.dashboard.words import COVERAGE, HEADINGS, LABELS, words

# What an element of a list says of itself, in the order in which a page says it.
_SPOKEN = (
    "answer", "cannot_answer_reason", "title", "text", "icd10", "name", "label", "description", "could_change",
    "final_text", "decision", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """A run of one version's text; ``changed`` runs are not in the other version."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Row:
    """One change: ``before`` and ``after`` are what each version says, empty where it says nothing."""

    heading: str
    kind: str
    before: tuple[Side, ...]
    after: tuple[Side, ...]


def rows_of(changes: Iterable[Any]) -> tuple[Row, ...]:
    """One row for each change, in reading order."""
    return tuple(_row(change) for change in changes)


def runs(parts: Iterable[Any], other: str) -> tuple[Side, ...]:
    """One version's side of a marked text, without what only the ``other`` side's op (removed, added) names."""
    return tuple(Side(part.text, part.op != "same") for part in parts if part.op != other)


def _row(change: Any) -> Row:
    heading = str(HEADINGS.get(change.field) or words(change.field)).capitalize()
    if change.field == "answers" and change.key:
        heading = f"{heading} {change.key}"
    if change.field == "coverage":
        return Row(heading, change.kind, _whole(_numbers(change.before)), _whole(_numbers(change.after)))
    if change.parts:
        return Row(heading, change.kind, runs(change.parts, "added"), runs(change.parts, "removed"))
    return Row(heading, change.kind, _whole(change.before), _whole(change.after))


def _numbers(coverage: Any) -> str:
    """How far all documents of a version were read, in one line; empty for one that kept no numbers."""
    if not coverage:
        return ""
    documents = coverage["documents"]
    named = ((label, sum(one[name] for one in documents)) for name, label in COVERAGE.items())
    left = sum(one["count"] for one in coverage["not_taken"]) + coverage["files_not_taken"]
    return " · ".join(f"{label}: {number}" for label, number in (*named, (_("Not taken over from imports"), left)))


def _whole(value: Any) -> tuple[Side, ...]:
    text = _said(value)
    return (Side(text, changed=True),) if text else ()


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return " · ".join(_said(value[name]) for name in _SPOKEN if value.get(name))
    if isinstance(value, list | tuple):
        return "; ".join(_said(one) for one in value)
    return str(LABELS.get(str(value), value))
