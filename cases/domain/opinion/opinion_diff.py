"""What changed between two versions of an opinion, field by field, and word by word where it is prose.

Longest matching blocks as in Python's ``difflib`` (Ratcliff and Obershelp, "Pattern Matching: The Gestalt Approach",
Dr. Dobb's Journal, July 1988), over words, or over sentences where a text is very long.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from cases.domain.opinion.opinion_content import Content

# In the order in which an opinion is read; what is not named here follows, by its name.
_ORDER = (
    "summary",
    "answers",
    "diagnosis_agreement",
    "restated_diagnosis",
    "diagnosis_reason",
    "diagnosis_settled_by",
    "treatment_agreement",
    "treatment_reason",
    "treatment_settled_by",
    "plan",
    "alternatives",
    "do_nothing",
    "clinical_impact",
    "confidence",
    "confidence_would_change",
    "red_flags",
    "further_tests",
    "limitations",
    "references",
    "plain_language",
    "documents_relied_on",
    "documents_not_seen",
    "not_seen",
    "coverage",
    "ai_items",
)
# By what an element of a list is known again in the other version.
_KEYS = {
    "answers": "question",
    "alternatives": "title",
    "documents_relied_on": "id",
    "documents_not_seen": "name",
    "not_seen": "label",
    "ai_items": "id",
}
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_SENTENCES = re.compile(r"[^.!?\n]*[.!?\n]*\s*")
_MAX_WORDS = 3000


@dataclass(frozen=True)
class Part:
    """A run of text: ``same``, ``removed`` or ``added``."""

    op: str
    text: str


@dataclass(frozen=True)
class Change:
    """One field, or one element of a list (``key``: the question's number, the document's id …).

    ``before`` and ``after`` are None where there was, or is, nothing. ``parts`` spell out a change of prose.
    """

    field: str
    key: str
    kind: str
    before: Any
    after: Any
    parts: tuple[Part, ...] = ()


def differences(before: Content, after: Content) -> tuple[Change, ...]:
    """Every change, in reading order; empty for equal contents. A field that is empty counts as one that is absent."""
    names = sorted({*before, *after}, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    return tuple(change for name in names for change in _of_field(name, before.get(name), after.get(name)))


def parts_of(before: str, after: str) -> tuple[Part, ...]:
    """A text's change as runs of text: those not added make up ``before``, those not removed ``after``."""
    pattern = _WORDS if max(len(before), len(after)) < 6 * _MAX_WORDS else _SENTENCES
    old, new = pattern.findall(before), pattern.findall(after)
    found: list[Part] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(Part("same", "".join(old[a:b])))
            continue
        found += [Part("removed", "".join(old[a:b]))] if b > a else []
        found += [Part("added", "".join(new[c:d]))] if d > c else []
    return tuple(found)


def _of_field(name: str, before: Any, after: Any) -> Iterator[Change]:
    if name in _KEYS and _keyed(name, before) and _keyed(name, after):
        old, new = _by_key(name, before), _by_key(name, after)
        for key in dict.fromkeys([*old, *new]):
            yield from _one(name, key, old.get(key), new.get(key))
        return
    yield from _one(name, "", before, after)


def _one(name: str, key: str, before: Any, after: Any) -> Iterator[Change]:
    old, new = _given(before), _given(after)
    if old == new:
        return
    kind = "added" if old is None else "removed" if new is None else "changed"
    parts: tuple[Part, ...] = ()
    one, other = _prose(old), _prose(new)
    if kind == "changed" and one is not None and other is not None:
        parts = parts_of(one, other)
    yield Change(name, key, kind, old, new, parts)


def _prose(value: Any) -> str | None:
    """The words of a field, where it has any: an answer's are its answer, or why there is none."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return None
    for name in ("answer", "cannot_answer_reason", "description", "could_change", "final_text", "text"):
        if isinstance(value.get(name), str) and value[name]:
            return str(value[name])
    return None


def _given(value: Any) -> Any:
    return None if value in ("", [], {}, (), None) else value


def _keyed(name: str, value: Any) -> bool:
    """Whether every element can be known again, and none twice."""
    if value is None:
        return True
    if not isinstance(value, list) or not all(isinstance(one, Mapping) and _KEYS[name] in one for one in value):
        return False
    return len({str(one[_KEYS[name]]) for one in value}) == len(value)


def _by_key(name: str, value: Any) -> dict[str, Any]:
    return {str(one[_KEYS[name]]): one for one in value or ()}
