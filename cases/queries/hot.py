"""The reads that are called most, in one round trip: the rows, and the audit row that reading them costs.

PostgreSQL answers plain values; titles are opened here and the JSON is written by orjson. No model is built.
"""

from typing import Any
from uuid import UUID

from django.db import DatabaseError

from cases.db import database
from config.kernel.audit.recording import AuditUnavailable, entry_values, insert_statement
from config.kernel.auth import Principal

COLUMNS = (
    "c.id, c.reference, c.state, c.version, c.patient_id, c.title_sealed, c.specialty, c.urgency, c.promised_at,"
    " c.created_at, c.updated_at, c.submitted_at, c.delivered_at, c.held_by IS NOT NULL"
)
_STAFF_STATES = "c.state <> 'DRAFT'"


def list_rows(principal: Principal, *, limit: int, after: UUID | None, state: str | None) -> list[tuple[Any, ...]]:
    """Up to ``limit`` + 1 rows of the caller's cases, newest first, and one audit row for the list."""
    condition, values = _scope(principal)
    if state:
        condition, values = f"{condition} AND c.state = %s", [*values, state]
    if after:
        condition, values = f"{condition} AND c.id < %s", [*values, after]
    patient_id = principal.user_id if principal.has("patient") else None
    audit = entry_values("case.list", patient_id, "case", None)
    return _read(
        f"SELECT {COLUMNS} FROM cases_case c WHERE {condition} ORDER BY c.id DESC LIMIT %s",
        [*values, limit + 1],
        audit,
    )


def _scope(principal: Principal) -> tuple[str, list[Any]]:
    if principal.is_staff_member:
        return _STAFF_STATES, []
    if principal.has("professional"):
        return "(c.assigned_user_id = %s OR c.peer_user_id = %s)", [principal.user_id, principal.user_id]
    return "c.patient_id = %s", [principal.user_id]


def _read(query: str, values: list[Any], audit: list[Any]) -> list[tuple[Any, ...]]:
    statement = f"WITH noted AS ({insert_statement('cases')} RETURNING 1) {query}"
    try:
        with database.connection.cursor() as cursor:
            cursor.execute(statement, [*audit, *values])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
    except DatabaseError as error:
        raise AuditUnavailable("The records do not answer; nothing was read.") from error
