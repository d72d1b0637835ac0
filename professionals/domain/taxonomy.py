"""The coded list of specialties, sub-specialties and procedures: data with a version (``taxonomy.json``).

A key (``valve_replacement``) is what profiles, cases and rules hold; it never changes its meaning. Specialties and
sub-specialties carry their code of the NUCC Health Care Provider Taxonomy (nucc.org).
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config.kernel.labels import label
from professionals.domain.parties import normal_name

KINDS = ("specialties", "sub_specialties", "procedures")


@dataclass(frozen=True)
class Term:
    """One entry: ``code`` is empty where NUCC has none; ``specialties`` are those it belongs to; a name a language."""

    key: str
    kind: str
    code: str
    specialties: tuple[str, ...]
    names: dict[str, str]


@dataclass(frozen=True)
class Taxonomy:
    """One version of the list, and where its codes are from."""

    version: str
    source: str
    terms: tuple[Term, ...]

    def of_kind(self, kind: str) -> tuple[Term, ...]:
        """The terms of one of ``KINDS``, in the list's order."""
        return tuple(term for term in self.terms if term.kind == kind)


@cache
def taxonomy() -> Taxonomy:
    """The list of this release."""
    data = json.loads(Path(__file__).with_name("taxonomy.json").read_text(encoding="utf-8"))
    terms = tuple(
        Term(row["key"], kind, row.get("code", ""), tuple(row.get("specialties", (row["key"],))), row["names"])
        for kind in KINDS
        for row in data[kind]
    )
    return Taxonomy(data["version"], data["source"], terms)


def term_name(key: str) -> str:
    """The English name of a term; a key that the list no longer has is spelled out."""
    return label(key, _english())


@cache
def _english() -> dict[str, str]:
    return {term.key: term.names["en"] for term in taxonomy().terms}


def named_in(text: str, specialty: str) -> frozenset[str]:
    """The keys of sub-specialties and procedures of ``specialty`` that ``text`` names in any language of the list."""
    words = f" {normal_name(text)} "
    return frozenset(key for key, names in _sought(specialty) if any(f" {name}" in words for name in names))


def unknown(kind: str, keys: list[str]) -> tuple[str, ...]:
    """Those of ``keys`` that are no keys of ``kind``, in their order."""
    known = {term.key for term in taxonomy().of_kind(kind)}
    return tuple(key for key in keys if key not in known)


@cache
def _sought(specialty: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A name is looked for from the beginning of a word on, so that it is found in the plural too."""
    terms = (term for term in taxonomy().terms if term.kind != "specialties" and specialty in term.specialties)
    return tuple((t.key, tuple({normal_name(name) for name in (*t.names.values(), _spelled(t.key))})) for t in terms)


def _spelled(key: str) -> str:
    return re.sub("_", " ", key)
