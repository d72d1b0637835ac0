"""Cases by the million with all that grows with them, from documents to audit rows: made inside PostgreSQL.

Row ``i`` of every table belongs to case ``i``, and its values follow from ``i`` alone, so that a table grown from
10,000 to 100,000 rows holds what one of 100,000 made at once would. Tables that people fill by hand (``filling``) stay
as long as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import connections, models
from django.db.models import Q

from config.kernel.db.router import alias_of
from tests.benchmarks.filling import _OWN, _columns, _value, row_id

PER_PATIENT, PER_SPECIALIST = 40, 200
# The rows of the tables that do not grow: numbers of their own, and what ours refer to there.
BY_HAND = range(2_000_001, 2_001_001)
# From how many rows on indexes are made after them: one by one would take several times as long.
_AT_ONCE = 50_000
# No case of the data has these; the lists must say so as fast as they show others.
NOWHERE = {"urgency": "never", "specialty": "none", "service_type": "none", "country": "XX"}


def _id(letter: str, of: str = "i") -> str:
    """Ids that sort by time, as ours do: a minute from one case to the next."""
    digest = f"md5('{letter}' || ({of}))"
    return (
        f"(lpad(to_hex(1704067200000 + ({of})::bigint * 60000), 12, '0') || '7' || substr({digest}, 1, 3) || '8'"
        f" || substr({digest}, 4, 15))::uuid"
    )


def _one_of(*values: str, salt: str = "") -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{listed}])[1 + abs(hashint8(i::bigint + {sum(map(ord, salt))})) % {len(values)}]"


_AT = "timestamptz '2024-01-01' + i * interval '1 minute'"
_LATER = f"{_AT} + (abs(hashint8(i::bigint)) % 30000) * interval '1 minute'"
_STATE = _one_of(
    "SUBMITTED", "COLLECTING_RECORDS", "TRIAGE", "MATCHING", "IN_REVIEW", "DELIVERED", *["CLOSED"] * 6, salt="s"
)
_PATIENT = f"md5('patient' || (i / {PER_PATIENT}))::uuid"
_CASE = {"case_id": _id("c")}
_DATED = {"created_at": _AT, "updated_at": _LATER}
ROWS: dict[str, dict[str, str]] = {
    "cases.Case": {
        "id": _id("c"),
        "reference": "'SO-' || i",
        "patient_id": _PATIENT,
        "state": _STATE,
        "state_since": _LATER,
        "country": _one_of("DE", "AT", "CH", "US", salt="c"),
        "region": "''",
        "language": "'en'",
        "specialty": _one_of("cardiology", "oncology", "neurology", "radiology", "internal_medicine", salt="sp"),
        "urgency": _one_of("routine", "soon", "urgent", "", salt="u"),
        "service_type": _one_of("records", "images", "pathology", salt="st"),
        "condition": _one_of("cardiology", "oncology", "", salt="co"),
        "red_flag_check": "''",
        "legal_basis": "''",
        "hold_reason": "''",
        "held_by": "CASE WHEN i % 1000 = 7 THEN md5('holder')::uuid END",
        "assigned_user_id": f"md5('specialist' || (i / {PER_SPECIALIST}))::uuid",
        "promised_at": f"CASE WHEN i % 4 <> 0 THEN {_LATER} END",
        "submitted_at": _AT,
        **_DATED,
    },
    "cases.Document": {
        "id": _id("d"),
        "case_id": _id("c"),
        "patient_id": _PATIENT,
        "sha256": "md5('sum' || i)",
        "state": _one_of("ACCEPTED", "ACCEPTED", "ACCEPTED", "REJECTED", "WITHDRAWN", salt="ds"),
        "verdict": _one_of("complete", "partial", salt="v"),
        "identity_match": _one_of("matched", "unknown", salt="m"),
        "media_type": _one_of("application/pdf", "image/png", "application/dicom", salt="mt"),
        "kind": "''",
        "step": "''",
        **_DATED,
    },
    "cases.Question": {"id": _id("q"), **_CASE, "number": "1", **_DATED},
    "cases.StatusHistory": {
        "id": _id("h"),
        **_CASE,
        "transition": "'T03'",
        "source": "'SUBMITTED'",
        "target": "'TRIAGE'",
        "actor_role": "'clock'",
        **_DATED,
    },
    "cases.ClockInterval": {"id": _id("k"), **_CASE, "started_at": _AT, "ended_at": _LATER, **_DATED},
    "cases.ChecklistItem": {
        "id": _id("i"),
        **_CASE,
        "code": _one_of("medical_record", "mri", salt="i"),
        "present": "true",
        **_DATED,
    },
    "cases.AuditEntry": {
        "id": _id("a"),
        "at": _AT,
        "patient_id": _PATIENT,
        "object_id": _id("c"),
        "outcome": "'success'",
        "actor_kind": _one_of("user", "system", salt="ak"),
        "sequence": "i + 1000000000",
        "detail": "'{}'::jsonb",
    },
    "cases.Job": {"id": _id("j"), "state": "'DONE'", "key": "NULL", "concurrency_key": "''", "created_at": _AT},
    "cases.OutboxEntry": {"event_id": _id("o"), "status": "'SENT'", "available_at": _AT, "created_at": _AT},
    "analysis.AnalysisRun": {
        "id": _id("r"),
        "case_id": _id("c"),
        "document_id": _id("d"),
        "patient_id": _PATIENT,
        "state": "'COMPLETED'",
        **_DATED,
    },
    "analysis.Finding": {
        "id": _id("f"),
        "run_id": _id("r"),
        "case_id": _id("c"),
        "document_id": _id("d"),
        "patient_id": _PATIENT,
        "superseded": "false",
        **_DATED,
    },
    "notifications.Notice": {"id": _id("n"), "user_id": _PATIENT, **_DATED},
    # A twelfth is being worked on, as of the cases.
    "cases.Assignment": {
        "professional_id": f"md5('professional' || (i / {PER_SPECIALIST}))::uuid",
        "user_id": f"md5('specialist' || (i / {PER_SPECIALIST}))::uuid",
        "state": _one_of("ACTIVE", *["COMPLETED"] * 11, salt="as"),
    },
    # One in a hundred was amended.
    "cases.Opinion": {"number": "1 + (i % 100 = 0)::int"},
    "identity.User": {"email": "'grown-' || i || '@example.org'", "is_staff": "false"},
    # One each, with what the columns' types ask for.
    **{
        f"{context}.{name}": {}
        for context, names in {
            "cases": "Offer Clarification Report PeerReview CaseMessage FollowUpQuestion Outcome"
            " ServiceRating Escalation Intake RedFlag RecordRequest ResumableUpload Archive Submission BreakGlass"
            " RetentionListing",
            "analysis": "ProviderCall",
            "notifications": "Delivery",
            "identity": "Session Consent",
            "professionals": "CaseWork Review",
        }.items()
        for name in names.split()
    },
}


def grow(first: int, last: int, *, only: Collection[str] = ROWS) -> None:
    """Add the rows of the cases ``first`` to ``last`` (of the tables ``only``) and tell the planner of them."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda label: _grow_one(label, first, last), [one for one in ROWS if one in only]))


def _grow_one(label: str, first: int, last: int) -> None:
    model = apps.get_model(label)
    # Not by the product's connection, which gives up a statement of minutes.
    place = connections[alias_of(model._meta.app_label)].settings_dict
    with (
        psycopg.connect(
            host=place["HOST"],
            port=place["PORT"],
            user=place["USER"],
            password=place["PASSWORD"],
            dbname=place["NAME"],
            options=place["OPTIONS"]["options"],
            autocommit=True,
        ) as connection,
        connection.cursor() as cursor,
    ):
        # What a row refers to follows from its number, so that nothing needs to be looked up; a test does.
        cursor.execute("SET statement_timeout = 0; SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET lock_timeout = 0")
        with _indexed_after(cursor, model._meta.db_table, many=last - first >= _AT_ONCE):
            cursor.execute(statement(label, first, last).encode())
        cursor.execute(f'VACUUM ANALYZE "{model._meta.db_table}"'.encode())


@contextmanager
def _indexed_after(cursor: Any, table: str, *, many: bool) -> Iterator[None]:
    """Without the indexes that no constraint needs, which are made again."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [f'"{table}"'],
    )
    found = cursor.fetchall() if many else []
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}".encode())
    yield
    for _, definition in found:
        cursor.execute(definition.encode())


def cases_statement(first: int, last: int) -> str:
    """Adds the rows of cases alone."""
    return statement("cases.Case", first, last)


def statement(label: str, first: int, last: int) -> str:
    """Adds the rows of one table."""
    model = apps.get_model(label)
    own = _OWN.get(label, {}) | ROWS[label] if label != "cases.Case" else ROWS[label]
    names, values = [], []
    for field in _columns(model):
        column = str(field.column)
        names.append(f'"{column}"')
        values.append(own.get(column) or _cell(model, field))
    return (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(names)})'
        f" SELECT {', '.join(values)} FROM generate_series({first}, {last}) AS i"
    )


def _cell(model: type[models.Model], field: Any) -> str:
    target = field.related_model
    if isinstance(target, type) and not field.null:
        label = target._meta.label
        return _key(target) if label in ROWS else row_id(target, f"({BY_HAND.start} + i % {len(BY_HAND)})")
    if field.primary_key and isinstance(field, models.UUIDField):
        return _key(model)
    return _value(model, field)


def _key(model: type[models.Model]) -> str:
    return ROWS[model._meta.label].get("id") or _id(model._meta.db_table)


def seal_newest(count: int = 100) -> None:
    """Seal anew what overseers read across patients: the newest uses of emergency access."""
    from cases.models import BreakGlass
    from cases.queries.sealed_contents import place
    from config.kernel.crypto import seal_text
    from identity import services as identity

    for row in BreakGlass.objects.order_by("-id")[:count]:
        key: Any = identity.data_key(subject_id=row.patient_id)
        row.reason_sealed = seal_text(key, place("breakglass", "reason", row.id), "Unconscious on arrival.")
        row.remarks_sealed = None
        row.save(update_fields=["reason_sealed", "remarks_sealed"])


def adopt(*, patient_id: UUID, specialist_id: UUID) -> UUID:
    """Give the first patient's and the first specialist's cases to people who can sign in; returns a case of theirs.

    What is sealed is sealed anew, under the patient's key.
    """
    from cases.models import Case, ChecklistItem, Document, Question
    from cases.queries.sealed_contents import place, sealed_intake, sealed_title
    from config.kernel.crypto import seal_text
    from identity import services as identity

    key: Any = identity.data_key(subject_id=patient_id)
    first = Case.objects.order_by("id").values_list("patient_id", "assigned_user_id")[PER_PATIENT + 1]
    ids = list(Case.objects.filter(patient_id=first[0]).order_by("id").values_list("id", flat=True))
    for case in Case.objects.filter(Q(patient_id=first[0]) | Q(assigned_user_id=first[1])):
        owner = patient_id if case.id in ids else case.patient_id
        owners = identity.data_key(subject_id=owner)
        Case.objects.filter(id=case.id).update(
            patient_id=owner,
            title_sealed=sealed_title(case.id, owners, "A second look"),
            intake_sealed=sealed_intake(case.id, owners, {"history": "x" * 600}),
        )
    for case_id in ids:
        for model, column in ((Question, "text"), (Document, "name"), (ChecklistItem, "title")):
            for row in model._default_manager.filter(case_id=case_id):
                cell = seal_text(key, place(str(model._meta.model_name), column, row.pk), "Is it right?")
                model._default_manager.filter(pk=row.pk).update(**{f"{column}_sealed": cell})
    Case.objects.filter(assigned_user_id=first[1]).update(assigned_user_id=specialist_id)
    return ids[-1]
