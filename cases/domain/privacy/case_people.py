"""Who is named in a case: the one set of identifiers for whatever takes them out of a text.

Account, the words of the case, its specialists, and the labels of a document tell of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from cases.domain.documents.identity_marks import marks_in
from config.kernel.privacy.deidentification import Identifiers

# Whom the patient names is part of who the patient is.
PEOPLE = ("treating_clinician", "involved", "referrer", "facilities", "contacts")
# What takes part in a case and is no person: a house is looked for by its whole name, for its words say little.
_HOUSES = frozenset({"payer", "facility", "therapy_maker"})


class Account(Protocol):
    """What of the patient's account tells who they are."""

    @property
    def full_name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def date_of_birth(self) -> date | None: ...


def identifiers_of(*, patient: Account, intake: Mapping[str, Any], specialists: Iterable[str]) -> Identifiers:
    """Of the patient, of everybody whom the case's words name, and of those who work on it."""
    named = [person for field in PEOPLE for person in _people(intake.get(field))]
    houses = [house for person in named for house in _houses(person)]
    treating = intake.get("treating_clinician") or {}
    return Identifiers(
        names=_given(
            (
                patient.full_name,
                *(str(person.get("name") or "") for person in named if person.get("role") not in _HOUSES),
                str(treating.get("organisation") or ""),
                *(house for house in houses if len(house.split()) == 1),
                *_doctors(intake),
                *specialists,
            )
        ),
        dates=(patient.date_of_birth,) if patient.date_of_birth else (),
        codes=_given(
            (
                patient.email,
                patient.phone,
                *(str(person.get(field) or "") for person in named for field in ("email", "phone")),
                *(house for house in houses if len(house.split()) > 1),
            )
        ),
    )


def with_labels(known: Identifiers, pages: Iterable[str]) -> Identifiers:
    """And whom a document's own labels name, its record numbers and the house that wrote it."""
    marks = marks_in(pages)
    written = (" ".join(sorted(parts)) for parts in marks.names)
    return replace(
        known,
        names=_given((*known.names, *written)),
        codes=_given((*known.codes, *sorted(marks.numbers), marks.facility)),
    )


def _people(told: Any) -> Iterator[Mapping[str, Any]]:
    """Each person of a field that holds one, several, or a name alone."""
    for one in told if isinstance(told, list | tuple) else [told]:
        if isinstance(one, Mapping):
            yield one
        elif isinstance(one, str):
            yield {"name": one}


def _houses(person: Mapping[str, Any]) -> Iterator[str]:
    if person.get("role") in _HOUSES:
        yield str(person.get("name") or "")
    yield str(person.get("organisation") or "")


def _doctors(intake: Mapping[str, Any]) -> Iterator[str]:
    """Who gave the first opinion and the first diagnosis."""
    for field in ("diagnosis", "first_opinion"):
        told = intake.get(field)
        if isinstance(told, Mapping):
            yield str(told.get("given_by") or "")


def _given(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
