"""The versions of an opinion: which there are, what changed between two of them, and the drift from the first read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cases.db import atomic
from cases.domain.casefile.access_rules import Act, Relation
from cases.domain.opinion.opinion_diff import differences, parts_of
from cases.domain.workflow.state_machines import SIGNED_OPINIONS
from cases.domain.workflow.states import State
from cases.models import Case, FirstRead, Opinion, StatusHistory
from cases.queries.access import case_for
from cases.queries.sealed_contents import place
from cases.services.opinion.dto import OpinionDTO
from cases.services.opinion.opinions import opinion_dto
from cases.services.opinion.version_dto import OpinionDiff, OpinionDrift, OpinionVersionDTO
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_json, open_text
from config.kernel.errors import Forbidden, NotFound
from identity import services as identity


def list_versions(*, principal: Principal, case_id: UUID) -> tuple[OpinionVersionDTO, ...]:
    """Every signed version, newest first: for its author, and for the patient those that were delivered."""
    with atomic():
        case, rows = _versions(principal, case_id)
        found = list(rows)
        reasons = _reasons(case)
        _note("opinion.list_versions", case)
    return tuple(
        OpinionVersionDTO(
            number=row.number,
            state=row.state,
            content_hash=row.content_hash,
            author_id=row.author_id,
            signed_at=row.signed_at,
            delivered_at=row.report.delivered_at if hasattr(row, "report") else None,
            reason=_reason(row, reasons),
        )
        for row in found
    )


def get_version(*, principal: Principal, case_id: UUID, number: int) -> OpinionDTO:
    """One signed version; an old one stays readable, and its state says SUPERSEDED."""
    with atomic():
        case, rows = _versions(principal, case_id)
        row = _one(rows, number)
        _note("opinion.read_version", case)
        return opinion_dto(row, case)


def compare_versions(*, principal: Principal, case_id: UUID, before: int, after: int) -> OpinionDiff:
    """What changed between any two signed versions, in either direction."""
    with atomic():
        case, rows = _versions(principal, case_id)
        old, new = (opinion_dto(_one(rows, number), case).content for number in (before, after))
        _note("opinion.compare", case)
    return OpinionDiff(before=before, after=after, changes=differences(old, new))


def drift_of(*, principal: Principal, case_id: UUID, number: int | None = None) -> OpinionDrift:
    """How far a version (the newest without ``number``) went from its author's sealed first read."""
    with atomic():
        case, rows = _versions(principal, case_id)
        row = rows.first() if number is None else _one(rows, number)
        read = FirstRead.objects.filter(case=case, user_id=row.author_id).first() if row else None
        if row is None or read is None:
            raise NotFound("There is no signed opinion with a sealed first read.")
        key = identity.data_key(subject_id=case.patient_id)
        sealed = open_json(key, place("firstread", "content", read.id), read.content_sealed)
        content = opinion_dto(row, case).content
        _note("opinion.drift", case)
    final, confidence = _conclusion(content), int(content["confidence"])
    return OpinionDrift(
        version=row.number,
        sealed_at=read.created_at,
        impression=sealed["impression"],
        sealed_confidence=sealed["confidence"],
        final=final,
        final_confidence=confidence,
        confidence_change=confidence - sealed["confidence"],
        diagnosis_agreement=content["diagnosis_agreement"],
        signed_at=row.signed_at,
        parts=parts_of(sealed["impression"], final),
    )


def _versions(principal: Principal, case_id: UUID) -> tuple[Case, QuerySet[Opinion]]:
    case, relation = case_for(principal, case_id)
    if not relation.may(Act.FOLLOW):
        raise Forbidden("The versions are for the patient and the author.", code="role_forbidden")
    rows = Opinion.objects.select_related("report").filter(case=case, state__in=SIGNED_OPINIONS)
    if relation is not Relation.ASSIGNED:
        rows = rows.exclude(report__delivered_at=None)
    return case, rows.order_by("-number")


def _one(rows: QuerySet[Opinion], number: int) -> Opinion:
    row = rows.filter(number=number).first()
    if row is None:
        raise NotFound("There is no signed version of this number.")
    return row


def _conclusion(content: Mapping[str, Any]) -> str:
    restated = content.get("restated_diagnosis") or {}
    return str(restated.get("text") or content["summary"])


def _reasons(case: Case) -> list[tuple[datetime, str]]:
    """(when, why) of every amendment, oldest first."""
    key: DataKey = identity.data_key(subject_id=case.patient_id)
    steps = StatusHistory.objects.filter(case=case, target=State.AMENDING).exclude(reason_sealed=None).order_by("id")
    return [
        (step.created_at, open_text(key, place("statushistory", "reason", step.id), step.reason_sealed or b""))
        for step in steps
    ]


def _reason(row: Opinion, reasons: list[tuple[datetime, str]]) -> str:
    """Of the last amendment that was begun before this version was: a version is made at its first saved word."""
    earlier = [reason for at, reason in reasons if row.number > 1 and at <= row.created_at]
    return earlier[-1] if earlier else ""


def _note(action: str, case: Case) -> None:
    record(context="cases", action=action, patient_id=case.patient_id, object_type="case", object_id=case.id)
