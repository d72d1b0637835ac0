"""Names of medicines and the generics behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.domain import knowledge


@dataclass(frozen=True, slots=True)
class Medicine:
    """One generic with the classes that rules name; its own name is one of them."""

    generic: str
    classes: frozenset[str]


@knowledge.per_release
def generics() -> dict[str, Medicine]:
    """Every generic by its name."""
    found = {}
    for row in knowledge.rows("medicines"):
        if row["generic"] in found:
            raise knowledge.BrokenKnowledge(f"{row['generic']} is listed twice")
        classes = frozenset(knowledge.words(row["classes"])) | {row["generic"]}
        found[row["generic"]] = Medicine(row["generic"], classes)
    return found


@knowledge.per_release
def names() -> dict[str, tuple[Medicine, ...]]:
    """Every printed name (lower case): a generic, a synonym, a brand, or a combination's brand."""
    known = generics()
    found: dict[str, tuple[Medicine, ...]] = {}
    for row in knowledge.rows("medicines"):
        for name in (row["generic"], *knowledge.words(row["names"])):
            _add(found, name, (known[row["generic"]],))
    for row in knowledge.rows("combinations"):
        _add(found, row["name"], tuple(known[generic] for generic in knowledge.words(row["generics"])))
    return found


@knowledge.per_release
def pattern() -> re.Pattern[str]:
    """Any known name as whole words, the longest first."""
    ordered = sorted(names(), key=len, reverse=True)
    either = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in ordered)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w]|-\w)", re.IGNORECASE)


def lookup(printed: str) -> tuple[Medicine, ...]:
    """The generics of a printed name; empty when it is not known."""
    return names().get(re.sub(r"\s+", " ", printed.casefold()).strip(), ())


def _add(found: dict[str, tuple[Medicine, ...]], name: str, medicines: tuple[Medicine, ...]) -> None:
    if found.setdefault(name, medicines) != medicines:
        raise knowledge.BrokenKnowledge(f"{name!r} means two things")
