"""What happened, in one line of time: the case's steps, and the patient's dated records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Case, Clarification, Document, FirstRead, StatusHistory
from cases.queries.access import case_for
from cases.services.documents.document_reads import document_dto, names
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey
from config.kernel.errors import Forbidden
from identity import services as identity


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One event. ``kind`` is record, upload, step, first_read, question or answer.

    ``day`` is set for a record, whose paper names a day and no hour; ``at`` is then that day's midnight, UTC.
    ``text`` is a document's name, or the state that a step led to. ``actor`` is the role of who took a step.
    """

    kind: str
    at: datetime
    text: str = ""
    day: date | None = None
    actor: str = ""
    document_id: UUID | None = None


def timeline(*, principal: Principal, case_id: UUID) -> tuple[TimelineEntry, ...]:
    """Every event of the case and of its records, oldest first; for the patient and the assigned specialist."""
    with atomic():
        case, relation = case_for(principal, case_id)
        if not relation.may(Act.FOLLOW):
            raise Forbidden("The timeline is for the patient and the specialist.", code="role_forbidden")
        record(
            context="cases",
            action="case.timeline",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        key = identity.data_key(subject_id=case.patient_id)
        found = [*_records(principal, case, key), *_steps(case), *_talk(case)]
    return tuple(sorted(found, key=lambda one: one.at))


def _records(principal: Principal, case: Case, key: DataKey) -> Iterator[TimelineEntry]:
    for row in Document.objects.filter(case=case).exclude(state=DocumentState.WITHDRAWN).order_by("id"):
        document = document_dto(row, key, content=names(principal, row))
        yield TimelineEntry(kind="upload", at=row.created_at, text=document.name, document_id=row.id)
        day = _day(document.metadata.get("document_date"))
        if day is not None:
            midnight = datetime.combine(day, time.min, tzinfo=UTC)
            yield TimelineEntry(kind="record", at=midnight, text=document.name, day=day, document_id=row.id)


def _steps(case: Case) -> Iterator[TimelineEntry]:
    for step in StatusHistory.objects.filter(case=case).order_by("id"):
        yield TimelineEntry(kind="step", at=step.created_at, text=step.target, actor=step.actor_role)
    for read in FirstRead.objects.filter(case=case).order_by("id"):
        yield TimelineEntry(kind="first_read", at=read.created_at)


def _talk(case: Case) -> Iterator[TimelineEntry]:
    for row in Clarification.objects.filter(case=case).order_by("id"):
        yield TimelineEntry(kind="question", at=row.created_at)
        if row.answered_at is not None:
            yield TimelineEntry(kind="answer", at=row.answered_at)


def _day(written: object) -> date | None:
    """A day as the document's checks keep it; what is no day has no place in time."""
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None
