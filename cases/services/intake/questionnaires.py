"""Questionnaires as rows: loaded from the release's files or from what staff published, never changed."""

from dataclasses import dataclass
from typing import Any

from cases.adapters.questionnaires import CONDITIONS, GENERAL, Packaged, packaged
from cases.db import atomic
from cases.models import Questionnaire
from cases.services.intake.content_editions import in_use
from config.kernel.errors import FieldError, Invalid, NotFound


class QuestionnaireChanged(RuntimeError):
    """A file differs from the row of the same version: answers were given for other questions."""


@dataclass(frozen=True, kw_only=True)
class QuestionnaireDTO:
    """One version; ``definition`` is FHIR-like JSON (see ``cases.domain.intake.questionnaire``)."""

    code: str
    version: str
    title: str
    sha256: str
    definition: dict[str, Any]


def load_questionnaires() -> int:
    """Add the rows that this release's files bring; returns how many were new. Running it again adds nothing.

    ``QuestionnaireChanged`` where a file was changed without a new version; nothing is added then.
    """
    with atomic():
        before = Questionnaire.objects.count()
        for one in packaged().values():
            _row(one)
        return Questionnaire.objects.count() - before


def list_questionnaires() -> tuple[QuestionnaireDTO, ...]:
    """The versions in use, the general one first."""
    return tuple(_dto(in_use(code)) for code in packaged())


def get_questionnaire(*, code: str) -> QuestionnaireDTO:
    """The version in use of one questionnaire."""
    if code not in packaged():
        raise NotFound("There is no such questionnaire.")
    return _dto(in_use(code))


def current(code: str) -> Questionnaire:
    """The row of the version in use; made on first use, so that no deployment can forget to load it."""
    return _row(in_use(code))


def current_for(condition: str) -> tuple[Questionnaire, Questionnaire | None]:
    """The general questionnaire and the condition's (none without a condition)."""
    return current(GENERAL), current(condition) if condition else None


def known_condition(condition: str) -> str:
    """The condition, when there is a questionnaire for it (or it is empty)."""
    if condition and condition not in CONDITIONS:
        advice = f"condition is one of {', '.join(CONDITIONS)}, or empty."
        raise Invalid(advice, errors=[FieldError("#/condition", "invalid", advice)])
    return condition


def _row(one: Packaged) -> Questionnaire:
    found = Questionnaire.objects.filter(code=one.code, revision=one.version).first()
    if found is None:
        fresh = Questionnaire(code=one.code, revision=one.version, sha256=one.sha256, definition=one.definition)
        Questionnaire.objects.bulk_create([fresh], ignore_conflicts=True)
        found = Questionnaire.objects.get(code=one.code, revision=one.version)
    if found.sha256 != one.sha256:
        raise QuestionnaireChanged(f"{one.code} {one.version} was changed without a new version")
    return found


def _dto(one: Packaged) -> QuestionnaireDTO:
    return QuestionnaireDTO(
        code=one.code,
        version=one.version,
        title=str(one.definition["title"]),
        sha256=one.sha256,
        definition=one.definition,
    )
