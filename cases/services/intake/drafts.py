"""Opening a case and writing its draft.

The intake is one sealed JSON object with the keys of ``INTAKE``: diagnosis {text, icd10, none_yet, given_on, given_by},
proposed_treatment {text, due_on}, history, medicines [{name, dose, frequency, since}], allergies [{substance,
reaction}], treating_clinician {name, organisation, email, phone, refused}, involved [{role, name, organisation,
email}], first_opinion {reasoning, given_by, given_on}, preferences. ``medicines_none`` and ``allergies_none`` say that
there are none: an empty list says only that nobody has told. Diagnosis, treatment and first opinion are kept from the
specialist until their own first read is sealed (``cases.services.opinion.first_opinion``).
``country`` and ``region`` are where the patient is now.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.guards import MAX_QUESTIONS
from cases.domain.workflow.states import State
from cases.events import CaseOpened
from cases.models import Case, Question
from cases.queries.access import case_for
from cases.queries.proxies import MANAGE
from cases.queries.sealed_contents import intake_of, place, sealed_intake, sealed_title
from cases.services.index import index_case, index_documents
from cases.services.intake.questionnaires import known_condition
from config.kernel import clock
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, seal_text
from config.kernel.db import uuid7
from config.kernel.db.rows import insert_rows
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, PreconditionFailed
from config.kernel.outbox import publish
from identity import services as identity

INTAKE = (
    "diagnosis",
    "proposed_treatment",
    "history",
    "medicines",
    "medicines_none",
    "allergies",
    "allergies_none",
    "treating_clinician",
    "involved",
    "first_opinion",
    "preferences",
)
# Columns of their own: what is looked for by them, and what decides who may judge the case.
IN_COLUMNS = ("country", "region", "language", "condition")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def open_case(*, principal: Principal, fields: Mapping[str, Any]) -> UUID:
    """Open a draft for the calling patient; the owner is the caller, whatever the fields say. Returns its id.

    ``Conflict`` for an account that does not say whose it is: no document could be compared with its patient.
    """
    if principal.user_id is None or not principal.has("patient"):
        raise Forbidden("Only a patient opens a case.", code="role_forbidden")
    case_id, patient_id = uuid7(), principal.user_id
    identity.require_named(user_id=patient_id)
    key = identity.data_key(subject_id=patient_id)
    with atomic():
        case = Case(id=case_id, patient_id=patient_id, reference=_reference())
        case.title_sealed = sealed_title(case_id, key, str(fields.get("title", "")))
        case.intake_sealed = sealed_intake(case_id, key, {name: fields.get(name) for name in INTAKE})
        _location(case, fields)
        insert_rows([case])
        asked = fields.get("questions") or ()
        _write_questions(case, key, asked)
        index_case(case, key, questions=asked)
        _note("case.open", case)
        publish(CaseOpened(aggregate_id=case_id, patient_id=patient_id))
    return case_id


def update_draft(
    *, principal: Principal, case_id: UUID, fields: Mapping[str, Any], expected_version: int | None = None
) -> None:
    """Change what is named in ``fields`` while the case is a draft; ``Conflict`` afterwards."""
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MANAGE)
        if not relation.may(Act.SPEAK_FOR_PATIENT):
            raise Forbidden("Only the patient edits the case.", code="role_forbidden")
        if case.state != State.DRAFT:
            raise Conflict(
                "A submitted case is not edited; answer a question or add a document instead.", code="case_not_draft"
            )
        if expected_version is not None and case.version != expected_version:
            raise PreconditionFailed("The case changed in the meantime; read it again.")
        key = identity.data_key(subject_id=case.patient_id)
        if "title" in fields:
            case.title_sealed = sealed_title(case.id, key, str(fields["title"]))
        changes = {name: fields[name] for name in INTAKE if name in fields}
        if changes:
            case.intake_sealed = sealed_intake(case.id, key, intake_of(case, key) | changes)
        _location(case, fields)
        if "questions" in fields:
            case.questions.all().delete()
            _write_questions(case, key, fields["questions"] or ())
        case.version += 1
        case.save()
        index_case(case, key)
        if "language" in fields:
            index_documents(case, key)
        _note("case.update", case)


def _write_questions(case: Case, key: DataKey, texts: Sequence[str]) -> None:
    if len(texts) > MAX_QUESTIONS:
        advice = f"Ask at most {MAX_QUESTIONS} questions; choose the ones that matter most."
        raise Invalid(advice, errors=[FieldError("#/questions", "too_many", advice)])
    rows = []
    for number, text in enumerate(texts, start=1):
        row = Question(case=case, number=number)
        row.text_sealed = seal_text(key, place("question", "text", row.id), text)
        rows.append(row)
    insert_rows(rows)


def _location(case: Case, fields: Mapping[str, Any]) -> None:
    for name in IN_COLUMNS:
        if name in fields:
            value = fields[name] or ""
            setattr(case, name, known_condition(value) if name == "condition" else value)


def _reference() -> str:
    return f"SO-{clock.now():%y}-" + "".join(secrets.choice(_ALPHABET) for _ in range(7))


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
