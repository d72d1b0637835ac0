"""Which documents an older reader has read, and their way into the queue: a few a minute, patients in turn."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from cases.adapters.reading import READER_VERSION
from cases.db import atomic, database, now
from cases.domain.workflow.state_machines import DocumentState, RereadingState
from cases.domain.workflow.states import NOT_ENDED
from cases.models import Document, Rereading
from cases.services.documents.queues import DOCUMENTS, REREAD
from cases.services.documents.rereading import READ_STATES
from config.kernel.conf import setting
from config.kernel.jobs import enqueue

_KEY = "reread"
# Found from the cases that have not ended, so that what was closed long ago costs nothing.
_OUTDATED = """
FROM cases_case c JOIN cases_document d ON d.case_id = c.id
WHERE c.state = ANY(%(open)s) AND d.state = ANY(%(read)s) AND d.reader_version < %(version)s
    AND NOT EXISTS (
        SELECT 1 FROM cases_rereading r
        WHERE r.document_id = d.id AND r.reader_version = %(version)s AND r.state <> %(dropped)s)
"""
# Each patient's oldest document first, then each one's second: nobody's many documents are before another's one.
_NEXT = f"""
SELECT id, patient_id, reader_version FROM (
    SELECT d.id, d.patient_id, d.reader_version,
        row_number() OVER (PARTITION BY d.patient_id ORDER BY d.id) AS turn {_OUTDATED}) outdated
ORDER BY turn, id LIMIT %(limit)s
"""


@dataclass(frozen=True, kw_only=True)
class RereadingPlan:
    """What is left to be read again, and what became of what was queued for this version of the reader.

    ``by_version`` counts the documents that nothing was queued for, by the reader that read them; ``states`` the
    re-readings by their state.
    """

    reader_version: int
    documents: int
    pages: int
    cases: int
    patients: int
    by_version: dict[int, int]
    states: dict[str, int]
    a_minute: int


@dataclass(frozen=True, kw_only=True)
class ReadDocument:
    """A document with its newest reading, as the platform's own runs ask for it."""

    id: UUID
    case_id: UUID
    patient_id: UUID
    reader_version: int


def rereading_plan() -> RereadingPlan:
    """Counts only; nothing is queued."""
    with database.connection.cursor() as cursor:
        cursor.execute(f"SELECT d.id, d.page_count, d.case_id, d.patient_id, d.reader_version {_OUTDATED}", _values())
        rows = cursor.fetchall()
    states = Rereading.objects.filter(reader_version=READER_VERSION).values_list("state", flat=True)
    return RereadingPlan(
        reader_version=READER_VERSION,
        documents=len(rows),
        pages=sum(row[1] for row in rows),
        cases=len({row[2] for row in rows}),
        patients=len({row[3] for row in rows}),
        by_version=dict(sorted(Counter(row[4] for row in rows).items())),
        states=dict(sorted(Counter(states).items())),
        a_minute=setting("REREAD_A_MINUTE"),
    )


def queue_rereadings() -> int:
    """Queue as many as a minute takes, less those that still wait; returns how many."""
    pace = setting("REREAD_A_MINUTE")
    with atomic():
        room = pace - Rereading.objects.filter(state=RereadingState.WAITING).count()
        found = _next(room) if room > 0 else []
        for number, (document_id, patient_id, version) in enumerate(found):
            _queue(document_id, patient_id, version, after_seconds=number * 60 / pace)
    return len(found)


def documents_read(*, after: UUID | None, limit: int) -> tuple[ReadDocument, ...]:
    """Accepted documents of open cases, by id, that this version of the reader has read, or could not read again."""
    kept = Rereading.objects.filter(
        document_id=OuterRef("id"), reader_version=READER_VERSION, state=RereadingState.KEPT
    )
    rows = Document.objects.filter(state=DocumentState.ACCEPTED, case__state__in=NOT_ENDED).filter(
        Q(reader_version__gte=READER_VERSION) | Exists(kept)
    )
    rows = (rows.filter(id__gt=after) if after else rows).order_by("id")
    values = rows.values_list("id", "case_id", "patient_id", "reader_version")[:limit]
    return tuple(
        ReadDocument(id=row_id, case_id=case_id, patient_id=patient_id, reader_version=version)
        for row_id, case_id, patient_id, version in values
    )


def _next(limit: int) -> list[tuple[UUID, UUID, int]]:
    with database.connection.cursor() as cursor:
        cursor.execute(_NEXT, _values() | {"limit": limit})
        return list(cursor.fetchall())


def _values() -> dict[str, object]:
    return {
        "open": list(NOT_ENDED),
        "read": list(READ_STATES),
        "version": READER_VERSION,
        "dropped": RereadingState.DROPPED,
    }


def _queue(document_id: UUID, patient_id: UUID, version: int, *, after_seconds: float) -> None:
    row = Rereading.objects.create(
        document_id=document_id, patient_id=patient_id, former_version=version, reader_version=READER_VERSION
    )
    enqueue(
        context="cases",
        kind=REREAD,
        subject_id=row.id,
        queue=DOCUMENTS,
        key=f"{_KEY}:{row.id}",
        concurrency_key=_KEY,
        run_after=now() + timedelta(seconds=after_seconds),
    )
