"""What became of the advice, 30, 90 and 365 days after delivery: rows with a due date, one reminder each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.states import State
from cases.events import OutcomeDue, OutcomeTold
from cases.models import Case, Outcome
from cases.queries.access import case_for
from cases.queries.proxies import MANAGE
from cases.queries.sealed_contents import place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_json, seal_json
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.jobs import JobRun
from config.kernel.outbox import publish
from identity import services as identity

DAYS = (30, 90, 365)
HELD = ("CONFIRMED", "CHANGED", "UNKNOWN")
_SILENT = (State.ENTERED_IN_ERROR,)


@dataclass(frozen=True, kw_only=True)
class OutcomeDTO:
    """``followed`` is YES, PARTLY, NO or ``None``; ``why`` and ``final_diagnosis`` are the patient's words.

    ``held``: whether later findings CONFIRMED the opinion's diagnosis or CHANGED it; UNKNOWN where nobody looked.
    """

    day: int
    due_at: datetime
    answered_at: datetime | None
    followed: str | None
    why: str
    final_diagnosis: str
    held: str = "UNKNOWN"


def plan_outcomes(case: Case) -> None:
    """A row for each date, counted from the first delivery; a later version plans nothing anew. Inside ``atomic()``."""
    at = case.delivered_at or now()
    rows = [Outcome(case=case, day=day, due_at=at + timedelta(days=day)) for day in DAYS]
    Outcome.objects.bulk_create(rows, ignore_conflicts=True)


def record_outcome(
    *,
    principal: Principal,
    case_id: UUID,
    day: int,
    followed: str,
    why: str = "",
    final_diagnosis: str = "",
    held: str = "UNKNOWN",
) -> OutcomeDTO:
    """Say whether the advice was followed, and whether it held. Once, from the due date on; PARTLY and NO say why."""
    if held not in HELD:
        raise _invalid("held", f"held is one of {', '.join(HELD)}.")
    if followed not in Outcome.Followed.values:
        raise _invalid("followed", f"followed is one of {', '.join(Outcome.Followed.values)}.")
    if followed != Outcome.Followed.YES and not why.strip():
        raise _invalid("why", "Say why the advice was not followed, or only in part.")
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MANAGE)
        if not relation.may(Act.SPEAK_FOR_PATIENT):
            raise Forbidden("The patient says what became of the advice.", code="role_forbidden")
        row = Outcome.objects.select_for_update().filter(case=case, day=day).first()
        if row is None:
            raise NotFound("This case asks nothing for that day.")
        if row.answered_at is not None:
            raise Conflict("This was answered already.", code="outcome_answered")
        if row.due_at > now():
            raise Conflict(f"This is asked from {row.due_at:%Y-%m-%d} on.", code="outcome_not_due")
        key = identity.data_key(subject_id=case.patient_id)
        said = {"why": why, "final_diagnosis": final_diagnosis, "held": held}
        row.answer_sealed = seal_json(key, place("outcome", "answer", row.id), said)
        row.followed, row.answered_at = followed, now()
        row.save()
        _note("outcome.answer", case)
        publish(OutcomeTold(aggregate_id=case.id, day=day, patient_id=case.patient_id, followed=followed, held=held))
    return _dto(row, key)


def list_outcomes(*, principal: Principal, case_id: UUID) -> tuple[OutcomeDTO, ...]:
    """What was asked and answered, for the patient and the specialist."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.FOLLOW):
            raise Forbidden("The outcome is between patient and specialist.", code="role_forbidden")
        _note("outcome.read", case)
        key = identity.data_key(subject_id=case.patient_id)
        return tuple(_dto(row, key) for row in Outcome.objects.filter(case=case).order_by("day"))


def ask_for_outcomes(run: JobRun) -> None:
    """The job: ask each patient once, when a date has come. Running it again asks nobody twice."""
    due = Outcome.objects.filter(due_at__lte=now(), reminded_at=None, answered_at=None)
    for outcome_id in due.order_by("due_at").values_list("id", flat=True)[:500]:
        with atomic():
            rows = Outcome.objects.select_for_update(of=("self",)).select_related("case")
            # Asked again under the lock: another scheduler may have been here in between.
            row = rows.filter(id=outcome_id, reminded_at=None, answered_at=None).first()
            if row is None:
                continue
            row.reminded_at = now()
            row.save(update_fields=["reminded_at", "updated_at"])
            if row.case.state not in _SILENT:
                publish(OutcomeDue(aggregate_id=row.case_id, day=row.day, patient_id=row.case.patient_id))


def _dto(row: Outcome, key: DataKey) -> OutcomeDTO:
    sealed = row.answer_sealed
    said = open_json(key, place("outcome", "answer", row.id), sealed) if sealed is not None else {}
    return OutcomeDTO(
        day=row.day,
        due_at=row.due_at,
        answered_at=row.answered_at,
        followed=row.followed or None,
        why=said.get("why", ""),
        final_diagnosis=said.get("final_diagnosis", ""),
        held=said.get("held", "UNKNOWN"),
    )


def _invalid(name: str, advice: str) -> Invalid:
    return Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice)])


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
