"""The list of fields by which specialists are found."""

from dataclasses import dataclass
from functools import cache

from professionals.domain.taxonomy import taxonomy


@dataclass(frozen=True, kw_only=True)
class TermDTO:
    """One entry of the taxonomy: ``kind`` is specialties, sub_specialties or procedures; names by language."""

    key: str
    kind: str
    code: str
    specialties: tuple[str, ...]
    names: dict[str, str]


def list_taxonomy() -> tuple[str, str, tuple[TermDTO, ...]]:
    """The list's version, where its codes are from, and every term."""
    held = taxonomy()
    return held.version, held.source, tuple(TermDTO(**vars(term)) for term in held.terms)


def specialty_names(*, language: str) -> dict[str, str]:
    """The name of each specialty by its key; English where the list has no name in ``language``."""
    return dict(_specialties(language))


@cache
def _specialties(language: str) -> dict[str, str]:
    return {term.key: term.names.get(language, term.names["en"]) for term in taxonomy().of_kind("specialties")}


def term_names(*, language: str) -> dict[str, str]:
    """The name of every term of the taxonomy by its key; English where the list has no name in ``language``."""
    return dict(_terms(language))


@cache
def _terms(language: str) -> dict[str, str]:
    return {term.key: term.names.get(language, term.names["en"]) for term in taxonomy().terms}
