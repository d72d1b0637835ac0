"""Asking a treating clinician or a facility for records: who asks what of whom until when."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act, Relation
from cases.domain.workflow.reminders import next_reminder
from cases.domain.workflow.state_machines import RecordRequestState
from cases.domain.workflow.states import ENDED, State
from cases.events import RecordsRequested
from cases.models import Case, ChecklistItem, RecordRequest
from cases.queries.access import case_for, person_id
from cases.queries.proxies import MANAGE
from cases.queries.sealed_contents import intake_of, place
from cases.services.records.record_dto import RecordRequestDTO
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_json, open_text, seal_json
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity

MAX_OPEN = 5
MAX_DAYS = 14


def request_records(
    *,
    principal: Principal,
    case_id: UUID,
    items: Sequence[str],
    recipient: Mapping[str, Any] | None = None,
    days: int = 7,
) -> RecordRequestDTO:
    """Ask for the missing records ``items`` (codes of the checklist) within ``days`` (1 to 14); a mail goes out.

    Without ``recipient`` the treating clinician of the intake is asked. A coordinator asks nobody of whom the patient
    said that they are not to know (``Conflict``); the patient may.
    """
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MANAGE)
        _may_ask(principal, relation)
        if case.state == State.DRAFT or State(case.state) in ENDED:
            raise Conflict("Records are asked for while a case is open.", code="case_not_open")
        key = identity.data_key(subject_id=case.patient_id)
        whom = _recipient(case, key, relation, recipient)
        wanted = _wanted(case, key, items)
        if not 1 <= days <= MAX_DAYS:
            raise _invalid("days", f"Give them 1 to {MAX_DAYS} days.")
        if RecordRequest.objects.filter(case=case, state=RecordRequestState.OPEN).count() >= MAX_OPEN:
            raise Conflict(f"At most {MAX_OPEN} requests of a case are open at once.", code="too_many_requests_open")
        row = RecordRequest(case=case, requested_by=person_id(principal), due_at=now() + timedelta(days=days))
        row.recipient_sealed = seal_json(key, place("recordrequest", "recipient", row.id), whom)
        row.items_sealed = seal_json(key, place("recordrequest", "items", row.id), wanted)
        row.next_reminder_at = next_reminder(row.due_at, now())
        row.save(force_insert=True)
        _note("record_request.open", row, {"items": len(wanted)})
        publish(RecordsRequested(aggregate_id=case.id, request_id=row.id, reminder=0))
        return request_dto(row, key)


def list_record_requests(*, principal: Principal, case_id: UUID) -> tuple[RecordRequestDTO, ...]:
    """What was asked of whom, newest first."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if relation is not Relation.ASSIGNED:
            _may_ask(principal, relation)
        record(
            context="cases", action="record_request.list", patient_id=case.patient_id, object_type="case",
            object_id=case.id,
        )  # fmt: skip
        key = identity.data_key(subject_id=case.patient_id)
        rows = RecordRequest.objects.filter(case=case).prefetch_related("uploads").order_by("-id")[:100]
        return tuple(request_dto(row, key) for row in rows)


def cancel_record_request(*, principal: Principal, case_id: UUID, request_id: UUID) -> None:
    """Wait no longer: no reminder goes out, and its links take nothing more."""
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MANAGE)
        _may_ask(principal, relation)
        row = RecordRequest.objects.select_for_update().filter(case=case, id=request_id).first()
        if row is None:
            raise NotFound("There is no such request in this case for you.")
        if row.state != RecordRequestState.CANCELLED:
            close(row, RecordRequestState.CANCELLED)


def close(row: RecordRequest, state: RecordRequestState) -> None:
    """End the reminders. Inside ``atomic()``, with the row locked."""
    advance(row, state, next_reminder_at=None, version=row.version + 1)
    _note(f"record_request.{state.lower()}", row, {})


def mail_failed(request_id: UUID) -> None:
    """The mail could not be delivered: staff see it, and nobody is reminded in vain. Inside ``atomic()``."""
    row = RecordRequest.objects.select_for_update().filter(id=request_id, state=RecordRequestState.OPEN).first()
    if row is not None:
        close(row, RecordRequestState.UNDELIVERABLE)


def recipient_of(row: RecordRequest, key: DataKey) -> dict[str, str]:
    """Who was asked."""
    found: dict[str, str] = open_json(key, place("recordrequest", "recipient", row.id), row.recipient_sealed)
    return found


def request_dto(row: RecordRequest, key: DataKey) -> RecordRequestDTO:
    """A request as plain data."""
    items = open_json(key, place("recordrequest", "items", row.id), row.items_sealed)
    whom, received = recipient_of(row, key), len(row.uploads.all())
    return RecordRequestDTO(
        id=row.id,
        case_id=row.case_id,
        state=row.state,
        recipient=whom,
        items=tuple(items),
        due_at=row.due_at,
        reminders=row.reminders,
        next_reminder_at=row.next_reminder_at,
        received=received,
    )


def _may_ask(principal: Principal, relation: Relation) -> None:
    if not relation.may(Act.SPEAK_FOR_PATIENT) and not (relation.may(Act.STEER) and principal.has("coordinator")):
        raise Forbidden("The patient or a coordinator asks for records.", code="role_forbidden")


def _recipient(case: Case, key: DataKey, relation: Relation, given: Mapping[str, Any] | None) -> dict[str, str]:
    treating = intake_of(case, key).get("treating_clinician") or {}
    if relation is Relation.STAFF and treating.get("refused"):
        raise Conflict("The patient does not want those who treat them to know.", code="contact_refused")
    source = treating if given is None else given
    whom = {name: str(source.get(name) or "").strip() for name in ("name", "organisation", "email")}
    if not whom["email"] or not (whom["name"] or whom["organisation"]):
        raise _invalid("recipient", "Name whom to ask, with an e-mail address.")
    return whom


def _wanted(case: Case, key: DataKey, codes: Sequence[str]) -> list[dict[str, str]]:
    rows = {row.code: row for row in ChecklistItem.objects.filter(case=case, code__in=list(codes), present=False)}
    unknown = [code for code in codes if code not in rows]
    if unknown or not codes:
        raise _invalid("items", "Name records that the checklist of this case lacks.")
    return [
        {"code": code, "title": open_text(key, place("checklistitem", "title", row.id), row.title_sealed)}
        for code, row in rows.items()
    ]


def _invalid(name: str, advice: str) -> Invalid:
    return Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice)])


def _note(action: str, row: RecordRequest, detail: Mapping[str, Any]) -> None:
    record(
        context="cases", action=action, patient_id=row.case.patient_id, object_type="recordrequest", object_id=row.id,
        detail=detail,
    )  # fmt: skip
