"""The answers of a case: saved as they come, checked when they are finished, pinned to what was asked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.intake import questionnaire as rules
from cases.domain.intake.answers import fault
from cases.domain.workflow.states import State
from cases.models import Case, Intake, RedFlag
from cases.queries.access import case_for, may_read_content
from cases.queries.proxies import MANAGE
from cases.queries.sealed_contents import place
from cases.services.intake.intake_dto import IntakeDTO
from cases.services.intake.questionnaires import current_for, known_condition
from cases.services.intake.red_flags import flags_of, raise_flags
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_json, seal_json
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, PreconditionFailed
from identity import services as identity

MAX_ANSWERS = 400


def get_intake(*, principal: Principal, case_id: UUID) -> IntakeDTO:
    """The answers so far, for those who may read what the patient wrote."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not may_read_content(principal, case, relation):
            raise Forbidden("The answers are for the patient and the specialist.", code="role_forbidden")
        record(context="cases", action="intake.read", patient_id=case.patient_id, object_type="case", object_id=case.id)
        return _dto(case, _row(case), identity.data_key(subject_id=case.patient_id))


def save_intake(
    *,
    principal: Principal,
    case_id: UUID,
    answers: Mapping[str, Any],
    condition: str | None = None,
    expected_version: int | None = None,
) -> IntakeDTO:
    """Keep the named ``answers`` (``None`` takes one back) beside those given before; any number of them.

    Another ``condition`` brings its questions; answers to the former ones are kept, and asked no more. ``Invalid``
    with an error for each answer that does not fit its question; what is missing is no error here.
    """
    with atomic():
        case = _draft(principal, case_id)
        if condition is not None and condition != case.condition:
            case.condition, case.version = known_condition(condition), case.version + 1
            case.save()
        row = _row(case)
        if expected_version is not None and expected_version != (row.version if row.answers_sealed else 0):
            raise PreconditionFailed("The answers were changed elsewhere; read them again.")
        key = identity.data_key(subject_id=case.patient_id)
        _merge(case, row, key, answers)
        record(
            context="cases", action="intake.save", patient_id=case.patient_id, object_type="case", object_id=case.id,
            detail={"answers": len(answers)},
        )  # fmt: skip
        return _dto(case, row, key)


def complete_intake(*, principal: Principal, case_id: UUID) -> IntakeDTO:
    """Say that all is answered: ``Invalid`` with an error for each required question that is not, ``Conflict`` while
    a red flag is not acknowledged. A later change opens the answers again.
    """
    with atomic():
        case = _draft(principal, case_id)
        row, key = _row(case), identity.data_key(subject_id=case.patient_id)
        _finish(case, row, key)
        record(
            context="cases", action="intake.complete", patient_id=case.patient_id, object_type="case",
            object_id=case.id,
        )  # fmt: skip
        return _dto(case, row, key)


def form_for(condition: str) -> rules.Form:
    """The questions in use for a condition."""
    return rules.form_of([one.definition for one in current_for(condition) if one is not None])


def checked_answers(form: rules.Form, answers: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``answers`` with ``changes`` (``None`` takes one back); ``Invalid`` with an error for each that does not fit."""
    faults = [found for name, value in changes.items() if (found := _fault(form, name, value))]
    if faults:
        raise Invalid("Some answers do not fit their questions; nothing was saved.", errors=faults)
    merged = {name: value for name, value in (dict(answers) | dict(changes)).items() if value is not None}
    if len(merged) > MAX_ANSWERS:
        raise Invalid(f"At most {MAX_ANSWERS} answers are kept.", code="too_many_answers")
    return merged


def fitting_answers(condition: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``answers`` that fit the questions in use now: they may have changed since they were given."""
    form = form_for(condition)
    return {name: value for name, value in answers.items() if _fault(form, name, value) is None}


def close_intake(case: Case) -> None:
    """The case is submitted: the answers are final."""
    Intake.objects.filter(case=case, completed_at=None).update(completed_at=now())


def unanswered(case: Case, key: DataKey) -> tuple[str, ...]:
    """The texts of required questions without an answer; none where no answer was begun."""
    row = _row(case)
    return tuple(item.text for item in rules.missing(_form(row), _answers(row, key))) if row.answers_sealed else ()


def _draft(principal: Principal, case_id: UUID) -> Case:
    case, relation = case_for(principal, case_id, lock=True, scope=MANAGE)
    if not relation.may(Act.SPEAK_FOR_PATIENT):
        raise Forbidden("Only the patient answers.", code="role_forbidden")
    if case.state != State.DRAFT:
        raise Conflict("The case was submitted; its answers are not changed any more.", code="case_not_draft")
    return case


def _row(case: Case) -> Intake:
    """The case's answers, or a row that is not saved yet."""
    found = Intake.objects.select_related("general", "specific").filter(case=case).first()
    if found is None:
        general, specific = current_for(case.condition)
        return Intake(case=case, general=general, specific=specific)
    if case.condition != (found.specific.code if found.specific else ""):
        found.specific = current_for(case.condition)[1]
    return found


def _merge(case: Case, row: Intake, key: DataKey, changes: Mapping[str, Any]) -> None:
    form = _form(row)
    answers = checked_answers(form, _answers(row, key), changes)
    row.version = row.version + 1 if row.answers_sealed else 1
    row.answers_sealed, row.completed_at = seal_json(key, place("intake", "answers", row.id), answers), None
    row.save()
    raise_flags(case, key, rules.raised(form, answers))


def _finish(case: Case, row: Intake, key: DataKey) -> None:
    form = _form(row)
    missing = rules.missing(form, _answers(row, key))
    if missing:
        errors = [FieldError(f"#/answers/{item.link_id}", "required", "Answer this question.") for item in missing]
        raise Invalid(f"{len(missing)} question(s) need an answer.", code="intake_incomplete", errors=errors)
    if RedFlag.objects.filter(case=case, acknowledged_at=None).exists():
        raise Conflict("Read the emergency advice first, and say that you have read it.", code="red_flag_open")
    row.completed_at = now()
    row.save()


def _fault(form: rules.Form, name: str, value: Any) -> FieldError | None:
    item = form.by_id.get(name)
    if item is None:
        return FieldError(f"#/answers/{name[:80]}", "unknown", "There is no such question in this questionnaire.")
    found = fault(item, value) if value is not None else None
    return FieldError(f"#/answers/{name}", *found) if found else None


def _form(row: Intake) -> rules.Form:
    return rules.form_of([one.definition for one in (row.general, row.specific) if one is not None])


def _answers(row: Intake, key: DataKey) -> dict[str, Any]:
    if not row.answers_sealed:
        return {}
    answers: dict[str, Any] = open_json(key, place("intake", "answers", row.id), row.answers_sealed)
    return answers


def _dto(case: Case, row: Intake, key: DataKey) -> IntakeDTO:
    form, answers, flags = _form(row), _answers(row, key), flags_of(case, key)
    asked = rules.enabled(form, answers)
    return IntakeDTO(
        case_id=case.id,
        version=row.version if row.answers_sealed else 0,
        condition=case.condition,
        questionnaires=tuple(
            (one.code, one.revision, one.sha256) for one in (row.general, row.specific) if one is not None
        ),
        answers={name: value for name, value in answers.items() if name in form.by_id},
        asked=tuple(item.link_id for item in form.items if item.link_id in asked),
        missing=tuple(item.link_id for item in rules.missing(form, answers)),
        red_flags=flags,
        interrupted=any(flag.acknowledged_at is None for flag in flags),
        completed_at=row.completed_at,
    )
