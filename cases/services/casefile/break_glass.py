"""Break-glass: staff open a patient's records in an emergency, for an hour; the patient is told, a review follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.events import BreakGlassOpened
from cases.models import BreakGlass
from cases.queries.access import case_for
from cases.queries.break_glass import BREAKERS
from cases.queries.sealed_contents import place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import is_second_person
from config.kernel.crypto import DataKey, open_text, seal_text
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from config.kernel.outbox import publish
from identity import services as identity

WINDOW = timedelta(minutes=60)
MIN_REASON_LENGTH = 15
REVIEWERS = ("privacy_officer", "administrator")


@dataclass(frozen=True, kw_only=True)
class BreakGlassDTO:
    """One use. ``reason`` and ``remarks`` are empty for those who do not review."""

    id: UUID
    case_id: UUID
    patient_id: UUID | None
    user_id: UUID
    opened_at: datetime
    ends_at: datetime
    reviewed_at: datetime | None
    justified: bool | None
    reason: str
    remarks: str


def break_glass(*, principal: Principal, case_id: UUID, reason: str) -> BreakGlassDTO:
    """Open the records of the case's patient to the caller for sixty minutes.

    ``Conflict`` while the caller's last use has not been reviewed. The patient and the privacy officer are told.
    """
    if len(reason.strip()) < MIN_REASON_LENGTH:
        detail = f"Say in at least {MIN_REASON_LENGTH} characters what the emergency is."
        raise Invalid(detail, errors=[FieldError("#/reason", "too_short", detail)])
    try:
        with atomic():
            return _open(principal, case_id, reason.strip())
    except IntegrityError as error:
        record(context="cases", action="case.break_glass", object_type="case", object_id=case_id, outcome="denied")
        raise Conflict(
            "Your last emergency access must be reviewed by the privacy officer first.", code="break_glass_review_due"
        ) from error


def review_break_glass(*, principal: Principal, use_id: UUID, justified: bool, remarks: str) -> BreakGlassDTO:
    """Say whether the use was justified; ends it if it still runs. Nobody reviews their own."""
    _require_reviewer(principal)
    with atomic():
        row = BreakGlass.objects.select_for_update().filter(id=use_id).first()
        if row is None:
            raise NotFound("There is no such use.")
        if not is_second_person(principal.user_id, not_one_of=(row.user_id, row.patient_id)):
            raise Conflict("Somebody else reviews this.", code="second_person_needed")
        if row.reviewed_at is not None:
            raise Conflict("This use was reviewed.", code="break_glass_reviewed")
        key = identity.data_key(subject_id=row.patient_id)
        row.remarks_sealed = seal_text(key, place("breakglass", "remarks", row.id), remarks)
        row.reviewed_by, row.reviewed_at, row.justified = principal.require_user_id(), now(), justified
        row.ends_at = min(row.ends_at, now())
        row.save()
        _note("break_glass.review", row, justified=justified)
    return _dto(row, key)


def list_break_glass(
    *, principal: Principal, open_only: bool = False, limit: int = 25, after: UUID | None = None
) -> tuple[BreakGlassDTO, ...]:
    """Uses, newest first, for those who review them; each one shown is recorded."""
    _require_reviewer(principal)
    with atomic():
        rows = BreakGlass.objects.order_by("-id")
        rows = rows.filter(reviewed_at=None) if open_only else rows
        shown = list((rows.filter(id__lt=after) if after else rows)[:limit])
        keys = identity.data_keys(subject_ids={row.patient_id for row in shown})
        for row in shown:
            _note("break_glass.read", row)
        return tuple(_dto(row, keys[row.patient_id]) for row in shown)


def _open(principal: Principal, case_id: UUID, reason: str) -> BreakGlassDTO:
    case, relation = case_for(principal, case_id)
    if not relation.may(Act.STEER) or not principal.has(*BREAKERS):
        raise Forbidden("Staff with a duty to patients do this in an emergency.", code="role_forbidden")
    row = BreakGlass(case=case, patient_id=case.patient_id, user_id=principal.require_user_id())
    row.ends_at = now() + WINDOW
    key = identity.data_key(subject_id=case.patient_id)
    row.reason_sealed = seal_text(key, place("breakglass", "reason", row.id), reason)
    row.save(force_insert=True)
    _note("case.break_glass", row)
    publish(BreakGlassOpened(aggregate_id=case.id, use_id=row.id, patient_id=case.patient_id, user_id=row.user_id))
    return _dto(row, None)


def _require_reviewer(principal: Principal) -> None:
    if not principal.has(*REVIEWERS):
        raise Forbidden("The privacy officer reviews emergency access.", code="role_forbidden")


def _dto(row: BreakGlass, key: DataKey | None) -> BreakGlassDTO:
    remarks = bytes(row.remarks_sealed) if row.remarks_sealed is not None else b""
    return BreakGlassDTO(
        id=row.id,
        case_id=row.case_id,
        patient_id=row.patient_id if key else None,
        user_id=row.user_id,
        opened_at=row.created_at,
        ends_at=row.ends_at,
        reviewed_at=row.reviewed_at,
        justified=row.justified,
        reason=open_text(key, place("breakglass", "reason", row.id), row.reason_sealed) if key else "",
        remarks=open_text(key, place("breakglass", "remarks", row.id), remarks) if key and remarks else "",
    )


def _note(action: str, row: BreakGlass, **detail: bool) -> None:
    record(
        context="cases",
        action=action,
        patient_id=row.patient_id,
        object_type="breakglass",
        object_id=row.id,
        purpose="emergency",
        detail=detail,
    )
