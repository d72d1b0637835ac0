"""Which records a case needs before triage: one readable record in any case, and what its condition asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ANY_RECORD = "medical_record"
ASKED = "asked-"
# What a person asked for by name comes before what the condition asks for.
ASKED_IMPORTANCE = 100


@dataclass(frozen=True)
class Required:
    """One item: its code, what it is called, why it matters and what it could change in the answer.

    An item that is not ``required`` is asked for and holds nothing up. ``importance`` is 1 to 100.
    """

    code: str
    title: str
    required: bool = True
    importance: int = 50
    why: str = ""
    could_change: str = ""


GENERAL: tuple[Required, ...] = (
    Required(
        ANY_RECORD,
        "at least one readable medical record",
        importance=90,
        why="An opinion rests on what others found, and not on memory alone.",
        could_change="Without any record the diagnosis itself stays open.",
    ),
)


def items_for(definition: Mapping[str, Any] | None) -> tuple[Required, ...]:
    """The checklist of a case whose condition has this questionnaire (``None``: no condition is known)."""
    own = definition.get("checklist", ()) if definition else ()
    return (*GENERAL, *(Required(**{name: one[name] for name in _FIELDS}) for one in own))


_FIELDS = ("code", "title", "required", "importance", "why", "could_change")


def matters_most(items: Iterable[tuple[str, bool, int]]) -> str | None:
    """Of missing items (code, required, importance), the code of the one to ask for first; ``None`` when none is."""
    first = min(items, key=lambda item: (not item[1], -item[2], item[0]), default=None)
    return first[0] if first else None


# The kinds of documents (``cases.domain.documents.kind_words``) among which a record is looked for.
_KINDS: dict[str, frozenset[str]] = {
    "pathology_report": frozenset({"pathology"}),
    "molecular_report": frozenset({"pathology"}),
    "staging_imaging": frozenset({"radiology", "imaging"}),
    "brain_imaging": frozenset({"radiology", "imaging"}),
    "imaging": frozenset({"radiology", "imaging"}),
    "blood_tests": frozenset({"lab_report"}),
    "csf": frozenset({"lab_report"}),
    "neurology_letter": frozenset({"discharge_letter"}),
    "orthopaedic_letter": frozenset({"discharge_letter"}),
    "operation_reports": frozenset({"discharge_letter"}),
}


def fits(code: str, kind: str) -> bool:
    """Whether a document of ``kind`` may be the record ``code``: a hint for people, who say so or not."""
    return kind in _KINDS.get(code, ())
